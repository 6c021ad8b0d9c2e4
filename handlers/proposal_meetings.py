"""Proposals at meetings 商议: what a meeting's end, or a topic struck, means for them."""

from domain import proposal_life as life
from domain.meetings import Meeting
from domain.proposals import Proposal, ProposalStep
from domain.text import shortened
from domain.topics import Topic
from handlers.messages import Reply, Typed
from handlers.numbers import carried
from handlers.proposal_telling import follow, told
from handlers.registry import REGISTRY, button
from handlers.telling import Teller
from storage.unit import Unit


async def after_held(unit: Unit, tell: Teller, meeting: Meeting) -> None:
    """What was on the agenda is deliberated; whoever convened it is told what comes next."""
    found = await _waiting(unit, meeting)
    for one in found:
        await follow(unit, tell, life.held(one, now=unit.now), ProposalStep.HOLD)
    if not found:
        return
    show = REGISTRY.commands["showproposal"].handler
    rows = tuple((button(show, _named(one), number=carried(one)),) for one in found)
    await tell.person(meeting.author_id, Reply("proposal.held", {"label": meeting.label}, rows))


def _named(one: Proposal) -> Typed:
    return Typed(f"{one.label} {shortened(one.text, 12)}")


async def after_cancelled(unit: Unit, tell: Teller, meeting: Meeting) -> None:
    """A meeting that is not held deliberates nothing."""
    for one in await _waiting(unit, meeting):
        await _back(unit, tell, one)
        word = told("taken_off", one, meeting=meeting.label, why=None)
        await tell.person(one.author_id, word)


async def taken_off(unit: Unit, tell: Teller, topic: Topic, why: str = "") -> None:
    """Its topic left the agenda; its author hears it, and the reason if there is one."""
    if topic.proposal_id is None:
        return
    found = await unit.proposals.by_id(topic.proposal_id)
    if found.meeting_id != topic.meeting_id or not life.follows(found, ProposalStep.UNLIST):
        return
    await _back(unit, tell, found)
    meeting = await unit.meetings.by_id(topic.meeting_id)
    facts = {"meeting": meeting.label, "why": Typed(shortened(why, 200)) if why else None}
    await tell.person(found.author_id, told("taken_off", found, **facts))


async def proposals_anew(unit: Unit, tell: Teller, meeting: Meeting) -> None:
    """Let the cards of what a meeting talks of show its day, its words and its decisions."""
    found = await unit.proposals.at_meeting(meeting.id)
    await tell.refresh("proposal", *(one.id for one in found))


async def _waiting(unit: Unit, meeting: Meeting) -> list[Proposal]:
    found = await unit.proposals.at_meeting(meeting.id)
    return [one for one in found if life.follows(one, ProposalStep.HOLD)]


async def _back(unit: Unit, tell: Teller, one: Proposal) -> None:
    after = life.unlisted(one, await unit.topics.talked_of(one), now=unit.now)
    await follow(unit, tell, after, ProposalStep.UNLIST)
