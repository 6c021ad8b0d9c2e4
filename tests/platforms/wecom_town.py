"""WeCom town: the program on the fake WeCom, with the example neighbourhood in it."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from bot.app import App
from bot.example import cast, seed
from bot.platforms.base import Pace
from bot.platforms.wecom.connection import Credentials
from bot.platforms.wecom.platform import Options, WeComPlatform
from bot.platforms.wecom.timing import LoopTiming, Timing
from storage.database import Database
from storage.statement import value
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom

NAME: Final = "wecom"
BOT_NAME: Final = "睦邻 助手"
NO_PACE: Final = Pace()
PATIENCE_S: Final = 10.0
"""A bound for a stuck test, never what decides one."""


class WeComTown:
    """The whole program running; people act through the fake WeCom, under their own names."""

    def __init__(
        self,
        database: Database,
        fake: FakeWeCom,
        *,
        has_cards: bool = True,
        pace: Pace = NO_PACE,
        timing: Timing | None = None,
    ) -> None:
        self.fake = fake
        self.platform = WeComPlatform(
            Credentials(BOT_ID, SECRET, fake.url),
            database,
            Options(BOT_NAME, has_cards=has_cards, pace=pace),
            timing=timing or LoopTiming(),
        )
        self.app = App(database, [self.platform])
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Seed, start, and wait until it listens; everybody has spoken to the bot before."""
        await self.app.open()
        await self.app.database.unit(lambda unit: seed(unit, NAME))
        self.fake.spoken |= {f"@{name}" for name in cast().people} | set(cast().groups)
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
        """Somebody writes, in a group to the bot; what that chat shows when all is done."""
        said = f"@{BOT_NAME} {text}" if at and text else text
        await self.fake.says(who, said, at, **more)
        await self.settle()
        return self.fake.last(who, at)

    async def presses(self, who: str, label: str, at: str = "") -> str:
        """Somebody taps what they see; what the chat shows them then."""
        await self.fake.presses(who, label, at)
        await self.settle()
        return self.fake.sees(who, at)

    async def settle(self) -> None:
        """Until the last callback is stored and every post is sent."""
        delivery = self.fake.last_msgid

        async def is_stored() -> bool:
            found = await self.app.database.unit(
                lambda unit: value("select 1 from inbox where delivery = ?", delivery)
            )
            return found is not None

        async with asyncio.timeout(PATIENCE_S):
            while True:
                if await is_stored() and not await self.waiting():
                    return
                await asyncio.sleep(0.005)

    async def waiting(self) -> int:
        """How many posts have not arrived."""
        return await self.app.database.unit(lambda unit: unit.outbox.waiting())

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until something holds; a bound ends a test that is stuck."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if holds():
                    return
                await asyncio.sleep(0.005)
