"""Proposals and their vote 决议: what an owners' vote means for the proposal that it is about."""

from domain import proposal_life as life
from domain.motions import Motion
from domain.proposals import Proposal, ProposalKind, ProposalState, ProposalStep
from handlers.ask import Ask
from handlers.messages import Row, Words
from handlers.numbers import carried
from handlers.proposal_telling import follow, save, told
from handlers.registry import REGISTRY, button
from handlers.telling import Teller
from storage.unit import Unit


async def stand_at_proposal(ask: Ask, number: str) -> Proposal:
    """Let it be about the place of a proposal, wherever the asker belongs."""
    found = await ask.proposal(number)
    await ask.stand_at(await ask.unit.places.get(found.place_id))
    return found


async def announced_for(ask: Ask, number: str, motion: Motion) -> None:
    """The text is fixed: those behind the proposal hear from when to when it is voted on."""
    found = await ask.proposal(number)
    after = life.put_to_vote(found, motion.id, by=ask.actor, now=ask.now)
    await save(ask, after, ProposalStep.MOVE)
    facts = {"motion": motion.label, "opens": motion.opens_at, "closes": motion.closes_at}
    word = told("moved", after, _look(motion), **facts)
    await ask.tell.people(after.behind - {ask.actor.id}, word)


def _look(motion: Motion) -> Row:
    show = REGISTRY.commands["showmotion"].handler
    return (button(show, "button.showmotion_of", number=carried(motion)),)


async def vote_anew(unit: Unit, tell: Teller, motion: Motion) -> None:
    """Let the proposal's cards show that the vote is open, or until when."""
    await tell.refresh("proposal", *(one.id for one in await unit.proposals.of_motion(motion.id)))


async def after_vote(unit: Unit, tell: Teller, motion: Motion, *, passes: bool) -> None:
    """The vote is counted: the proposal is resolved; a vote left unopened resolves nothing."""
    for one in await unit.proposals.of_motion(motion.id):
        if not life.follows(one, ProposalStep.RETURN):
            continue
        if motion.is_unopened:
            await _returned(unit, tell, one, motion)
        else:
            await _resolved(unit, tell, one, motion, passes=passes)


async def _resolved(
    unit: Unit, tell: Teller, one: Proposal, motion: Motion, *, passes: bool
) -> None:
    after = life.resolved(one, passes=passes, now=unit.now)
    step = ProposalStep.PASS if passes else ProposalStep.REJECT
    await follow(unit, tell, after, step)
    key = "passed" if passes else "rejected"
    by = _by(motion)
    await tell.people(after.behind - {motion.author_id}, told(key, after, by=by))
    word = told(f"{key}_next", after, *work_rows(after), by=by)
    await tell.person(motion.author_id, word)


def _by(motion: Motion) -> Words:
    """Which vote it was, and until when its result hangs out."""
    is_public = motion.final_at is not None and motion.final_at > motion.closes_at
    facts = {"motion": motion.label, "at": motion.final_at}
    return Words("proposal.by_public_vote" if is_public else "proposal.by_vote", facts)


def work_rows(proposal: Proposal) -> tuple[Row, ...]:
    """Leads to giving out the first task of what passed; a project waits for its money first."""
    if proposal.state is not ProposalState.PASSED or proposal.kind is ProposalKind.PROJECT:
        return ()
    return ((button(REGISTRY.commands["carryout"].handler, number=carried(proposal)),),)


async def after_cancelled_vote(unit: Unit, tell: Teller, motion: Motion) -> None:
    """A vote that was called off decides nothing; it may be moved again."""
    for one in await unit.proposals.of_motion(motion.id):
        if life.follows(one, ProposalStep.RETURN):
            await _returned(unit, tell, one, motion)


async def _returned(unit: Unit, tell: Teller, one: Proposal, motion: Motion) -> None:
    after = life.returned(one, now=unit.now)
    await follow(unit, tell, after, ProposalStep.RETURN)
    await tell.people(after.behind, told("returned", after, motion=motion.label))
