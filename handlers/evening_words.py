"""Words of evenings 择日用语: an evening with its weather, and why it is offered or not."""

from typing import Final

from domain.days_off import DayOff
from domain.evenings import Avoided, Busy, Evening, Horizon
from domain.moments import Moment
from domain.weather import Weather
from handlers.evenings import Prospect, midnight
from handlers.messages import Typed, Words

_AVOIDED_SHOWN: Final = 3


def evening_words(evening: Evening) -> Words:
    """``11月27日周五 19:00 晴 9°``, without weather where none is known."""
    if evening.weather is None:
        return Words("evening.at", {"at": evening.starts_at})
    facts = {"at": evening.starts_at, "weather": sky_words(evening.weather)}
    return Words("evening.name", facts)


def sky_words(weather: Weather) -> Words:
    """The sky, how likely rain is where it is, and the temperature."""
    key = "evening.rainy_sky" if weather.is_rainy else "evening.sky"
    facts = {"sky": weather.shown, "percent": weather.rain_percent, "celsius": weather.celsius}
    return Words(key, facts)


def why_words(evening: Evening) -> Words | None:
    """One evening with what speaks for it and against it."""
    if not evening.whys:
        return None
    first, second = [*evening.whys, None][:2]
    key = "evening.why_two" if second else "evening.why_one"
    return Words(key, {"at": evening.starts_at, "first": first, "second": second})


def avoided_words(avoided: tuple[Avoided, ...], horizon: Horizon) -> Words | None:
    """What was left out and why, the first three of it."""
    lines = [
        Words("evening.avoided", {"on": _day(one, horizon), "reason": _reason(one.reason)})
        for one in avoided[:_AVOIDED_SHOWN]
    ]
    return Words("evening.avoids", {"lines": lines}) if lines else None


def _day(avoided: Avoided, horizon: Horizon) -> Moment:
    return Moment(midnight(avoided.on, horizon), has_hour=False)


def _reason(reason: DayOff | Busy | Weather) -> Words:
    if isinstance(reason, Weather):
        return sky_words(reason)
    if isinstance(reason, DayOff):
        key = "evening.eve" if reason.is_eve else "evening.festival"
        return Words(key, {"festival": reason.festival})
    return Words("evening.busy" if reason.label else "evening.busy_else", {"label": reason.label})


def weather_line(prospect: Prospect) -> Words:
    """Where the weather is from, or why there is none."""
    outlook, horizon = prospect.outlook, prospect.horizon
    forecast = horizon.forecast
    if forecast is not None:
        facts = {"source": Typed(forecast.source), "at": forecast.fetched_at}
        return Words("evening.forecast", facts)
    if outlook.position is None:
        return Words("evening.no_weather")
    is_awaited = outlook.is_awaited(horizon.now)
    return Words("evening.weather_comes" if is_awaited else "evening.weather_away")
