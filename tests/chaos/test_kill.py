"""Kill 断电: ``kill -9`` between commit and send, twenty times; nothing is lost or done twice."""

import asyncio
import multiprocessing
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from handlers.messages import unpacked
from storage.database import Database
from storage.sqlite import SqliteDriver
from tests.chaos import worker
from tests.platforms.fake_telegram import FakeTelegram, Fault
from tests.platforms.telegram_town import seed_telegram

KILLS: Final = 20
PATIENCE_S: Final = 60.0
"""For one kill, so that only a program that hangs is given up."""
PEOPLE: Final = (("王阿姨", "3号楼"), ("冯叔", "1号楼"), ("老何", "2号楼"), ("钱伯", "4号楼"))
TROUBLES: Final = (
    "电梯异响",
    "水管漏水",
    "路灯不亮",
    "垃圾未清",
    "大门难关",
    "墙皮脱落",
    "消防栓锈",
    "飞线充电",
    "树枝遮窗",
    "井盖松动",
)
REPORTS: Final = [(who, at, what) for what in TROUBLES for who, at in PEOPLE]

Key = tuple[int, str]
"""A chat and the issue that a message in it shows."""


class Street:
    """The fake Telegram, the database file, and the process that lives between them."""

    def __init__(self, fake: FakeTelegram, path: Path) -> None:
        self.fake = fake
        self.path = path
        self.on_wire: Counter[Key] = Counter()
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.chaos.worker"])
        self.process = self._new()

    def _new(self) -> BaseProcess:
        """A process that has not begun; forked from one that has imported the program."""
        return self._processes.Process(
            target=worker.main, args=(str(self.path), self.fake.url), daemon=True
        )

    def start(self) -> None:
        self.process = self._new()
        self.process.start()
        self.fake.calls.clear()

    async def killed(self) -> None:
        """Until the process is gone; notes what was on the wire then."""
        await until(lambda: not self.process.is_alive())
        left = {key(int(address), unpacked(body).text) for address, body in self.rows()}
        for _, fields in self.fake.calls:
            if "text" in fields and (found := key(fields["chat_id"], fields["text"])) in left:
                self.on_wire[found] += 1

    def rows(self) -> list[tuple[str, str]]:
        """Address and body of what the database still wants to send."""
        return self.asked("select address, body from outbox where kind = 'send'")

    def asked(self, question: str) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(question).fetchall()


def key(chat_id: int, text: str) -> Key:
    found = re.match(r"报\d+", text)
    assert found is not None, text
    return chat_id, found[0]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 (another process sets no event of ours)
            await asyncio.sleep(0.01)


async def test_twenty_kills_lose_nothing_and_do_nothing_twice(
    fake: FakeTelegram, tmp_path: Path
) -> None:
    street = Street(fake, tmp_path / "mulin.db")
    database = Database(SqliteDriver(street.path), lambda: worker.NOON)
    await database.open()
    await database.unit(lambda unit: seed_telegram(unit, fake))
    await database.close()
    reports = iter(REPORTS)

    for number in range(KILLS):
        street.start()
        kind = ("break_before", "break_after")[number % 2]
        kill = street.process.kill
        fake.faults = [Fault(kind, "sendMessage", after=number % 5, then=kill)]
        for who, at, what in (next(reports), next(reports)):
            fake.says(who, f"报事 {what}", at)
        await street.killed()
    fake.faults = []
    street.start()
    await until(lambda: not fake.updates and not street.rows())
    street.process.kill()
    await street.killed()

    check(street)


def check(street: Street) -> None:
    """Every report once; every card at least once, and twice only if a kill met it on its way."""
    fake = street.fake
    stored = sorted(text for text, _ in street.asked("select text, id from issues"))
    assert stored == sorted(what for _, _, what in REPORTS)
    seen = Counter(
        key(chat_id, bubble.text) for chat_id, bubbles in fake.chats.items() for bubble in bubbles
    )
    labels = {label for _, label in seen}
    for place in {at for _, at, _ in REPORTS}:
        shown = [label for chat_id, label in seen if chat_id == fake.group(place)]
        assert len(shown) == len(TROUBLES)
    assert len(labels) == len(REPORTS)
    twice = {found: count - 1 for found, count in seen.items() if count > 1}
    assert all(count <= street.on_wire[found] for found, count in twice.items())
