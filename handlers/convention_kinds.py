"""Arguments of conventions 公约参数: numbers like 约1, and what a convention is called."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.conventions import ConventionState, ConventionStep, stakes, steps_for
from domain.motions import LONGEST_TITLE
from domain.refusal import Refusal
from domain.text import cleaned, folded, shortened, whole_number
from handlers.messages import Button, Typed
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_LABEL = re.compile(
    r"\s*(?:公?约|convention|no\.?|#|第)?\s*#?\s*"
    r"([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})"
    r"(?![0-9０-９一二三四五六七八九十百千万亿两号楼层单室栋幢个位天年月点块元次斤米\-－])\s*"
)
_NAMED: Final = re.compile(r".*(?:公约|守则|规约|约定|convention|rules)")
_STEPS: Final = {
    "addclause": ConventionStep.ADD,
    "putclauses": ConventionStep.PUT,
    "extendconvention": ConventionStep.EXTEND,
    "closeconvention": ConventionStep.END,
}
"""Command → the step that it takes."""


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("convention_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


def _name(text: str) -> tuple[str, str]:
    """The first word, which says that it is a convention; 约1 is the name of one too."""
    word, _, rest = cleaned(text).partition(" ")
    is_label = re.fullmatch(r"公?约[0-9]{1,9}", folded(word))
    if not is_label and not _NAMED.fullmatch(folded(word)):
        raise Refusal("convention_name_unclear")
    if len(word) > LONGEST_TITLE:
        raise Refusal("too_long", length=len(word), limit=LONGEST_TITLE)
    return word, rest


async def _offered(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Conventions with which the asker may do that now; a tap is easier than a number."""
    live = await ask.unit.conventions.live_for(ask.actor)
    if code not in _STEPS:
        live += await ask.unit.conventions.in_force_for(ask.actor)
        fitting = [one for one in live if one.state is not ConventionState.CANCELLED]
    else:
        step = _STEPS[code]
        fitting = [one for one in live if step in steps_for(one, stakes(one, ask.actor))]
    return [
        Button(Typed(f"{one.label} {shortened(one.name, 12)}"), f"={carried(one)}")
        for one in fitting
    ]


ConventionNumber = Annotated[
    str, Kind("convention_number", _number, unpack=checked, choices=_offered, is_number=True)
]
"""约1, 公约1, 1, 一; the value is ``1``, of a button ``1.<community>``."""
ConventionName = Annotated[str, Kind("convention_name", _name)]
"""3号楼楼道公约: one word that says what it is."""
