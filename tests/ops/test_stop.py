"""Stop 停止: units and posts on their way end first; what is left goes after the next start."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from bot.app import App
from bot.clock import HeldClock
from bot.example import seed
from bot.platforms.base import SendError
from bot.platforms.memory import MemoryPlatform
from handlers.messages import Incoming
from storage.database import Database, Driver
from storage.faults import Fault, StorageFault
from storage.outbox import Post

_DELIVERIES = count(1)


class SlowPlatform(MemoryPlatform):
    """Sends only while ``open`` is set, and refuses while ``is_away``."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()
        self.is_away = False
        self.tries = 0

    async def send(self, post: Post) -> str | None:
        self.tries += 1
        await self.open.wait()
        if self.is_away:
            raise SendError("away")
        return await super().send(post)


@pytest.fixture
async def app(driver: Driver, clock: HeldClock) -> AsyncIterator[App]:
    """The program as it runs, on a platform that may be slow."""
    app = App(Database(driver, clock), [SlowPlatform()])
    await app.open()
    await app.database.unit(lambda unit: seed(unit, "memory"))
    running = asyncio.create_task(app.run())
    await asyncio.sleep(0)
    yield app
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await app.close()


def platform(app: App) -> SlowPlatform:
    """The app's platform."""
    found = app.platforms["memory"]
    assert isinstance(found, SlowPlatform)
    return found


def said(text: str, at: str = "3号楼") -> Incoming:
    """王阿姨 says something in her building's group."""
    return Incoming("memory", f"d{next(_DELIVERIES)}", at, False, "王阿姨", "王阿姨", text)


async def waiting(app: App) -> int:
    """Posts that have not arrived."""
    return await app.database.unit(lambda unit: unit.outbox.waiting())


async def test_what_was_just_stored_is_sent_before_the_end(app: App) -> None:
    await asyncio.gather(*(app.received(said(f"报事 {n}号灯坏了")) for n in range(8)))
    await app.close()

    assert len(platform(app).chats["3号楼"]) == 8


async def test_a_slow_send_is_waited_for_and_noted(app: App) -> None:
    slow = platform(app)
    slow.open.clear()
    await app.received(said("报事 五楼灯坏了"))
    closing = asyncio.create_task(app.close())
    await asyncio.sleep(0.02)
    is_waiting = not closing.done()
    slow.open.set()
    await closing
    await app.database.open()
    left = await waiting(app)
    await app.database.close()

    assert is_waiting
    assert left == 0


async def test_a_platform_that_is_away_does_not_hold_the_end_and_loses_nothing(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.FINISH_WITHIN_S", 0.05)
    away = platform(app)
    away.is_away = True
    await app.received(said("报事 五楼灯坏了"))
    await app.close()
    again = App(app.database, [MemoryPlatform()])
    await again.open()
    await again.delivery.drain()
    bubbles = again.platforms["memory"].chats  # type: ignore[attr-defined]
    await again.close()

    assert away.chats == {}
    assert "五楼灯坏了" in bubbles["3号楼"][0].shown.text


async def test_nothing_is_taken_in_while_ending(app: App) -> None:
    await app.close()

    with pytest.raises(StorageFault) as raised:
        await app.received(said("报事 五楼灯坏了"))

    assert raised.value.fault is Fault.CLOSED
