"""Outlook 天气预报的新旧: how long a forecast is good for, and when a newer one is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.weather import Forecast

FRESH_FOR: Final = timedelta(hours=3)
"""A younger forecast is not fetched again; the models behind it run every six hours."""
USABLE_FOR: Final = timedelta(hours=24)
"""An older forecast is not shown any more."""
TRY_EVERY: Final = timedelta(minutes=10)
"""So long a service that did not answer is left alone."""
WANTED_FOR: Final = timedelta(hours=1)
"""So long after somebody wanted a forecast it is still tried for."""
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees north and east. Two decimals are a kilometre, which weather needs and no more."""

    latitude: Decimal
    longitude: Decimal

    @classmethod
    def rounded(cls, latitude: float, longitude: float) -> "Position":
        """The position of that kilometre."""
        return cls(Decimal(str(latitude)).quantize(_CENT), Decimal(str(longitude)).quantize(_CENT))


class NoForecast(StrEnum):
    """Why there is no forecast."""

    SLOW = "slow"
    AWAY = "away"
    REFUSED = "refused"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a community knows of its weather; without a position it never knows any.

    Attributes:
        forecast: As last fetched, however old.
        is_wanted: Whether somebody waits for a newer one and it is being tried for.
        fault: Why the last try failed; None where it did not.
    """

    position: Position | None = None
    forecast: Forecast | None = None
    is_wanted: bool = False
    fault: NoForecast | None = None

    def usable(self, now: datetime) -> Forecast | None:
        """The forecast while it is good enough to be shown."""
        if self.forecast is None or now - self.forecast.fetched_at > USABLE_FOR:
            return None
        return self.forecast

    def is_stale(self, now: datetime) -> bool:
        """Whether a newer forecast should be asked for."""
        if self.position is None:
            return False
        return self.forecast is None or now - self.forecast.fetched_at > FRESH_FOR

    def is_awaited(self, now: datetime) -> bool:
        """Whether a first or newer forecast is on its way, and may come within seconds."""
        return self.is_wanted and self.fault is None and self.is_stale(now)
