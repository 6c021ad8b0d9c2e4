"""Likeness 相似: when two reports are the same lamp, so that a seconding 附议 is offered."""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from fractions import Fraction
from typing import Final, TypeVar

from domain.issues import OPEN, Issue
from domain.text import with_digits

ALIKE_FROM: Final = Fraction(7, 10)
"""Share of character pairs in common from which two reports are taken for the same."""
ALIKE_WITHIN: Final = timedelta(days=30)
"""Older reports are not offered."""
_NOISE: Final = re.compile(
    r"[^\w]|[的了又再还在这那是有个啊呀吧呢吗请快]|坏|不亮|不行|没亮|问题|需要|麻烦|修"
)
_NUMBERS: Final = re.compile(r"\d+")


def _core(text: str) -> str:
    return _NOISE.sub("", with_digits(text))


def likeness(one: str, other: str) -> Fraction:
    """How alike two reports read, 0 to 1: shared character pairs; other numbers, other lamp."""
    return _likeness(_core(one), _core(other))


def _likeness(a: str, b: str) -> Fraction:
    if set(_NUMBERS.findall(a)) != set(_NUMBERS.findall(b)):
        return Fraction(0)
    pairs_a = {a[i : i + 2] for i in range(len(a) - 1)}
    pairs_b = {b[i : i + 2] for i in range(len(b) - 1)}
    if not pairs_a or not pairs_b:
        return Fraction(int(a == b and a != ""))
    return Fraction(2 * len(pairs_a & pairs_b), len(pairs_a) + len(pairs_b))


_Said = TypeVar("_Said")


def most_alike(text: str, said: Collection[_Said], words: Callable[[_Said], str]) -> _Said | None:
    """The one whose ``words`` most likely say the same as ``text``, or None."""
    core = _core(text)
    scored = [(_likeness(core, _core(words(one))), one) for one in said]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= ALIKE_FROM else None


def likeliest(text: str, issues: Collection[Issue]) -> Issue | None:
    """The open issue that ``text`` most likely reports again, or None."""
    open_ones = [issue for issue in issues if issue.state in OPEN]
    return most_alike(text, open_ones, lambda issue: issue.text)
