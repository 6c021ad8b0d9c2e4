"""Arguments of polls 投票参数: numbers like 票1, the question before the options."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from domain.polls import LONGEST_QUESTION, SEPARATORS
from domain.refusal import Refusal
from domain.text import cleaned, quotes_kept, requoted, shortened, whole_number
from handlers.messages import Button, Typed
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_LABEL = re.compile(
    r"\s*(?:投?票|poll|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
)
_LISTED = re.compile("[" + re.escape("".join(SEPARATORS)) + "／｜；，]")


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("poll_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


async def _offered(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Open polls that concern the asker; a tap is easier than a number."""
    return [
        Button(Typed(f"{poll.label} {shortened(poll.question, 12)}"), f"={carried(poll)}")
        for poll in await ask.unit.polls.open_for(ask.actor)
        if ask.is_of_here(poll.path)
    ]


def _question(text: str) -> tuple[str, str]:
    """The words before the first one that lists options, or before the end of the first line."""
    text, quoted = quotes_kept(cleaned(text))
    first, _, lines = text.partition("\n")
    words = first.split(" ")
    at = next((i for i, word in enumerate(words) if _LISTED.search(word)), len(words))
    asked, rest = " ".join(words[:at]), "\n".join(filter(None, [" ".join(words[at:]), lines]))
    asked, rest = requoted(asked, quoted), requoted(rest, quoted)
    if len(asked) > LONGEST_QUESTION:
        raise Refusal("too_long", length=len(asked), limit=LONGEST_QUESTION)
    return asked, rest


def _letters(text: str) -> str:
    if not re.fullmatch(r"[ash]{1,3}", text):
        raise ValueError("no manner")
    return text


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


def _picks(text: str) -> str:
    if not re.fullmatch(r"-|[0-9]{1,2}(?:\.[0-9]{1,2}){0,19}", text):
        raise ValueError("no choices")
    return text


PollNumber = Annotated[
    str, Kind("poll_number", _number, unpack=checked, choices=_offered, is_number=True)
]
"""票1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
PollQuestion = Annotated[str, Kind("poll_question", _question)]
"""What is asked; options may follow."""
Letters = Annotated[str, Kind("letters", _nothing, unpack=_letters, is_tap_only=True)]
"""How a poll is voted, from a button: ``a``nonymous, ``s``everal choices, by ``h``ousehold."""
Picks = Annotated[str, Kind("picks", _nothing, unpack=_picks, is_tap_only=True)]
"""What was chosen on a ballot paper: ``0.2`` the first and third option, ``-`` none."""
