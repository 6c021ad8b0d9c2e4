"""Asking everybody 大家选: a poll about a meeting's evening; its end is in ``evening_result``."""

from domain import meetings as rules
from domain import polls as poll_rules
from domain.evenings import closing_of, proposed
from domain.meetings import Meeting, MeetingState, why_not
from domain.people import Ability
from domain.polls import Manner, Poll, PollState
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.evenings import prospect_of
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply
from handlers.poll_deadlines import conclude, set_deadlines
from handlers.registry import press
from storage.unit import Unit

_OFFERED = 4
"""Evenings that neighbours may choose from."""


@press("askevening", may=Ability.CALL_MEETING)
async def ask_everybody(ask: Ask, number: MeetingNumber) -> Reply:
    """Let neighbours tap every evening that suits them, in all groups of the meeting."""
    found = await _choosing(ask, number)
    if await open_poll_of(ask.unit, found) is not None:
        raise Refusal("evening_asked", label=found.label)
    prospect = await prospect_of(ask.unit, found)
    offered = proposed(prospect.horizon, _OFFERED).evenings
    starts = sorted(evening.starts_at for evening in offered)
    speaker = ask.tell.speaker(None)
    poll = Poll(
        id=0,
        community_id=found.community_id,
        number=await ask.unit.places.next_number(found.community_id, "poll"),
        place_id=found.place_id,
        path=found.path,
        author_id=ask.actor.id,
        question=speaker.text("evening.question", {"kind": found.kind}),
        options=tuple(speaker.moment(starts_at) for starts_at in starts),
        manner=Manner(most=len(starts)),
        opened_at=ask.now,
        closes_at=closing_of(starts[0], prospect.horizon),
    )
    poll = await ask.unit.polls.add(poll)
    await ask.unit.evenings.offer(poll.id, found.id, starts)
    return await _opened(ask, found, poll)


async def _opened(ask: Ask, meeting: Meeting, poll: Poll) -> Reply:
    await set_deadlines(ask.unit, poll)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "poll", poll.id, viewer=viewer, thread=ask.incoming.thread)
    await ask.tell.cards_below(poll.path, "poll", poll.id, but=ask.chat.id)
    await ask.tell.refresh("evenings", meeting.id)
    return Reply("evening.you_asked", {"at": poll.closes_at}, is_brief=True)


@press("endevening", may=Ability.CALL_MEETING)
async def end_poll(ask: Ask, number: MeetingNumber) -> Reply:
    """End the poll now; the evening that suits most people is there to be confirmed."""
    found = await _choosing(ask, number)
    poll = await open_poll_of(ask.unit, found)
    if poll is None:
        raise Refusal("evening_not_asked", label=found.label)
    poll_rules.check_author(poll, ask.actor)
    poll_rules.check_open(poll, ask.now)
    await conclude(ask.unit, ask.tell, poll, by=ask.actor.id)
    return Reply("poll.you_closed", {"label": poll.label}, is_brief=True)


async def open_poll_of(unit: Unit, meeting: Meeting) -> Poll | None:
    """The open poll about a meeting's evening."""
    poll_id = await unit.evenings.poll_of(meeting.id)
    poll = await unit.polls.by_id(poll_id) if poll_id is not None else None
    return poll if poll is not None and poll.state is PollState.OPEN else None


async def _choosing(ask: Ask, number: str) -> Meeting:
    found = await ask.meeting(number)
    rules.check_convener(found, ask.actor)
    if found.state is not MeetingState.CHOOSING:
        raise Refusal(why_not(found), label=found.label)
    return found
