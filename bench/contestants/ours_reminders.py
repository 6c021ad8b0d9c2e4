"""Mulin itself with reminders due; ``go`` lets their instant come, then it tells what it blocked.

Each line of its output is the longest time, in milliseconds, for which the event loop kept
something waiting in the last tenth of a second.
"""

import asyncio
import json
import logging
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.app import App
from bot.clock import HeldClock
from bot.pauses import keep_pauses_short
from bot.platforms.base import Pace
from bot.platforms.telegram import TelegramPlatform
from storage.database import Database
from storage.photos import StoredPhoto
from storage.sqlite import SqliteDriver

TOKEN: Final = "6:storm"
BEGUN_S: Final = 1.0
"""In which the menus are told to Telegram; the start is measured elsewhere."""
LOOK_EVERY_S: Final = 0.001
TELL_EVERY_S: Final = 0.1


async def _run(port: int, path: str, at: datetime) -> None:
    clock = HeldClock(at - timedelta(seconds=1))
    database = Database(SqliteDriver(Path(path)), clock)
    url = f"http://127.0.0.1:{port}"
    telegram = TelegramPlatform(TOKEN, load_photo=_no_photo, api_url=url, pace=Pace())
    app = App(database, [telegram])
    await app.open()
    keep_pauses_short()
    running = asyncio.create_task(app.run())
    await asyncio.sleep(BEGUN_S)
    print(json.dumps({"ready": True}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    clock.move_to(at)
    app.alarm.nudge()
    await _watch()
    running.cancel()


async def _watch() -> None:
    """Tell how late a task comes that wants to run every millisecond."""
    loop = asyncio.get_running_loop()
    while True:
        longest, until = 0.0, loop.time() + TELL_EVERY_S
        while (begun := loop.time()) < until:
            await asyncio.sleep(LOOK_EVERY_S)
            longest = max(longest, loop.time() - begun - LOOK_EVERY_S)
        print(round(longest * 1_000, 2), flush=True)


async def _no_photo(photo_id: int) -> StoredPhoto | None:
    return None


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_run(int(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])))
