"""Sending to WeCom: answers and pushes, cards and numbers, and what a refusal leads to."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from bot.clock import HeldClock
from bot.platforms.base import SendError
from bot.platforms.wecom.connection import Credentials
from bot.platforms.wecom.platform import Options, WeComPlatform
from handlers.messages import OPEN_PRIVATE, Document, Form, Incoming, Shown, packed
from storage.database import Database
from storage.outbox import Post, Priority
from storage.photos import StoredPhoto
from storage.sqlite import SqliteDriver
from tests.platforms.desk import until
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom
from tests.platforms.held_timing import HeldTiming

BUTTONS = [[["附议", "second:1.1"]], [["帮助", "help"]]]
FORM = Form("handin:5.1", "车棚建在哪", ("东侧", "西侧", "不建"), note="票5 实名")
_ids = count(1)


@dataclass
class Line:
    """A platform on the fake, spoken to and used without the rest of the program."""

    fake: FakeWeCom
    timing: HeldTiming
    platform: WeComPlatform
    database: Database
    received: list[Any]

    async def send(self, shown: Shown, to: str = "@王阿姨", **fields: Any) -> str | None:
        post = Post("wecom", to, "send", packed(shown), id=next(_ids))
        return await self.platform.send(replace(post, **fields))

    async def note(self, text: str, ref: str | None, to: str) -> None:
        await self.platform.send(Post("wecom", to, "toast", packed(Shown(text)), ref=ref))

    async def heard(self, number: int) -> Incoming:
        await until(lambda: len(self.received) >= number)
        found: Incoming = self.received[number - 1]
        return found

    async def photo(self, content: bytes) -> int:
        stored = StoredPhoto("image/jpeg", content)

        async def kept(unit: Any) -> int:
            found: int = await unit.photos.add(
                stored, community_id=None, person_id=None, now=unit.now
            )
            return found

        return await self.database.unit(kept)

    def commands(self) -> list[str]:
        return [frame["cmd"] for frame in self.fake.frames]


@pytest.fixture
async def line(tmp_path: Any, clock: HeldClock) -> AsyncIterator[Line]:
    timing = HeldTiming()
    fake = FakeWeCom(timing)
    await fake.start()
    database = Database(SqliteDriver(tmp_path / "mulin.db"), clock)
    await database.open()
    received: list[Any] = []

    async def take(incoming: Any) -> None:
        received.append(incoming)

    platform = WeComPlatform(
        Credentials(BOT_ID, SECRET, fake.url), database, Options("助手"), timing=timing
    )
    running = asyncio.create_task(platform.run(take))
    await until(lambda: platform.state() == "ok")
    fake.spoken |= {"@王阿姨", "3号楼"}
    yield Line(fake, timing, platform, database, received)
    await platform.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()
    await fake.stop()
    assert fake.problems == []


async def test_an_answer_goes_by_the_callback_and_what_follows_is_pushed(line: Line) -> None:
    await line.fake.says("王阿姨", "报事")
    await line.heard(1)
    await line.send(Shown("好"))
    await line.send(Shown("还有"))

    assert line.commands() == ["aibot_respond_msg", "aibot_send_msg"]
    assert line.fake.bubbles("@王阿姨")[0].body["msgtype"] == "stream"
    assert line.fake.sees("王阿姨") == "好\n还有"


async def test_in_a_group_the_message_that_is_meant_is_answered(line: Line) -> None:
    for who in ("王阿姨", "刘大爷"):
        await line.fake.says(who, "@助手 报事", "3号楼")
    first = await line.heard(1)
    await line.heard(2)
    await line.send(Shown("给王阿姨", reply_to=first.ref), "3号楼")
    await line.send(Shown("给大家"), "3号楼")

    answers = [(bubble.reply_to, bubble.text()) for bubble in line.fake.bubbles("3号楼")]
    assert answers == [("王阿姨", "给王阿姨"), ("", "给大家")]


async def test_a_reminder_is_no_answer(line: Line) -> None:
    await line.fake.says("王阿姨", "报事")
    await line.heard(1)
    await line.send(Shown("记得投票"), priority=Priority.REMINDER)

    assert line.commands() == ["aibot_send_msg"]


@pytest.mark.parametrize("code", [846605, 846608])
async def test_an_answer_that_comes_too_late_is_pushed(line: Line, code: int) -> None:
    await line.fake.says("王阿姨", "报事")
    await line.heard(1)
    line.fake.next_refusals["aibot_respond_msg"] = [code]
    await line.send(Shown("好"))

    assert line.commands() == ["aibot_respond_msg", "aibot_send_msg"]
    assert line.fake.sees("王阿姨") == "好"


async def test_opening_the_private_chat_is_answered_with_a_welcome(line: Line) -> None:
    await line.fake.enters("王阿姨")
    await line.heard(1)
    await line.send(Shown("您好", BUTTONS))

    assert line.commands() == ["aibot_respond_welcome_msg"]
    assert "您好" in line.fake.sees("王阿姨")


async def test_a_welcome_after_five_seconds_is_pushed(line: Line) -> None:
    await line.fake.enters("王阿姨")
    await line.heard(1)
    await line.timing.move(6)
    await line.send(Shown("您好"))

    assert line.commands() == ["aibot_respond_welcome_msg", "aibot_send_msg"]


async def test_what_people_typed_is_never_markup(line: Line) -> None:
    typed = "*灯* <@all> [了](http://x.cn) `x` # a\n# 标题\n- 一\n<think>_x_</think>"
    await line.send(Shown(typed))
    seen = line.fake.sees("王阿姨")

    assert not set("*`<[") & set(seen)
    assert "http://x.cn" in seen
    assert "\n# " not in seen and "\n- " not in seen


async def test_a_long_text_is_cut_between_characters_by_bytes(line: Line) -> None:
    await line.send(Shown("字" * 7000))
    texts = [bubble.text() for bubble in line.fake.bubbles("@王阿姨")]

    assert [len(text.encode()) for text in texts] == [20478, 522]
    assert "".join(texts) == "字" * 7000


async def test_a_part_that_has_arrived_is_not_sent_again(line: Line) -> None:
    long = Post("wecom", "@王阿姨", "send", packed(Shown("字" * 7000)), id=next(_ids))
    line.fake.next_refusals["aibot_send_msg"] = [0, 45033]
    with pytest.raises(SendError):
        await line.platform.send(long)
    await line.platform.send(long)

    assert len(line.fake.bubbles("@王阿姨")) == 2


async def test_buttons_are_a_card_with_a_number_each(line: Line) -> None:
    await line.send(Shown("报1 · 待派单\n五楼灯坏了", BUTTONS), "3号楼")
    (bubble,) = line.fake.bubbles("3号楼")

    assert bubble.body["template_card"]["card_type"] == "button_interaction"
    assert bubble.text() == "报1 · 待派单\n五楼灯坏了\n[1 附议]\n[2 帮助]"


async def test_a_card_that_cannot_show_all_comes_behind_its_words(line: Line) -> None:
    await line.send(Shown(f"报1 · 待派单\n{'灯' * 200}", BUTTONS), "3号楼")
    words, card = line.fake.bubbles("3号楼")

    assert "灯" * 200 in words.text() and "1 附议" in words.text()
    assert card.card is not None and len(card.card["sub_title_text"]) == 112


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (6, "button_interaction"),
        (7, "multiple_interaction"),
        (10, "multiple_interaction"),
        (11, "vote_interaction"),
        (20, "vote_interaction"),
    ],
)
async def test_many_buttons_are_a_list(line: Line, number: int, kind: str) -> None:
    await line.send(Shown("派给谁？", [[[f"第{i}队", f"=s{i}"]] for i in range(number)]))
    card = line.fake.bubbles("@王阿姨")[-1].card

    assert card is not None and card["card_type"] == kind


async def test_more_than_a_card_holds_is_answered_by_number(line: Line) -> None:
    await line.send(Shown("哪一栋？", [[[f"{i}号楼", f"=p{i}"]] for i in range(1, 26)]), "3号楼")
    (bubble,) = line.fake.bubbles("3号楼")

    assert bubble.card is None
    assert "25 25号楼" in bubble.text() and "@助手 1" in bubble.text()


async def test_a_poll_is_a_ballot_paper(line: Line) -> None:
    options = [[[name, f"vote:5.1:{i}"]] for i, name in enumerate(FORM.options)]
    await line.send(Shown("票5 · 投票中\n车棚建在哪", options, form=FORM), "3号楼")
    (bubble,) = line.fake.bubbles("3号楼")

    assert bubble.text() == "车棚建在哪\n票5 实名\n[1 东侧]\n[2 西侧]\n[3 不建]"
    assert bubble.card is not None and bubble.card["checkbox"]["mode"] == 0


async def test_a_tap_changes_the_card_for_whoever_tapped(line: Line) -> None:
    await line.send(Shown("报1", BUTTONS), "3号楼")
    await line.fake.presses("刘大爷", "附议", "3号楼")
    incoming = await line.heard(1)
    assert incoming.press is not None
    await line.note("已附议", incoming.press.ref, "3号楼")

    assert "已附议" in line.fake.sees("刘大爷", "3号楼")
    assert "已附议" not in line.fake.sees("王阿姨", "3号楼")


async def test_a_tap_that_is_answered_too_late_is_told_in_private(line: Line) -> None:
    await line.send(Shown("报1", BUTTONS), "3号楼")
    await line.fake.presses("王阿姨", "附议", "3号楼")
    incoming = await line.heard(1)
    assert incoming.press is not None
    await line.timing.move(6)
    with pytest.raises(SendError):
        await line.note("已附议", incoming.press.ref, "3号楼")

    assert line.fake.sees("王阿姨") == "已附议"


async def test_a_tap_on_a_card_from_before_a_restart_is_answered(line: Line) -> None:
    old = {"card_type": "button_interaction", "task_id": "c0-9-abc"}
    line.fake.show("@王阿姨", {"msgtype": "template_card", "template_card": old | {
        "main_title": {"title": "派给谁？"}, "button_list": []}})  # fmt: skip
    await line.fake.taps("王阿姨", old, "=s1", {})
    incoming = await line.heard(1)
    assert incoming.press is not None
    await line.note("这个按钮过期了", incoming.press.ref, "@王阿姨")

    assert "这个按钮过期了" in line.fake.sees("王阿姨")


async def test_a_task_id_is_never_used_twice(line: Line) -> None:
    post = Post("wecom", "@王阿姨", "send", packed(Shown("报1", BUTTONS)), id=next(_ids))
    await line.platform.send(post)
    line.fake.next_refusals["aibot_send_msg"] = [42014]
    await line.platform.send(post)
    tasks = [f["body"]["template_card"]["task_id"] for f in line.fake.frames]

    assert len(set(tasks)) == 3


async def test_what_leads_to_the_private_chat_is_said_in_words(line: Line) -> None:
    await line.send(Shown("请私下说", [[["私聊我", OPEN_PRIVATE]]]), "3号楼")

    assert "私聊我：点我的头像" in line.fake.sees("王阿姨", "3号楼")


async def test_a_picture_is_uploaded_once_in_chunks(line: Line) -> None:
    content = bytes(range(256)) * 5000
    photo = await line.photo(content)
    await line.send(Shown("报1", photo=photo))
    await line.send(Shown("报1", photo=photo), "3号楼")

    assert list(line.fake.files.values()) == [content]
    assert line.commands().count("aibot_upload_media_chunk") == 3


async def test_the_same_chart_for_many_groups_is_uploaded_once(line: Line) -> None:
    charts = [await line.photo(b"the same chart") for _ in range(3)]
    for chart in charts:
        await line.send(Shown("票5 投票结束", photo=chart), "3号楼")

    assert len(line.fake.files) == 1


async def test_uploads_keep_to_what_a_bot_may(line: Line) -> None:
    for number in range(28):
        await line.send(Shown("", photo=await line.photo(b"photo %d" % number)))
        await line.timing.move(2)
    with pytest.raises(SendError) as error:
        await line.send(Shown("报1", photo=await line.photo(b"one more")))

    assert error.value.retry_after is not None
    assert line.fake.refusals == {}


async def test_a_document_keeps_its_name(line: Line) -> None:
    stored = await line.photo(b"%PDF-1.7 minutes")
    await line.send(Shown("纪要", document=Document(stored, "纪要.pdf")))
    begun = next(f["body"] for f in line.fake.frames if f["cmd"] == "aibot_upload_media_init")

    assert (begun["type"], begun["filename"]) == ("file", "纪要.pdf")
    assert line.fake.bubbles("@王阿姨")[0].body["msgtype"] == "file"


async def test_a_picture_that_was_deleted_leaves_the_words(line: Line) -> None:
    await line.send(Shown("报1", photo=99))

    assert line.fake.sees("王阿姨") == "报1"


@pytest.mark.parametrize(
    ("code", "reason", "is_permanent", "is_chat_gone"),
    [
        (93001, "gone", True, True),
        (93006, "gone", True, True),
        (93008, "gone", True, True),
        (40008, "refused", True, False),
        (45009, "tried_often", False, False),
        (45033, "tried_often", False, False),
        (6000, "tried_often", False, False),
    ],
)
async def test_what_a_refusal_means(
    line: Line, code: int, reason: str, is_permanent: bool, is_chat_gone: bool
) -> None:
    line.fake.next_refusals["aibot_send_msg"] = [code]
    with pytest.raises(SendError) as error:
        await line.send(Shown("报1"), "3号楼")

    found = (error.value.reason, error.value.is_permanent, error.value.is_chat_gone)
    assert found == (reason, is_permanent, is_chat_gone)


async def test_wecoms_own_code_of_a_refusal_is_logged_and_nobodys_words(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    line.fake.next_refusals["aibot_send_msg"] = [40016]
    with pytest.raises(SendError):
        await line.send(Shown("家里没人"), "3号楼")

    told = [r for r in caplog.records if getattr(r, "event", "") == "wecom_refused"]
    assert [getattr(r, "code", 0) for r in told] == [40016]
    assert "家里没人" not in caplog.text


async def test_a_chat_in_which_nobody_spoke_takes_nothing(line: Line) -> None:
    with pytest.raises(SendError) as error:
        await line.send(Shown("报1"), "@陌生人")

    assert (error.value.reason, error.value.is_chat_gone) == ("never_spoken", True)


async def test_what_is_not_acknowledged_is_not_sent_again(line: Line) -> None:
    line.fake.loses_acks = True
    sending = asyncio.create_task(line.send(Shown("票5")))
    await until(lambda: bool(line.fake.frames))
    await line.timing.move(5)
    with pytest.raises(SendError) as error:
        await sending

    assert (error.value.reason, error.value.is_permanent) == ("unknown", True)


async def test_an_edit_sends_nothing(line: Line) -> None:
    assert await line.send(Shown("报1"), kind="edit", ref="c1-1-x") == "c1-1-x"
    assert line.fake.frames == []
