"""Resolving by poll 用票决议: a small matter that the households agreed on, not a formal vote."""

from domain import proposal_life as life
from domain import proposals as rules
from domain.people import Ability
from domain.places import ancestors
from domain.polls import Poll
from domain.proposals import Proposal, ProposalStep
from domain.text import shortened
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import Id
from handlers.messages import Reply, Typed, Words
from handlers.numbers import carried
from handlers.poll_kinds import PollNumber
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_motions import stand_at_proposal, work_rows
from handlers.proposal_telling import save, told
from handlers.registry import REGISTRY, button, command, press

_QUESTION = 180


@command(
    "决议",
    "resolve",
    may=Ability.LEAD_PROPOSAL,
    section="proposals",
    where="private",
    everyday=("决议",),
)
async def resolve(
    ask: Ask, number: ProposalNumber, poll: PollNumber | None = None, option: Id | None = None
) -> Reply:
    """Resolve a small matter by a household poll that has ended."""
    found = await ask.proposal(number)
    rules.moved(found, ProposalStep.RESOLVE, by=ask.actor, now=ask.now)
    if poll is None:
        return await _which(ask, found)
    ended = await ask.poll(poll)
    life.check_resolves(found, ended)
    chosen = life.agreeing_option(ended) if option is None else option
    if chosen is None:
        return _which_option(found, ended)
    return await _read_back(ask, found, ended, chosen)


async def _which(ask: Ask, found: Proposal) -> Reply:
    """The household polls that could be meant, or one to be opened now."""
    since = found.proposed_at
    polls = await ask.unit.polls.ended_for(ancestors(found.path), since)
    rows = tuple(
        (
            button(
                resolve,
                Typed(f"{one.label} {shortened(one.question, 12)}"),
                number=carried(found),
                poll=carried(one),
            ),
        )
        for one in polls
    )
    ask_them = button(poll_about, number=carried(found))
    key = "proposal.which_poll" if rows else "proposal.no_poll"
    return Reply(key, {"label": found.label}, (*rows, (ask_them,)))


def _which_option(found: Proposal, poll: Poll) -> Reply:
    rows = tuple(
        (
            button(
                resolve,
                Typed(shortened(option, 20)),
                number=carried(found),
                poll=carried(poll),
                option=n,
            ),
        )
        for n, option in enumerate(poll.options)
    )
    return Reply("proposal.which_option", {"label": found.label, "poll": poll.label}, rows)


async def _read_back(ask: Ask, found: Proposal, poll: Poll, option: int) -> Reply:
    passes = life.poll_passes(poll, option)
    args = {"number": carried(found), "poll": carried(poll), "option": option}
    facts = {
        "label": found.label,
        "text": Typed(shortened(found.text, 60)),
        "poll": poll.label,
        "option": Typed(poll.options[option]),
        "count": poll.votes[option],
        "voters": poll.voters,
        "verdict": Words("proposal.passes" if passes else "proposal.fails"),
    }
    yes = await ask.confirm(resolved, args)
    return Reply("proposal.resolve_read_back", facts, ((yes,), CANCEL_ROW))


@press("resolved", may=Ability.LEAD_PROPOSAL, only_confirmed=True)
async def resolved(ask: Ask, number: ProposalNumber, poll: PollNumber, option: Id) -> Reply:
    """Resolve it as the poll ended; those behind it are told, and that it was no formal vote."""
    found, ended = await ask.proposal(number), await ask.poll(poll)
    after = life.polled(found, ended, option, by=ask.actor, now=ask.now)
    await save(ask, after, ProposalStep.RESOLVE)
    passes = life.poll_passes(ended, option)
    key = "passed" if passes else "rejected"
    by = Words("proposal.by_poll", {"poll": ended.label})
    await ask.tell.people(after.behind - {ask.actor.id}, told(key, after, by=by))
    facts = {"label": after.label, "by": by, "next": Words(f"proposal.next.{after.kind}")}
    return Reply(f"proposal.resolved_{key}", facts, work_rows(after))


@press("pollabout", may=Ability.LEAD_PROPOSAL)
async def poll_about(ask: Ask, number: ProposalNumber) -> Reply:
    """Begin a household poll on a proposal; only its end is asked for."""
    found = await stand_at_proposal(ask, number)
    rules.moved(found, ProposalStep.RESOLVE, by=ask.actor, now=ask.now)
    speaker = ask.tell.speaker(None)
    known = {
        "question": f"每户 {shortened(found.text, _QUESTION)}",
        "options": speaker.text("proposal.poll_options", {}),
        "place": found.place_id,
    }
    handler = REGISTRY.commands["poll"].handler
    return await ask.question(handler, known, "closes", Words("ask.poll.closes"))
