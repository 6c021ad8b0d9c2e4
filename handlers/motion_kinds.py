"""Arguments of owners' votes 表决参数: numbers like 表1, choices, presets and receipts."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.ballots import ALPHABET, CODE_LENGTH
from domain.matters import lettered, unlettered, written
from domain.motions import LONGEST_TITLE, Preset
from domain.refusal import Refusal
from domain.text import cleaned, folded, shortened, whole_number
from domain.verdict import Choice
from handlers.messages import Button, Typed
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_LABEL = re.compile(
    r"\s*(?:表决?|motion|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
)
_NAMED: Final = re.compile(r"([0-9]{1,9})-([0-9A-F]{8})")
_SECRET: Final = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")

CHOICE_WORDS: Final = {
    "赞成": Choice.YES,
    "同意": Choice.YES,
    "yes": Choice.YES,
    "反对": Choice.NO,
    "不同意": Choice.NO,
    "no": Choice.NO,
    "弃权": Choice.ABSTAIN,
    "abstain": Choice.ABSTAIN,
}
"""What stands on a paper → what it says."""
FOR_ALL: Final = "*"
"""In front of a choice that is meant for every matter."""
_ALL: Final = re.compile("全部都?|全都?|都|all")
_NUMBERED: Final = re.compile(r"^第?([0-9]{1,2})[项条]?[.:、)]?")
_JOINED: Final = re.compile(rf"(第?[0-9]{{1,2}}[项条]?)[\s.:、)]+(?={'|'.join(CHOICE_WORDS)})")
"""A number and the choice behind it: 1. 赞成, 第2项 反对."""
_BETWEEN: Final = re.compile(r"[\s,，、;；。]+")


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("motion_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


def _title(text: str) -> tuple[str, str]:
    """The first line."""
    first, _, rest = cleaned(text).partition("\n")
    if len(first) > LONGEST_TITLE:
        raise Refusal("too_long", length=len(first), limit=LONGEST_TITLE)
    return first, rest


def _choices(text: str) -> tuple[str, str]:
    """Every choice at the start of ``text``, in their order; behind 全部 the one for all.

    Where each says its number, these are 1, 2, 3 …: 2反对 1赞成 is refused.
    """
    words = [word for word in _BETWEEN.split(_JOINED.sub(r"\1", folded(cleaned(text)))) if word]
    found: list[Choice] = []
    for_all = False
    while words:
        bare = folded(words[0])
        number = _NUMBERED.match(bare)
        bare = bare[number.end() :] if number else bare
        head = _ALL.match(bare)
        rest = bare[head.end() :] if head else bare
        if rest in CHOICE_WORDS:
            found.append(CHOICE_WORDS[rest])
            if number and int(number[1]) != len(found):
                raise Refusal("choices_order")
        elif not head or rest:
            break
        for_all = for_all or head is not None
        words = words[1:]
    if not found or (for_all and len(found) > 1):
        raise Refusal("choice_unclear")
    return f"{FOR_ALL if for_all else ''}{written(found)}", " ".join(words)


def _packed_choice(text: str) -> str:
    return Choice(text).value


def _packed_choices(text: str) -> str:
    return lettered(unlettered(text))


def _preset(text: str) -> str:
    return Preset(text).value


def _receipt(text: str) -> tuple[str, str]:
    """``17-AB12CD34`` of a named ballot, or the twelve characters of a secret one."""
    named = _NAMED.fullmatch(folded(text).replace(" ", "").upper())
    if named is not None:
        return named[0], ""
    code = re.sub(r"[^0-9A-Z]", "", folded(text).upper())
    if not _SECRET.fullmatch(code):
        raise Refusal("receipt_unclear")
    return code, ""


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


async def _motions(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """The newest votes that concern the asker, by number."""
    newest = await ask.unit.motions.newest_for(ask.actor)
    return [
        Button(Typed(f"{one.label} {shortened(one.title, 10)}"), f"={carried(one)}")
        for one in reversed(newest)
    ]


MotionNumber = Annotated[
    str, Kind("motion_number", _number, unpack=checked, choices=_motions, is_number=True)
]
"""表1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
MotionTitle = Annotated[str, Kind("motion_title", _title)]
"""What it is called; its full text stands on the next lines."""
PaperChoice = Annotated[str, Kind("paper_choice", _choices, unpack=_packed_choice)]
"""赞成, 反对 or 弃权 for each matter in turn (``yes,no``), or for all of them (``*yes``)."""
TappedChoice = Annotated[str, Kind("choice", _nothing, unpack=_packed_choices, is_tap_only=True)]
"""A choice on each matter, as letters, from a button only; of one matter the name itself."""
PresetName = Annotated[str, Kind("preset", _nothing, unpack=_preset, is_tap_only=True)]
"""The name of a ``Preset``, from a button only."""
Receipt = Annotated[str, Kind("receipt", _receipt, is_personal=True)]
"""A receipt's code."""
