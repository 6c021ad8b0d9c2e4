"""Example weather 示例天气: a sky for the example neighbourhood, for which no service is asked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.example import ZONE
from domain.outlook import Position
from domain.weather import Forecast, Sky, Weather

SOURCE: Final = "示例"
POSITION: Final = Position.rounded(30.59, 114.3)
DAYS: Final = 16
_EVENINGS: Final = (5, 8, 13, 19, 24, 27, 30, 29, 25, 19, 13, 7)
"""Degrees in the evening, January first."""
_FINE: Final = (Sky.CLEAR, Sky.CLOUDY, Sky.OVERCAST, Sky.CLEAR)
_SEEN_AHEAD: Final = timedelta(days=2)


class ExampleWeather:
    """The same every time. Some rain is seen from far, some only two days ahead, as it happens."""

    async def forecast(self, position: Position, now: datetime) -> Forecast:
        """The hours of the coming days."""
        return Forecast(now, dict(_hours(now)), SOURCE)


def _hours(now: datetime) -> Iterator[tuple[datetime, Weather]]:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    first = datetime.combine(today, datetime.min.time(), ZoneInfo(ZONE)).astimezone(UTC)
    for hour in range(24 * DAYS):
        at = first + timedelta(hours=hour)
        on = at.astimezone(ZoneInfo(ZONE)).date()
        yield at, _weather(on, on - today)


def _weather(on: date, ahead: timedelta) -> Weather:
    celsius = _EVENINGS[on.month - 1] + on.toordinal() % 3 - 1
    if on.toordinal() % 5 == 1 or (on.toordinal() % 9 == 3 and ahead <= _SEEN_AHEAD):
        return Weather(Sky.RAIN, 80, 10, 12, celsius - 2)
    return Weather(_FINE[on.toordinal() % len(_FINE)], 10, 0, 8, celsius)
