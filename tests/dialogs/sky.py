"""Sky 天: the weather over the example neighbourhood, for dialogs."""

from datetime import timedelta

import pytest

from domain.outlook import NoForecast, Position
from domain.weather import Forecast, Sky, Weather
from storage.unit import Unit
from tests.conftest import NOON, Stairwell

FINE = Weather(Sky.CLEAR, 5, 0, 8, 9)
WET = Weather(Sky.RAIN, 80, 30, 8, 7)
WUHAN = Position.rounded(30.59, 114.3)
SEVEN = NOON + timedelta(hours=7)
"""19:00 of the first day."""
CHOOSE = "睦邻夜话 择日 凉亭"


class Sky16:
    """Sixteen days of weather over the town: fine, but for the days that are named."""

    def __init__(self, town: Stairwell) -> None:
        self._town = town

    async def is_over(self) -> None:
        """The town learns where it lies."""

        async def located(unit: Unit) -> None:
            await unit.forecasts.locate(await _community(unit), WUHAN)

        await self._town.town.app.database.unit(located)

    async def shows(self, *wet: int) -> None:
        """A forecast comes with rain on those days from the first one."""
        now = self._town.town.clock()
        hours = {
            NOON + timedelta(days=day, hours=hour): WET if day in wet else FINE
            for day in range(16)
            for hour in range(24)
        }
        await self._came(Forecast(now, hours, "Open-Meteo"))

    async def hides(self, fault: NoForecast = NoForecast.AWAY) -> None:
        """No forecast comes."""
        await self._came(fault)

    async def is_wanted(self) -> bool:
        """Whether somebody waits for a forecast that is to be fetched."""
        claimed = await self._town.town.app.database.unit(lambda unit: unit.forecasts.claim())
        return bool(claimed)

    async def _came(self, found: Forecast | NoForecast) -> None:
        app = self._town.town.app
        community = await app.database.unit(_community)
        seen = len(self._town.town.screen.events)
        app.forecast(await app.router.forecast_came(community, found))
        await app.delivery.drain()
        self._town.events = self._town.town.screen.events[seen:]


async def _community(unit: Unit) -> int:
    return (await unit.places.communities())[0].id


@pytest.fixture
async def sky(town: Stairwell) -> Sky16:
    """The weather over the example neighbourhood."""
    over = Sky16(town)
    await over.is_over()
    return over


def minute(day: int) -> int:
    """19:00 of a day as a button carries it."""
    return int((SEVEN + timedelta(days=day)).timestamp()) // 60
