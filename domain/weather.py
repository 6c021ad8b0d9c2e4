"""Weather 天气: what the sky is like while people sit together, from an hourly forecast.

All numbers are whole: percent, tenths of a millimetre, kilometres an hour, degrees Celsius.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

RAIN_LIKELY_PERCENT: Final = 50
"""From here on rain is more likely than not."""
WET_TENTHS_MM: Final = 5
"""Half a millimetre in an evening: benches are wet."""
STRONG_WIND_KMH: Final = 29
"""Beaufort 5 清劲风: small trees sway, papers fly."""
COLD_BELOW: Final = 5
HOT_ABOVE: Final = 32


class Sky(StrEnum):
    """What people call it, the pleasant ones first."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    OVERCAST = "overcast"
    FOG = "fog"
    RAIN = "rain"
    SNOW = "snow"
    STORM = "storm"


WET: Final = frozenset({Sky.RAIN, Sky.SNOW, Sky.STORM})
_ORDER: Final = tuple(Sky)
_UP_TO: Final = (
    (1, Sky.CLEAR),
    (2, Sky.CLOUDY),
    (3, Sky.OVERCAST),
    (48, Sky.FOG),
    (67, Sky.RAIN),
    (77, Sky.SNOW),
    (82, Sky.RAIN),
    (86, Sky.SNOW),
    (99, Sky.STORM),
)
"""WMO weather interpretation codes (WW); each line up to that code."""


def sky_of(code: int) -> Sky:
    """The sky of a WMO weather code, 0 to 99.

    Raises:
        ValueError: There is no such code.
    """
    if not 0 <= code <= _UP_TO[-1][0]:
        raise ValueError(f"no weather code {code}")
    return next(sky for last, sky in _UP_TO if code <= last)


@dataclass(frozen=True, slots=True)
class Weather:
    """One hour, or the worst of several; ``celsius`` of several is that of the first."""

    sky: Sky
    rain_percent: int
    rain_tenths_mm: int
    wind_kmh: int
    celsius: int

    @property
    def is_rainy(self) -> bool:
        """Whether people would rather not sit outdoors: rain or snow is likely, or a wet bench."""
        if self.rain_percent >= RAIN_LIKELY_PERCENT:
            return True
        return self.rain_tenths_mm >= WET_TENTHS_MM

    @property
    def shown(self) -> Sky:
        """The sky as people are told of it: wet where rain is likely, and only there."""
        if self.is_rainy:
            return self.sky if self.sky in WET else Sky.RAIN
        return Sky.OVERCAST if self.sky in WET else self.sky

    @property
    def discomfort(self) -> int:
        """How unpleasant it is outdoors; more rain, wind, cold or heat is never less."""
        rain = self.rain_percent + 4 * self.rain_tenths_mm
        wind = 2 * max(0, self.wind_kmh - STRONG_WIND_KMH // 2)
        cold = 3 * max(0, 2 * COLD_BELOW - self.celsius)
        heat = 3 * max(0, self.celsius - HOT_ABOVE + COLD_BELOW)
        return rain + wind + cold + heat + 3 * _ORDER.index(self.shown)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known of the coming days: whole hours in UTC, when that was, and who says so."""

    fetched_at: datetime
    hours: Mapping[datetime, Weather]
    source: str = ""

    def during(self, start: datetime, end: datetime) -> Weather | None:
        """The worst of the hours that [``start``, ``end``) touches; None where one is unknown."""
        at = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        found: list[Weather] = []
        while at < end:
            hour = self.hours.get(at)
            if hour is None:
                return None
            found.append(hour)
            at += timedelta(hours=1)
        return worst(found) if found else None


def worst(hours: Iterable[Weather]) -> Weather:
    """Several hours as one: the likeliest rain, all that falls, the strongest wind."""
    found = list(hours)
    return Weather(
        sky=max((hour.sky for hour in found), key=_ORDER.index),
        rain_percent=max(hour.rain_percent for hour in found),
        rain_tenths_mm=sum(hour.rain_tenths_mm for hour in found),
        wind_kmh=max(hour.wind_kmh for hour in found),
        celsius=found[0].celsius,
    )


_VENUE: Final = re.compile(
    "(?P<indoors>室内|[室厅馆站屋]|办公|居委会|中心|架空层|indoors?|hall|room|library|office)"
    "|室外|户外|露天|亭|广场|院|坝|花园|公园|游园|楼下|楼前|门口|空地|操场|草坪|草地|平台|天台|球场"
    "|树下|长廊|outdoors?|outside|garden|yard|square|pavilion|terrace|playground|park|lawn"
)


def is_outdoors(venue: str) -> bool:
    """Whether a venue lies under the open sky, as the last word of its name that tells it says.

    凉亭, 广场 and 活动室门口 do; 院内活动室 and what says nothing do not.
    """
    said = list(_VENUE.finditer(venue.casefold()))
    return bool(said) and said[-1]["indoors"] is None
