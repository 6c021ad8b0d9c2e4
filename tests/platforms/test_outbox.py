"""Outbox 待发: retries, give-ups, crashes and busy cards, over real storage."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import HeldClock
from bot.example import seed
from bot.outbox import Delivery
from bot.platforms.base import SendError
from bot.platforms.memory import MemoryPlatform
from handlers.messages import ChatChange, ChatEvent, Incoming, Press, Shown, packed
from storage.database import Database
from storage.outbox import Post
from storage.sqlite import SqliteDriver
from storage.unit import Unit
from tests.conftest import Stairwell


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

    async def post(self, *texts: str, to: str = "3号楼") -> None:
        """Store posts as a unit does, and hand them over."""
        posts: list[Post] = []
        for text in texts:
            post = Post("memory", to, "send", packed(Shown(text)))

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


@pytest.fixture
async def desk(
    tmp_path: Path, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    monkeypatch.setattr("bot.outbox.FIRST_BACKOFF_S", 0.002)
    database = Database(SqliteDriver(tmp_path / "mulin.db"), clock)
    opened = Desk(database)
    await opened.app.open()
    await database.unit(lambda unit: seed(unit, "memory"))
    yield opened
    await opened.stop()
    await database.close()


async def test_a_retry_keeps_the_order_of_its_chat(desk: Desk) -> None:
    desk.screen.refusals = [SendError("tried_often"), SendError("tried_often")]
    desk.start()
    await desk.post("一", "二", "三")
    await desk.sent()

    assert desk.sees() == ["一", "二", "三"]
    assert len(desk.screen.tried) == 5


async def test_a_wait_that_is_asked_for_is_kept(desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    desk.screen.refusals = [SendError("tried_often", retry_after=timedelta(milliseconds=30))]
    desk.start()
    begun = loop.time()
    await desk.post("一")
    await desk.sent()

    assert loop.time() - begun >= 0.03
    assert desk.sees() == ["一"]


async def test_a_permanent_refusal_is_marked_and_the_next_post_goes(desk: Desk) -> None:
    desk.screen.refusals = [SendError("refused", is_permanent=True)]
    desk.start()
    await desk.post("一", "二")
    await desk.sent()
    failed = await desk.database.unit(lambda unit: unit.outbox.failed_in(["/"]))

    assert desk.sees() == ["二"]
    assert [(f.place, f.reason) for f in failed] == [("3号楼", "refused")]
    assert desk.app.delivery.failed == 1


async def test_a_bug_while_sending_is_given_up_and_ends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(post: Post) -> str | None:
        raise ZeroDivisionError

    desk.start()
    with monkeypatch.context() as patched:
        patched.setattr(desk.screen, "send", broken)
        await desk.post("一")
        await desk.sent()
    await desk.post("二")
    await desk.sent()

    assert desk.sees() == ["二"]


async def test_after_a_crash_everything_unsent_goes_once_and_in_order(
    desk: Desk, tmp_path: Path, clock: HeldClock
) -> None:
    await desk.post("一", "二", "三")  # claimed from birth by a worker that then dies
    reborn = Delivery(desk.database, {"memory": desk.screen}, desk.app.router.changed)
    await reborn.start()
    await reborn.drain()

    assert desk.sees() == ["一", "二", "三"]
    assert await desk.waiting() == 0


async def test_another_workers_lease_is_left_alone_until_it_ends(
    desk: Desk, clock: HeldClock
) -> None:
    await desk.post("一")
    release = desk.database.unit
    await release(lambda unit: unit.outbox.release(everything=False))
    assert await desk.database.unit(lambda unit: unit.outbox.claim("memory", 9)) == []

    clock.move_to(clock() + timedelta(seconds=61))
    await release(lambda unit: unit.outbox.release(everything=False))
    assert len(await desk.database.unit(lambda unit: unit.outbox.claim("memory", 9))) == 1


async def test_five_hundred_refreshes_of_a_card_wait_as_one_edit(
    desk: Desk, tmp_path: Path
) -> None:
    chat = await desk.database.unit(
        lambda unit: unit.chats.met("memory", "3号楼", is_private=False)
    )
    await desk.database.unit(lambda unit: unit.outbox.add_card(chat, None, None, "issue", 1))
    for _ in range(500):
        await desk.database.unit(lambda unit: unit.outbox.refresh("issue", 1))

    assert await desk.waiting() == 1


async def test_a_stop_leaves_what_is_not_sent_in_the_table(desk: Desk) -> None:
    desk.screen.refusals = [SendError("tried_often", retry_after=timedelta(hours=1))]
    desk.start()
    await desk.post("一")
    async with asyncio.timeout(5):
        while True:
            if desk.screen.tried:
                break
            await asyncio.sleep(0.003)
        await desk.stop()

    assert await desk.waiting() == 1
    assert desk.sees() == []


async def test_being_cancelled_ends_delivery_at_whatever_step(desk: Desk) -> None:
    """Also in the very step in which it was woken for something to send."""
    for steps in range(8):
        task = asyncio.create_task(desk.app.delivery.run())
        await asyncio.sleep(0.02)
        desk.app.delivery.take([], has_waiting=True)
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=1)

        assert task.done(), f"still running when cancelled after {steps} steps"


class Upgraded(MemoryPlatform):
    """Memory platform on which a group has become another one, as Telegram says with a send."""

    tries = 0

    async def send(self, post: Post) -> str | None:
        if post.address == "3号楼":
            self.tries += 1
            raise SendError("gone", moved_to="3号楼新群")
        return await super().send(post)


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("first", ["a stranger", "our arrival", "a binding", "nobody"])
async def test_a_group_that_moved_is_followed_whatever_came_first(
    database: Database, clock: HeldClock, first: str, is_told: bool
) -> None:
    screen = Upgraded()
    app = App(database, [screen])
    await app.open()
    await database.unit(lambda unit: seed(unit, "memory"))
    say = Said(app)
    await say("王阿姨", "列表")
    if first == "a stranger":
        await say("陌生人", "/报事 灯坏了", at="3号楼新群")
    elif first == "our arrival":
        await app.received(ChatEvent("memory", "d1", "3号楼新群", False, ChatChange.ADDED))
    elif first == "a binding":
        await say("孙主任", "绑定 3号楼", at="3号楼新群")
        await say("王阿姨", "报事 单元门坏了", at="3号楼新群")
    if is_told:
        moved = ChatEvent("memory", "d2", "3号楼", False, ChatChange.MOVED, "3号楼新群")
        await app.received(moved)
    await say("王阿姨", "报事 灯坏了")
    await say("刘大爷", "附议 1")
    number = 2 if first == "a binding" else 1

    seen = [bubble.shown.text for bubble in screen.chats["3号楼新群"]]
    assert any(text.startswith(f"报{number} · ") for text in seen)
    assert any("1位邻居也遇到" in text for text in seen)
    assert screen.tries <= 2
    assert await database.unit(lambda unit: unit.outbox.waiting()) == 0


async def test_a_move_that_does_not_help_is_tried_ever_more_seldom(desk: Desk) -> None:
    desk.screen.refusals = [SendError("gone", moved_to="3号楼") for _ in range(50)]
    desk.start()
    await desk.post("一")
    await asyncio.sleep(0.05)

    assert 1 <= len(desk.screen.tried) <= 3
    assert await desk.waiting() == 1


async def test_what_cannot_be_noted_holds_up_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(event: ChatEvent) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.app.delivery, "_chat_changed", broken)
    desk.screen.refusals = [SendError("gone", moved_to="3号楼新群")]
    desk.start()
    await desk.post("一", "二")
    await until(lambda: desk.sees() == ["二"])


class Away(Screen):
    """Another platform, that is away."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "away"

    async def send(self, post: Post) -> str | None:
        raise SendError("tried_often")


async def test_a_platform_that_is_away_holds_up_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.CLAIM", 3)
    screen = Screen()
    app = App(database, [Away(), screen])
    await app.open()
    await database.unit(lambda unit: seed(unit, "memory"))

    async def many(unit: Unit) -> None:
        for number in range(9):
            await unit.outbox.put(Post("away", str(number), "send", packed(Shown("一"))))

    await database.unit(many)
    await app.delivery.start()
    if database.driver.is_shared:
        await database.unit(lambda unit: unit.outbox.release(everything=True))
    running = asyncio.create_task(app.delivery.run())
    await until(lambda: len(app.delivery._queues["away"].held) == 3)
    card = "报1 · 待派单"
    await app.received(
        Incoming("memory", "a", "3号楼", False, "王阿姨", "王阿姨", "报事 灯坏了", ref="r")
    )
    await until(lambda: any(e.shown.text.startswith(card) for e in screen.events))
    await app.received(
        Incoming("memory", "b", "@刘大爷", True, "刘大爷", "刘大爷", "附议 1", ref="r2")
    )
    await until(lambda: any((e.kind, e.chat) == ("edit", "3号楼") for e in screen.events))
    assert len(app.delivery._queues["away"].held) == 3
    running.cancel()
    await asyncio.wait([running])
    await app.close()


@pytest.mark.parametrize("comes_by", ["event", "message"])
async def test_whoever_blocked_us_and_comes_back_sees_their_cards_change(
    town: Stairwell, comes_by: str
) -> None:
    await town.says("王阿姨", "报事 灯坏了")
    app = town.town.app
    await app.received(ChatEvent("memory", "d1", "@王阿姨", True, ChatChange.REMOVED))
    if comes_by == "event":
        await app.received(ChatEvent("memory", "d2", "@王阿姨", True, ChatChange.ADDED))
    else:
        await town.says("王阿姨", "列表")
    await town.says("张楼长", "派单 1 维修队")

    assert "已派单" in town.card("王阿姨")
