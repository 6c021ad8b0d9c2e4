"""Rain 下雨改期: the day before, the convener alone is told, with what can be done about it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from domain import meetings as rules
from domain.evenings import next_dry
from domain.meetings import Meeting, MeetingState, checked_venue, why_not
from domain.people import Ability
from domain.refusal import Refusal
from domain.weather import Weather
from handlers.ask import Ask, Tick
from handlers.evening_words import evening_words, sky_words
from handlers.evenings import instant_of, minute_of, prospect_of
from handlers.kinds import FreeText, Id
from handlers.meeting_kinds import MeetingNumber
from handlers.meeting_moving import move
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import button, due, press
from handlers.sky_watch import SKY, is_under_the_sky
from storage.unit import Unit

FORECAST_TAKES: Final = timedelta(minutes=2)
"""So long a newer forecast is waited for before the sky is judged by an older one."""
_ASKED: Final = "asked"


@due(SKY)
async def look_at_sky(tick: Tick, meeting_id: int, facts: Mapping[str, str]) -> None:
    """Tell the convener of rain that is likely, and of a sky that has cleared since."""
    unit = tick.unit
    found = await unit.meetings.by_id(meeting_id)
    if found.state is not MeetingState.CALLED or found.span[0] <= unit.now:
        return
    tell = await tick.tell(found.community_id)
    if not is_under_the_sky(found) or await tell.puts_off(SKY, meeting_id, facts):
        return
    outlook = await unit.forecasts.want(found.community_id)
    if outlook.is_awaited(unit.now) and _ASKED not in facts:
        await unit.deadlines.set(SKY, meeting_id, unit.now + FORECAST_TAKES, {_ASKED: "1"})
        return
    forecast = outlook.usable(unit.now)
    weather = forecast.during(*found.span) if forecast else None
    if weather is not None and await _is_news(unit, found, weather):
        reply = await _word(unit, found, weather)
        if await tell.person(found.author_id, reply):
            starts_at, _ = found.span
            await unit.evenings.tell_of_rain(found.id, starts_at, is_rainy=weather.is_rainy)


async def _is_news(unit: Unit, meeting: Meeting, weather: Weather) -> bool:
    """Whether the convener was not told this already; of a clear sky only after rain."""
    told = await unit.evenings.told_of_rain(meeting.id, meeting.span[0])
    return weather.is_rainy != bool(told)


async def _word(unit: Unit, meeting: Meeting, weather: Weather) -> Reply:
    facts = {
        "label": meeting.label,
        "kind": meeting.kind,
        "at": meeting.starts_at,
        "venue": Typed(meeting.venue),
        "weather": sky_words(weather),
    }
    if not weather.is_rainy:
        return Reply("rain.cleared", facts)
    return Reply("rain.likely", facts, await _ways_out(unit, meeting))


async def _ways_out(unit: Unit, meeting: Meeting) -> tuple[Row, ...]:
    """Another evening where a dry one is known, a roof, or as it is."""
    number = carried(meeting)
    rows: list[Row] = []
    dry = next_dry((await prospect_of(unit, meeting)).horizon, meeting.span[0])
    if dry is not None:
        minute = minute_of(dry.starts_at)
        rows.append((button(another_evening, evening_words(dry), number=number, minute=minute),))
    rows.append((button(under_a_roof, number=number), button(as_it_is, number=number)))
    return tuple(rows)


@press("rainmove", may=Ability.CALL_MEETING)
async def another_evening(ask: Ask, number: MeetingNumber, minute: Id) -> Reply:
    """Move the meeting to a dry evening; everybody who signed up is told."""
    found = await _still_called(ask, number)
    return await move(ask, found, instant_of(minute), found.venue)


@press("rainroof", may=Ability.CALL_MEETING)
async def under_a_roof(ask: Ask, number: MeetingNumber, venue: FreeText | None = None) -> Reply:
    """Move the meeting indoors, at its time; everybody who signed up is told."""
    found = await _still_called(ask, number)
    if not venue:
        known = {"number": carried(found)}
        return await ask.question(under_a_roof, known, "venue", Words("ask.rainroof.venue"))
    return await move(ask, found, found.span[0], checked_venue(venue))


@press("rainkeep", may=Ability.CALL_MEETING)
async def as_it_is(ask: Ask, number: MeetingNumber) -> Reply:
    """Leave the meeting as it is; of the same rain nobody is told again."""
    found = await _still_called(ask, number)
    return Reply("rain.kept", {"label": found.label, "at": found.starts_at}, is_brief=True)


async def _still_called(ask: Ask, number: str) -> Meeting:
    """A meeting to come that the asker may change."""
    found = await ask.meeting(number)
    rules.check_convener(found, ask.actor)
    if found.state is not MeetingState.CALLED:
        raise Refusal(why_not(found), label=found.label)
    if found.span[0] <= ask.now:
        raise Refusal("meeting_begun", label=found.label)
    return found
