"""Evenings 择日: which of the coming evenings suit a meeting, the best first, and why."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from domain.days_off import DayOff
from domain.weather import COLD_BELOW, HOT_ABOVE, STRONG_WIND_KMH, Forecast, Weather

PROPOSED: Final = 3
"""Evenings that are offered at once; more would not be read."""
FIRST_DAY: Final = 2
"""Days from today to the first evening: whoever is invited today for tomorrow has other plans."""
LAST_DAY: Final = 14
"""Days from today to the last evening that is looked at …"""
LAST_RESORT_DAY: Final = 35
"""… and where too few of these are free, as around 春节."""
USUAL_HOUR: Final = time(19)
"""Of a community that has not met yet."""
LENGTH: Final = timedelta(hours=2)
NO_HABIT: Final = (4, 3, 5, 2, 1, 6, 0)
"""Weekdays of those who have not met yet, the best first: Friday, and Monday last."""
LAST_LOOK_BEFORE: Final = timedelta(hours=4)
"""Whoever is told of the rain later can only go home."""
POLL_OPEN: Final = timedelta(days=2)
"""So long neighbours may say which evenings suit them."""
_PER_WEEKDAY: Final = 5
_UNKNOWN_WEATHER: Final = 25
"""Between an evening that is known to be fine and one that is known to be wet."""


class Why(StrEnum):
    """What speaks for an evening, or against it."""

    FINE = "fine"
    USUAL = "usual"
    RAINY = "rainy"
    WINDY = "windy"
    COLD = "cold"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Habit:
    """When people here use to meet: the hour, and weekdays (0 is Monday), the likeliest first."""

    hour: time = USUAL_HOUR
    weekdays: tuple[int, ...] = NO_HABIT
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Busy:
    """Another meeting of the community; ``label`` is empty where it is none of these people's
    business which."""

    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Evening:
    """One evening that is offered; ``weather`` None where no forecast reaches."""

    starts_at: datetime
    ends_at: datetime
    weather: Weather | None
    whys: tuple[Why, ...] = ()

    @property
    def is_rainy(self) -> bool:
        """Whether it is known to be wet."""
        return self.weather is not None and self.weather.is_rainy


@dataclass(frozen=True, slots=True)
class Avoided:
    """An evening that is not offered: it is kept free for a day off or another meeting, or it is
    the one on which people use to meet, and wet."""

    on: date
    reason: DayOff | Busy | Weather


@dataclass(frozen=True, slots=True)
class Choice:
    """What is offered, the best first, and what was left out before the last of these."""

    evenings: tuple[Evening, ...]
    avoided: tuple[Avoided, ...] = ()


@dataclass(frozen=True, slots=True)
class Horizon:
    """What evenings are judged by.

    Attributes:
        now: Aware; evenings begin ``FIRST_DAY`` days after its day in ``zone``.
        free: Why an evening is kept free, None where it is not.
    """

    now: datetime
    zone: ZoneInfo
    habit: Habit
    free: Callable[[date], DayOff | None]
    busy: Sequence[Busy] = ()
    forecast: Forecast | None = None


def habit_of(starts: Sequence[datetime], zone: ZoneInfo) -> Habit:
    """The habit that earlier meetings show; what they leave open is as with ``NO_HABIT``."""
    if not starts:
        return Habit()
    local = [start.astimezone(zone) for start in starts]
    hours = Counter(at.time().replace(second=0, microsecond=0) for at in local)
    days = Counter(at.weekday() for at in local)
    hour = min(hours, key=lambda at: (-hours[at], at))
    weekdays = sorted(NO_HABIT, key=lambda day: (-days[day], NO_HABIT.index(day)))
    return Habit(hour, tuple(weekdays), is_known=True)


def proposed(horizon: Horizon, count: int = PROPOSED) -> Choice:
    """The best evenings: free ones first of all, then dry ones, then the pleasant ones.

    A wet evening is offered only where there are not enough that are not known to be wet.
    """
    evenings, avoided = _sorted_out(horizon, range(FIRST_DAY, LAST_DAY + 1))
    if len(evenings) < count:
        more, also = _sorted_out(horizon, range(LAST_DAY + 1, LAST_RESORT_DAY + 1))
        evenings, avoided = evenings + more[: count - len(evenings)], avoided + also
    best = sorted(evenings, key=lambda evening: _rank(evening, horizon))[:count]
    last = max((_day(evening, horizon) for evening in best), default=date.max)
    avoided += [
        Avoided(_day(evening, horizon), evening.weather)
        for evening in evenings
        if evening not in best and evening.weather and _is_missed(evening, horizon)
    ]
    left_out = sorted((one for one in avoided if one.on < last), key=lambda one: one.on)
    return Choice(tuple(best), tuple(left_out))


def _is_missed(evening: Evening, horizon: Horizon) -> bool:
    """Whether people would ask why it is not offered: they use to meet then, but it is wet."""
    return evening.is_rainy and _day(evening, horizon).weekday() == horizon.habit.weekdays[0]


def next_dry(horizon: Horizon, after: datetime) -> Evening | None:
    """The first evening behind ``after`` that is free and known to be dry."""
    evenings, _ = _sorted_out(horizon, range(1, LAST_DAY + 1))
    later = (one for one in evenings if one.starts_at > after)
    return next((one for one in later if one.weather and not one.is_rainy), None)


def closing_of(first: datetime, horizon: Horizon) -> datetime:
    """When a poll about evenings ends: in two days at eight, a day before the first at the latest.

    ``first`` is at least ``FIRST_DAY`` days ahead, so that there is always some time to answer.
    """
    local = horizon.now.astimezone(horizon.zone) + POLL_OPEN
    at = local.replace(hour=20, minute=0, second=0, microsecond=0).astimezone(horizon.now.tzinfo)
    return min(at, first - timedelta(days=1))


def looks_at(starts_at: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """When the sky over a meeting is looked at: the day before, again that evening, and on the day.

    At these hours nobody is disturbed, and there is time to tell everybody of a change.
    """
    local = starts_at.astimezone(zone)
    eve, day = local - timedelta(days=1), local
    at = [eve.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (10, 18)]
    at.append(day.replace(hour=10, minute=0, second=0, microsecond=0))
    return tuple(one.astimezone(starts_at.tzinfo) for one in at if local - one >= LAST_LOOK_BEFORE)


def best_voted(evenings: Sequence[Evening], votes: Sequence[int]) -> Evening:
    """The evening that suits most people; of several the clearer one, then the earlier one.

    Raises:
        ValueError: There are no evenings, or not one count for each; a bug.
    """
    counted = zip(evenings, votes, strict=True)
    return min(counted, key=lambda one: (-one[1], *_sky_rank(one[0]), one[0].starts_at))[0]


def _sorted_out(horizon: Horizon, days: range) -> tuple[list[Evening], list[Avoided]]:
    evenings: list[Evening] = []
    avoided: list[Avoided] = []
    today = horizon.now.astimezone(horizon.zone).date()
    for on in (today + timedelta(days=day) for day in days):
        evening = _evening(on, horizon)
        reason = horizon.free(on) or _taken(evening, horizon.busy)
        if reason is None:
            evenings.append(evening)
        else:
            avoided.append(Avoided(on, reason))
    return evenings, avoided


def evening_at(starts_at: datetime, horizon: Horizon) -> Evening:
    """The evening that begins at ``starts_at``, as the forecast sees it now."""
    ends_at = starts_at + LENGTH
    weather = horizon.forecast.during(starts_at, ends_at) if horizon.forecast else None
    is_usual = horizon.habit.is_known and (
        starts_at.astimezone(horizon.zone).weekday() == horizon.habit.weekdays[0]
    )
    usual = (Why.USUAL,) if is_usual else ()
    return Evening(starts_at, ends_at, weather, (*_weather_whys(weather), *usual))


def _evening(on: date, horizon: Horizon) -> Evening:
    local = datetime.combine(on, horizon.habit.hour, horizon.zone)
    return evening_at(local.astimezone(horizon.now.tzinfo), horizon)


def _taken(evening: Evening, busy: Sequence[Busy]) -> Busy | None:
    found = (b for b in busy if b.starts_at < evening.ends_at and evening.starts_at < b.ends_at)
    return next(found, None)


def _weather_whys(weather: Weather | None) -> Iterator[Why]:
    if weather is None:
        return
    bad = {
        Why.RAINY: weather.is_rainy,
        Why.WINDY: weather.wind_kmh >= STRONG_WIND_KMH,
        Why.COLD: weather.celsius < COLD_BELOW,
        Why.HOT: weather.celsius > HOT_ABOVE,
    }
    yield from (why for why, is_so in bad.items() if is_so)
    if not any(bad.values()):
        yield Why.FINE


def _rank(evening: Evening, horizon: Horizon) -> tuple[bool, int, datetime]:
    weekday = evening.starts_at.astimezone(horizon.zone).weekday()
    wait = (_day(evening, horizon) - horizon.now.astimezone(horizon.zone).date()).days
    is_wet, discomfort = _sky_rank(evening)
    points = discomfort + _PER_WEEKDAY * horizon.habit.weekdays.index(weekday) + wait
    return is_wet, points, evening.starts_at


def _sky_rank(evening: Evening) -> tuple[bool, int]:
    weather = evening.weather
    return evening.is_rainy, weather.discomfort if weather else _UNKNOWN_WEATHER


def _day(evening: Evening, horizon: Horizon) -> date:
    return evening.starts_at.astimezone(horizon.zone).date()
