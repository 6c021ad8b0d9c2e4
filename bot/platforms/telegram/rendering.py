"""Rendering 排版: a neutral message → what the Bot API takes, within its limits."""

from collections.abc import Mapping
from typing import Any, Final

from bot.platforms.telegram.reading import HELLO
from handlers.messages import COPY, OPEN_PRIVATE, Shown

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_COPIED: Final = 256
"""Characters that a button can copy (``CopyTextButton``)."""
MAX_NOTE: Final = 200
"""Characters of a passing note (``answerCallbackQuery``)."""

NO_PREVIEW: Final = {"is_disabled": True}


def length(text: str) -> int:
    """Length as the Bot API may count it.

    Its page says characters, its entities count UTF-16 code units; where the two differ (emoji)
    the larger number is within both.
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str, limit: int) -> bool:
    """Whether ``text`` is within ``limit``; no character counts more than two."""
    return 2 * len(text) <= limit or length(text) <= limit


def clipped(text: str, limit: int) -> str:
    """``text`` within ``limit``, with … where it was cut."""
    return text if fits(text, limit) else f"{_head(text, limit - 1)}…"


def parts(text: str, limit: int = MAX_TEXT) -> list[str]:
    """``text`` in pieces of at most ``limit``, cut between lines where that is possible."""
    found: list[str] = []
    rest = text.strip("\n")
    while not fits(rest, limit):
        head = _head(rest, limit)
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip("\n ")
    return [*found, rest] if rest or not found else found


def keyboard(shown: Shown, username: str) -> Mapping[str, Any] | None:
    """The buttons under a message; the one to our private chat is a link, which needs our name."""
    copied = shown.text if fits(shown.text, MAX_COPIED) else ""
    rows = [
        [_button(label, call, username, copied) for label, call in row if call != COPY or copied]
        for row in shown.buttons
    ]
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _button(label: str, call: str, username: str, copied: str) -> Mapping[str, Any]:
    if call == COPY:
        return {"text": label, "copy_text": {"text": copied}}
    if call == OPEN_PRIVATE:
        return {"text": label, "url": f"https://t.me/{username}?start={HELLO}"}
    return {"text": label, "callback_data": call}


def markup(shown: Shown, username: str, *, is_group: bool) -> Mapping[str, Any] | None:
    """What goes under a message: its buttons, or in a group the open reply field.

    In a group the answer reaches us only as a reply (privacy mode), so the reply field comes
    first and 取消 is typed; in private every answer does, and the buttons stay.
    """
    buttons = keyboard(shown, username)
    if shown.asks and (is_group or buttons is None):
        return {"force_reply": True, "selective": True}
    return buttons


def reply_to(ref: str | None) -> Mapping[str, Any] | None:
    """Reply to that message, or to nothing if it was deleted meanwhile."""
    if ref is None or not ref.isdecimal():
        return None
    return {"message_id": int(ref), "allow_sending_without_reply": True}


def _head(text: str, limit: int) -> str:
    """The longest beginning within ``limit`` that does not cut a character in two."""
    if fits(text[:limit], limit):
        return text[:limit]
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * limit]
    return units.decode("utf-16-le", "ignore")
