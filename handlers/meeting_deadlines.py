"""Deadlines of meetings 会议期限: what the clock does with a meeting."""

from collections.abc import Mapping

from domain import meetings as rules
from domain.meetings import Meeting, Move, can_move
from handlers.ask import Tick
from handlers.registry import due
from storage.unit import Unit

_KINDS = ("meeting.end",)


async def set_deadlines(unit: Unit, meeting: Meeting) -> None:
    """Set what is due for a called meeting; earlier ones are dropped."""
    await drop_deadlines(unit, meeting)
    _, ends_at = meeting.span
    await unit.deadlines.set("meeting.end", meeting.id, ends_at)


async def drop_deadlines(unit: Unit, meeting: Meeting) -> None:
    """Nothing is due for the meeting any more."""
    for kind in _KINDS:
        await unit.deadlines.drop(kind, meeting.id)


@due("meeting.end")
async def end_on_time(tick: Tick, meeting_id: int, facts: Mapping[str, str]) -> None:
    """A meeting is over at its end; nothing where it was moved or called off meanwhile."""
    found = await tick.unit.meetings.by_id(meeting_id)
    if not can_move(found, Move.HOLD) or found.span[1] > tick.unit.now:
        return
    await tick.unit.meetings.save(rules.held(found), Move.HOLD, by=None, now=tick.unit.now)
    tell = await tick.tell(found.community_id)
    await tell.refresh("meeting", found.id)
