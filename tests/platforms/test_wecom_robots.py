"""Robots of groups: notices while the bot cannot speak, and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.clock import HeldClock
from bot.example import seed
from bot.platforms.base import SendError
from bot.platforms.wecom.connection import Credentials
from bot.platforms.wecom.platform import MUTE_S, Options, WeComPlatform
from bot.platforms.wecom.robots import PER_MINUTE
from handlers.messages import Shown, packed
from storage.database import Database, Driver
from storage.outbox import Post, Priority
from tests.platforms.desk import until
from tests.platforms.fake_webhooks import FakeWebhooks
from tests.platforms.held_timing import HeldTiming


@pytest.fixture
def timing() -> HeldTiming:
    return HeldTiming()


@pytest.fixture
async def webhooks() -> AsyncIterator[FakeWebhooks]:
    server = FakeWebhooks()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def mute(
    driver: Driver, clock: HeldClock, webhooks: FakeWebhooks, timing: HeldTiming
) -> AsyncIterator[WeComPlatform]:
    """A bot that reaches nobody, with a robot in 3号楼."""
    database = Database(driver, clock)
    await database.open()
    await database.unit(lambda unit: seed(unit, "wecom"))
    platform = WeComPlatform(
        Credentials("BOT1", "s", "ws://127.0.0.1:1"),
        database,
        Options("助手", robots={"3号楼": f"{webhooks.url}/robot"}),
        timing=timing,
    )

    async def nobody(incoming: object) -> None:
        raise AssertionError("nobody speaks")

    running = asyncio.create_task(platform.run(nobody))
    await until(lambda: platform.state() == "unreachable")
    yield platform
    await platform.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()


def notice(
    text: str, to: str = "3号楼", priority: Priority = Priority.REMINDER, number: int = 1
) -> Post:
    return Post("wecom", to, "send", packed(Shown(text)), priority, id=number)


async def test_posts_wait_at_first_and_then_may_go_by_robot(
    mute: WeComPlatform, timing: HeldTiming
) -> None:
    assert not mute.sends_here()
    await timing.move(MUTE_S)

    assert mute.sends_here()


async def test_a_notice_of_a_group_goes_by_its_robot(
    mute: WeComPlatform, webhooks: FakeWebhooks
) -> None:
    await mute.send(notice("明天停水 *9点*"))

    assert webhooks.words("robot") == ["明天停水 ＊9点＊"]


@pytest.mark.parametrize(
    "post",
    [
        notice("给一个人的", to="@王阿姨"),
        notice("没有机器人的群", to="2号楼"),
        notice("一句回答", priority=Priority.ANSWER),
    ],
)
async def test_everything_else_waits(
    mute: WeComPlatform, webhooks: FakeWebhooks, post: Post
) -> None:
    with pytest.raises(SendError) as error:
        await mute.send(post)

    assert not error.value.is_permanent
    assert webhooks.said == {}


async def test_a_long_notice_comes_in_parts_of_its_size(
    mute: WeComPlatform, webhooks: FakeWebhooks
) -> None:
    await mute.send(notice("字" * 2000))

    assert [len(words.encode()) for words in webhooks.words("robot")] == [4095, 1905]


async def test_a_robot_is_not_asked_for_more_than_it_takes(
    mute: WeComPlatform, webhooks: FakeWebhooks
) -> None:
    for number in range(PER_MINUTE):
        await mute.send(notice("停水", number=number + 1))
    with pytest.raises(SendError):
        await mute.send(notice("停水", number=99))

    assert len(webhooks.words("robot")) == PER_MINUTE


async def test_a_robot_that_refuses_leaves_the_post_waiting(
    mute: WeComPlatform, webhooks: FakeWebhooks
) -> None:
    webhooks.errcodes = [93000]
    with pytest.raises(SendError) as error:
        await mute.send(notice("停水"))

    assert not error.value.is_permanent
