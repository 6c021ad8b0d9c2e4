"""Forecasting 查天气: fetches what somebody waits for; no unit ever waits for it."""

import asyncio
import importlib
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from domain.outlook import NoForecast, Position
from domain.weather import Forecast
from handlers.router import Handled, Router
from storage.database import Database
from storage.forecasts import Wish

if TYPE_CHECKING:
    from bot.open_meteo import OpenMeteo

log = logging.getLogger("mulin.forecasting")

LOOK_EVERY_S: Final = 300.0
"""What was wanted before a restart, and what failed, is looked for so often."""


class Source(Protocol):
    """Somebody who knows the weather."""

    async def forecast(self, position: Position, now: datetime) -> Forecast | NoForecast:
        """The hours of the coming days, or why they are not known."""


class Forecasting:
    """Waits until a forecast is wanted, fetches it, and has the router store it."""

    def __init__(
        self,
        database: Database,
        router: Router,
        source: Source,
        handled: Callable[[Handled], None],
    ) -> None:
        self._database = database
        self._router = router
        self._source = source
        self._handled = handled
        self._nudged = asyncio.Event()
        self._is_stopping = False

    def nudge(self) -> None:
        """Somebody wants a forecast."""
        self._nudged.set()

    def stop(self) -> None:
        """Fetch nothing more."""
        self._is_stopping = True
        self._nudged.set()

    async def run(self) -> None:
        """Fetch what is wanted until stopped."""
        while not self._is_stopping:
            self._nudged.clear()
            try:
                await self.fetch()
            except Exception as error:  # without weather everything else goes on
                log.error("forecasting failed", exc_info=error, extra={"event": "forecast_failed"})
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._nudged.wait()

    async def fetch(self) -> int:
        """Fetch all that is wanted now, one after the other; how many communities that were."""
        wishes = await self._database.unit(lambda unit: unit.forecasts.claim())
        for wish in wishes:
            await self._fetch(wish)
        return len(wishes)

    async def _fetch(self, wish: Wish) -> None:
        found = await self._source.forecast(wish.position, self._database.clock())
        if isinstance(found, NoForecast):
            log.warning("no forecast", extra={"event": "no_forecast", "fault": str(found)})
        self._handled(await self._router.forecast_came(wish.community_id, found))


class LazyOpenMeteo:
    """Open-Meteo, whose HTTP client is loaded when the first forecast is wanted."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._service: OpenMeteo | None = None

    async def forecast(self, position: Position, now: datetime) -> Forecast | NoForecast:
        """As ``OpenMeteo.forecast``; loading takes half a second, which no chat shall wait for."""
        if self._service is None:
            await asyncio.to_thread(importlib.import_module, "bot.open_meteo")
            from bot.open_meteo import OpenMeteo

            self._service = OpenMeteo(self._url)
        return await self._service.forecast(position, now)
