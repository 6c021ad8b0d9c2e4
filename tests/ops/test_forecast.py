"""Forecast 天气预报: fetched when wanted and not more often; a service that is bad harms nobody."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app import App
from bot.clock import HeldClock
from bot.dialog import Town
from bot.example import seed
from bot.forecasting import LazyOpenMeteo
from bot.founding import Plan, found
from bot.open_meteo import LARGEST_BYTES, OpenMeteo
from bot.platforms.memory import MemoryPlatform
from domain.outlook import FRESH_FOR, TRY_EVERY, WANTED_FOR, NoForecast, Outlook, Position
from domain.weather import Forecast, Sky, Weather
from handlers.messages import Incoming
from storage.database import Database, Driver
from storage.unit import Unit
from tests.ops.fake_weather import FIRST, HOURS, FakeWeather, answer
from tests.ops.test_founding import PLAN

WUHAN = Position.rounded(30.5928, 114.3055)
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@dataclass(slots=True)
class Station:
    """A program whose community lies in Wuhan, and the service that it asks."""

    app: App
    clock: HeldClock
    service: FakeWeather
    community_id: int

    async def wants(self) -> Outlook:
        """Somebody wants to know the weather; what is known at that moment."""
        return await self.app.database.unit(lambda unit: unit.forecasts.want(self.community_id))

    async def fetches(self) -> int:
        """What is wanted is fetched; for how many communities."""
        assert self.app.forecasting is not None
        return await self.app.forecasting.fetch()

    async def knows(self) -> Outlook:
        """What is known now."""
        return await self.app.database.unit(lambda unit: unit.forecasts.outlook(self.community_id))


@pytest.fixture
async def service() -> AsyncIterator[FakeWeather]:
    opened = FakeWeather()
    yield opened
    await opened.close()


@pytest.fixture
async def station(driver: Driver, clock: HeldClock, service: FakeWeather) -> AsyncIterator[Station]:
    url = await service.open()
    app = App(Database(driver, clock), [MemoryPlatform()], weather=LazyOpenMeteo(url))
    await app.open()
    community_id = await app.database.unit(lambda unit: founded(unit, WUHAN))
    yield Station(app, clock, service, community_id)
    await app.close()


async def founded(unit: Unit, position: Position | None) -> int:
    plan = Plan(
        PLAN.name,
        PLAN.street,
        PLAN.zone,
        PLAN.lang,
        PLAN.quiet_from,
        PLAN.quiet_until,
        PLAN.grids,
        position=position,
    )
    await found(unit, plan)
    return (await unit.places.communities())[0].id


async def test_nothing_is_fetched_that_nobody_wants(station: Station) -> None:
    assert await station.fetches() == 0
    assert station.service.asked == []


async def test_what_is_wanted_is_there_a_moment_later(station: Station) -> None:
    first = await station.wants()
    assert first.forecast is None and first.is_awaited(NOW)

    await station.fetches()

    known = await station.knows()
    assert known.forecast is not None and len(known.forecast.hours) == HOURS
    assert known.forecast.hours[FIRST] == Weather(Sky.CLEAR, 10, 0, 7, 12)
    assert not known.is_wanted and not known.is_stale(NOW)


async def test_a_kilometre_is_told_and_no_more(station: Station) -> None:
    await station.wants()
    await station.fetches()

    (asked,) = station.service.asked
    assert (asked["latitude"], asked["longitude"]) == ("30.59", "114.31")


async def test_a_fresh_forecast_is_not_fetched_again(station: Station) -> None:
    await station.wants()
    await station.fetches()
    station.clock.move_to(NOW + FRESH_FOR)

    await station.wants()
    assert await station.fetches() == 0

    station.clock.move_to(NOW + FRESH_FOR + timedelta(minutes=1))
    await station.wants()
    assert await station.fetches() == 1


async def test_ten_who_want_it_at_once_cost_one_question(station: Station) -> None:
    for _ in range(10):
        await station.wants()
    await station.fetches()
    await station.fetches()

    assert len(station.service.asked) == 1


BAD_COLUMNS: Mapping[str, list[Any]] = {
    "words": ["rain"] * HOURS,
    "short": [10] * (HOURS - 1),
    "infinite": [10**400] * HOURS,
    "negative": [-1] * HOURS,
    "true": [True] * HOURS,
}
NONSENSE: Mapping[str, Mapping[str, Any] | str] = {
    "no JSON": "<html>maintenance</html>",
    "empty": "",
    "another shape": {"hourly": []},
    "nothing hourly": {"daily": {}},
    "null": "null",
    "endless": "[" * (LARGEST_BYTES + 1),
    **{f"rain {name}": answer(precipitation_probability=c) for name, c in BAD_COLUMNS.items()},
    "half hours": answer(time=[int(FIRST.timestamp()) + 1800] * HOURS),
    "code 100": answer(weather_code=[100] * HOURS),
    "hotter than fire": answer(temperature_2m=[900.0] * HOURS),
    "the year 9999999": answer(time=[10**15] * HOURS),
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE.keys())
async def test_nonsense_is_no_forecast(service: FakeWeather, said: Mapping[str, Any] | str) -> None:
    url = await service.open()
    service.says = said

    assert await OpenMeteo(url).forecast(WUHAN, NOW) is NoForecast.NONSENSE


async def test_hours_that_are_not_known_are_left_out(service: FakeWeather) -> None:
    url = await service.open()
    service.says = answer(precipitation_probability=[None] * 200 + [20] * (HOURS - 200))

    found = await OpenMeteo(url).forecast(WUHAN, NOW)

    assert isinstance(found, Forecast)
    assert min(found.hours) == FIRST + timedelta(hours=200)


@pytest.mark.parametrize("status", [204, 400, 404, 429, 500, 503])
async def test_a_refusal_is_no_forecast(service: FakeWeather, status: int) -> None:
    url = await service.open()
    service.status = status
    service.says = "" if status == 204 else {"error": True, "reason": "no"}

    assert await OpenMeteo(url).forecast(WUHAN, NOW) is NoForecast.REFUSED


async def test_nobody_is_followed_elsewhere(service: FakeWeather) -> None:
    url = await service.open()
    service.status, service.headers = 302, {"Location": f"{url}/elsewhere"}

    assert await OpenMeteo(url).forecast(WUHAN, NOW) is NoForecast.REFUSED
    assert not service.was_elsewhere


async def test_a_slow_service_is_not_waited_for(service: FakeWeather) -> None:
    url = await service.open()
    service.is_slow = True

    assert await OpenMeteo(url, wait_s=0.05).forecast(WUHAN, NOW) is NoForecast.SLOW


async def test_a_service_that_is_away_is_no_forecast(service: FakeWeather) -> None:
    url = await service.open()
    await service.close()

    assert await OpenMeteo(url).forecast(WUHAN, NOW) is NoForecast.AWAY


async def test_a_failure_is_known_and_tried_again_after_a_while(station: Station) -> None:
    station.service.status = 500
    await station.wants()
    await station.fetches()

    known = await station.knows()
    assert known.fault is NoForecast.REFUSED and not known.is_awaited(NOW)
    assert await station.fetches() == 0

    station.service.status = 200
    station.clock.move_to(NOW + TRY_EVERY)
    assert await station.fetches() == 1
    assert (await station.knows()).fault is None


async def test_an_old_forecast_is_kept_through_a_failure_for_a_day(station: Station) -> None:
    await station.wants()
    await station.fetches()
    station.service.status = 500
    later = NOW + timedelta(hours=20)
    station.clock.move_to(later)
    await station.wants()
    await station.fetches()

    known = await station.knows()
    assert known.fault is NoForecast.REFUSED and known.usable(later) is not None
    assert known.usable(NOW + timedelta(hours=25)) is None


async def test_nobody_is_asked_for_ever(station: Station) -> None:
    station.service.status = 500
    await station.wants()
    station.clock.move_to(NOW + WANTED_FOR)

    assert await station.fetches() == 0


async def test_another_position_forgets_the_weather_of_the_first(station: Station) -> None:
    await station.wants()
    await station.fetches()
    await station.app.database.unit(lambda unit: founded(unit, WUHAN))
    assert (await station.knows()).forecast is not None

    await station.app.database.unit(lambda unit: founded(unit, Position.rounded(31.2, 121.5)))
    assert (await station.knows()).forecast is None

    await station.app.database.unit(lambda unit: founded(unit, None))
    assert (await station.wants()) == Outlook()
    assert await station.fetches() == 0


async def test_two_workers_ask_once(station: Station) -> None:
    await station.wants()
    first = await station.app.database.unit(lambda unit: unit.forecasts.claim())
    second = await station.app.database.unit(lambda unit: unit.forecasts.claim())

    assert [len(first), len(second)] == [1, 0]


async def test_a_running_program_shows_the_weather_as_soon_as_it_comes(
    driver: Driver, clock: HeldClock, service: FakeWeather
) -> None:
    weather = LazyOpenMeteo(await service.open())
    service.is_slow = True
    town = Town(Database(driver, clock), clock, weather)
    await town.open()
    await town.app.database.unit(lambda unit: seed(unit, town.screen.name, WUHAN))
    assert town.app.forecasting is not None
    loop = asyncio.create_task(town.app.forecasting.run())
    asked = Incoming("memory", "1", "@张楼长", True, "张楼长", "张楼长", "睦邻夜话")
    await town.app.received(asked)
    await town.app.delivery.drain()
    assert "正在查天气" in town.screen.chats["@张楼长"][-1].shown.text

    await service.was_asked.wait()
    service.hurry()
    async with asyncio.timeout(5):
        while "Open-Meteo" not in town.screen.chats["@张楼长"][-1].shown.text:
            await asyncio.sleep(0)
            await town.app.delivery.drain()
    await town.close()
    await loop

    assert len(town.screen.chats["@张楼长"]) == 1


class Broken:
    """A source with a bug in it, once."""

    def __init__(self) -> None:
        self.calls = 0
        self.was_asked = asyncio.Event()
        self.was_asked_again = asyncio.Event()

    async def forecast(self, position: Position, now: datetime) -> Forecast | NoForecast:
        self.calls += 1
        self.was_asked.set()
        if self.calls == 1:
            raise KeyError("bug")
        self.was_asked_again.set()
        return NoForecast.AWAY


async def test_a_bug_in_the_weather_ends_nothing(driver: Driver, clock: HeldClock) -> None:
    source = Broken()
    app = App(Database(driver, clock), [MemoryPlatform()], weather=source)
    await app.open()
    community_id = await app.database.unit(lambda unit: founded(unit, WUHAN))
    assert app.forecasting is not None
    await app.database.unit(lambda unit: unit.forecasts.want(community_id))
    loop = asyncio.create_task(app.forecasting.run())
    async with asyncio.timeout(5):
        await source.was_asked.wait()
    clock.move_to(NOW + TRY_EVERY)
    await app.database.unit(lambda unit: unit.forecasts.want(community_id))
    app.forecasting.nudge()
    async with asyncio.timeout(5):
        await source.was_asked_again.wait()

    await app.close()
    await loop
    assert source.calls == 2
