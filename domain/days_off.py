"""Days off 节假日: evenings that belong to families, on which nobody is asked to a meeting.

What the State Council arranges for a year (调休) is published in the November before it; until it
is known, the days that 《全国年节及纪念日放假办法》 (2024) names stand by themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.moment_days import Almanac


class Festival(StrEnum):
    """What the day is."""

    NEW_YEAR = "new_year"
    EVE = "eve"
    SPRING = "spring"
    LANTERN = "lantern"
    TOMBS = "tombs"
    LABOUR = "labour"
    DRAGON_BOAT = "dragon_boat"
    GHOSTS = "ghosts"
    MID_AUTUMN = "mid_autumn"
    DOUBLE_NINTH = "double_ninth"
    NATIONAL = "national"
    SOLSTICE = "solstice"
    LITTLE_NEW_YEAR = "little_new_year"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that is kept free, by its festival; ``is_eve``: work ends, the holiday begins."""

    festival: Festival
    is_eve: bool = False


Arranged = Callable[[date], Festival | None]
"""The holiday that the State Council's arrangement gives a day, None on all other days."""

_SOLAR: Final = {
    (1, 1): Festival.NEW_YEAR,
    (5, 1): Festival.LABOUR,
    (5, 2): Festival.LABOUR,
    (10, 1): Festival.NATIONAL,
    (10, 2): Festival.NATIONAL,
    (10, 3): Festival.NATIONAL,
}
_LUNAR: Final = {
    (1, 1): Festival.SPRING,
    (1, 2): Festival.SPRING,
    (1, 3): Festival.SPRING,
    (1, 15): Festival.LANTERN,
    (5, 5): Festival.DRAGON_BOAT,
    (7, 15): Festival.GHOSTS,
    (8, 15): Festival.MID_AUTUMN,
    (9, 9): Festival.DOUBLE_NINTH,
    (12, 23): Festival.LITTLE_NEW_YEAR,
    (12, 24): Festival.LITTLE_NEW_YEAR,
}
_TERMS: Final = {"清明": Festival.TOMBS, "冬至": Festival.SOLSTICE}
_AT_WORK: Final = frozenset(
    {
        Festival.LANTERN,
        Festival.GHOSTS,
        Festival.DOUBLE_NINTH,
        Festival.SOLSTICE,
        Festival.LITTLE_NEW_YEAR,
    }
)
"""Kept in the evening, but not days off; the evening before them is an evening like others."""


def day_off(on: date, almanac: Almanac, arranged: Arranged) -> DayOff | None:
    """Why nobody should be called to a meeting in the evening of ``on``; None for most days."""
    own = festival(on, almanac) or arranged(on)
    if own is not None:
        return DayOff(own)
    tomorrow = on + timedelta(days=1)
    following = arranged(tomorrow) or festival(tomorrow, almanac)
    if following is None or following in _AT_WORK:
        return None
    return DayOff(following, is_eve=True)


def festival(on: date, almanac: Almanac) -> Festival | None:
    """The festival of a day, solar, lunar or solar term; 除夕 is the day before 春节."""
    solar = _SOLAR.get((on.month, on.day))
    if solar is not None:
        return solar
    for term, found in _TERMS.items():
        if almanac.term(on.year, term) == on:
            return found
    return _lunar(on, almanac)


def _lunar(on: date, almanac: Almanac) -> Festival | None:
    years = (on.year - 1, on.year)
    if any(almanac.lunar(year, 1, 1) == on + timedelta(days=1) for year in (on.year, on.year + 1)):
        return Festival.EVE
    for (month, day), found in _LUNAR.items():
        if any(almanac.lunar(year, month, day) == on for year in years):
            return found
    return None
