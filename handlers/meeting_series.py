"""Series 定期会议: the clock calls the next meeting in time; whoever may call one may stop it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from domain import meetings as rules
from domain.meeting_series import Series, advanced, call_at
from domain.meetings import Meeting
from domain.people import Ability, Role
from domain.refusal import Refusal
from handlers.ask import Ask, Tick
from handlers.endings import sure
from handlers.meeting_deadlines import set_deadlines
from handlers.meeting_kinds import MeetingNumber
from handlers.meeting_telling import invite_parties
from handlers.messages import Reply, Words
from handlers.registry import command, due, press
from handlers.telling import Teller
from storage.places import Community
from storage.unit import Unit

_KIND = "meeting.series"
_KEEPERS = (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.COMMITTEE)
"""Who hears, besides the convener, that a series has come to its end by itself."""


async def begin(unit: Unit, community: Community, series: Series, first: Meeting) -> Series:
    """Store a series whose first meeting is about to be called, and when the second one is."""
    series = advanced(series, first.span[0], community.hours.zone)
    series = await unit.series.add(series, unit.now)
    await _plan(unit, community, series, first.span[1])
    return series


async def _plan(unit: Unit, community: Community, series: Series, busy_until: datetime) -> None:
    await unit.deadlines.drop(_KIND, series.id)
    at = call_at(series, busy_until, community.rhythm.lead)
    await unit.deadlines.set(_KIND, series.id, max(at, unit.now))


@due(_KIND)
async def call_next(tick: Tick, series_id: int, facts: Mapping[str, str]) -> None:
    """Call the next meeting of a series, and set when the one after it is called."""
    unit = tick.unit
    series = await unit.series.by_id(series_id)
    community = await unit.places.community(series.community_id)
    tell = await tick.tell(series.community_id)
    if series.is_stopped or not await _is_kept(unit, tell, series):
        return
    if series.next_at <= unit.now:  # we were away for so long that it would have begun
        series = advanced(series, unit.now, community.hours.zone)
    called = await _called(unit, tell, community, series)
    after = advanced(series, series.next_at, community.hours.zone)
    await unit.series.go_on(after)
    await _plan(unit, community, after, called.span[1] if called else unit.now)


async def _is_kept(unit: Unit, tell: Teller, series: Series) -> bool:
    """Whether its convener still convenes here; else it ends, and those who may are told."""
    author = await unit.people.actor(series.author_id)
    if author.can(Ability.CALL_MEETING, at=series.path):
        return True
    await unit.series.stop(series, by=None, now=unit.now)
    facts = {"kind": series.kind, "repeat": series.repeat}
    await tell.people(await tell.staff(series.path, *_KEEPERS), Reply("meeting.orphaned", facts))
    return False


async def _called(unit: Unit, tell: Teller, community: Community, series: Series) -> Meeting | None:
    """The meeting of this time; None, and its convener is told, where something is in the way."""
    number = await unit.places.next_number(series.community_id, "meeting")
    planned = _meeting(series, number)
    try:
        rules.checked_start(series.next_at, unit.now, community.hours)
        rules.check_free(planned, await unit.meetings.around(series.place_id, *planned.span))
    except Refusal as refusal:
        why = Words(f"refusal.{refusal.key}", refusal.facts)
        facts = {"kind": series.kind, "at": series.next_at, "why": why}
        await tell.person(series.author_id, Reply("meeting.left_out", facts))
        return None
    made = await unit.meetings.add(planned, unit.now, by_clock=True)
    await set_deadlines(unit, made)
    await tell.cards_below(made.path, "meeting", made.id, but=0)
    await invite_parties(tell, made)
    return made


def _meeting(series: Series, number: int) -> Meeting:
    return Meeting(
        id=0,
        community_id=series.community_id,
        number=number,
        place_id=series.place_id,
        path=series.path,
        author_id=series.author_id,
        kind=series.kind,
        venue=series.venue,
        starts_at=series.next_at.astimezone(UTC),
        ends_at=series.next_at.astimezone(UTC) + series.lasts,
        topic_line=series.topic_line,
        series_id=series.id,
    )


@command("停止重复", "stopmeetings", may=Ability.CALL_MEETING, section="meetings")
async def stop_series(ask: Ask, number: MeetingNumber) -> Reply:
    """Ask whether no more meetings of a series shall be called."""
    found = await ask.meeting(number)
    series = await _series_of(ask, found)
    facts = {"kind": series.kind, "repeat": series.repeat}
    return await sure(ask, stop_now, found, "meeting.stop_asked", facts)


async def _series_of(ask: Ask, found: Meeting) -> Series:
    rules.check_convener(found, ask.actor)
    if found.series_id is None:
        raise Refusal("meeting_once", label=found.label)
    series = await ask.unit.series.by_id(found.series_id)
    if series.is_stopped:
        raise Refusal("meeting_stopped", label=found.label)
    return series


@press("meetstop", may=Ability.CALL_MEETING, only_confirmed=True)
async def stop_now(ask: Ask, number: MeetingNumber) -> Reply:
    """Call no more meetings of a series; the one that is called already stays."""
    found = await ask.meeting(number)
    series = await _series_of(ask, found)
    if not await ask.unit.series.stop(series, by=ask.actor.id, now=ask.now):
        raise Refusal("meeting_stopped", label=found.label)
    await ask.unit.deadlines.drop(_KIND, series.id)
    await ask.tell.refresh("meeting", found.id)
    facts = {"label": found.label, "kind": series.kind, "repeat": series.repeat}
    return Reply("meeting.series_stopped", facts)
