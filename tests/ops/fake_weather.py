"""Fake weather service 假天气: answers as Open-Meteo does, and can be nasty."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

HOURS = 16 * 24
FIRST = datetime(2026, 11, 21, tzinfo=UTC)


def answer(**changed: list[Any]) -> dict[str, Any]:
    """What Open-Meteo says of sixteen days: dry, 12 °C; ``changed`` replaces columns."""
    hourly = {
        "time": [int(FIRST.timestamp()) + 3600 * hour for hour in range(HOURS)],
        "weather_code": [1] * HOURS,
        "precipitation_probability": [10] * HOURS,
        "precipitation": [0.0] * HOURS,
        "wind_speed_10m": [7.4] * HOURS,
        "temperature_2m": [12.3] * HOURS,
    }
    return {
        "latitude": 30.625,
        "longitude": 114.25,
        "generationtime_ms": 0.08,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "elevation": 24.0,
        "hourly_units": {"time": "unixtime", "precipitation_probability": "%"},
        "hourly": hourly | changed,
    }


class FakeWeather:
    """``says`` is the next answer's body: a table as JSON, or text as it stands."""

    def __init__(self) -> None:
        self.says: Mapping[str, Any] | str = answer()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.is_slow = False
        self.was_asked = asyncio.Event()
        self._is_over = asyncio.Event()
        application = web.Application()
        application.router.add_get("/v1/forecast", self._forecast)
        application.router.add_get("/elsewhere", self._elsewhere)
        self._server = TestServer(application)
        self.was_elsewhere = False

    async def open(self) -> str:
        """Serve on a port of this machine; the address."""
        await self._server.start_server()
        return str(self._server.make_url("")).rstrip("/")

    def hurry(self) -> None:
        """Answer those who were kept waiting."""
        self._is_over.set()

    async def close(self) -> None:
        """Answer nobody any more."""
        self.hurry()
        await self._server.close()

    async def _forecast(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        self.was_asked.set()
        if self.is_slow:
            await self._is_over.wait()
        if isinstance(self.says, str):
            return web.Response(text=self.says, status=self.status, headers=self.headers)
        return web.json_response(self.says, status=self.status, headers=self.headers)

    async def _elsewhere(self, request: web.Request) -> web.Response:
        self.was_elsewhere = True
        return web.json_response(answer())
