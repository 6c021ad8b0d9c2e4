"""Sending 发信: what arrives in Telegram, and what a refusal leads to."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from bot.platforms.base import SendError
from bot.platforms.telegram import TelegramPlatform
from handlers.messages import OPEN_PRIVATE, Document, Shown, packed
from storage.outbox import Post
from storage.photos import StoredPhoto
from tests.platforms.fake_telegram import TOKEN, FakeTelegram, Fault
from tests.platforms.fake_world import BOT_NAME
from tests.platforms.telegram_town import NO_PACE

BUTTONS = [[["附议", "second:1"]]]
_ids = count(1)


async def one_photo(photo_id: int) -> StoredPhoto | None:
    return StoredPhoto("image/jpeg", b"jpeg") if photo_id == 7 else None


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(TOKEN, api_url=fake.url, load_photo=one_photo, pace=NO_PACE)
    yield platform
    await platform.stop()


def post(
    fake: FakeTelegram,
    shown: Shown,
    *,
    to: str = "王阿姨",
    kind: str = "send",
    ref: str | None = None,
    thread: str | None = None,
) -> Post:
    chat_id = fake.group(to) if to.endswith("楼") else fake.person(to)
    return Post(
        "telegram", str(chat_id), kind, packed(shown), ref=ref, thread=thread, id=next(_ids)
    )


async def test_what_people_typed_is_never_markup(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("*灯* <b>坏</b> [了](http://x.cn) _x", BUTTONS)))

    assert fake.sees("王阿姨") == "*灯* <b>坏</b> [了](http://x.cn) _x\n[附议]"
    (call,) = fake.called("sendMessage")
    assert "parse_mode" not in call
    assert call["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_comes_in_parts_with_its_buttons_last(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    ref = await telegram.send(post(fake, Shown("\n".join(["一行字" * 30] * 60), BUTTONS)))
    first, last = fake.bubbles("王阿姨")

    assert (first.buttons, last.buttons[0]["text"]) == ([], "附议")
    assert ref == str(last.message_id)


async def test_a_part_that_has_arrived_is_not_sent_again(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    fake.faults.append(Fault("refuse", "sendMessage", after=1))
    long = post(fake, Shown("字" * 5000, BUTTONS))
    with pytest.raises(SendError):
        await telegram.send(long)
    await telegram.send(long)

    assert [len(bubble.text) for bubble in fake.bubbles("王阿姨")] == [4096, 904]


async def test_a_card_with_a_picture_is_one_message(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    ref = await telegram.send(post(fake, Shown("报1 · 待派单", BUTTONS, photo=7)))
    (bubble,) = fake.bubbles("王阿姨")

    assert (bubble.text, bool(bubble.photo)) == ("报1 · 待派单", True)
    assert ref == f"{bubble.message_id}p"


async def test_a_picture_is_uploaded_once_only(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("报1", photo=7)))
    await telegram.send(post(fake, Shown("报1", photo=7), to="3号楼"))

    assert fake.called("sendPhoto")[1]["photo"] == fake.bubbles("王阿姨")[0].photo


async def test_a_picture_with_a_long_text_is_two_messages(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    ref = await telegram.send(post(fake, Shown("字" * 1025, BUTTONS, photo=7)))
    picture, text = fake.bubbles("王阿姨")

    assert (picture.text, picture.buttons) == ("", [])
    assert (len(text.text), ref) == (1025, str(text.message_id))


async def test_a_picture_that_was_deleted_leaves_the_words(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("报1", photo=8)))

    assert fake.sees("王阿姨") == "报1"


@pytest.mark.parametrize("photo", [None, 7])
async def test_a_card_is_edited_as_it_was_sent(
    fake: FakeTelegram, telegram: TelegramPlatform, photo: int | None
) -> None:
    ref = await telegram.send(post(fake, Shown("报1 · 待派单", BUTTONS, photo=photo)))
    edited = await telegram.send(post(fake, Shown("报1 · 已派单"), kind="edit", ref=ref))

    assert fake.sees("王阿姨") == "报1 · 已派单"
    assert edited == ref


async def test_an_edit_that_changes_nothing_is_done(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    ref = await telegram.send(post(fake, Shown("报1", BUTTONS)))

    assert await telegram.send(post(fake, Shown("报1", BUTTONS), kind="edit", ref=ref)) == ref


async def test_an_edit_of_a_deleted_message_is_given_up(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    with pytest.raises(SendError) as refused:
        await telegram.send(post(fake, Shown("报1"), kind="edit", ref="999"))

    assert refused.value.is_permanent
    assert not refused.value.is_chat_gone


async def test_a_tap_is_answered_with_a_short_note_or_none(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("好" * 300), kind="toast", ref="q1"))
    await telegram.send(post(fake, Shown(""), kind="toast", ref="q2"))

    assert fake.notes == {"q1": "好" * 199 + "…", "q2": ""}


async def test_a_question_in_a_group_asks_one_person(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    asking = Shown("哪里坏了？", [[["取消", "=cancel"]]], asks=True, reply_to="5")
    await telegram.send(post(fake, asking, to="3号楼"))
    (bubble,) = fake.bubbles("3号楼")

    assert bubble.markup == {"force_reply": True, "selective": True}
    assert bubble.reply_to == 5


async def test_a_topic_gets_its_own_answers(fake: FakeTelegram, telegram: TelegramPlatform) -> None:
    await telegram.send(post(fake, Shown("报1"), to="3号楼", thread="12"))

    assert fake.bubbles("3号楼")[0].thread == 12


async def test_what_belongs_into_a_deleted_topic_goes_to_the_group(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("报1"), to="3号楼", thread="-1"))

    assert fake.bubbles("3号楼")[0].thread is None


async def test_the_button_to_our_private_chat_is_a_link(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("请私聊", [[["打开私聊", OPEN_PRIVATE]]]), to="3号楼"))

    assert fake.bubbles("3号楼")[0].buttons[0]["url"] == f"https://t.me/{BOT_NAME}?start=hi"


@pytest.mark.parametrize("kind", ["break_before", "break_after"])
async def test_a_connection_that_breaks_is_tried_again_later(
    fake: FakeTelegram, telegram: TelegramPlatform, kind: str
) -> None:
    fake.faults.append(Fault(kind, "sendMessage"))
    with pytest.raises(SendError) as failed:
        await telegram.send(post(fake, Shown("报1")))

    assert not failed.value.is_permanent


async def test_an_answer_that_is_no_json_is_tried_again_later(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    fake.faults.append(Fault("refuse", "sendMessage", status=502, description="Bad Gateway"))
    with pytest.raises(SendError) as failed:
        await telegram.send(post(fake, Shown("报1")))

    assert not failed.value.is_permanent


async def test_nobody_there_is_tried_again_later(fake: FakeTelegram) -> None:
    nowhere = TelegramPlatform(TOKEN, api_url="http://127.0.0.1:9", load_photo=one_photo)
    with pytest.raises(SendError) as failed:
        await nowhere.send(post(fake, Shown("报1")))
    await nowhere.stop()

    assert not failed.value.is_permanent
    assert TOKEN not in repr(failed.value.__cause__)


async def test_a_person_who_blocked_us_is_out_of_reach(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    fake.blocked.add(fake.person("王阿姨"))
    with pytest.raises(SendError) as refused:
        await telegram.send(post(fake, Shown("报1")))

    assert (refused.value.reason, refused.value.is_chat_gone) == ("blocked", True)


async def test_a_group_that_moved_tells_where(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    fake.moved[fake.group("3号楼")] = -1009
    with pytest.raises(SendError) as refused:
        await telegram.send(post(fake, Shown("报1"), to="3号楼"))

    assert refused.value.moved_to == "-1009"


async def test_nothing_is_sent_any_more_once_we_are_stopped(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.stop()
    with pytest.raises(SendError):
        await telegram.send(post(fake, Shown("报1")))

    assert fake.sees("王阿姨") == ""


async def test_a_document_is_one_message_with_its_words_and_buttons(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    document = Document(7, "meeting-1.ics")
    ref = await telegram.send(post(fake, Shown("会1 请点开", BUTTONS, document=document)))
    (bubble,) = fake.bubbles("王阿姨")

    assert (bubble.text, bubble.buttons[0]["text"]) == ("会1 请点开", "附议")
    assert ref == f"{bubble.message_id}p"
    assert fake.uploads == ["meeting-1.ics"]


async def test_a_document_that_was_deleted_leaves_the_words(
    fake: FakeTelegram, telegram: TelegramPlatform
) -> None:
    await telegram.send(post(fake, Shown("会1 请点开", document=Document(8, "meeting-1.ics"))))

    assert fake.sees("王阿姨") == "会1 请点开"
