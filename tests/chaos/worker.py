"""Worker 进程: the program as a process of its own, to be killed at the worst moment."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.app import App
from bot.clock import ShiftedClock, system_clock
from bot.platforms.telegram import TelegramPlatform
from storage.database import Database
from storage.sqlite import SqliteDriver
from tests.platforms.fake_telegram import TOKEN
from tests.platforms.telegram_town import NO_PACE, load_from

NOON: Final = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def main(path: str, api_url: str) -> None:
    """Run until killed."""
    asyncio.run(_run(path, api_url))


async def _run(path: str, api_url: str) -> None:
    noon = ShiftedClock(NOON - system_clock())  # it goes on: what is put off must come due
    database = Database(SqliteDriver(Path(path)), noon)
    telegram = TelegramPlatform(
        TOKEN, api_url=api_url, load_photo=load_from(database), pace=NO_PACE
    )
    app = App(database, [telegram])
    await app.open()
    await app.run()
