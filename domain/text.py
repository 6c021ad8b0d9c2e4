"""Typed text 文字: what neighbours type, made comparable without changing what they said."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

MAX_WORDS: Final = 1_000
"""Longest free text that a person may store, in characters; a phone screen holds about 300."""

# Zero-width, bidirectional and other format characters hide or reorder words; a zero-width joiner
# and variation selectors stay, since emoji are built with them.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_UNCLEAN = re.compile(
    rf"{_HIDDEN.pattern}|[\t\n\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ud800-\udfff]|  "
)
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINES = re.compile(r"\s*\n\s*")
_CHINESE_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS: Final = {"十": 10, "百": 100, "千": 1_000}
_CHINESE_NUMBER = re.compile("[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*")
_LONGEST_NUMBER: Final = 12


def cleaned(text: str) -> str:
    """``text`` without hidden characters, lone surrogates and runs of blanks; words unchanged."""
    if _UNCLEAN.search(text) is None:
        return text.strip()
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = _HIDDEN.sub("", text)
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def folded(text: str) -> str:
    """The comparable form: half width, lower case (``／ＩＳＳＵＥ　５`` → ``/issue 5``)."""
    return unicodedata.normalize("NFKC", cleaned(text)).casefold()


_QUOTED: Final = re.compile('“[^“”\n]*”|「[^「」\n]*」|『[^『』\n]*』|"[^"\n]*"')
_KEPT: Final = re.compile("[\ue000-\uf8ff]")
"""Characters that mean nothing to anybody; each stands for one quotation."""


def quotes_kept(text: str) -> tuple[str, list[str]]:
    """``text`` with one meaningless character for each quotation, and the quotations.

    What is read apart then leaves a quotation whole; ``requoted`` puts it back.
    """
    if _KEPT.search(text):
        return text, []
    quoted = _QUOTED.findall(text)[:100]
    signs = iter(range(len(quoted)))
    return _QUOTED.sub(lambda _: chr(0xE000 + next(signs)), text, count=len(quoted)), quoted


def requoted(text: str, quoted: Sequence[str]) -> str:
    """``text`` with its quotations again."""
    if not quoted:
        return text
    return _KEPT.sub(lambda sign: quoted[ord(sign[0]) - 0xE000], text)


def unquoted(text: str) -> str:
    """``text`` without its quotation marks, where all of it is one quotation."""
    return text[1:-1].strip() if len(text) > 2 and _QUOTED.fullmatch(text) else text


def chinese_number(text: str) -> int | None:
    """Value of a Chinese numeral (``十二`` → 12, ``五〇一`` → 501), or None if it is none.

    A last digit without its unit counts the next smaller one: ``二百五`` is 250, ``一千二`` 1200.
    """
    if len(text) > _LONGEST_NUMBER or not _CHINESE_NUMBER.fullmatch(text):
        return None
    if not set(text) & set(_UNITS):
        return int("".join(str(_CHINESE_DIGITS[c]) for c in text))
    total = digit = 0
    for char in text:
        if char in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[char]
        else:
            total += (digit or 1) * _UNITS[char]
            digit = 0
    return total + digit * max(_UNITS.get(text[-2:-1], 1) // 10, 1)


def with_digits(text: str) -> str:
    """``text`` folded, with its Chinese numerals written as digits (``三号楼`` → ``3号楼``)."""
    return _CHINESE_NUMBER.sub(_digits, folded(text))


def _digits(found: re.Match[str]) -> str:
    number = chinese_number(found[0])
    return found[0] if number is None else str(number)


def whole_number(text: str) -> int | None:
    """The number that ``text`` is (``３``, ``三``, ``3``), or None; at most nine digits."""
    digits = with_digits(text)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def shortened(text: str, limit: int) -> str:
    """``text`` on one line in at most ``limit`` characters, with … where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
