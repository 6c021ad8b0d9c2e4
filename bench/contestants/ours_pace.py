"""Mulin itself, at its own pace: reminders to many groups, answers between."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Final

from bench.fake_api import chat_id_of
from bench.pace_town import EACH, GROUPS, WORDS
from bot.app import App
from bot.clock import system_clock
from bot.pauses import keep_pauses_short
from bot.platforms.telegram import TelegramPlatform
from handlers.messages import Shown, packed
from storage.database import Database
from storage.outbox import Post, Priority
from storage.photos import StoredPhoto
from storage.sqlite import SqliteDriver
from storage.unit import Unit

TOKEN: Final = "7:pace"


async def _run(port: int, path: str) -> None:
    database = Database(SqliteDriver(Path(path)), system_clock)
    url = f"http://127.0.0.1:{port}"
    app = App(database, [TelegramPlatform(TOKEN, load_photo=_no_photo, api_url=url)])
    await app.open()
    keep_pauses_short()
    running = asyncio.create_task(app.run())
    print(json.dumps({"ready": True}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    app.delivery.take(await database.unit(_reminded))
    await running


async def _reminded(unit: Unit) -> list[Post]:
    """All reminders, as a unit stores them that tells so many groups at once."""
    body = packed(Shown(WORDS, []))
    for _ in range(EACH):
        for group in range(GROUPS):
            address = str(chat_id_of(group))
            await unit.outbox.put(Post("telegram", address, "send", body, Priority.REMINDER))
    return list(unit.outbox.fresh)


async def _no_photo(photo_id: int) -> StoredPhoto | None:
    return None


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_run(int(sys.argv[1]), sys.argv[2]))
