"""Ranges 起止: 七点到九点, 周五晚7点-9点, 3号到5号, 28-30号, 今天到周五晚8点."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from domain.moment_choice import readings_in, started
from domain.moment_hours import MINUTES_OF_DAY, PART, Hour, in_part
from domain.moment_kinds import Answer, Moment, Question, Setting
from domain.moment_parts import Parts, parts_of

_SEPARATOR = re.compile(" ?(?:1直到|直到|到|至|-) ?")
_BARE_NUMBER = re.compile(r".*(?<![周期拜初\d])\d{1,2}")
_EVENING: Final = 18
_MOST_CUTS: Final = 4  # the third one cuts between two ISO dates
_HOUR_LEFT = re.compile(rf"(?:{PART}) ?\d{{1,2}}$")
_UNIT_AT_END: Final = re.compile(r"\d(号|日|点(?:半|钟|整|\d{1,2}分?)?)$")


def range_of(words: str, setting: Setting) -> Answer:
    """The range that a plain text says, or None."""
    for left, right in _halves(words):
        begin = parts_of(left, setting.frame(), setting.now)
        if begin is None:
            continue
        answer = _ranged(begin, right, setting)
        if answer is not None:
            return answer
    return None


def _halves(words: str) -> Iterator[tuple[str, str]]:
    """Each way to cut a text in two; a number alone takes its unit from the other half."""
    for found in islice(_SEPARATOR.finditer(words), _MOST_CUTS):
        left, right = words[: found.start()], words[found.end() :]
        if not left or not right:
            continue
        unit = _UNIT_AT_END.search(right)
        if _BARE_NUMBER.fullmatch(left) and unit:
            yield left + unit[1][0], right
        if _HOUR_LEFT.search(left) and right.isdigit():
            yield f"{left}点", f"{right}点"  # 周五晚7-9
        if right.isdigit() and (unit := _UNIT_AT_END.search(left)):
            yield left, right + unit[1][0]
        yield left, right


def _ranged(begin: Parts, right: str, setting: Setting) -> Answer:
    first = started(_settled_by(begin, right, setting), setting)
    if first is None:
        return None
    if isinstance(first, Question):
        ends = [_ended(begin, option, right, setting) for option in first.options]
        known = tuple(end for end in ends if isinstance(end, Moment))
        return replace(first, options=known) if known or not first.options else None
    return _ended(begin, first, right, setting)


def _settled_by(begin: Parts, right: str, setting: Setting) -> Parts:
    """``begin`` with the part of the day that the end was said with (7点到晚上9点)."""
    hour, end = begin.hour, parts_of(right, setting.frame(), setting.now)
    if hour is None or not hour.is_open or end is None or end.hour is None or end.day:
        return begin
    meant = _fitting(hour, end.hour, readings_in(hour, setting.context))
    if not meant:
        return begin
    return replace(begin, hour=replace(hour, readings=meant, is_unclear=False))


def _fitting(hour: Hour, end: Hour, readings: tuple[int, ...]) -> tuple[int, ...]:
    """The reading that the end settles; none where it settles nothing.

    7点到晚上9点 is in the evening, 8点到17点 on a 24-hour clock, 8点到5点 a working day; 7点到9点
    may be either half of the day.
    """
    latest = end.readings[0]
    fitting = tuple(reading for reading in readings if reading < latest)[:1]
    if end.part:
        said = in_part(end.part, *hour.said)
        return (said,) if said is not None and said < latest else fitting
    return fitting if hour.is_unclear and (end.is_24h or end.said[0] <= 5) else ()


def _ended(begin: Parts, first: Moment, right: str, setting: Setting) -> Answer:
    """``first`` with the end that ``right`` says."""
    since = first.start.date()
    end = parts_of(right, setting.frame(since), setting.now)
    if end is None or end.instant or end.asks:
        return Question(end.asks) if end and end.asks else None
    if end.hour is None:
        return _ending_on_a_day(first, end, setting)
    if end.day is not None:
        if begin.hour is None and begin.day and begin.day.weekday is not None:
            return Question("which_day")  # 周一到周五早8点: every one of them, most likely
        return _ending_another_day(first, end, setting)
    if begin.hour is None:
        return None
    return _ending_at(begin.hour, first, end.hour, setting)


def _ending_on_a_day(first: Moment, end: Parts, setting: Setting) -> Answer:
    last = started(end, setting)
    if not isinstance(last, Moment) or last.start < first.start:
        return last if isinstance(last, Question) else None
    if first.has_hour:
        return Question("which_hour")
    return replace(first, end=last.start)


def _ending_another_day(first: Moment, end: Parts, setting: Setting) -> Answer:
    if end.hour and end.hour.is_open and first.has_hour and first.start.hour >= _EVENING:
        # 明晚10点到次日2点: whoever sits late goes home in the small hours.
        end = replace(end, hour=replace(end.hour, readings=(min(end.hour.readings),)))
    last = started(end, setting)
    if isinstance(last, Question) or last is None:
        return last
    if last.start <= first.start:
        return None
    return replace(first, end=last.start, has_hour=True)


def _ending_at(began: Hour, first: Moment, hour: Hour, setting: Setting) -> Answer:
    """The end on the day of the start, or on the next where it lies before the start."""
    midnight = setting.at(first.start.date(), 0).date()
    for minutes in _end_readings(began, hour):
        end = setting.at(midnight, minutes)
        if end > first.start:
            return replace(first, end=end)
    earliest = min(_end_readings(began, hour)) % MINUTES_OF_DAY
    end = setting.at(midnight + timedelta(days=1), earliest)
    return replace(first, end=end) if _is_soon(first.start, end) else None


def _end_readings(began: Hour, hour: Hour) -> list[int]:
    """What an end's hour can mean, the likeliest first: it takes part of day from the start."""
    if hour.part or hour.is_24h:
        return list(hour.readings)
    readings = sorted({reading % (2 * MINUTES_OF_DAY) for reading in hour.readings})
    if began.part:
        said = in_part(began.part, *hour.said)
        readings = ([said] if said is not None else []) + readings
    return readings


def _is_soon(start: datetime, end: datetime) -> bool:
    return timedelta() < end - start <= timedelta(days=1)
