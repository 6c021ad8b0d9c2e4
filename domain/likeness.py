"""Likeness 相似: when two reports are the same lamp, so that a seconding 附议 is offered."""

import re
from collections.abc import Callable, Collection
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple, Protocol, TypeVar

from domain.issues import OPEN, State
from domain.text import with_digits

ALIKE_FROM: Final = Fraction(7, 10)
"""Share of character pairs in common from which two reports are taken for the same."""
ALIKE_WITHIN: Final = timedelta(days=30)
"""Older reports are not offered."""
_NOISE: Final = re.compile(
    r"[^\w]|[的了又再还在这那是有个啊呀吧呢吗请快]|坏|不亮|不行|没亮|问题|需要|麻烦|修"
)
_NUMBERS: Final = re.compile(r"\d+")


class Reported(Protocol):
    """What a new report is compared with."""

    @property
    def text(self) -> str: ...

    @property
    def state(self) -> State: ...


class Near(NamedTuple):
    """An open issue of the same place, as far as likeness needs it."""

    id: int
    text: str
    state: State


_Reported = TypeVar("_Reported", bound=Reported)


class _Gist(NamedTuple):
    """What counts of a report's words."""

    core: str
    numbers: frozenset[str]
    pairs: frozenset[str]


# A new report is compared with every open one of its place, and those are the same each time.
@lru_cache(maxsize=512)
def _gist(text: str) -> _Gist:
    core = _NOISE.sub("", with_digits(text))
    pairs = frozenset(core[i : i + 2] for i in range(len(core) - 1))
    return _Gist(core, frozenset(_NUMBERS.findall(core)), pairs)


def likeness(one: str, other: str) -> Fraction:
    """How alike two reports read, 0 to 1: shared character pairs; other numbers, other lamp."""
    return Fraction(*_shared(_gist(one), _gist(other)))


def _shared(a: _Gist, b: _Gist) -> tuple[int, int]:
    """Likeness as numerator and denominator."""
    if a.numbers != b.numbers:
        return 0, 1
    if not a.pairs or not b.pairs:
        return int(a.core == b.core and a.core != ""), 1
    return 2 * len(a.pairs & b.pairs), len(a.pairs) + len(b.pairs)


_Said = TypeVar("_Said")


def most_alike(text: str, said: Collection[_Said], words: Callable[[_Said], str]) -> _Said | None:
    """The one whose ``words`` most likely say the same as ``text``, or None."""
    gist, best, found = _gist(text), ALIKE_FROM, None
    for one in said:
        shared, of = _shared(gist, _gist(words(one)))
        # Most have little in common; whole numbers tell so without a fraction.
        if shared * best.denominator >= of * best.numerator:
            score = Fraction(shared, of)
            if found is None or score > best:
                best, found = score, one
    return found


def likeliest(text: str, issues: Collection[_Reported]) -> _Reported | None:
    """The open issue that ``text`` most likely reports again, or None."""
    open_ones = [issue for issue in issues if issue.state in OPEN]
    return most_alike(text, open_ones, lambda issue: issue.text)
