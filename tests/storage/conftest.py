"""Fixtures of many who do something at once."""

from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.clock import HeldClock
from bot.example import seed
from bot.platforms.memory import MemoryPlatform
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from tests.conftest import QUICK_POSTGRES
from tests.storage.crowds import Crowd


@pytest.fixture
async def crowd(driver: Driver, clock: HeldClock) -> AsyncIterator[Crowd]:
    """The example neighbourhood; on PostgreSQL three workers share the database."""
    drivers = [driver]
    if isinstance(driver, PostgresDriver):
        drivers += [PostgresDriver(QUICK_POSTGRES, driver._schema) for _ in range(2)]
    apps = [App(Database(one, clock, f"w{n}"), [MemoryPlatform()]) for n, one in enumerate(drivers)]
    for app in apps:
        await app.open()
    await apps[0].database.unit(lambda unit: seed(unit, "memory"))
    yield Crowd(apps)
    for app in apps:
        await app.close()
