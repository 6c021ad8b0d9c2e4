"""Storage away 存不了: people are told once, nothing is lost or sent twice, and it goes on."""

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import HeldClock
from bot.example import seed
from handlers.messages import Incoming
from storage.database import Database
from storage.faults import Fault, StorageFault
from storage.sqlite import SqliteDriver
from storage.statement import value
from tests.conftest import NOON
from tests.ops.test_stop import SlowPlatform, platform, said


async def opened(path: Path) -> App:
    """The program in a file, on the memory platform."""
    app = App(Database(SqliteDriver(path), HeldClock(NOON)), [SlowPlatform()])
    await app.open()
    await app.database.unit(lambda unit: seed(unit, "memory"))
    return app


async def room(app: App, *, is_full: bool) -> None:
    """Let the file grow no more, or again."""
    pages = 1 if is_full else 1_000_000_000
    await app.database.driver.run(lambda: value(f"pragma max_page_count = {pages}"))


async def refused(app: App) -> Incoming:
    """Neighbours report until one report does not fit any more; that one."""
    for number in range(300):
        report = said(f"报事 {number}号灯坏了" + "，很长的说明" * 30, "4号楼")
        try:
            await app.received(report)
        except StorageFault as fault:
            assert fault.fault is Fault.FULL
            return report
    raise AssertionError("there was room for everything")


async def test_a_full_disk_is_told_once_in_a_chat_and_ends_by_itself(tmp_path: Path) -> None:
    app = await opened(tmp_path / "mulin.db")
    await room(app, is_full=True)
    lost = await refused(app)
    for _ in range(3):
        with pytest.raises(StorageFault):
            await app.received(lost)
    chat = platform(app).chats["4号楼"]
    during = [bubble.shown.text for bubble in chat]
    stored = await app.database.unit(lambda unit: value("select count(*) from issues"))
    await room(app, is_full=False)
    await app.received(lost)
    await app.delivery.drain()
    after = [bubble.shown.text.partition("\n")[0] for bubble in chat[1:]]
    await app.close()

    assert during == ["对不起，我这里暂时存不了东西。您说的没有丢，恢复以后我会接着办。"]
    assert after == [f"报{number} · 待派单" for number in range(1, stored + 2)]


async def test_a_post_that_arrived_is_noted_late_and_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outcomes.FIRST_BACKOFF_S", 0.01)
    app = await opened(tmp_path / "mulin.db")
    slow = platform(app)
    slow.open.clear()
    running = asyncio.create_task(app.run())
    await app.received(said("报事 五楼灯坏了"))
    await until(lambda: slow.tries == 3)
    slow.open.set()
    kept, app.database.unit = app.database.unit, _full  # type: ignore[method-assign,assignment]
    await until(lambda: len(slow.events) == 3)
    await asyncio.sleep(0.03)
    app.database.unit = kept  # type: ignore[method-assign]
    await until(lambda: app.delivery.sent == 3)
    left = await app.database.unit(lambda unit: unit.outbox.waiting())
    await app.received(said("报事 六楼灯坏了"))
    await until(lambda: len(slow.chats["3号楼"]) == 2)
    await app.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert left == 0
    assert slow.tries == 6


async def _full(*_: object) -> None:
    raise StorageFault(Fault.FULL, "disk")


async def until(is_so: object) -> None:
    """Let the program run until ``is_so``."""
    assert callable(is_so)
    for _ in range(2000):
        if is_so():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it never came to that")
