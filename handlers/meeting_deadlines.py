"""Deadlines of meetings 会议期限: reminders, the opening of the doors, the start and the end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from domain import meetings as rules
from domain.attendance import can_answer
from domain.meeting_reminders import is_for_the_group, is_of_use, reminders
from domain.meetings import DOORS_OPEN_BEFORE, Meeting, Move, can_move
from handlers.ask import Tick
from handlers.meeting_answers import answer_row
from handlers.messages import Reply, Typed, Words
from handlers.proposal_meetings import after_held
from handlers.ratings import after_meeting
from handlers.registry import due
from handlers.sky_watch import SKY, watch_sky
from handlers.telling import Teller
from storage.unit import Unit

_KINDS: Final = ("meeting.remind", "meeting.turn", "meeting.end", SKY)


async def set_deadlines(unit: Unit, meeting: Meeting) -> None:
    """Set what is due for a called meeting; earlier ones are dropped."""
    await drop_deadlines(unit, meeting)
    starts_at, ends_at = meeting.span
    community = await unit.places.community(meeting.community_id)
    for ahead, at in reminders(meeting, community.rhythm.reminders, community.hours, unit.now):
        facts = {"ahead": str(int(ahead.total_seconds()))}
        await unit.deadlines.set("meeting.remind", meeting.id, at, facts)
    for at in (starts_at - DOORS_OPEN_BEFORE, starts_at):
        if at > unit.now:
            await unit.deadlines.set("meeting.turn", meeting.id, at)
    await unit.deadlines.set("meeting.end", meeting.id, ends_at)
    await watch_sky(unit, meeting)


async def drop_deadlines(unit: Unit, meeting: Meeting) -> None:
    """Nothing is due for the meeting any more."""
    for kind in _KINDS:
        await unit.deadlines.drop(kind, meeting.id)


@due("meeting.remind")
async def remind(tick: Tick, meeting_id: int, facts: Mapping[str, str]) -> None:
    """Remind those who come or may come, as long as that is of use; the group once."""
    unit = tick.unit
    found = await unit.meetings.by_id(meeting_id)
    tell = await tick.tell(found.community_id)
    ahead = timedelta(seconds=int(facts["ahead"]))
    before = (await unit.places.community(found.community_id)).rhythm.reminders or (ahead,)
    if not can_answer(found, unit.now) or not is_of_use(found, ahead, before, tell.polite_at()):
        return
    if await tell.puts_off("meeting.remind", meeting_id, facts):
        return
    reply = await _reminder(unit, tell, found)
    await tell.people(await unit.attendance.signed_up(found), reply)
    if is_for_the_group(ahead, before):
        await tell.groups_below(found.path, reply)


async def _reminder(unit: Unit, tell: Teller, meeting: Meeting) -> Reply:
    counts = await unit.attendance.counts(meeting)
    facts = {
        "when": days_ahead(tell, meeting.span[0]),
        "label": meeting.label,
        "kind": meeting.kind,
        "at": meeting.starts_at,
        "venue": Typed(meeting.venue),
        "count": counts.yes or None,
    }
    return Reply("meeting.reminder", facts, (answer_row(meeting),))


def days_ahead(tell: Teller, at: datetime) -> Words:
    """今天, 明天, or in how many days, on the community's own calendar."""
    speaker = tell.speaker(None)
    days = (speaker.local(at).date() - speaker.local(tell.unit.now).date()).days
    near = {0: "meeting.today", 1: "meeting.tomorrow"}
    return Words(near[days]) if days in near else Words("meeting.in_days", {"days": days})


@due("meeting.turn")
async def redraw(tick: Tick, meeting_id: int, facts: Mapping[str, str]) -> None:
    """The doors open, or it begins: what can be tapped is another thing now."""
    found = await tick.unit.meetings.by_id(meeting_id)
    tell = await tick.tell(found.community_id)
    await tell.refresh("meeting", found.id)


@due("meeting.end")
async def end_on_time(tick: Tick, meeting_id: int, facts: Mapping[str, str]) -> None:
    """A meeting is over at its end; nothing where it was moved or called off meanwhile."""
    found = await tick.unit.meetings.by_id(meeting_id)
    if not can_move(found, Move.HOLD) or found.span[1] > tick.unit.now:
        return
    over = rules.held(found)
    await tick.unit.meetings.save(over, Move.HOLD, by=None, now=tick.unit.now)
    tell = await tick.tell(found.community_id)
    await tell.refresh("meeting", found.id)
    await after_meeting(tick.unit, tell, over)
    await after_held(tick.unit, tell, over)
