"""Outbox 待发: groups that move, platforms that are away, people who come back, charts."""

import asyncio

import pytest

from bot.app import App
from bot.charts import font_path
from bot.clock import HeldClock
from bot.example import seed
from bot.platforms.base import SendError
from bot.platforms.memory import MemoryPlatform
from handlers.messages import Bar, Chart, ChatChange, ChatEvent, Incoming, Shown, packed
from storage.database import Database
from storage.faults import Fault, StorageFault
from storage.outbox import Post
from storage.statement import value
from storage.unit import Unit
from tests.conftest import Stairwell
from tests.platforms.desk import Desk, Said, Screen, until


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


async def test_a_card_that_a_group_left_behind_is_shown_anew_once_it_changes(
    database: Database,
) -> None:
    screen = MemoryPlatform()
    app = App(database, [screen])
    await app.open()
    await database.unit(lambda unit: seed(unit, "memory"))
    say = Said(app)
    await say("王阿姨", "报事 灯坏了", at="3号楼")
    moved = ChatEvent("memory", "d2", "3号楼", False, ChatChange.MOVED, "3号楼新群")
    await app.received(moved)
    assert "3号楼新群" not in screen.chats
    await say("刘大爷", "附议 1")
    await say("吴老师", "附议 1")

    (card,) = screen.chats["3号楼新群"]
    assert card.is_edited and "2位邻居也遇到" in card.shown.text
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

    monkeypatch.setattr(desk.app.delivery._outcomes, "_chat_changed", broken)
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
    monkeypatch.setattr("bot.app.FINISH_WITHIN_S", 0.05)
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


@pytest.mark.skipif(font_path() is None, reason="no Chinese font: apt install fonts-noto-cjk")
async def test_a_chart_is_drawn_and_stored_once_however_often_it_is_sent(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outcomes.FIRST_BACKOFF_S", 0.002)
    screen = Screen()
    screen.refusals = [SendError("tried_often"), SendError("tried_often")]
    app = App(database, [screen])
    await app.open()
    chart = Chart("车棚建在哪", (Bar("东侧", 1, "1票"),), "共1票")

    async def put(unit: Unit) -> list[Post]:
        body = packed(Shown("结果", chart=chart))
        await unit.outbox.put(Post("memory", "3号楼", "send", body))
        return list(unit.outbox.fresh)

    app.delivery.take(await database.unit(put))
    running = asyncio.create_task(app.delivery.run())
    await until(lambda: bool(screen.events))

    async def counted(unit: Unit) -> int:
        return int(await value("select count(*) from photos"))

    assert len(screen.tried) == 3
    assert await database.unit(counted) == 1
    assert screen.events[0].shown.photo is not None
    running.cancel()
    await asyncio.wait([running])
    await app.close()


async def test_a_card_that_was_deleted_over_there_is_no_failure(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = town.town.screen
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")
    real, tried = screen.send, []

    async def send(post: Post) -> str | None:
        if post.kind == "edit" and post.address == "3号楼":
            tried.append(post.ref)
            raise SendError("refused", is_permanent=True, is_message_gone=True)
        return await real(post)

    monkeypatch.setattr(type(screen), "send", lambda self, post: send(post))
    for who in ("刘大爷", "小陈", "吴老师"):
        await town.says(who, "附议 1")
    monkeypatch.undo()
    await town.says("王阿姨", "看 1", at="3号楼")
    await town.says("张楼长", "派单 1 维修队")

    database = town.town.app.database
    assert len(tried) == 1
    assert await database.unit(lambda unit: unit.failures.below(["/"])) == []
    assert "已派单" in town.card("3号楼")


async def test_a_passing_note_that_storage_fails_is_let_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(post: Post) -> str | None:
        raise StorageFault(Fault.UNREACHABLE, "x")

    monkeypatch.setattr(desk.screen, "send", broken)
    desk.start()
    await desk.post("一", kind="toast")
    await desk.sent()

    assert desk.app.delivery._queues["memory"].held == set()
