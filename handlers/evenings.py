"""Evenings 择日: what is known of the coming evenings, and a meeting whose date is being chosen."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from domain.evenings import LAST_DAY, LAST_RESORT_DAY, Busy, Horizon, habit_of
from domain.meetings import Meeting, MeetingKind, MeetingState, checked_topic_line, checked_venue
from domain.outlook import Outlook
from domain.places import same_line
from handlers.ask import Ask
from handlers.holidays import is_arranged, kept_free
from storage.unit import Unit

GIVEN_UP_AFTER: Final = timedelta(days=LAST_DAY)
"""A meeting for which nobody has chosen a date by then is forgotten."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the evenings of a meeting are judged by, and what is known of the weather."""

    horizon: Horizon
    outlook: Outlook

    @property
    def year_not_arranged(self) -> int | None:
        """The year whose days off nobody knows yet, where evenings reach into one."""
        today = self.horizon.now.astimezone(self.horizon.zone).date()
        year = (today + timedelta(days=LAST_DAY)).year
        return None if is_arranged(year) else year


async def prospect_of(unit: Unit, meeting: Meeting) -> Prospect:
    """How the coming evenings look for a meeting, from what is stored."""
    community = await unit.places.community(meeting.community_id)
    zone = community.hours.zone
    held = await unit.meetings.held_at(meeting.place_id, unit.now)
    until = unit.now + timedelta(days=LAST_RESORT_DAY + 1)
    coming = await unit.meetings.coming_in(meeting.community_id, unit.now, until)
    outlook = await unit.forecasts.outlook(meeting.community_id)
    horizon = Horizon(
        unit.now,
        zone,
        habit_of([one.span[0] for one in held if one.kind is meeting.kind], zone),
        kept_free,
        [_busy(one, meeting) for one in coming if one.id != meeting.id],
        outlook.usable(unit.now),
    )
    return Prospect(horizon, outlook)


def _busy(other: Meeting, meeting: Meeting) -> Busy:
    label = other.label if same_line(other.path, meeting.path) else ""
    return Busy(label, *other.span)


async def propose(ask: Ask, kind: MeetingKind, venue: str, topic_line: str) -> None:
    """Show evenings to choose from, on a card that follows the forecast; one tap calls it."""
    meeting = await _choosing(ask, kind, venue, checked_topic_line(topic_line))
    await ask.unit.forecasts.want(meeting.community_id)
    await show(ask, meeting)


async def show(ask: Ask, meeting: Meeting) -> None:
    """The card on which a meeting's date is chosen, here."""
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "evenings", meeting.id, viewer=viewer, thread=ask.incoming.thread)


async def _choosing(ask: Ask, kind: MeetingKind, venue: str, topic_line: str) -> Meeting:
    """The meeting whose date is to be chosen: the one begun before, or a new one."""
    unit = ask.unit
    known = await unit.evenings.choosing(ask.here.id, kind, ask.actor.id)
    if known is not None:
        return await _again(ask, await unit.meetings.by_id(known), venue, topic_line)
    meeting = Meeting(
        id=0,
        community_id=ask.tenant.id,
        number=await unit.places.next_number(ask.tenant.id, "meeting"),
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        kind=kind,
        venue=checked_venue(venue) or await usual_venue(unit, ask.here.id, kind),
        starts_at=None,
        ends_at=None,
        state=MeetingState.CHOOSING,
        topic_line=topic_line,
    )
    made = await unit.meetings.add(meeting, ask.now)
    await unit.deadlines.set("meeting.choice", made.id, ask.now + GIVEN_UP_AFTER)
    return made


async def _again(ask: Ask, begun: Meeting, venue: str, topic_line: str) -> Meeting:
    changed = replace(begun, venue=venue or begun.venue, topic_line=topic_line or begun.topic_line)
    if changed == begun:
        return begun
    return await ask.unit.meetings.save(changed, "amend", by=ask.actor.id, now=ask.now)


async def usual_venue(unit: Unit, place_id: int, kind: MeetingKind) -> str:
    """Where people of a place met last; empty where they have not met yet."""
    held = await unit.meetings.held_at(place_id, unit.now)
    return next((one.venue for one in held if one.kind is kind), "")


async def show_weather(unit: Unit, community_id: int) -> None:
    """Let what waits for a forecast show it, or that none came."""
    await unit.outbox.refresh("evenings", *await unit.evenings.choosing_in(community_id))


def minute_of(starts_at: datetime) -> int:
    """An instant as a button carries it: minutes since 1970."""
    return (starts_at - _EPOCH) // _MINUTE


def instant_of(minute: int) -> datetime:
    """What a button carries; one that is no instant at all is long past."""
    try:
        return _EPOCH + minute * _MINUTE
    except OverflowError:
        return _EPOCH


def midnight(on: date, horizon: Horizon) -> datetime:
    """The begin of a day, to be said as a date alone."""
    return datetime.combine(on, datetime.min.time(), horizon.zone)
