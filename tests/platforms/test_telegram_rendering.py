"""Rendering 排版: messages within the limits of the Bot API."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.platforms.telegram.api import send_error
from bot.platforms.telegram.rendering import clipped, keyboard, length, markup, parts, reply_to
from handlers.messages import COPY, OPEN_PRIVATE, Shown


def test_a_long_text_is_cut_between_its_lines() -> None:
    lines = [f"第{n}行 " + "字" * 90 for n in range(100)]
    found = parts("\n".join(lines))

    assert [line for part in found for line in part.split("\n")] == lines
    assert all(length(part) <= 4096 for part in found)


def test_one_endless_line_is_cut_anywhere() -> None:
    found = parts("字" * 10_000)

    assert [len(part) for part in found] == [4096, 4096, 1808]


def test_emoji_count_double_and_are_never_cut_in_two() -> None:
    found = parts("x" + "🏮" * 4096)

    assert "".join(found) == "x" + "🏮" * 4096
    assert all(length(part) <= 4096 for part in found)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(2, 40))
def test_nothing_but_blanks_is_lost_at_a_cut(text: str, limit: int) -> None:
    found = parts(text, limit)

    assert all(length(part) <= limit for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_note_that_is_too_long_ends_with_dots() -> None:
    assert clipped("好" * 300, 200) == "好" * 199 + "…"
    assert clipped("好" * 200, 200) == "好" * 200


def test_buttons_stand_as_they_were_given() -> None:
    shown = Shown("", [[["附议", "second:1"]], [["打开私聊", OPEN_PRIVATE]]])

    assert keyboard(shown, "mulin_bot") == {
        "inline_keyboard": [
            [{"text": "附议", "callback_data": "second:1"}],
            [{"text": "打开私聊", "url": "https://t.me/mulin_bot?start=hi"}],
        ]
    }


def test_a_text_to_be_forwarded_is_copied_with_one_tap_where_it_is_short_enough() -> None:
    button = [["复制这段话", COPY]]

    assert keyboard(Shown("请您投票", [button]), "") == {
        "inline_keyboard": [[{"text": "复制这段话", "copy_text": {"text": "请您投票"}}]]
    }
    assert keyboard(Shown("长" * 257, [button]), "") is None


def test_a_question_opens_the_reply_field_in_a_group_and_keeps_its_buttons_in_private() -> None:
    asking = Shown("哪里坏了？", [[["取消", "=cancel"]]], asks=True)

    assert markup(asking, "", is_group=True) == {"force_reply": True, "selective": True}
    assert markup(asking, "", is_group=False) == keyboard(asking, "")
    assert markup(Shown("?", asks=True), "", is_group=False) == {
        "force_reply": True,
        "selective": True,
    }
    assert markup(Shown("!"), "", is_group=True) is None


def test_a_reply_names_its_message() -> None:
    assert reply_to("12") == {"message_id": 12, "allow_sending_without_reply": True}
    assert reply_to(None) is None
    assert reply_to("12p") is None


@pytest.mark.parametrize(
    ("error", "in_group", "reason", "is_permanent", "is_gone"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), False, "blocked", True, True),
        (Forbidden("Forbidden: user is deactivated"), False, "blocked", True, True),
        (
            Forbidden("Forbidden: bot can't initiate conversation with a user"),
            False,
            "blocked",
            True,
            True,
        ),
        (Forbidden("Forbidden: bot was kicked from the group chat"), True, "gone", True, True),
        (BadRequest("Bad Request: chat not found"), True, "gone", True, True),
        (BadRequest("Bad Request: message to edit not found"), True, "refused", True, False),
        (BadRequest("Bad Request: message can't be edited"), False, "refused", True, False),
        (NetworkError("Request Entity Too Large (413)"), False, "refused", True, False),
        (NetworkError("Bad Gateway (502)"), False, "tried_often", False, False),
        (NetworkError("ClientOSError"), False, "tried_often", False, False),
        (TimedOut(), False, "tried_often", False, False),
        (InvalidToken("Unauthorized"), False, "tried_often", False, False),
        (TelegramError("Invalid server response"), False, "tried_often", False, False),
    ],
)
def test_what_a_refusal_means(
    error: TelegramError, in_group: bool, reason: str, is_permanent: bool, is_gone: bool
) -> None:
    found = send_error(error, is_group=in_group)

    assert (found.reason, found.is_permanent, found.is_chat_gone) == (reason, is_permanent, is_gone)


def test_a_refusal_for_frequency_says_how_long() -> None:
    found = send_error(RetryAfter(7), is_group=True)

    assert found.retry_after is not None
    assert (found.retry_after.total_seconds(), found.is_permanent) == (7, False)


def test_a_group_that_moved_says_where() -> None:
    assert send_error(ChatMigrated(-1009), is_group=True).moved_to == "-1009"


def test_a_message_that_somebody_deleted_is_told_from_other_refusals() -> None:
    gone = send_error(BadRequest("Bad Request: message to edit not found"), is_group=True)
    other = send_error(BadRequest("Bad Request: message can't be edited"), is_group=True)

    assert (gone.is_message_gone, other.is_message_gone) == (True, False)
