"""Festivals 节日: solar, lunar, and the solar terms 节气.

A festival without a year is the next one. A year before one of the last lunar month (除夕, 小年,
腊八) is the solar year that it lies in, but 今年除夕 said in November is the one that comes.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from domain.moment_days import (
    YEAR,
    Day,
    Found,
    Frame,
    Maker,
    day_of,
    in_years,
    nth_weekday,
    rolling,
    year_said,
)

SOLAR: Final = {
    "元旦": (1, 1),
    "情人": (2, 14),
    "妇女": (3, 8),
    "植树": (3, 12),
    "消费者权益日": (3, 15),
    "愚人": (4, 1),
    "劳动": (5, 1),
    "青年": (5, 4),
    "儿童": (6, 1),
    "建党": (7, 1),
    "建军": (8, 1),
    "教师": (9, 10),
    "国庆": (10, 1),
    "双11": (11, 11),
    "双12": (12, 12),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
}
"""Month and day; 节 may follow."""
ON_WEEKDAYS: Final = {"母亲": (5, 6, 2), "父亲": (6, 6, 3), "感恩": (11, 3, 4)}
"""Month, weekday (0 is Monday), which one."""
LUNAR: Final = {
    "春节": (1, 1),
    "大年初1": (1, 1),
    "新年初1": (1, 1),
    "年初1": (1, 1),
    "元宵": (1, 15),
    "上元": (1, 15),
    "龙抬头": (2, 2),
    "端午": (5, 5),
    "端阳": (5, 5),
    "7夕": (7, 7),
    "中元": (7, 15),
    "中秋": (8, 15),
    "重阳": (9, 9),
    "腊8": (12, 8),
    "小年": (12, 23),
}
"""Lunar month and day; 小年 as the north keeps it."""
EVE: Final = "除夕|大年夜|大年30|年30"
TERMS: Final = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip
_LUNAR_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}
_BEHIND: Final = "(?:节日?|日)?"


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


def _solar(found: re.Match[str], frame: Frame) -> Found:
    month, day = SOLAR[found["name"]]
    return in_years(frame, year_said(found, frame), lambda year: day_of(year, month, day))


def _on_weekday(found: re.Match[str], frame: Frame) -> Found:
    month, weekday, nth = ON_WEEKDAYS[found["name"]]
    year = year_said(found, frame)
    return in_years(frame, year, lambda year: nth_weekday(year, month, weekday, nth))


def _term(found: re.Match[str], frame: Frame) -> Found:
    name = found["name"]
    return in_years(frame, year_said(found, frame), lambda year: frame.almanac.term(year, name))


def _lunar_day(found: re.Match[str], frame: Frame, month: int, day: int) -> Found:
    """The lunar day of the year that was said, else the next one."""
    lunar, year = frame.almanac.lunar, year_said(found, frame)
    if year is None:
        since = frame.since.year
        return rolling(lunar(year, month, day) for year in range(since - 1, since + 9))
    both = [on for on in (lunar(year - 1, month, day), lunar(year, month, day)) if on]
    inside = [on for on in both if on.year == year] or both[-1:]
    comes = [on for on in both if on >= frame.today]
    meant = comes if found["year"] == "今年" and month == 12 and comes else inside
    return Day((meant[0],), is_fixed=True) if meant else None


def _lunar_festival(found: re.Match[str], frame: Frame) -> Found:
    return _lunar_day(found, frame, *LUNAR[found["name"]])


def _eve(found: re.Match[str], frame: Frame) -> Found:
    """除夕 is the day before the first of the first month, be it the 29th or the 30th."""
    year, today = year_said(found, frame), frame.today
    if found["year"] == "今年":
        eve = _before_new_year(frame, today.year)
        year = None if eve and eve < today else year
    return in_years(frame, year, lambda year: _before_new_year(frame, year))


def _before_new_year(frame: Frame, year: int) -> date | None:
    first = frame.almanac.lunar(year, 1, 1)
    return first - timedelta(days=1) if first else None


def _lunar_date(found: re.Match[str], frame: Frame) -> Found:
    name = found["month"]
    month = _LUNAR_MONTHS.get(name) or int(name)
    if (month, found["day"]) == (12, "30"):
        return _eve(found, frame)  # said so even where the month has 29 days
    return _lunar_day(found, frame, month, int(found["day"]))


def _new_year_days(found: re.Match[str], frame: Frame) -> Found:
    return _lunar_day(found, frame, 1, int(found["day"]))


def _unsaid(found: re.Match[str], frame: Frame) -> Found:
    return Day(asks="which_day")


_CALENDAR: Final = "(?:农历|阴历|旧历)"
_NAMES: Final = _any([*SOLAR, *ON_WEEKDAYS, *LUNAR, *TERMS, *EVE.split("|")])
FESTIVALS: Final[tuple[tuple[str, Maker], ...]] = (
    (rf"{YEAR}(?:{_NAMES}){_BEHIND}(?:期间|假期|长假|黄金周|放假|假|[前后]后?(?=$))", _unsaid),
    (rf"{YEAR}(?P<name>{_any(LUNAR)}){_BEHIND}", _lunar_festival),
    (rf"{YEAR}(?P<name>{EVE})", _eve),
    (rf"{YEAR}(?P<name>{_any(SOLAR)}){_BEHIND}", _solar),
    (rf"{YEAR}(?P<name>{_any(ON_WEEKDAYS)}){_BEHIND}", _on_weekday),
    (rf"{YEAR}(?P<name>{_any(TERMS)}){_BEHIND}", _term),
    (rf"{YEAR}(?:大年|新年)初(?P<day>10|[1-9])", _new_year_days),
    (rf"{YEAR}{_CALENDAR}?(?P<month>正|冬|腊)月初?(?P<day>[12]\d|30|\d)[日号]?", _lunar_date),
    (rf"{YEAR}{_CALENDAR}(?P<month>1[0-2]|\d)月初?(?P<day>[12]\d|30|\d)[日号]?", _lunar_date),
    (rf"{YEAR}(?P<month>1[0-2]|\d)月初(?P<day>10|[1-9])(?!\d|日|号)", _lunar_date),
)
"""Patterns of festivals; the year may stand before them. A day that 除夕 or 初三 names alone is
not read: nobody knows its month."""
