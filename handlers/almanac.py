"""Almanac 农历: lunar days and solar terms, from borax (years 1900 to 2100)."""

from datetime import date
from functools import lru_cache


class LunarAlmanac:
    """What ``domain.moment_days.Almanac`` asks for. The library is loaded at the first question."""

    def lunar(self, year: int, month: int, day: int) -> date | None:
        """Date of a lunar day, never one of a leap month."""
        return _lunar(year, month, day)

    def term(self, year: int, name: str) -> date | None:
        """Date of a solar term in a solar year."""
        return _term(year, name)


@lru_cache(maxsize=512)
def _lunar(year: int, month: int, day: int) -> date | None:
    from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

    try:
        found: date = LunarDate(year, month, day).to_solar_date()
    except InvalidLunarDateError:
        return None
    return found


@lru_cache(maxsize=512)
def _term(year: int, name: str) -> date | None:
    from borax.calendars.lunardate import TermUtils

    try:
        found: date = TermUtils.nth_term_day(year, term_name=name)
    except ValueError:
        return None
    return found
