"""Telegram town: the program on the fake Bot API, with the example neighbourhood in it."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from bot.app import App
from bot.example import cast, seed
from bot.platforms.base import Pace
from bot.platforms.telegram import TelegramPlatform
from storage.database import Database
from storage.photos import StoredPhoto
from storage.statement import Statement
from storage.unit import Unit
from tests.platforms.fake_telegram import TOKEN, FakeTelegram
from tests.platforms.fake_world import World

NAME: Final = "telegram"
NO_PACE: Final = Pace()
PATIENCE_S: Final = 10.0
"""A bound for a stuck test, never what decides one."""


async def seed_telegram(unit: Unit, world: World) -> None:
    """The example neighbourhood, its people and groups under the ids of Telegram."""
    await seed(unit, NAME)
    for name in cast().people:
        number = str(world.person(name))
        await Statement(
            "update identities set address = ?, chat_address = ? where platform = ? "
            "and address = ?",
            number,
            number,
            NAME,
            name,
        )
    for name in cast().groups:
        await Statement(
            "update chats set address = ? where platform = ? and address = ?",
            str(world.group(name)),
            NAME,
            name,
        )


def load_from(database: Database) -> Callable[[int], Any]:
    """What the platform is given to load a picture."""

    async def load(photo_id: int) -> StoredPhoto | None:
        return await database.read(lambda unit: unit.photos.get(photo_id))

    return load


class TelegramTown:
    """The whole program running; people act through the fake Bot API."""

    def __init__(self, database: Database, fake: FakeTelegram, **options: Any) -> None:
        self.fake = fake
        self.platform = TelegramPlatform(
            TOKEN,
            api_url=fake.url,
            load_photo=load_from(database),
            **{"pace": NO_PACE, **options},
        )
        self.app = App(database, [self.platform])
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Seed, start, and wait until it listens."""
        await self.app.open()
        await self.app.database.unit(lambda unit: seed_telegram(unit, self.fake))
        self._running = asyncio.create_task(self.app.run())
        await self.until(lambda: self.platform.state() == "ok")

    async def close(self) -> None:
        """Stop as the program does."""
        async with asyncio.timeout(PATIENCE_S):
            if self._running is not None:
                self._running.cancel()
                await asyncio.gather(self._running, return_exceptions=True)
            await self.app.close()

    async def says(self, who: str, text: str, at: str = "", **more: Any) -> str:
        """Somebody writes; what that chat shows when all is done."""
        self.fake.says(who, text, at, **more)
        await self.settle()
        return self.fake.last(at or who)

    async def presses(self, who: str, label: str, at: str = "") -> str:
        """Somebody taps a button; the passing note that answers the tap."""
        self.fake.presses(who, label, at)
        await self.settle()
        return self.note

    @property
    def note(self) -> str:
        """The newest passing note."""
        return list(self.fake.notes.values())[-1] if self.fake.notes else ""

    async def settle(self) -> None:
        """Until every update is acknowledged and every post is sent."""
        await self.until(lambda: not self.fake.updates)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if not await self.app.database.unit(lambda unit: unit.outbox.waiting()):
                    return
                await asyncio.sleep(0.005)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until something holds; a bound ends a test that is stuck."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if holds():
                    return
                await asyncio.sleep(0.005)
