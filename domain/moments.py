"""Moments 时间: days, hours, ranges and repetitions as neighbours type them.

A day (下周五, 25号, 中秋) is followed by an hour (晚7点半); either may be missing. Without a year,
month or day the next one that is still to come is meant. ``docs/moments.md`` holds the tables.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from domain.moment_days import Almanac, Day, Frame
from domain.moment_hours import Hour
from domain.moment_parts import Parts, parts_of
from domain.moment_repeats import Repeat, local_time
from domain.moment_words import plain

LONGEST: Final = 100
"""Characters; no moment is longer, and a longer text is not looked at."""
_PART_LASTS: Final = timedelta(hours=5)


class Context(StrEnum):
    """What the moment is for, which settles hours like 7点."""

    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said; ``start`` and ``end`` are aware, in the zone that was handed in.

    Attributes:
        has_hour: False where only days were said; ``start`` and ``end`` are their midnights then.
        repeats: How it comes again, None for once; ``start`` is its next occurrence.
    """

    start: datetime
    has_hour: bool
    end: datetime | None = None
    repeats: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """It could mean several things, or says too little.

    Attributes:
        key: Names the words that ask: ``morning_or_evening``, ``which_day``, ``which_hour`` or
            ``day_conflict``.
        hour: The hour that was said, for ``morning_or_evening``; ``minute`` with it.
        options: The moments that it could mean, for buttons; may be empty.
    """

    key: str
    hour: int = 0
    minute: int = 0
    options: tuple[Moment, ...] = ()


Answer = Moment | Question | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a text is read against."""

    now: datetime
    zone: tzinfo
    almanac: Almanac
    context: Context | None = None

    def frame(self, since: date | None = None) -> Frame:
        """Today's frame, reckoned from ``since`` for the end of a range."""
        today = self.now.astimezone(self.zone).date()
        return Frame(today, since or today, self.almanac)

    def at(self, on: date, minutes: int) -> datetime:
        """The instant ``minutes`` after a day's midnight."""
        return local_time(on, minutes, self.zone)


def moment_of(text: str, setting: Setting) -> Answer:
    """The moment that all of ``text`` says, the question to ask, or None: no moment."""
    if len(text) > LONGEST * 2:
        text = text.strip()
        if len(text) > LONGEST:
            return None
    words = plain(text)
    if not words or len(words) > LONGEST:
        return None
    try:
        return _read(words, setting)
    except (OverflowError, ValueError):
        # Dates beyond the calendar's end, which arithmetic reaches in many places.
        return None


def _read(words: str, setting: Setting) -> Answer:
    parts = parts_of(words, setting.frame(), setting.now)
    if parts is not None:
        return started(parts, setting)
    from domain.moment_ranges import range_of

    return range_of(words, setting)


def started(parts: Parts, setting: Setting) -> Answer:
    """The moment of one day and hour."""
    if parts.instant is not None:
        return Moment(parts.instant.astimezone(setting.zone), has_hour=True)
    if asks := parts.asks:
        return Question(asks)
    if parts.hour is None:
        return _confirmed(parts, _on_day(parts, setting), setting)
    readings = readings_in(parts.hour, setting.context)
    ways = [_at_hour(parts, reading, setting) for reading in readings]
    answer = _chosen(parts, [way for way in ways if way], setting)
    return _confirmed(parts, answer, setting)


def readings_in(hour: Hour, context: Context | None) -> tuple[int, ...]:
    """What an hour can mean where ``context`` is known."""
    is_open = not hour.part and not hour.is_24h and len(hour.readings) > 1
    if context == Context.EVENING and is_open and 5 <= hour.said[0] <= 11:
        return (max(hour.readings),)
    return hour.readings


def _on_day(parts: Parts, setting: Setting) -> Moment | None:
    day = parts.day
    if day is None:
        return None
    frame = setting.frame(parts.since)
    earliest = frame.since if day.today_counts else frame.since + timedelta(days=1)
    for on in day.dates:
        if day.is_fixed or on >= earliest:
            return Moment(setting.at(on, 0), has_hour=False, repeats=day.repeat)
    return None


def _at_hour(parts: Parts, minutes: int, setting: Setting) -> Moment | None:
    frame = setting.frame(parts.since)
    day = parts.day or _any_day(frame)
    for on in day.dates:
        start = setting.at(on, minutes)
        if day.is_fixed or (start > setting.now and on >= (parts.since or on)):
            repeats = day.repeat.at(minutes) if day.repeat else None
            return Moment(start, has_hour=True, repeats=repeats)
    return None


def _any_day(frame: Frame) -> Day:
    return Day(tuple(frame.since + timedelta(days=n) for n in range(-1, 3)))


def _chosen(parts: Parts, ways: list[Moment], setting: Setting) -> Answer:
    """Which reading of an hour is meant: the only one still ahead today, the usual, or ask."""
    hour = parts.hour
    if not ways or hour is None:
        return None
    if hour.is_whole_part:
        return _part_of_day(parts, ways[0], setting)
    if len(ways) == 1:
        return ways[0]
    ahead = [way for way in ways if way.start > setting.now]
    if parts.is_today(setting.frame()):
        if len(ahead) == 1 or (ahead and not hour.is_unclear):
            return ahead[0]
        if not ahead:
            return ways[-1] if hour.is_unclear else ways[0]
    if hour.is_unclear:
        return Question("morning_or_evening", *hour.said, options=tuple(ways))
    return ways[0]


def _part_of_day(parts: Parts, way: Moment, setting: Setting) -> Answer:
    """今晚 said in the evening: it has begun, and only an hour tells what is meant."""
    begun = setting.at(setting.frame().today, parts.hour.readings[0] if parts.hour else 0)
    is_today = parts.day is None or way.start == begun
    if is_today and begun <= setting.now < begun + _PART_LASTS:
        return Question("which_hour")
    return way


def _confirmed(parts: Parts, answer: Answer, setting: Setting) -> Answer:
    """``answer`` if the second day that was said with it agrees (11月28日周六)."""
    check = parts.check
    if check is None or answer is None:
        return answer
    meant = answer.options if isinstance(answer, Question) else (answer,)
    if all(check.includes(one.start.date()) for one in meant):
        return answer
    other = _on_day(Parts(day=check), setting)
    return Question("day_conflict", options=(*meant[:1], *([other] if other else [])))
