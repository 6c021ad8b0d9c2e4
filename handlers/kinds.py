"""Kinds of arguments 参数: how each is typed, asked for and packed."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from domain.people import Role
from domain.places import place_name
from domain.refusal import Refusal
from domain.text import MAX_WORDS, cleaned, folded, whole_number
from handlers.messages import Button, Typed
from handlers.registry import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_LABEL = re.compile(
    r"\s*(?:报事?|issue|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]+)号?\s*"
)


def _number(text: str) -> tuple[int, str]:
    found = _LABEL.match(text, 0)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("issue_number_unclear")
    return number, text[found.end() :].lstrip(" ,，:：。.、")


def _words(text: str) -> tuple[str, str]:
    words = cleaned(text)
    if len(words) > MAX_WORDS:
        raise Refusal("too_long", length=len(words), limit=MAX_WORDS)
    return words, ""


def _one_word(text: str) -> tuple[str, str]:
    word, _, rest = cleaned(text).partition(" ")
    return word[:60], rest


def _place(text: str) -> tuple[str, str]:
    word, rest = _one_word(text)
    return place_name(word), rest


_ROLES = {
    "居民": Role.RESIDENT,
    "楼栋长": Role.BUILDING_HEAD,
    "楼组长": Role.BUILDING_HEAD,
    "网格员": Role.GRID_WORKER,
    "居委会": Role.COMMITTEE,
    "业委会": Role.OWNERS_COMMITTEE,
    "物业": Role.PROPERTY,
    "街道": Role.STREET_STAFF,
}


def _role(text: str) -> tuple[str, str]:
    word, rest = _one_word(text)
    role = _ROLES.get(folded(word)) or next((r for r in Role if r == folded(word)), None)
    if role is None:
        raise Refusal("role_unknown", role=word, roles="、".join(_ROLES))
    return role.value, rest


def _code(text: str) -> tuple[str, str]:
    code = re.sub(r"[^0-9a-z]", "", folded(text)).upper()
    if not 6 <= len(code) <= 32:
        raise Refusal("code_unclear")
    return code, ""


async def _assignees(ask: "Ask", args: Mapping[str, Any]) -> list[Button]:
    """Squads near the issue, the nearest first, and the dispatcher's own hands."""
    issue = await ask.issue(args["number"])
    squads = await ask.unit.places.squads_for(issue.path)
    offered = [Button(Typed(squad.name), f"=s{squad.id}") for squad in squads[:5]]
    return [*offered, Button(ask.words("assignee.me"), f"=p{ask.actor.id}")]


async def _languages(ask: "Ask", args: Mapping[str, Any]) -> list[Button]:
    return [Button(Typed("中文"), "=zh"), Button(Typed("English"), "=en")]


_LANGUAGES = {"中文": "zh", "汉语": "zh", "zh": "zh", "chinese": "zh", "英文": "en", "英语": "en"}


def _language(text: str) -> tuple[str, str]:
    word, rest = _one_word(text)
    lang = (_LANGUAGES | {"en": "en", "english": "en"}).get(folded(word))
    if lang is None:
        raise Refusal("language_unknown")
    return lang, rest


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


IssueNumber = Annotated[int, Kind("issue_number", _number, unpack=int, is_number=True)]
"""报37, 37, #37, ３７, 三十七."""
FreeText = Annotated[str, Kind("free_text", _words)]
"""All that is left, at most 1,000 characters."""
WordsOrPicture = Annotated[str, Kind("free_text", _words, or_picture=True)]
"""As ``FreeText``, but a picture alone is enough."""
Assignee = Annotated[str, Kind("assignee", _one_word, choices=_assignees)]
"""``s3`` or ``p12`` from a button, or a typed name."""
PlaceName = Annotated[str, Kind("place", _place)]
"""A node of the tree; ``三栋`` is ``3号楼``."""
PersonName = Annotated[str, Kind("person", _one_word)]
"""The name that somebody goes by."""
RoleName = Annotated[str, Kind("role", _role)]
"""A role's Chinese or English name; the value is the English one."""
OneTimeCode = Annotated[str, Kind("code", _code)]
"""A one-time code; blanks and dashes do not matter."""
Language = Annotated[str, Kind("language", _language, choices=_languages)]
"""``zh`` or ``en``."""
Id = Annotated[int, Kind("id", _nothing, unpack=int)]
"""An id that only a button carries."""
Flag = Annotated[int, Kind("flag", _nothing, unpack=int)]
"""0 or 1, from a button only."""
Pictures = Annotated[tuple[int, ...], Kind("pictures", _nothing, from_pictures=True)]
"""Ids of the pictures that came with the message."""
Section = Annotated[str, Kind("section", _one_word)]
"""A section of the help menu; a button carries it."""
