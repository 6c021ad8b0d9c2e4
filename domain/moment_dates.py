"""Dates as neighbours type them 日期: 下周三, 25号, 11月28日, 下月第一个周六, 三天后.

A table of patterns with one small function each.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from domain.moment_days import (
    NTH,
    YEAR,
    Day,
    Found,
    Frame,
    Maker,
    day_of,
    fixed,
    in_years,
    month_shifted,
    nth_weekday,
    rolling,
    which,
    year_said,
)
from domain.moment_hours import PART
from domain.moment_repeats import LAST
from domain.moment_words import WEEK, WEEKDAY, WEEKDAYS

_MONTHS_AHEAD: Final = 14

_InMonth = Callable[[int, int], date | None]


def _in_months(frame: Frame, make: _InMonth) -> Found:
    """Of this month if still to come, else of a later one."""
    since = frame.since
    months = (month_shifted(since.year, since.month, n) for n in range(-1, _MONTHS_AHEAD))
    return rolling(make(year, month) for year, month in months)


def _in_which_month(found: re.Match[str], frame: Frame, make: _InMonth) -> Found:
    """Of the month that a pattern's groups name: 11月, 下月, 每月, or none."""
    if found["month"]:
        month = int(found["month"])
        return in_years(frame, year_said(found, frame), lambda year: make(year, month))
    if found["near"]:
        near = found["near"]
        by = near.count("下") - near.count("上")
        return fixed(make(*month_shifted(frame.today.year, frame.today.month, by)))
    return _in_months(frame, make)


def _day_in_month(found: re.Match[str], frame: Frame) -> Found:
    day = int(found["day"])
    return _in_which_month(found, frame, lambda year, month: day_of(year, month, day))


ENDS: Final = {"底": LAST, "末": LAST, "初": 1, "中": 15}


def _end_of_month(found: re.Match[str], frame: Frame) -> Found:
    day = ENDS.get(found["end"], LAST)
    return _in_which_month(found, frame, lambda year, month: day_of(year, month, day))


def _nth_in_month(found: re.Match[str], frame: Frame) -> Found:
    nth, weekday = which(found), WEEKDAYS[found["weekday"]]
    day = _in_which_month(found, frame, lambda year, month: nth_weekday(year, month, weekday, nth))
    if day is None or not found["month"] or found["year"]:
        return day
    # A fifth Friday that comes once in some years is not what anybody means.
    soon = tuple(on for on in day.dates if on.year <= frame.since.year + 1)
    return replace(day, dates=soon) if soon else None


def _end_of_year(found: re.Match[str], frame: Frame) -> Found:
    month, day = (1, 1) if found["end"] == "初" else (12, 31)
    return in_years(frame, year_said(found, frame), lambda year: day_of(year, month, day))


def _whole_date(found: re.Match[str], frame: Frame) -> Found:
    return fixed(day_of(int(found["y"]), int(found["m"]), int(found["d"])))


def _year_behind(found: re.Match[str], frame: Frame) -> Found:
    """12/25/2026, and 25/12/2026 where it cannot be otherwise."""
    first, second, year = (int(part) for part in found.groups())
    return fixed(day_of(year, first, second) or day_of(year, second, first))


def _month_and_day(found: re.Match[str], frame: Frame) -> Found:
    month, day = int(found["m"]), int(found["d"])
    return in_years(frame, None, lambda year: day_of(year, month, day))


_NAMED: Final = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "本": 0,
    "明": 1, "次": 1, "第2": 1, "后": 2, "大后": 3, "大大后": 4,
}  # fmt: skip


def _named(found: re.Match[str], frame: Frame) -> Found:
    name = found["name"]
    base = frame.since if name in {"次", "第2", "当"} else frame.today
    return fixed(base + timedelta(days=_NAMED[name]))


def _in_week(found: re.Match[str], frame: Frame) -> Found:
    """下周三 is in the next Monday-to-Sunday week; 这周一 said later is next Monday."""
    week, weekday = found["week"], WEEKDAYS[found["weekday"]]
    monday = frame.today - timedelta(days=frame.today.weekday())
    on = monday + timedelta(days=weekday + 7 * (week.count("下") - week.count("上")))
    is_this = "上" not in week and "下" not in week
    if is_this and found["weekday"] == "末" and frame.today.weekday() == 6:
        return fixed(frame.today)
    return fixed(on + timedelta(days=7) if is_this and on < frame.today else on)


def _weekday(found: re.Match[str], frame: Frame) -> Found:
    start = frame.since - timedelta(days=1)
    ahead = (WEEKDAYS[found["weekday"]] - start.weekday()) % 7
    first = start + timedelta(days=ahead)
    dates = (first, first + timedelta(weeks=1), first + timedelta(weeks=2))
    return Day(dates, today_counts=False, weekday=WEEKDAYS[found["weekday"]])


def _week_after(found: re.Match[str], frame: Frame) -> Found:
    """两周后的周五: in the week that is so many weeks on."""
    monday = frame.today - timedelta(days=frame.today.weekday())
    return fixed(monday + timedelta(weeks=int(found["n"]), days=WEEKDAYS[found["weekday"]]))


def _from_now(found: re.Match[str], frame: Frame) -> Found:
    """三天后, 一周前, 半个月后 (15 days), 一个月后 (the same day of the month, or its last)."""
    sign = -1 if (found["way"] or "").endswith("前") else 1
    if found["n"] == "半":
        half = {
            "月": frame.today + timedelta(days=sign * 15),
            "年": _months_on(frame.today, sign * 6),
        }
        return fixed(half.get(found["unit"]))
    count = sign * int(found["n"])
    if found["unit"] in "月年":
        return fixed(_months_on(frame.today, count * (12 if found["unit"] == "年" else 1)))
    return fixed(frame.today + timedelta(days=count * (1 if found["unit"] in "天日" else 7)))


def _months_on(on: date, by: int) -> date:
    year, month = month_shifted(on.year, on.month, by)
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def _unsaid(found: re.Match[str], frame: Frame) -> Found:
    return Day(asks="which_day")


def _month_alone(found: re.Match[str], frame: Frame) -> Found:
    return None if found["month"] and not 1 <= int(found["month"]) <= 12 else _unsaid(found, frame)


_NEAR_MONTH: Final = "(?P<near>上上|下下|上|下|本|这|当)1?个?月份?"
_WHICH_MONTH: Final = f"(?:{YEAR}(?P<month>\\d{{1,2}})月份?|{_NEAR_MONTH})"
_NO_MONTH: Final = "(?P<year>(?!))?(?P<month>(?!))?(?P<near>(?!))?"
_ENDING: Final = "(?P<end>底|末|初(?!\\d)|中(?![午秋])|最后1天)"
_UNIT: Final = "天|日|周|星期|礼拜|月|年"
_COUNT: Final = f"(?P<n>\\d{{1,4}}|半)个?(?P<unit>{_UNIT})"

DATES: Final[tuple[tuple[str, Maker], ...]] = (
    (
        r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?:[日号]|t(?=\d)|(?!\d))",
        _whole_date,
    ),
    (r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)", _whole_date),
    (r"(\d{1,2})/(\d{1,2})/(\d{4})", _year_behind),
    (rf"{_WHICH_MONTH}{NTH}{WEEK}(?P<weekday>{WEEKDAY})", _nth_in_month),
    (rf"{_WHICH_MONTH}(?P<day>\d{{1,2}})(?:[日号]|(?![\d:点.]))", _day_in_month),
    (rf"{_WHICH_MONTH}{_ENDING}", _end_of_month),
    (rf"{_NO_MONTH}月{_ENDING}", _end_of_month),
    (rf"(?:{YEAR}(?<=年)年?|年)(?P<end>底|末|终|初(?!\d))", _end_of_year),
    (rf"{_NO_MONTH}{NTH}{WEEK}(?P<weekday>{WEEKDAY})", _nth_in_month),
    (rf"{_NO_MONTH}(?P<day>\d{{1,2}})[日号]", _day_in_month),
    (r"(?P<m>\d{1,2})[/.](?P<d>\d{1,2})日?(?![\d/.:点])", _month_and_day),
    (r"(?P<m>\d\d)-(?P<d>\d\d)日?(?![-\d:点])", _month_and_day),
    (r"(?P<name>大大后|大后|后|明|今|本|当|次|大前|前|昨)[天日儿]", _named),
    (r"(?P<name>第2)天", _named),
    (rf"(?P<name>今|明|昨|后|当)(?={PART})", _named),
    (rf"(?P<week>上+|下+|这|本)1?个?{WEEK}{WEEK}?(?P<weekday>{WEEKDAY})", _in_week),
    (rf"{WEEK}(?P<weekday>{WEEKDAY})", _weekday),
    (rf"(?P<n>[1-9]|1\d)个?{WEEK}(?:之|以)?后{WEEK}?(?P<weekday>{WEEKDAY})", _week_after),
    (rf"{_COUNT}(?P<way>(?:之|以)?[后前]|之?内|以内)", _from_now),
    (rf"(?:再过|过|再)(?!2[天周个]){_COUNT}(?P<way>(?:之|以)?后)?", _from_now),
    (rf"(?:上+|下+|这|本)1?个?{WEEK}", _unsaid),
    (rf"{_WHICH_MONTH}(?:内|里|[上中下]旬|{WEEK}{WEEKDAY})?", _month_alone),
    (rf"{YEAR}(?<=年)", _unsaid),
    (rf"再?过(?:几|2|些|1些|1段)个?(?:{_UNIT}|时间)", _unsaid),
    (rf"几个?(?:{_UNIT})(?:之|以)?[后内]", _unsaid),
    (r"改天|改日|哪1?天|某天|这几天|这2天|最近|近期|近日|有空", _unsaid),
    (r"下次|下回|回头|以后|将来|周中|[上中下]旬", _unsaid),
)
"""Patterns of days; the first that leaves something readable behind it is taken."""
