"""Groups 群: added, moved, blocked; forged taps; photos; who hides behind a group."""

import io

import pytest
from PIL import Image

from bot.platforms.telegram import polling
from handlers.wording import texts
from storage.statement import value
from tests.platforms.fake_telegram import Fault
from tests.platforms.fake_world import GROUP_ANONYMOUS_BOT, Json
from tests.platforms.telegram_town import TelegramTown

GPS_IFD = 0x8825


def photo_with_place() -> bytes:
    """A photo as a phone takes it, with the place in it."""
    exif = Image.Exif()
    exif.get_ifd(GPS_IFD)[1] = "N"
    exif[0x0110] = "Phone of 王阿姨"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def count(street: TelegramTown, question: str) -> int:
    async def asked(_: object) -> int:
        return int(await value(question))

    return await street.app.database.unit(asked)


async def test_a_photo_goes_with_the_report_and_tells_no_place(street: TelegramTown) -> None:
    street.fake.files["p1"] = photo_with_place()
    photo = [{"file_id": "p1", "width": 64, "height": 48}]
    await street.says("王阿姨", "", at="3号楼", photo=photo, caption="报事 五楼灯坏了")
    stored = await street.app.database.unit(lambda unit: unit.photos.get(1))

    assert "📷" in street.fake.last("3号楼")
    assert street.fake.bubbles("3号楼")[-1].photo
    assert stored is not None
    assert not Image.open(io.BytesIO(stored.content)).getexif()


async def test_a_photo_finishes_the_work_and_is_shown_on_the_card(street: TelegramTown) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await street.says("李网格", "派单 1 赵师傅")
    await street.says("赵师傅", "接单 1")
    await street.presses("赵师傅", "办结")
    street.fake.files["p1"] = photo_with_place()
    await street.says("赵师傅", "", photo=[{"file_id": "p1", "width": 64, "height": 48}])

    assert "待验单" in street.fake.last("3号楼")
    assert any(bubble.photo for bubble in street.fake.bubbles("王阿姨"))


async def test_a_redelivered_update_changes_nothing(street: TelegramTown) -> None:
    fake = street.fake
    fake.hold_s = 0.005
    number = fake.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    again = dict(fake.updates[-1])
    await street.settle()
    polls = fake.polls
    await street.until(lambda: fake.polls > polls + 3)
    assert again["update_id"] == number
    fake.updates.append(again)
    await street.settle()

    assert await count(street, "select count(*) from issues") == 1
    assert len(fake.bubbles("3号楼")) == 1


async def test_a_corrected_message_corrects_the_report(street: TelegramTown) -> None:
    street.fake.push(
        {"message": street.fake.message("王阿姨", "报事 五楼灯坏了", "3号楼", message_id=900)}
    )
    await street.settle()
    street.fake.edits("王阿姨", 900, "报事 六楼灯坏了", at="3号楼")
    await street.settle()

    assert "六楼灯坏了" in street.fake.last("3号楼")


async def test_neighbours_talk_is_answered_with_silence(street: TelegramTown) -> None:
    before = await count(street, "select count(*) from inbox")
    await street.says("王阿姨", "晚上一起跳舞吗", at="3号楼")

    assert street.fake.bubbles("3号楼") == []
    assert await count(street, "select count(*) from inbox") == before


@pytest.mark.parametrize(
    "data", ["verify:1", "second:99999", "admit:1:1", "nothing", "=!", "🏮" * 16]
)
async def test_a_forged_tap_gets_a_short_answer_and_changes_nothing(
    street: TelegramTown, data: str
) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    card = street.fake.last("3号楼")
    street.fake.taps("刘大爷", data, at="3号楼")
    await street.settle()

    assert street.note
    assert street.fake.last("3号楼") == card


async def test_a_stale_tap_is_answered(street: TelegramTown) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await street.says("王阿姨", "撤回 1")
    await street.says("王阿姨", "好的")
    street.fake.taps("刘大爷", "second:1", at="3号楼")
    await street.settle()

    assert "已撤回" in street.note


async def test_a_tap_too_old_to_be_answered_still_counts(street: TelegramTown) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    street.fake.faults.append(
        Fault(
            "refuse", "answerCallbackQuery", status=400, description="Bad Request: query is too old"
        )
    )
    await street.presses("刘大爷", "附议", at="3号楼")

    assert "1位邻居也遇到" in street.fake.last("3号楼")


async def test_a_new_group_is_told_who_we_are(street: TelegramTown) -> None:
    street.fake.member("left", "member", "张楼长", at="7号楼")
    await street.settle()

    assert "绑定" in street.fake.last("7号楼")


async def test_a_group_that_we_left_gets_nothing_more(street: TelegramTown) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    card = street.fake.last("3号楼")
    street.fake.member("member", "kicked", "张楼长", at="3号楼")
    await street.settle()
    await street.says("王阿姨", "撤回 1")
    await street.says("王阿姨", "好的")

    assert street.fake.last("3号楼") == card


async def test_a_group_keeps_its_place_when_it_is_upgraded(street: TelegramTown) -> None:
    fake = street.fake
    old, new = fake.group("3号楼"), fake.group("3号楼新群")
    gone = fake.message("张楼长", at="3号楼", migrate_to_chat_id=new)
    fake.push({"message": gone | {"chat": {"id": old, "type": "group"}}})
    fake.push({"message": fake.message("张楼长", at="3号楼新群", migrate_from_chat_id=old)})
    await street.settle()

    assert "报1 · 待派单" in await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼新群")


async def test_a_post_follows_a_group_whose_upgrade_nobody_told(street: TelegramTown) -> None:
    fake = street.fake
    fake.moved[fake.group("3号楼")] = fake.group("3号楼新群")
    await street.says("王阿姨", "报事 五楼灯坏了")

    assert "报1 · 待派单" in fake.last("3号楼新群")


async def test_whoever_blocked_us_is_shown_to_staff_and_left_alone(street: TelegramTown) -> None:
    fake = street.fake
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    fake.blocked.add(fake.person("王阿姨"))
    await street.says("李网格", "派单 1 维修队")
    assert "停用了机器人" in await street.says("李网格", "运行")

    calls = fake.counts["sendmessage"]
    await street.says("赵师傅", "接单 1")
    assert [
        call for call in list(fake.calls)[-4:] if call[1].get("chat_id") == fake.ids["王阿姨"]
    ] == []
    assert fake.counts["sendmessage"] > calls


async def test_whoever_unblocks_us_and_writes_is_reached_again(street: TelegramTown) -> None:
    fake = street.fake
    fake.member("member", "kicked", "王阿姨")
    await street.settle()
    fake.member("kicked", "member", "王阿姨")
    await street.says("王阿姨", "我的")
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await street.says("李网格", "派单 1 维修队")

    assert "已派给维修队" in fake.last("王阿姨")


async def test_an_anonymous_administrator_is_told_once_to_show_themselves(
    street: TelegramTown,
) -> None:
    fake = street.fake
    hidden: Json = {
        "from": {"id": GROUP_ANONYMOUS_BOT, "is_bot": True, "first_name": "Group"},
        "sender_chat": {"id": fake.group("3号楼"), "type": "supergroup"},
    }
    await street.says("张楼长", "报事 五楼灯坏了", at="3号楼", **hidden)
    await street.says("张楼长", "报事 六楼灯坏了", at="3号楼", **hidden)
    await street.says("张楼长", "大家好", at="3号楼", **hidden)

    assert [b.text for b in fake.bubbles("3号楼")] == [texts("zh")["telegram.anonymous"]]
    assert await count(street, "select count(*) from issues") == 0


async def test_a_report_in_a_topic_is_answered_there(street: TelegramTown) -> None:
    await street.says(
        "王阿姨", "报事 五楼灯坏了", at="3号楼", is_topic_message=True, message_thread_id=77
    )

    assert street.fake.bubbles("3号楼")[-1].thread == 77


async def test_a_link_with_a_code_lets_its_household_in(street: TelegramTown) -> None:
    invitation = await street.says("张楼长", "邀请 3-2-502")
    code = invitation.split("邀请码：")[1][:9].replace("-", "")
    await street.says("新邻居", f"/start {code}")
    assert "境外的服务器" in street.fake.last("新邻居")
    await street.presses("新邻居", "同意，登记")

    assert "欢迎" in street.fake.last("新邻居")


async def test_a_server_in_trouble_loses_nothing(
    street: TelegramTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outcomes.FIRST_BACKOFF_S", 0.005)
    monkeypatch.setattr(polling, "FIRST_WAIT_S", 0.005)
    street.fake.faults += [
        Fault("refuse", "sendMessage", status=502, description="Bad Gateway", times=2),
        Fault("break_before", "sendMessage"),
        Fault("slow", "sendMessage", seconds=0.05),
        Fault("break_before", "getUpdates", times=2, after=1),
        Fault("break_before", "editMessageText"),
        Fault("refuse", "answerCallbackQuery", times=1),
    ]
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await street.presses("刘大爷", "附议", at="3号楼")
    await street.says("李网格", "派单 1 维修队")

    assert "报1 · 已派单" in street.fake.last("3号楼")
    assert "1位邻居也遇到" in street.fake.last("3号楼")
    assert len(street.fake.bubbles("3号楼")) == 1
    assert "已派给维修队" in street.fake.sees("王阿姨")
