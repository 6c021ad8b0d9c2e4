"""Arguments of notices 公告参数: numbers like 告1, and which kind of notice it is."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.notices import NoticeKind
from domain.refusal import Refusal
from domain.text import shortened, whole_number
from handlers.messages import Button, Typed
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_OFFERED: Final = 5

_LABEL = re.compile(
    r"\s*(?:公?告|notice|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
)


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("notice_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


async def _offered(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """The newest notices that concern the asker; a tap is easier than a number."""
    newest = await ask.unit.notices.newest_for(ask.actor)
    fitting = [one for one in newest if ask.is_of_here(one.path)][:_OFFERED]
    return [
        Button(Typed(f"{one.label} {shortened(one.text, 12)}"), f"={carried(one)}")
        for one in fitting
    ]


def _kind(text: str) -> str:
    return NoticeKind(text).value


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


NoticeNumber = Annotated[
    str, Kind("notice_number", _number, unpack=checked, choices=_offered, is_number=True)
]
"""告1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
NoticeKindName = Annotated[str, Kind("notice_kind", _nothing, unpack=_kind, is_tap_only=True)]
"""The name of a ``NoticeKind``, from a button only."""
