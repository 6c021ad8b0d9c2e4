"""Fixtures for Telegram: the fake Bot API, and the example neighbourhood living on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import HeldClock
from bot.example import seed
from storage.database import Database, Driver
from storage.sqlite import SqliteDriver
from tests.platforms.desk import Desk
from tests.platforms.fake_telegram import FakeTelegram
from tests.platforms.telegram_town import TelegramTown


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A fake Bot API without limits; a call that it would not understand fails the test."""
    server = FakeTelegram()
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []


@pytest.fixture
async def street(
    tmp_path: Path, clock: HeldClock, fake: FakeTelegram
) -> AsyncIterator[TelegramTown]:
    """The example neighbourhood on Telegram, the whole program running."""
    opened = TelegramTown(Database(SqliteDriver(tmp_path / "mulin.db"), clock), fake)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def either_street(
    driver: Driver, clock: HeldClock, fake: FakeTelegram
) -> AsyncIterator[TelegramTown]:
    """As ``street``, once on each kind of database."""
    opened = TelegramTown(Database(driver, clock), fake)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def desk(
    tmp_path: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """The program on a platform that can refuse; not started, its first back-off very short."""
    monkeypatch.setattr("bot.outcomes.FIRST_BACKOFF_S", 0.002)
    database = Database(SqliteDriver(tmp_path / "mulin.db"), clock)
    opened = Desk(database)
    await opened.app.open()
    await database.unit(lambda unit: seed(unit, "memory"))
    yield opened
    await opened.stop()
    await database.close()
