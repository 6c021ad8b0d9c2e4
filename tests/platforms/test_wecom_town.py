"""The neighbourhood on WeCom: what is particular there, with the whole program running."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from PIL import Image

from bot.clock import HeldClock
from bot.health import health
from bot.platforms.wecom.aside import CROWDED, SPREAD_MINUTES, aside
from handlers.messages import Shown, packed
from storage.database import Database, Driver
from storage.outbox import Post, Priority
from storage.statement import value
from storage.unit import Unit
from tests.platforms.fake_wecom import FakeWeCom
from tests.platforms.held_timing import HeldTiming
from tests.platforms.wecom_town import WeComTown

POLL = "投票 车棚建在哪 东侧/西侧/不建 周五晚8点"


@pytest.fixture
async def fake() -> AsyncIterator[FakeWeCom]:
    server = FakeWeCom()
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []


@pytest.fixture
async def street(driver: Driver, clock: HeldClock, fake: FakeWeCom) -> AsyncIterator[WeComTown]:
    clock.move_to(clock() + timedelta(minutes=5))
    opened = WeComTown(Database(driver, clock), fake)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def plain_street(
    driver: Driver, clock: HeldClock, fake: FakeWeCom
) -> AsyncIterator[WeComTown]:
    """A street whose groups show no cards."""
    clock.move_to(clock() + timedelta(minutes=5))
    opened = WeComTown(Database(driver, clock), fake, has_cards=False)
    await opened.open()
    yield opened
    await opened.close()


async def opened_poll(street: WeComTown) -> None:
    await street.says("张楼长", POLL, at="3号楼")
    await street.presses("张楼长", "发布", at="3号楼")


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return out.getvalue()


async def test_each_voter_sees_the_count_as_it_is_then(street: WeComTown) -> None:
    await opened_poll(street)
    await street.presses("王阿姨", "东侧", at="3号楼")
    await street.presses("刘大爷", "东侧", at="3号楼")

    assert "东侧·1]" in street.fake.last("王阿姨", "3号楼")
    assert "东侧·2]" in street.fake.last("刘大爷", "3号楼")
    assert "·" not in street.fake.last("小陈", "3号楼").replace(" · ", "")


async def test_a_vote_adds_no_message_to_the_group_and_the_result_adds_one(
    street: WeComTown,
) -> None:
    await opened_poll(street)
    before = len(street.fake.bubbles("3号楼"))
    await street.presses("王阿姨", "东侧", at="3号楼")
    assert len(street.fake.bubbles("3号楼")) == before
    await street.says("张楼长", "结束投票 票1")
    await street.presses("张楼长", "现在结束")

    assert "票1 投票结束：东侧" in street.fake.last("小陈", "3号楼")


async def test_handing_in_the_same_paper_twice_takes_nothing_back(street: WeComTown) -> None:
    await street.says("张楼长", "投票 多选 装什么 摄像头/充电桩/长椅 周五晚8点", at="3号楼")
    await street.presses("张楼长", "发布", at="3号楼")
    for _ in range(2):
        card, key, selected = street.fake.tapped("王阿姨", "摄像头", "3号楼")
        selected["option_ids"]["option_id"] = ["0", "2"]
        await street.fake.taps("王阿姨", card, key, selected, "3号楼")
        await street.settle()

    assert "您投了：摄像头、长椅" in street.fake.last("王阿姨", "3号楼")


async def test_a_tap_on_a_poll_that_is_over_closes_the_paper(street: WeComTown) -> None:
    await opened_poll(street)
    await street.says("张楼长", "结束投票 票1")
    await street.presses("张楼长", "现在结束")
    await street.presses("王阿姨", "东侧", at="3号楼")
    cards = [b.seen_by("王阿姨") for b in street.fake.bubbles("3号楼") if b.card]
    paper = next(card for card in cards if card and card["card_type"] == "vote_interaction")

    assert paper["checkbox"]["disable"] is True
    assert "结束" in paper["main_title"]["desc"]


async def test_without_cards_numbers_are_shown_and_answered(plain_street: WeComTown) -> None:
    street = plain_street
    await street.says("张楼长", POLL, at="3号楼")
    await street.says("张楼长", "1", at="3号楼")
    assert "2 西侧" in street.fake.last("王阿姨", "3号楼")
    assert "@睦邻 助手 1" in street.fake.last("王阿姨", "3号楼")
    await street.says("王阿姨", "2", at="3号楼")

    assert "您投了：西侧" in street.fake.sees("王阿姨", "3号楼")
    assert all(bubble.card is None for bubble in street.fake.bubbles("3号楼"))


async def test_a_photo_is_decrypted_and_reported(street: WeComTown) -> None:
    item = {"msgtype": "image", "image": street.fake.stored(photo())}
    words = {"msgtype": "text", "text": {"content": "@睦邻 助手 报事 灯坏了"}}
    await street.fake.says("王阿姨", at="3号楼", msgtype="mixed", mixed={"msg_item": [words, item]})
    await street.settle()

    assert "照片1张" in street.fake.sees("王阿姨", "3号楼")


async def test_a_quoted_photo_is_reported(street: WeComTown) -> None:
    quote = {"msgtype": "image", "image": street.fake.stored(photo())}
    await street.says("王阿姨", "报事 灯坏了", at="3号楼", quote=quote, msgtype="text")

    assert "照片1张" in street.fake.sees("王阿姨", "3号楼")


async def test_a_photo_that_cannot_be_had_leaves_the_words(street: WeComTown) -> None:
    media = street.fake.stored(photo()) | {"aeskey": "A" * 43}
    await street.says("王阿姨", "报事 灯坏了", quote={"msgtype": "image", "image": media})

    assert "灯坏了" in street.fake.sees("王阿姨")
    assert "照片" not in street.fake.sees("王阿姨")


async def test_the_same_delivery_again_changes_nothing(street: WeComTown) -> None:
    body = street.fake.message("王阿姨", "报事 五楼灯坏了")
    for _ in range(3):
        await street.fake.push("aibot_msg_callback", body)
    await street.settle()

    count = await street.app.database.unit(lambda unit: value("select count(*) from issues"))
    assert count == 1


@pytest.mark.parametrize(("who", "words"), [("王阿姨", "报事"), ("新邻居", "新邻居")])
async def test_who_opens_the_private_chat_is_greeted(
    street: WeComTown, who: str, words: str
) -> None:
    await street.fake.enters(who)
    await street.settle()

    assert street.fake.frames[-1]["cmd"] == "aibot_respond_welcome_msg"
    assert words in street.fake.last(who)


async def test_who_opens_the_private_chat_to_answer_is_not_interrupted(street: WeComTown) -> None:
    await street.says("王阿姨", "报事")
    seen = len(street.fake.bubbles("@王阿姨"))
    await street.fake.enters("王阿姨")
    await street.settle()
    assert len(street.fake.bubbles("@王阿姨")) == seen

    assert "报1" in await street.says("王阿姨", "一楼门禁坏了")


async def test_a_group_that_refuses_is_told_to_staff_and_left_alone(street: WeComTown) -> None:
    street.fake.left.add("3号楼")
    await opened_poll_elsewhere(street)
    frames = len(street.fake.frames)
    await street.says("张楼长", "结束投票 票1")
    await street.presses("张楼长", "现在结束")
    pushed = [f for f in street.fake.frames[frames:] if f["body"].get("chatid") == "3号楼"]

    assert "群已不在" in await street.says("孙主任", "运行")
    assert pushed == []


async def opened_poll_elsewhere(street: WeComTown) -> None:
    """A poll that is opened in private and shown in the group."""
    await street.says("张楼长", POLL)
    await street.presses("张楼长", "发布")


async def test_a_group_that_speaks_again_is_written_to_again(street: WeComTown) -> None:
    street.fake.left.add("3号楼")
    await opened_poll_elsewhere(street)
    street.fake.left.clear()
    await street.says("王阿姨", "投票列表", at="3号楼")
    await street.says("张楼长", "结束投票 票1")
    await street.presses("张楼长", "现在结束")

    assert "投票结束" in street.fake.last("王阿姨", "3号楼")


async def test_the_program_is_well_while_it_is_connected(street: WeComTown) -> None:
    told = (await health(street.app)).told()

    assert told["platforms"] == {"wecom": "ok"}
    assert told["status"] == "ok"


async def test_a_second_process_stands_by_and_takes_over(
    clock: HeldClock, fake: FakeWeCom, street: WeComTown
) -> None:
    database = Database(street.app.database.driver, clock)
    timing = HeldTiming()
    other = WeComTown(database, fake, timing=timing)
    running = asyncio.create_task(other.platform.run(other.app.received))
    await other.until(lambda: other.platform.state() == "standby")
    assert fake.subscribes == ["BOT1"]
    await street.platform.stop()
    await other.until(lambda: timing.next_in is not None)
    await timing.move(10)
    await other.until(lambda: other.platform.state() == "ok")

    assert fake.subscribes == ["BOT1", "BOT1"]
    await other.platform.stop()
    await running


async def test_what_another_process_stores_is_sent_by_the_one_that_is_connected(
    clock: HeldClock, fake: FakeWeCom, street: WeComTown
) -> None:
    other = WeComTown(Database(street.app.database.driver, clock, "other"), fake)
    post = Post("wecom", "3号楼", "send", packed(Shown("明天停水")))

    async def stored(unit: Unit) -> list[Post]:
        await unit.outbox.put(post)
        return unit.outbox.fresh

    other.app.delivery.take(await other.app.database.unit(stored))
    await other.app.delivery.drain()
    street.app.delivery.take([], has_waiting=True)
    await street.until(lambda: street.fake.last("王阿姨", "3号楼") == "明天停水")

    assert len(fake.subscribes) == 1


@pytest.mark.parametrize("minute", range(0, 60, 7))
def test_reminders_keep_off_the_full_and_the_half_hour(minute: int, clock: HeldClock) -> None:
    now = clock().replace(minute=minute)
    goes = [
        aside(Post("wecom", f"群{n}", "send", packed(Shown("x")), Priority.DIGEST), now)
        for n in range(100)
    ]

    assert all(at.minute % 30 >= CROWDED.seconds // 60 for at in goes)
    latest = CROWDED + timedelta(minutes=SPREAD_MINUTES)
    assert all(timedelta() <= at - now <= latest for at in goes)


def test_an_answer_is_never_put_off(clock: HeldClock) -> None:
    assert aside(Post("wecom", "群", "send", packed(Shown("x"))), clock()) == clock()


async def test_who_says_that_they_know_sees_how_many_do(street: WeComTown) -> None:
    await street.says("张楼长", "公告 明天停水 8点到12点", at="3号楼")
    await street.presses("张楼长", "发布", at="3号楼")

    assert "已有1人知道了" in await street.presses("王阿姨", "知道了", at="3号楼")
    assert "已有2人知道了" in await street.presses("刘大爷", "知道了", at="3号楼")


async def test_without_cards_a_number_says_that_one_knows(plain_street: WeComTown) -> None:
    await plain_street.says("张楼长", "公告 明天停水 8点到12点", at="3号楼")
    await plain_street.says("张楼长", "1", at="3号楼")

    assert "告1" in await plain_street.says("王阿姨", "1", at="3号楼")
