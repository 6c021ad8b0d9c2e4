"""Arguments of surveys 征询参数: numbers like 询1, answers, thresholds."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.refusal import Refusal
from domain.surveys import Terms, share_of, share_text
from domain.text import cleaned, folded, shortened, whole_number
from domain.verdict import Choice
from handlers.messages import Button, Typed
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_LABEL = re.compile(
    r"\s*(?:征?询|survey|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
)
CHOICE_WORDS: Final = {
    "同意": Choice.YES,
    "赞成": Choice.YES,
    "不同意": Choice.NO,
    "反对": Choice.NO,
    "弃权": Choice.ABSTAIN,
    **{choice.value: choice for choice in Choice},
}
AREA: Final = "area"
PUBLIC: Final = "public"
"""What a tap flips besides choosing terms."""


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("survey_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


async def _offered(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Open surveys that concern the asker; a tap is easier than a number."""
    return [
        Button(Typed(f"{survey.label} {shortened(survey.question, 12)}"), f"={carried(survey)}")
        for survey in await ask.unit.surveys.open_for(ask.actor)
        if ask.is_of_here(survey.path)
    ]


def _choice(text: str) -> tuple[str, str]:
    word, _, rest = cleaned(text).partition(" ")
    choice = CHOICE_WORDS.get(folded(word))
    if choice is None:
        raise Refusal("answer_unclear")
    return choice.value, rest


def _share(text: str) -> tuple[str, str]:
    return share_text(share_of(cleaned(text))), ""


def _change(text: str) -> str:
    if text not in {AREA, PUBLIC, *Terms}:
        raise ValueError("no terms")
    return text


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


SurveyNumber = Annotated[
    str, Kind("survey_number", _number, unpack=checked, choices=_offered, is_number=True)
]
"""询1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
HomeChoice = Annotated[str, Kind("home_choice", _choice)]
"""同意, 不同意, 弃权; the value is that of ``Choice``."""
ShareWord = Annotated[str, Kind("share", _share)]
"""2/3, 三分之二, 80%, 过半; the value is as it is stored."""
TermsChange = Annotated[str, Kind("terms", _nothing, unpack=_change, is_tap_only=True)]
"""Terms, or what a tap flips, from a button only."""
