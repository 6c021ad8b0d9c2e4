"""Repetitions as neighbours type them 每周每月: 每周四, 每月第二个周五, 每月15号, 每天."""

import re
from datetime import timedelta
from itertools import islice
from typing import Final

from domain.moment_dates import ENDS
from domain.moment_days import NTH, Day, Found, Frame, Maker, day_of, which
from domain.moment_hours import PART
from domain.moment_repeats import LAST, Every, Repeat
from domain.moment_words import WEEK, WEEKDAY, WEEKDAYS


def _repeated(repeat: Repeat, frame: Frame) -> Found:
    dates = tuple(islice(repeat.dates(frame.since - timedelta(days=1)), 3))
    return Day(dates, today_counts=False, repeat=repeat) if dates else None


def _every_day(found: re.Match[str], frame: Frame) -> Found:
    return _repeated(Repeat(Every.DAY), frame)


def _every_week(found: re.Match[str], frame: Frame) -> Found:
    days = {WEEKDAYS[char] for char in re.sub(f"{WEEK}|[^1-7日天末]", "", found["weekdays"])}
    return _repeated(Repeat(Every.WEEK, tuple(sorted(days))), frame)


def _unsaid(found: re.Match[str], frame: Frame) -> Found:
    return Day(asks="which_day")


def _workdays(found: re.Match[str], frame: Frame) -> Found:
    return _repeated(Repeat(Every.WEEK, tuple(range(5))), frame)


def _weekdays_between(found: re.Match[str], frame: Frame) -> Found:
    first, last = int(found["first"]), int(found["last"])
    if first >= last:
        return None
    return _repeated(Repeat(Every.WEEK, tuple(range(first - 1, last))), frame)


def _every_month_nth(found: re.Match[str], frame: Frame) -> Found:
    nth, weekday = which(found), WEEKDAYS[found["weekday"]]
    return _repeated(Repeat(Every.MONTH, (weekday,), nth=nth), frame) if nth >= LAST else None


def _every_month_day(found: re.Match[str], frame: Frame) -> Found:
    day = int(found["day"])
    return _repeated(Repeat(Every.MONTH, day=day), frame) if 1 <= day <= 31 else None


def _every_month_end(found: re.Match[str], frame: Frame) -> Found:
    return _repeated(Repeat(Every.MONTH, day=ENDS.get(found["end"], LAST)), frame)


def _every_year(found: re.Match[str], frame: Frame) -> Found:
    month, day = int(found["m"]), int(found["d"])
    if day_of(2000, month, day) is None:
        return None
    return _repeated(Repeat(Every.YEAR, month=month, day=day), frame)


_SEPARATED: Final = rf"{WEEKDAY}(?:[、,和及]{WEEK}?{WEEKDAY}(?![\d点:.时]))*"
RECURRING: Final[tuple[tuple[str, Maker], ...]] = (
    (r"(?:每个?)?工作日", _workdays),
    (
        rf"每个?{WEEK}(?P<first>[1-7])(?:到|至|-){WEEK}?(?P<last>[1-7])(?![点:.时])",
        _weekdays_between,
    ),
    (rf"(?:每逢?个?|逢){WEEK}(?P<weekdays>{_SEPARATED})", _every_week),
    (rf"每个?月份?{NTH}{WEEK}(?P<weekday>{WEEKDAY})", _every_month_nth),
    (r"每个?月份?(?P<day>\d{1,2})[日号]", _every_month_day),
    (r"每个?月份?(?P<end>底|末|初|中|最后1天)", _every_month_end),
    (r"每年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", _every_year),
    (rf"(?:每1?[天日]|天天|每(?={PART}))", _every_day),
    (rf"每个?(?:{WEEK}|月)", _unsaid),
)
"""Patterns of repetitions."""
