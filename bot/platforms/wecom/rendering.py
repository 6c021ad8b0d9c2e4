"""Rendering 排版: plain words as WeCom's Markdown, in pieces that are counted in bytes."""

import re
from typing import Final

from handlers.messages import NOT_FOR_US, Shown

MAX_BYTES: Final = 20480
"""Of a message's text in UTF-8."""

_LINK: Final = re.compile(r"(https?://[^\s，。；、）」】]+)")
_WIDE: Final = str.maketrans("*`[]<>~|\\", "＊｀［］＜＞～｜＼")
_BEGINS: Final = re.compile(r"^(\s*)([#＃]+|[-+=]{3,}|[-+](?=\s))", re.M)
_LINE: Final = re.compile(r"(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")


def plain(text: str) -> str:
    """``text`` so that Markdown shows it as it is.

    What would be markup becomes its full-width twin, which reads the same in Chinese. Whether
    WeCom's Markdown knows a backslash nobody could tell; a twin is right either way. Links stay.
    """
    parts = _LINK.split(text)
    return "".join(part if i % 2 else _widened(part) for i, part in enumerate(parts))


def _widened(text: str) -> str:
    text = text.translate(_WIDE)
    text = _LINE.sub(lambda found: "＿" * len(found[0]), text)
    return _BEGINS.sub(lambda found: found[1] + _twins(found[2]), text)


def _twins(marks: str) -> str:
    return marks.translate(str.maketrans("#-+=", "＃－＋＝"))


def size(text: str) -> int:
    """Bytes of a text in UTF-8."""
    return len(text.encode("utf-8", "replace"))


def parts(text: str, limit: int = MAX_BYTES) -> list[str]:
    """``text`` in pieces of at most ``limit`` bytes, cut between lines where that is possible."""
    found: list[str] = []
    rest = text.strip("\n")
    while size(rest) > limit:
        head = _head(rest, limit)
        cut = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip("\n ")
    return [*found, rest] if rest else found


def _head(text: str, limit: int) -> str:
    """The longest beginning within ``limit`` bytes that does not cut a character in two."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def clipped(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, with … where it was cut."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def taps(shown: Shown) -> list[tuple[str, str]]:
    """Label and call of every button that we can show, in the order of their numbers."""
    return [(label, call) for row in shown.buttons for label, call in row if call not in NOT_FOR_US]


def numbered(shown: Shown) -> list[str]:
    """The buttons as lines, to be answered with a number."""
    return [f"{number} {label}" for number, (label, _) in enumerate(taps(shown), 1)]
