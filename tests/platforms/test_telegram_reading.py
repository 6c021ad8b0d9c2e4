"""Reading 来信: what each kind of update becomes."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.reading import Heard, Lens
from bot.platforms.telegram.wire import Me, Message, Update, update_in, updates_in
from handlers.messages import ChatChange, ChatEvent, Incoming, Press
from tests.platforms.fake_world import BOT_ID, BOT_NAME, GROUP_ANONYMOUS_BOT, Json, World

LENS = Lens(Me(BOT_ID, is_bot=True, username=BOT_NAME))
US: Json = {"id": BOT_ID, "is_bot": True, "first_name": "睦邻"}


def read(update: Json) -> Heard | ChatEvent | None:
    found = update_in(msgspec.json.encode({"update_id": 5, **update}))
    assert found is not None
    return LENS.read(found)


def heard(text: str = "", at: str = "", **more: Any) -> Incoming | None:
    found = read({"message": World().message("王阿姨", text, at, **more)})
    return found.incoming if isinstance(found, Heard) else None


def marked(kind: str, text: str, part: str, **more: Any) -> list[Json]:
    """An entity on ``part`` of ``text``, counted as Telegram counts."""
    offset = len(text[: text.index(part)].encode("utf-16-le")) // 2
    return [{"type": kind, "offset": offset, "length": len(part.encode("utf-16-le")) // 2, **more}]


def test_a_message_in_a_group_says_who_where_and_what() -> None:
    found = heard("报事 五楼灯坏了", at="3号楼", message_id=42)

    assert found == Incoming(
        platform="telegram",
        delivery="5",
        chat="-1000000000001",
        is_private=False,
        account="10001",
        name="王阿姨",
        text="报事 五楼灯坏了",
        ref="42",
    )


def test_a_message_in_private_is_private() -> None:
    found = heard("帮助")

    assert found is not None
    assert (found.is_private, found.chat, found.account) == (True, "10001", "10001")


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        (f"@{BOT_NAME} 报事 灯坏了", f"@{BOT_NAME}", "报事 灯坏了"),
        (f"🏮🏮 @{BOT_NAME} 报事 灯坏了", f"@{BOT_NAME}", "🏮🏮 报事 灯坏了"),
        (f"报事 灯坏了 @{BOT_NAME.upper()}", f"@{BOT_NAME.upper()}", "报事 灯坏了"),
    ],
)
def test_a_mention_addresses_us_and_is_taken_out(text: str, part: str, words: str) -> None:
    found = heard(text, at="3号楼", entities=marked("mention", text, part))

    assert found is not None
    assert (found.text, found.is_addressed) == (words, True)


def test_a_mention_of_somebody_else_stays() -> None:
    text = "@liu_dage 您家灯亮吗"
    found = heard(text, at="3号楼", entities=marked("mention", text, "@liu_dage"))

    assert found is not None
    assert (found.text, found.is_addressed) == (text, False)


def test_a_mention_without_a_user_name_addresses_us_too() -> None:
    text = "睦邻 报事 灯坏了"
    found = heard(text, at="3号楼", entities=marked("text_mention", text, "睦邻", user=US))

    assert found is not None
    assert (found.text, found.is_addressed) == ("报事 灯坏了", True)


def test_our_own_command_loses_our_name() -> None:
    found = heard(f"/issue@{BOT_NAME} 灯坏了", at="3号楼")

    assert found is not None
    assert (found.text, found.is_addressed) == ("/issue 灯坏了", True)


def test_another_bots_command_is_not_for_us() -> None:
    assert heard("/issue@other_bot 灯坏了", at="3号楼") is None


def test_a_reply_to_our_message_addresses_us() -> None:
    found = heard("已换新灯", at="3号楼", reply_to_message={"message_id": 3, "from": US})

    assert found is not None
    assert found.is_addressed


def test_a_message_in_a_topic_that_we_opened_is_no_reply_to_us() -> None:
    found = heard(
        "晚上吃什么",
        at="3号楼",
        is_topic_message=True,
        message_thread_id=3,
        reply_to_message={"message_id": 3, "from": US},
    )

    assert found is not None
    assert (found.thread, found.is_addressed) == ("3", False)


def test_a_thread_of_replies_is_no_topic() -> None:
    found = heard("是的", at="3号楼", message_thread_id=3)

    assert found is not None
    assert found.thread is None


def test_an_edited_message_corrects_the_one_before() -> None:
    found = read({"edited_message": World().message("王阿姨", "报事 六楼", message_id=42)})

    assert isinstance(found, Heard)
    assert (found.incoming.is_edit, found.incoming.ref) == (True, "42")


def test_the_largest_photo_and_its_caption_are_taken() -> None:
    sizes = [{"file_id": name, "width": w, "height": w} for name, w in (("s", 90), ("l", 1280))]
    found = read({"message": World().message("王阿姨", photo=sizes, caption="报事 灯坏了")})

    assert isinstance(found, Heard)
    assert (found.file_ids, found.incoming.text) == (("l",), "报事 灯坏了")


def test_an_image_sent_as_a_file_is_a_photo() -> None:
    found = read(
        {
            "message": World().message(
                "王阿姨", document={"file_id": "d", "mime_type": "image/png"}, caption="报事 漏水"
            )
        }
    )

    assert isinstance(found, Heard)
    assert found.file_ids == ("d",)


def test_a_press_carries_its_call_and_where_to_answer_it() -> None:
    world = World()
    world.taps("刘大爷", "second:1", at="3号楼", message_id=9)
    found = LENS.read(updates_in(msgspec.json.encode(list(world.updates)))[0])

    assert isinstance(found, Heard)
    assert found.incoming.press == Press("second:1", "q1")
    assert (found.incoming.ref, found.incoming.is_private) == ("9", False)


def test_a_link_with_a_code_is_the_code() -> None:
    found = heard("/start ABCD2345")

    assert found is not None
    assert found.text == "邀请码 ABCD2345"


def test_a_link_from_the_place_of_a_meeting_checks_in() -> None:
    found = heard("/start in_ABCD2345")

    assert found is not None
    assert found.text == "签到 ABCD2345"


@pytest.mark.parametrize("text", ["/start", "/start hi"])
def test_our_own_link_just_greets(text: str) -> None:
    found = heard(text)

    assert found is not None
    assert found.text == "/start"


def test_an_anonymous_administrator_is_nobody() -> None:
    world = World()
    group = {"id": world.group("3号楼"), "type": "supergroup"}
    anonymous = {"id": GROUP_ANONYMOUS_BOT, "is_bot": True, "first_name": "Group"}
    message = world.message("王阿姨", "报事 灯坏了", "3号楼", sender_chat=group)
    found = read({"message": message | {"from": anonymous}})

    assert isinstance(found, Heard)
    assert found.is_anonymous
    assert found.incoming.account == ""


@pytest.mark.parametrize(
    "more",
    [
        {"from": {"id": 4, "is_bot": True, "first_name": "另一个机器人"}},
        {"sender_chat": {"id": -100999, "type": "channel"}, "is_automatic_forward": True},
        {"sender_chat": {"id": -100999, "type": "channel"}},
        {"chat": {"id": -100999, "type": "channel"}},
        {"text": "", "new_chat_title": "3号楼邻居"},
        {"text": "", "voice": {"file_id": "v", "duration": 3}},
        {"text": "", "sticker": {"file_id": "s"}},
    ],
)
def test_what_no_neighbour_says_in_words_is_passed_over_in_a_group(more: Json) -> None:
    message = World().message("王阿姨", "报事 灯坏了", "3号楼") | more

    assert read({"message": message}) is None


def test_a_voice_message_in_private_is_answered_though_not_understood() -> None:
    found = heard("", voice={"file_id": "v", "duration": 3})

    assert found is not None
    assert found.text == ""


def test_a_pinned_message_in_private_is_no_question() -> None:
    assert heard("", pinned_message={"message_id": 1}) is None


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        ("left", "member", ChatChange.ADDED),
        ("kicked", "administrator", ChatChange.ADDED),
        ("member", "left", ChatChange.REMOVED),
        ("administrator", "kicked", ChatChange.REMOVED),
        ("member", "administrator", None),
        ("member", "restricted", None),
    ],
)
def test_our_standing_in_a_group(was: str, now: str, change: ChatChange | None) -> None:
    world = World()
    world.member(was, now, "张楼长", at="3号楼")
    found = read(world.updates[0])

    if change is None:
        assert found is None
        return
    assert isinstance(found, ChatEvent)
    assert (found.change, found.is_private) == (change, False)


def test_being_blocked_is_being_removed_from_a_private_chat() -> None:
    world = World()
    world.member("member", "kicked", "王阿姨")
    found = read(world.updates[0])

    assert isinstance(found, ChatEvent)
    assert (found.change, found.is_private, found.chat) == (ChatChange.REMOVED, True, "10001")


def test_both_halves_of_a_group_that_moved_tell_the_same() -> None:
    world = World()
    old, new = -55, world.group("3号楼")
    gone = world.message("张楼长", at="3号楼", migrate_to_chat_id=new)
    halves = [
        read({"message": gone | {"chat": {"id": old, "type": "group"}}}),
        read({"message": world.message("张楼长", at="3号楼", migrate_from_chat_id=old)}),
    ]

    assert halves[0] == halves[1]
    assert isinstance(halves[0], ChatEvent)
    assert (halves[0].chat, halves[0].new_address) == (str(old), str(new))


@pytest.mark.parametrize(
    "update",
    [
        {"poll": {"id": "1"}},
        {"something_of_next_year": {"a": [1]}},
        {"channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "text": "报事"}},
        {"message": {"message_id": "not a number", "chat": {}}},
        {"message": None},
        {"callback_query": {"id": "1", "from": {"id": 1, "first_name": "x"}, "data": "help"}},
    ],
)
def test_unknown_and_malformed_updates_are_silence(update: Json) -> None:
    assert read(update) is None


def test_a_malformed_update_does_not_spoil_its_neighbours() -> None:
    good = {"update_id": 2, "message": World().message("王阿姨", "帮助")}
    bad: Json = {"update_id": 1, "message": {"message_id": []}}
    found = updates_in(msgspec.json.encode([bad, good, {"no": "number"}]))

    assert [update.update_id for update in found] == [1, 2]
    assert LENS.read(found[0]) is None
    assert isinstance(LENS.read(found[1]), Heard)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*Message.__struct_fields__, "from", "data", "id", "type", "x"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(Update.__struct_fields__), _JSON, max_size=3))
def test_whatever_arrives_is_read_or_passed_over(update: Json) -> None:
    found = update_in(msgspec.json.encode(update))

    if found is not None:
        LENS.read(found)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["mention", "bot_command", "text_mention", "bold"]),
                "offset": st.integers(-5, 80),
                "length": st.integers(-5, 80),
            }
        ),
        max_size=4,
    ),
)
def test_marks_that_do_not_fit_their_text_break_nothing(text: str, entities: list[Json]) -> None:
    read({"message": World().message("王阿姨", text, "3号楼", entities=entities)})


def test_names_are_said_as_their_language_says_them() -> None:
    def name(**account: str) -> str:
        found = read({"message": World().message("x", "帮助") | {"from": {"id": 3, **account}}})
        return found.incoming.name if isinstance(found, Heard) else ""

    assert name(first_name="芳", last_name="王") == "王芳"
    assert name(first_name="Ann", last_name="Lee") == "Ann Lee"
