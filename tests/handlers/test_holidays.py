"""Holidays 放假: the arranged days where they are known, the festivals themselves where not."""

from datetime import date

import pytest

from domain.days_off import DayOff, Festival
from handlers.holidays import arranged, is_arranged, kept_free


def test_a_bridge_day_of_the_arrangement_is_kept_free() -> None:
    assert kept_free(date(2026, 2, 23)) == DayOff(Festival.SPRING)
    assert kept_free(date(2026, 2, 14)) == DayOff(Festival.SPRING, is_eve=True)
    assert kept_free(date(2026, 2, 24)) is None


@pytest.mark.parametrize("on", [date(2026, 2, 28), date(2026, 5, 9), date(2026, 10, 10)])
def test_a_saturday_that_makes_up_for_a_holiday_is_a_day_like_others(on: date) -> None:
    assert arranged(on) is None and kept_free(on) is None


def test_the_festivals_of_a_year_that_nobody_has_arranged_yet_are_kept_free() -> None:
    assert not is_arranged(2090)
    assert kept_free(date(2090, 10, 1)) == DayOff(Festival.NATIONAL)
    assert kept_free(date(2090, 9, 30)) == DayOff(Festival.NATIONAL, is_eve=True)
    assert kept_free(date(2090, 10, 12)) is None


def test_every_holiday_of_the_arrangements_has_a_name() -> None:
    import chinese_calendar.constants as known

    named = {on for on in known.holidays if on.year >= 2016 and arranged(on) is not None}

    assert named == {on for on in known.holidays if on.year >= 2016}
