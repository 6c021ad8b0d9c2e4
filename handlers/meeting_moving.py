"""Moving and calling off a meeting 改期、取消会议: read back, then everybody concerned is told."""

from collections.abc import Mapping
from datetime import UTC, datetime

from domain import meetings as rules
from domain.meetings import Meeting, Move
from domain.moments import Question
from domain.people import Ability
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import CANCEL_ROW, Ask
from handlers.endings import KEEP_ROW
from handlers.kinds import FreeText
from handlers.meeting_beside import beside
from handlers.meeting_calling import check_building, check_free
from handlers.meeting_deadlines import drop_deadlines, set_deadlines
from handlers.meeting_kinds import TELLS_NO_TIME, MeetingNumber, MovedNumber, found_in
from handlers.meeting_telling import rows_of_change, tell_change
from handlers.messages import Button, Reply, Typed, Words
from handlers.moments import asking, setting_of
from handlers.numbers import carried
from handlers.proposal_meetings import after_cancelled, proposals_anew
from handlers.registry import command, press


@command("改期", "movemeeting", may=Ability.CALL_MEETING, section="meetings")
async def move_meeting(ask: Ask, number: MovedNumber | None = None, *, line: FreeText) -> Reply:
    """Prepare another time or place; nothing changes before it has been read back."""
    if not number:
        return await _of_those_to_come(ask, line)
    return await _prepared(ask, await ask.meeting(number), line)


async def _prepared(ask: Ask, found: Meeting, line: str) -> Reply:
    rules.check_convener(found, ask.actor)
    said = found_in(line, setting_of(ask))
    if said is None and TELLS_NO_TIME.fullmatch(line):  # the place alone
        return await _read_back(ask, found, found.span[0], line)
    if said is None:
        raise Refusal("no_moment", text=Typed(shortened(line, 20)))
    known = {"number": carried(found)}
    if isinstance(said.answer, Question):
        return await ask.question(move_meeting, known, "line", asking(said.answer))
    starts_at = said.answer.start
    if not said.answer.has_hour:  # another day at the usual hour
        clock = found.span[0].astimezone(starts_at.tzinfo)
        starts_at = starts_at.replace(hour=clock.hour, minute=clock.minute)
    return await _read_back(ask, found, starts_at.astimezone(UTC), said.rest or found.venue)


async def _of_those_to_come(ask: Ask, line: str) -> Reply:
    """Move the one meeting that is to come, or ask which of several."""
    coming = [m for m in await ask.unit.meetings.coming_for(ask.actor) if ask.is_of_here(m.path)]
    mine = [m for m in coming if m.starts_at and rules.is_convener(m, ask.actor)]
    if not mine:
        return Reply("meeting.none")
    if len(mine) == 1:
        return await _prepared(ask, mine[0], line)
    named = [(Words("meeting.name", {"label": m.label, "kind": m.kind}), m) for m in mine]
    offered = [Button(words, f"={carried(meeting)}") for words, meeting in named]
    known = {"line": line}
    return await ask.question(move_meeting, known, "number", Words("ask.meeting_number"), offered)


async def _read_back(ask: Ask, meeting: Meeting, starts_at: datetime, venue: str) -> Reply:
    after = await _checked(ask, meeting, starts_at, venue)
    args: Mapping[str, str] = {
        "number": carried(meeting),
        "at": starts_at.isoformat(),
        "venue": venue,
    }
    yes = await ask.confirm(moved, args)
    counts = await ask.unit.attendance.counts(meeting)
    also, looks = await beside(ask, after)
    count = counts.yes + counts.maybe
    facts = {**_facts(after), "before": meeting.starts_at, "count": count, "beside": also}
    return Reply("meeting.move_read_back", facts, ((yes,), *looks, CANCEL_ROW))


async def _checked(ask: Ask, meeting: Meeting, starts_at: datetime, venue: str) -> Meeting:
    rules.checked_start(starts_at, ask.now, ask.tenant.hours)
    await check_building(ask, venue)
    after = rules.moved(meeting, starts_at, rules.checked_venue(venue), by=ask.actor)
    await check_free(ask, after)
    return after


@press("meetmove", may=Ability.CALL_MEETING, only_confirmed=True)
async def moved(ask: Ask, number: MeetingNumber, at: FreeText, venue: FreeText) -> Reply:
    """Move it."""
    found = await ask.meeting(number)
    return await move(ask, found, datetime.fromisoformat(at), venue)


async def move(ask: Ask, meeting: Meeting, starts_at: datetime, venue: str) -> Reply:
    """Move a meeting; everybody who signed up is told, each group once, old reminders are dropped.

    The three parties confirm anew where the time changes: they confirmed for the old one.
    """
    after = await _checked(ask, meeting, starts_at, venue)
    after = await ask.unit.meetings.save(after, Move.MOVE, by=ask.actor.id, now=ask.now)
    asked_again: list[int] = []
    if after.starts_at != meeting.starts_at:
        asked_again = await ask.unit.attendance.ask_parties_again(after)
    await set_deadlines(ask.unit, after)
    await ask.tell.refresh("meeting", after.id)
    await proposals_anew(ask.unit, ask.tell, after)
    facts = {**_facts(after), "before": meeting.starts_at, "who": Typed(ask.actor.name)}
    reply = Reply("meeting.moved", facts, rows_of_change(after))
    return await tell_change(ask, after, reply, parties=asked_again)


@command("取消会议", "取消会", "cancelmeeting", may=Ability.CALL_MEETING, section="meetings")
async def cancel_meeting(ask: Ask, number: MeetingNumber, why: FreeText | None = None) -> Reply:
    """Ask whether it shall be called off; many people would be told."""
    found = await ask.meeting(number)
    rules.cancelled(found, by=ask.actor)
    yes = await ask.confirm(cancelled, {"number": carried(found), "why": why or ""})
    counts = await ask.unit.attendance.counts(found)
    facts = {**_facts(found), "count": counts.yes + counts.maybe}
    return Reply("meeting.cancel_read_back", facts, ((yes,), KEEP_ROW))


@press("meetcancel", may=Ability.CALL_MEETING, only_confirmed=True)
async def cancelled(ask: Ask, number: MeetingNumber, why: FreeText | None = None) -> Reply:
    """Call it off."""
    return await call_off(ask, await ask.meeting(number), why or "")


async def call_off(ask: Ask, meeting: Meeting, why: str) -> Reply:
    """Call a meeting off; everybody who signed up is told, each group once."""
    after = rules.cancelled(meeting, by=ask.actor)
    await ask.unit.meetings.save(after, Move.CANCEL, by=ask.actor.id, now=ask.now)
    confirmed = await ask.unit.attendance.confirmed(after)
    await drop_deadlines(ask.unit, after)
    await after_cancelled(ask.unit, ask.tell, after)
    await ask.tell.refresh("meeting", after.id)
    reason = Words("meeting.why", {"words": Typed(shortened(why, 200))}) if why else None
    facts = {**_facts(after), "why": reason, "who": Typed(ask.actor.name)}
    rows = rows_of_change(after) if after.starts_at else ()
    reply = Reply("meeting.called_off", facts, rows)
    return await tell_change(ask, after, reply, parties=confirmed.values())


def _facts(meeting: Meeting) -> dict[str, object]:
    return {
        "label": meeting.label,
        "kind": meeting.kind,
        "at": meeting.starts_at or Words("meeting.no_date"),
        "venue": Typed(meeting.venue),
    }
