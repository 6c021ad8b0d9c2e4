"""Holidays 放假安排: what the State Council arranged for a year, from chinesecalendar."""

from datetime import date
from typing import Final

from domain.days_off import DayOff, Festival, day_off
from handlers.almanac import LunarAlmanac

_FESTIVALS: Final = {
    "New Year's Day": Festival.NEW_YEAR,
    "Spring Festival": Festival.SPRING,
    "Tomb-sweeping Day": Festival.TOMBS,
    "Labour Day": Festival.LABOUR,
    "Dragon Boat Festival": Festival.DRAGON_BOAT,
    "Mid-autumn Festival": Festival.MID_AUTUMN,
    "National Day": Festival.NATIONAL,
}


def kept_free(on: date) -> DayOff | None:
    """Why no meeting is called for the evening of ``on``; None for most days."""
    return day_off(on, LunarAlmanac(), arranged)


def arranged(on: date) -> Festival | None:
    """The holiday that a day belongs to; None on other days and in years not arranged yet."""
    import chinese_calendar  # loaded at the first question

    try:
        is_off, name = chinese_calendar.get_holiday_detail(on)
    except NotImplementedError:
        return None
    return _FESTIVALS.get(name) if is_off else None


def is_arranged(year: int) -> bool:
    """Whether it is known which days of ``year`` are off and which are made up for."""
    import chinese_calendar

    try:
        chinese_calendar.is_holiday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
