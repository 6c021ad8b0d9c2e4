"""Reading WeCom's callbacks: what somebody said, however they mentioned us."""

from typing import Any

import msgspec
import pytest

from bot.platforms.wecom.reading import Heard, Lens
from bot.platforms.wecom.wire import Callback, callback_in
from handlers.messages import Incoming, Press
from handlers.reading import Reader, is_for_us
from handlers.registry import loaded

READER = Reader(loaded())
NAME = "睦邻 助手"


def is_command(text: str) -> bool:
    return is_for_us(READER, Incoming("wecom", "", "", False, "", "", text), is_awaited=False)


def callback(**fields: Any) -> Callback:
    common = {"msgid": "M1", "chattype": "single", "from": {"userid": "wang"}, "msgtype": "text"}
    found = callback_in(msgspec.json.encode(common | fields))
    assert found is not None
    return found


def heard(name: str = NAME, **fields: Any) -> Heard:
    found = Lens(name, is_command).read(callback(**fields), "R1")
    assert found is not None
    return found


def said(text: str, name: str = NAME, **fields: Any) -> str:
    """What is left of a text in a group."""
    in_group = {"chatid": "G1", "chattype": "group", "text": {"content": text}}
    return heard(name, **in_group, **fields).incoming.text


@pytest.mark.parametrize(
    "text",
    [
        "@睦邻 助手 报事 灯坏了",
        "@睦邻 助手\u2005报事 灯坏了",
        "@睦邻\u2005助手\u2005报事 灯坏了",
        "＠睦邻 助手　报事 灯坏了",
        "@睦邻 助手报事 灯坏了",
        "@睦邻 助手 ，报事 灯坏了".replace(" ，", " "),
        "报事 灯坏了 @睦邻 助手",
        "  @睦邻  助手\u2005 报事 灯坏了",
        "@睦邻 助手\u200b 报事 灯坏了",
        "@张楼长 @睦邻 助手 报事 灯坏了",
        "@睦邻 助手 @张楼长 报事 灯坏了",
        "@睦邻 助手 @Zhang San 报事 灯坏了",
        "@睦邻 助手\u2005@Zhang San\u2005@李四\u2005报事 灯坏了",
        "@睦邻 助手 @睦邻 助手 报事 灯坏了",
    ],
)
def test_mentions_do_not_hide_the_command(text: str) -> None:
    assert said(text) == "报事 灯坏了"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RobotA", "@RobotA hello robot"),
        ("RobotA", "@robota hello robot"),
        ("Robot A", "@Robot A hello robot"),
        ("", "@whoever hello robot"),
    ],
)
def test_a_name_in_latin_letters_is_found_too(name: str, text: str) -> None:
    assert said(text, name) == "hello robot"


def test_a_longer_name_is_somebody_else() -> None:
    assert said("@RobotAnna 报事 灯坏了", "RobotA") == "报事 灯坏了"
    assert said("看 @RobotAnna 的话", "RobotA") == "看 @RobotAnna 的话"


def test_a_mention_inside_what_is_said_stays() -> None:
    assert said("@睦邻 助手 报事 @张楼长 说灯坏了") == "报事 @张楼长 说灯坏了"


def test_a_bare_number_is_left_alone() -> None:
    assert said("@睦邻 助手 2") == "2"


def test_only_a_mention_is_a_message_too() -> None:
    found = heard(chatid="G1", chattype="group", text={"content": "@睦邻 助手"})

    assert (found.incoming.text, found.incoming.is_addressed) == ("", True)


def test_who_said_it_and_where() -> None:
    in_group = heard(chatid="G1", chattype="group", text={"content": "@睦邻 助手 报事 x"}).incoming
    alone = heard(text={"content": "报事 x"}).incoming

    assert (in_group.chat, in_group.is_private, in_group.account) == ("G1", False, "wang")
    assert (alone.chat, alone.is_private, alone.is_addressed) == ("@wang", True, False)
    assert (alone.delivery, alone.ref, alone.name) == ("M1", "M1", "wang")


def test_a_mixed_message_has_words_and_pictures() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@睦邻 助手 报事 灯坏了"}},
        {"msgtype": "image", "image": {"url": "https://x/1", "aeskey": "k"}},
    ]
    found = heard(chatid="G", chattype="group", msgtype="mixed", mixed={"msg_item": items})

    assert found.incoming.text == "报事 灯坏了"
    assert [media.url for media in found.media] == ["https://x/1"]


def test_voice_comes_as_words() -> None:
    assert (
        heard(msgtype="voice", voice={"content": "报事五楼灯坏了"}).incoming.text
        == "报事五楼灯坏了"
    )


def test_a_command_takes_what_it_quotes_for_its_words() -> None:
    quote = {"msgtype": "text", "text": {"content": "三楼的灯坏了"}}

    assert said("@睦邻 助手 报事", quote=quote) == "报事 三楼的灯坏了"
    assert said("@睦邻 助手 报事 门禁坏了", quote=quote) == "报事 门禁坏了"
    assert said("@睦邻 助手 谢谢", quote=quote) == "谢谢"


def test_a_quoted_picture_comes_with_the_words() -> None:
    quote = {"msgtype": "image", "image": {"url": "https://x/2", "aeskey": "k"}}
    content = {"content": "@睦邻 助手 报事 灯坏了"}
    found = heard(chatid="G", chattype="group", text=content, quote=quote)

    assert [media.url for media in found.media] == ["https://x/2"]


def test_opening_the_private_chat_asks_for_a_greeting() -> None:
    found = heard(msgtype="event", event={"eventtype": "enter_chat"})

    assert (found.incoming.text, found.incoming.press) == ("", Press("opened"))


@pytest.mark.parametrize(
    ("details", "call"),
    [
        ({"event_key": "second:1.1"}, "second:1.1"),
        ({"event_key": "submit", "selected": ("one", ["=s3"])}, "=s3"),
        ({"event_key": "submit", "selected": ("form|handin:5.1", ["10", "2"])}, "handin:5.1:2.10"),
        ({"event_key": "submit", "selected": ("form|handin:5.1", [])}, "handin:5.1:-"),
    ],
)
def test_a_tap_calls_what_was_tapped(details: dict[str, Any], call: str) -> None:
    tapped: dict[str, Any] = {"event_key": details["event_key"], "task_id": "c0-1-x"}
    if "selected" in details:
        question, options = details["selected"]
        one = {"question_key": question, "option_ids": {"option_id": options}}
        tapped["selected_items"] = {"selected_item": [one]}
    event = {"eventtype": "template_card_event", "template_card_event": tapped}
    press = heard(msgtype="event", event=event).incoming.press

    assert press is not None
    assert (press.call, press.ref) == (call, "wang|R1")


@pytest.mark.parametrize(
    "fields",
    [
        {"msgtype": "event", "event": {"eventtype": "feedback_event"}},
        {"msgtype": "event"},
        {"from": {"userid": ""}, "text": {"content": "x"}},
        {"chattype": "group", "text": {"content": "x"}},
        {"text": {"content": " \u2005 "}},
    ],
)
def test_what_does_not_concern_us_is_nothing(fields: dict[str, Any]) -> None:
    assert Lens(NAME, is_command).read(callback(**fields), "R1") is None


def test_nonsense_is_no_callback() -> None:
    assert callback_in(b"[]") is None
    assert callback_in(b'{"msgid":1}') is None
    assert callback_in(b'{"msgtype":"text"}') is None
