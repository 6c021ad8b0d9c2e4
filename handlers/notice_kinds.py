"""Arguments of notices 公告参数: numbers like 告1, and which kind of notice it is."""

import re
from typing import Annotated, Any

from domain.notices import NoticeKind
from domain.refusal import Refusal
from domain.text import whole_number
from handlers.numbers import checked
from handlers.registry import Kind

_LABEL = re.compile(
    r"\s*(?:公?告|notice|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
)


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("notice_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


def _kind(text: str) -> str:
    return NoticeKind(text).value


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


NoticeNumber = Annotated[str, Kind("notice_number", _number, unpack=checked, is_number=True)]
"""告1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
NoticeKindName = Annotated[str, Kind("notice_kind", _nothing, unpack=_kind, is_tap_only=True)]
"""The name of a ``NoticeKind``, from a button only."""
