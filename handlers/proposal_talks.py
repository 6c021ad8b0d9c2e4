"""Deliberating 商议: a proposal goes on the agenda of a meeting, or is talked over without one."""

from dataclasses import replace

from domain import proposal_life as life
from domain import proposals as rules
from domain import topics
from domain.meetings import Meeting, check_convener
from domain.people import Ability
from domain.proposals import Proposal, ProposalStep
from domain.text import shortened
from domain.topics import LONGEST_TOPIC, TopicState
from handlers.ask import Ask
from handlers.kinds import FreeText
from handlers.meeting_answers import answer_row
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_telling import done, save, told
from handlers.registry import REGISTRY, button, command
from handlers.topic_kinds import meeting_name, meetings_for
from handlers.topics import add_topic


@command(
    "商议",
    "deliberate",
    may=Ability.LEAD_PROPOSAL,
    section="proposals",
    everyday=("商议",),
)
async def deliberate(
    ask: Ask, number: ProposalNumber, meeting: MeetingNumber | None = None
) -> Reply:
    """Put a proposal on the agenda of a meeting to come."""
    found = await ask.proposal(number)
    rules.moved(found, ProposalStep.LIST, by=ask.actor, now=ask.now)
    at = await ask.meeting(meeting) if meeting else await _which(ask, found)
    return at if isinstance(at, Reply) else await _listed(ask, found, at)


async def _which(ask: Ask, found: Proposal) -> Meeting | Reply:
    """The one meeting to come that can take it; else the question which, or what to do instead."""
    coming = await meetings_for(ask.unit, found.path, ask.actor)
    if len(coming) == 1:
        return coming[0]
    if not coming:
        call = button(REGISTRY.commands["meeting"].handler)
        rows = ((button(talked, number=carried(found)),), (call,))
        return Reply("proposal.no_meeting", {"label": found.label}, rows)
    offered = [Button(meeting_name(m), f"={carried(m)}") for m in coming]
    known = {"number": carried(found)}
    return await ask.question(deliberate, known, "meeting", Words("ask.which_meeting"), offered)


async def _listed(ask: Ask, found: Proposal, meeting: Meeting) -> Reply:
    check_convener(meeting, ask.actor)
    topics.check_takes_topics(meeting, ask.actor)
    listed = await ask.unit.topics.of(meeting)
    topics.check_proposal_can_be_listed(found, meeting, listed)
    after = life.listed(found, meeting.id, by=ask.actor, now=ask.now)
    await add_topic(ask, meeting, shortened(found.text, LONGEST_TOPIC), proposal_id=found.id)
    await save(ask, after, ProposalStep.LIST)
    facts = {"meeting": meeting_name(meeting), "at": meeting.starts_at}
    rows = (answer_row(meeting),) if meeting.starts_at else ()
    await ask.tell.people(found.behind - {ask.actor.id}, told("listed", found, *rows, **facts))
    return done("listed", found, meeting=meeting_name(meeting))


@command("商议结果", "talked", may=Ability.LEAD_PROPOSAL, section="proposals")
async def talked(ask: Ask, number: ProposalNumber, words: FreeText) -> Reply:
    """Say what came out of a talk without a meeting; those behind it read it."""
    found = await ask.proposal(number)
    after = life.talked(found, words, by=ask.actor, now=ask.now)
    await off_agenda(ask, found)
    await save(ask, after, ProposalStep.TALK, remark=words)
    facts = {"who": Typed(ask.actor.name), "words": Typed(after.talk)}
    await ask.tell.people(found.behind - {ask.actor.id}, told("talked", found, **facts))
    return done("talked", after)


async def off_agenda(ask: Ask, found: Proposal) -> None:
    """Nothing is left to be talked over at the meeting that was to deliberate it."""
    if not life.follows(found, ProposalStep.HOLD) or found.meeting_id is None:
        return
    topic = await ask.unit.topics.about(found, found.meeting_id)
    if topic is not None:
        gone = replace(topic, state=TopicState.WITHDRAWN)
        await ask.unit.topics.take_off(gone, ask.actor, ask.now)
        await ask.tell.refresh("meeting", found.meeting_id)
