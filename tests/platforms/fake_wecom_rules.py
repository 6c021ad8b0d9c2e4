"""Rules of the fake WeCom 规矩: what a message, a card and a file have to be like."""

import re
from collections import deque
from itertools import takewhile
from typing import Any, Final

Json = dict[str, Any]

MAX_TEXT_BYTES: Final = 20480
_TASK_ID: Final = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_REPLIES: Final = {
    "message": {"stream", "markdown", "template_card", "image", "file", "voice", "video"},
    "welcome": {"text", "template_card"},
}


class Refused(Exception):
    """The server says no, with this ``errcode``."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Quota:
    """30 in a minute and 1,000 in an hour for each conversation, replies and pushes together."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[float]] = {}

    def count(self, address: str, now: float) -> None:
        """Count a message; raises Refused where it is one too many."""
        sent = self._sent.setdefault(address, deque())
        while sent and sent[0] <= now - 3600:
            sent.popleft()
        in_minute = sum(1 for _ in takewhile(lambda at: at > now - 60, reversed(sent)))
        if in_minute >= 30 or len(sent) >= 1000:
            raise Refused(45009)
        sent.append(now)


def check_reply(kind: str, body: Json) -> None:
    """Only some kinds of message answer a callback."""
    if body["msgtype"] not in _REPLIES[kind]:
        raise Refused(40008)


def check_text(body: Json) -> None:
    """Texts are counted in bytes."""
    content = body[body["msgtype"]]["content"]
    if not content or len(content.encode()) > MAX_TEXT_BYTES:
        raise Refused(40058)


def check_media(body: Json) -> None:
    """Size and number of parts of a file."""
    limit = {"image": 10, "file": 20, "voice": 2, "video": 10}[body["type"]] * 1024 * 1024
    if not 5 <= body["total_size"] <= limit or not 1 <= body["total_chunks"] <= 100:
        raise Refused(40009)
    if not re.fullmatch(r"[0-9a-f]{32}", body["md5"]) or not body["filename"]:
        raise Refused(40009)


def check_card(card: Json) -> None:
    """What each type of card needs and how much it takes."""
    if not _TASK_ID.fullmatch(card.get("task_id", "")):
        raise Refused(42014)
    title = card.get("main_title", {})
    if not title.get("title"):
        raise Refused(41016)
    if len(title["title"]) > 26 or len(title.get("desc", "")) > 30:
        raise Refused(40016)
    if len(card.get("sub_title_text", "")) > 112:
        raise Refused(40016)
    if len(card.get("source", {}).get("desc", "")) > 13:
        raise Refused(40016)
    _CARDS[card["card_type"]](card)


def _buttons(card: Json) -> None:
    buttons = card.get("button_list", [])
    if not 1 <= len(buttons) <= 6:
        raise Refused(40016)
    for button in buttons:
        if not 1 <= len(button["text"]) <= 10 or not 1 <= len(button["key"].encode()) <= 1024:
            raise Refused(40016)


def _vote(card: Json) -> None:
    box = card["checkbox"]
    if box["mode"] not in {0, 1}:
        raise Refused(40016)
    _options(box["option_list"], most=20, length=11)
    _submit(card)


def _dropdowns(card: Json) -> None:
    selects = card.get("select_list", [])
    if not 1 <= len(selects) <= 3:
        raise Refused(40016)
    for select in selects:
        if len(select.get("title", "")) > 13:
            raise Refused(40016)
        _options(select["option_list"], most=10, length=10)
    _submit(card)


def _options(options: list[Json], *, most: int, length: int) -> None:
    ids = [option["id"] for option in options]
    if not 1 <= len(options) <= most or len(set(ids)) < len(ids):
        raise Refused(40016)
    for option in options:
        if not 1 <= len(option["text"]) <= length or not 1 <= len(option["id"].encode()) <= 128:
            raise Refused(40016)


def _submit(card: Json) -> None:
    button = card["submit_button"]
    if not 1 <= len(button["text"]) <= 10 or not button["key"]:
        raise Refused(40016)


_CARDS: Final = {
    "button_interaction": _buttons,
    "vote_interaction": _vote,
    "multiple_interaction": _dropdowns,
}
