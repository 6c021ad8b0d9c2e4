"""Desk 柜台: the program with its delivery running, on a platform that can refuse."""

import asyncio
from collections.abc import Callable

from bot.app import App
from bot.platforms.base import SendError
from bot.platforms.memory import MemoryPlatform
from handlers.messages import Incoming, Press, Shown, packed
from storage.database import Database
from storage.outbox import Post


class Screen(MemoryPlatform):
    """Memory platform that refuses what it is told to, in order, before it shows anything."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: list[SendError] = []
        self.tried: list[int] = []

    async def send(self, post: Post) -> str | None:
        self.tried.append(post.id)
        if self.refusals:
            raise self.refusals.pop(0)
        return await super().send(post)


class Said:
    """What people say to the program; when it returns, all that is due has been sent."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._count = 0

    async def __call__(self, who: str, text: str = "", at: str = "", press: str = "") -> None:
        self._count += 1
        number = self._count
        tap = Press(press, f"{who}|{number}") if press else None
        await self._app.received(
            Incoming(
                "memory", f"s{number}", at or f"@{who}", not at, who, who, text,
                ref=f"m{number}", press=tap,
            )
        )  # fmt: skip
        await self._app.delivery.drain()


async def until(holds: Callable[[], bool]) -> None:
    """Until something holds; a bound ends a test that is stuck."""
    async with asyncio.timeout(10):
        while True:
            if holds():
                return
            await asyncio.sleep(0.003)


class Desk:
    """The program with its delivery running, and posts put straight into the outbox."""

    def __init__(self, database: Database) -> None:
        self.screen = Screen()
        self.app = App(database, [self.screen])
        self.database = database
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self.app.delivery.run())

    async def stop(self) -> None:
        await self.app.delivery.stop()
        if self._task is not None:
            await self._task

    async def post(self, *texts: str, to: str = "3号楼", kind: str = "send") -> None:
        """Store posts as a unit does, and hand them over."""
        posts: list[Post] = []
        for text in texts:
            post = Post("memory", to, kind, packed(Shown(text)))

            async def put(unit: object, post: Post = post) -> list[Post]:
                await unit.outbox.put(post)  # type: ignore[attr-defined]
                return list(unit.outbox.fresh)  # type: ignore[attr-defined]

            posts += await self.database.unit(put)
        self.app.delivery.take(posts)

    async def waiting(self) -> int:
        return await self.database.unit(lambda unit: unit.outbox.waiting())

    async def sent(self) -> None:
        """Until nothing waits."""
        async with asyncio.timeout(10):
            while True:
                if not await self.waiting():
                    return
                await asyncio.sleep(0.003)

    def sees(self, chat: str = "3号楼") -> list[str]:
        return [bubble.shown.text for bubble in self.screen.chats.get(chat, [])]
