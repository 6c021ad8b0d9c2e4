"""Open-Meteo 天气预报: asks the forecast service for the hours of the coming days."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec

from domain.outlook import NoForecast, Position
from domain.weather import Forecast, Weather, sky_of

DAYS: Final = 16
"""As far as the service looks ahead."""
SOURCE: Final = "Open-Meteo"
"""Named where its weather is shown, as its licence (CC BY 4.0) asks."""
LARGEST_BYTES: Final = 256 * 1024
"""Sixteen days of five values are 15 kB; whatever is much longer is no forecast."""
_LONGEST_WAIT_S: Final = 10.0
_FIELDS: Final = (
    "weather_code,precipitation_probability,precipitation,wind_speed_10m,temperature_2m"
)

_Hour = Annotated[int, msgspec.Meta(ge=0, le=2**33, multiple_of=3600)]
"""Seconds since 1970; only whole hours are hours."""
_Amount = Annotated[float, msgspec.Meta(ge=0, le=500)]
_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Code = Annotated[int, msgspec.Meta(ge=0, le=99)]
_Celsius = Annotated[float, msgspec.Meta(ge=-90, le=60)]


class _Hourly(msgspec.Struct):
    """Columns of one length; a value is null where the models do not reach."""

    time: list[_Hour]
    weather_code: list[_Code | None]
    precipitation_probability: list[_Percent | None]
    precipitation: list[_Amount | None]
    wind_speed_10m: list[_Amount | None]
    temperature_2m: list[_Celsius | None]


class _Answer(msgspec.Struct):
    """What the service says; the rest of it is not looked at."""

    hourly: _Hourly


_DECODER: Final = msgspec.json.Decoder(_Answer)


class OpenMeteo:
    """One service at ``url``. A connection is opened for each question: there are few."""

    def __init__(self, url: str, wait_s: float = _LONGEST_WAIT_S) -> None:
        self._url = f"{url}/v1/forecast"
        self._wait_s = wait_s

    async def forecast(self, position: Position, now: datetime) -> Forecast | NoForecast:
        """The hours of the coming days, or why they are not known."""
        try:
            async with asyncio.timeout(self._wait_s):
                status, content = await self._asked(position)
        except TimeoutError:
            return NoForecast.SLOW
        except (aiohttp.ClientError, OSError):
            return NoForecast.AWAY
        if status != 200:  # a redirect too: where it leads, nobody has allowed
            return NoForecast.REFUSED
        try:
            return Forecast(now, dict(_hours(_DECODER.decode(content).hourly)), SOURCE)
        except ValueError:
            return NoForecast.NONSENSE

    async def _asked(self, position: Position) -> tuple[int, bytes]:
        query = {
            "latitude": str(position.latitude),
            "longitude": str(position.longitude),
            "hourly": _FIELDS,
            "forecast_days": str(DAYS),
            "timeformat": "unixtime",
            "timezone": "GMT",
        }
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(
                self._url, params=query, allow_redirects=False, proxy=_proxy_for(self._url)
            ) as answer,
        ):
            return answer.status, await _limited(answer.content)


async def _limited(content: aiohttp.StreamReader) -> bytes:
    """The body; cut off, and so nonsense, where it is longer than any forecast."""
    found = b""
    async for chunk in content.iter_any():
        found += chunk
        if len(found) > LARGEST_BYTES:
            return b""
    return found


def _hours(columns: _Hourly) -> Iterator[tuple[datetime, Weather]]:
    """Each whole hour of which all is known.

    Raises:
        ValueError: The columns are not of one length.
    """
    rows = zip(
        columns.time,
        columns.weather_code,
        columns.precipitation_probability,
        columns.precipitation,
        columns.wind_speed_10m,
        columns.temperature_2m,
        strict=True,
    )
    for at, code, percent, rain, wind, celsius in rows:
        if code is None or percent is None or rain is None or wind is None or celsius is None:
            continue
        yield (
            datetime.fromtimestamp(at, UTC),
            Weather(sky_of(code), percent, round(rain * 10), round(wind), round(celsius)),
        )


def _proxy_for(url: str) -> str | None:
    parts = urlsplit(url)
    is_direct = parts.hostname is None or bool(proxy_bypass(parts.hostname))
    return None if is_direct else getproxies().get(parts.scheme)
