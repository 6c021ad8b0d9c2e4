"""Days of moments 日子: what an expression can mean, and how dates are reckoned.

A pattern's function answers with the days that can be meant, the earliest first; which of them it
is depends on the hour that follows.
"""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from domain.moment_repeats import LAST, Repeat

YEARS: Final = range(1970, 2200)
YEAR: Final = r"(?:(?P<year>(?:19|20|21)\d\d年|\d\d年|前年|去年|今年|本年|明年|后年))?"
"""A year before a date, which may be missing."""
NTH: Final = "(?:第(?P<nth>[1-5])个|最后1?个|倒数第(?P<from_end>[1-5])个)"
_YEARS_AHEAD: Final = 9  # a 29 February may be eight years away


class Almanac(Protocol):
    """The lunar calendar, which is not ours to compute."""

    def lunar(self, year: int, month: int, day: int) -> date | None:
        """Date of a lunar day; None where that month has no such day, or the year is too far."""

    def term(self, year: int, name: str) -> date | None:
        """Date of a solar term 节气 (``冬至``) in a solar year."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What days are reckoned from: ``today``, and ``since`` (a range's start, else today)."""

    today: date
    since: date
    almanac: Almanac


@dataclass(frozen=True, slots=True)
class Day:
    """The days that an expression can mean.

    Attributes:
        dates: The earliest first; those before today are there for hours after midnight.
        is_fixed: Only the first is meant, be it past or not (今天, 上周五, 2026年…).
        today_counts: Whether it means today where no hour follows; 周二 on a Tuesday does not.
        asks: Key of the question where no day was really said (下周, 改天).
        weekday: Set where it is a plain weekday, which may also confirm a date (11月28日周六).
        repeat: Set where it comes again (每周四).
    """

    dates: tuple[date, ...] = ()
    is_fixed: bool = False
    today_counts: bool = True
    asks: str = ""
    weekday: int | None = None
    repeat: Repeat | None = None

    def includes(self, on: date) -> bool:
        """Whether it can mean ``on``, for a second expression that confirms a first."""
        return on.weekday() == self.weekday if self.weekday is not None else on in self.dates


Found = Day | None
Maker = Callable[[re.Match[str], Frame], Found]


def fixed(on: date | None) -> Found:
    """Exactly that day."""
    return Day((on,), is_fixed=True) if on and on.year in YEARS else None


def rolling(dates: Iterable[date | None]) -> Found:
    """The first of ``dates`` that is still to come."""
    known = tuple(on for on in dates if on)
    return Day(known) if known else None


def day_of(year: int, month: int, day: int) -> date | None:
    """That date, or None where it does not exist; day ``LAST`` is the month's last."""
    if not 1 <= month <= 12 or year not in YEARS:
        return None
    length = calendar.monthrange(year, month)[1]
    day = length if day == LAST else day
    return date(year, month, day) if 1 <= day <= length else None


_YEARS_NAMED: Final = {"前": -2, "去": -1, "今": 0, "本": 0, "明": 1, "后": 2}


def year_said(found: re.Match[str], frame: Frame) -> int | None:
    """The year that a pattern's ``year`` group names."""
    said = found["year"]
    if not said:
        return None
    if said[0].isdigit():
        number = int(said.rstrip("年"))
        return number + 2000 if number < 100 else number
    return frame.today.year + _YEARS_NAMED[said[0]]


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The ``nth`` such weekday of a month; a negative one counts from its end."""
    first = day_of(year, month, 1)
    if first is None or nth == 0:
        return None
    days = range(1, calendar.monthrange(year, month)[1] + 1)
    such = [on for on in days if (first.weekday() + on - 1) % 7 == weekday]
    index = nth - 1 if nth > 0 else nth
    return date(year, month, such[index]) if -len(such) <= index < len(such) else None


def month_shifted(year: int, month: int, by: int) -> tuple[int, int]:
    """Year and month ``by`` months away."""
    total = year * 12 + month - 1 + by
    return total // 12, total % 12 + 1


def in_years(frame: Frame, year: int | None, make: Callable[[int], date | None]) -> Found:
    """Of the year that was said, else of this year or a later one."""
    if year is not None:
        return fixed(make(year))
    ahead = range(frame.since.year - 1, frame.since.year + _YEARS_AHEAD)
    return rolling(make(each) for each in ahead)


def which(found: re.Match[str]) -> int:
    """Which one a pattern's groups count: 第2个 is 2, 最后1个 is -1, 倒数第2个 is -2."""
    if found["nth"]:
        return int(found["nth"])
    return -int(found["from_end"] or 1)
