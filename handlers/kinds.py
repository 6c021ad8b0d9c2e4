"""Kinds of arguments 参数: how each is typed, asked for and packed."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.issues import Issue, Step, parties, steps_for
from domain.people import Role
from domain.refusal import Refusal
from domain.text import MAX_WORDS, cleaned, folded, shortened, whole_number
from handlers.messages import Button, Typed, Words
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

MAX_NAME: Final = 20
"""Longest name that somebody can choose, in characters."""
_MAX_WORD: Final = 60
_OFFERED: Final = 5

# 报1, 第1号 and 1 are numbers of issues; 3号楼, 五楼 and 3-2-501 are places.
_LABEL = re.compile(
    r"\s*(?:报事?|issue|no\.?|#|第)?\s*#?\s*"
    r"([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})"
    r"(?![0-9０-９一二三四五六七八九十百千万亿两])(?:号(?!楼))?(?![号楼层单室栋幢个位天年月点块元次斤米\-－])\s*"
)


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("issue_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


def _words(text: str) -> tuple[str, str]:
    words = cleaned(text)
    if len(words) > MAX_WORDS:
        raise Refusal("too_long", length=len(words), limit=MAX_WORDS)
    return words, ""


def _one_word(text: str) -> tuple[str, str]:
    word, _, rest = cleaned(text).partition(" ")
    return word[:_MAX_WORD], rest


def _name(text: str) -> tuple[str, str]:
    return " ".join(cleaned(text).split())[:MAX_NAME].strip(), ""


def _flat(text: str) -> tuple[str, str]:
    return shortened(cleaned(text), _MAX_WORD), ""


ROLE_WORDS: Final = {
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
    role = ROLE_WORDS.get(folded(word)) or next((r for r in Role if r == folded(word)), None)
    if role is None:
        raise Refusal("role_unknown", role=Typed(word))
    return role.value, rest


def _code(text: str) -> tuple[str, str]:
    code = re.sub(r"[^0-9a-z]", "", folded(text)).upper()
    if not 6 <= len(code) <= 32:
        raise Refusal("code_unclear")
    return code, ""


_LANGUAGES = {
    "中文": "zh",
    "汉语": "zh",
    "zh": "zh",
    "chinese": "zh",
    "英文": "en",
    "英语": "en",
    "english": "en",
    "en": "en",
}


def _language(text: str) -> tuple[str, str]:
    word, rest = _one_word(text)
    lang = _LANGUAGES.get(folded(word))
    if lang is None:
        raise Refusal("language_unknown")
    return lang, rest


SECTIONS: Final = (
    *("issues", "proposals", "funds", "notices", "polls", "votes", "convening"),
    *("conventions", "meetings", "talk", "duty", "surveys", "roll", "office", "people", "other"),
)
"""Order of the help menu."""
MORE: Final = "more"
"""The page that lists the sections."""


def _section(text: str) -> tuple[str, str]:
    word, rest = _one_word(text)
    if folded(word) not in {*SECTIONS, MORE}:
        raise Refusal("unclear")
    return folded(word), rest


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


def _whole(text: str) -> int:
    """A number in a button; Python's ``int`` would also take ``1_0``, ``-5`` and ``１``."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError("no id")
    return int(text)


def _flag(text: str) -> int:
    if text not in {"0", "1"}:
        raise ValueError("no flag")
    return int(text)


async def _assignees(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Squads near the issue, the nearest first, and the dispatcher's own hands."""
    issue = await ask.issue(args["number"])
    squads = await ask.unit.places.squads_for(issue.path)
    offered = [Button(Typed(squad.name), f"=s{squad.id}") for squad in squads[:_OFFERED]]
    return [*offered, Button(Words("assignee.me"), f"=p{ask.actor.id}")]


async def _issues(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Issues on which the asker may take the step now; by number, so that they are found."""
    found = {issue.id: issue for issue in await ask.unit.issues.mine(ask.actor)}
    homes = sorted({grant.home for grant in ask.actor.grants})
    found |= {issue.id: issue for issue in await ask.unit.issues.listed(ask.actor, homes)}
    newest = sorted(found.values(), key=lambda issue: (issue.number, issue.id), reverse=True)
    fitting = [issue for issue in newest if _takes(issue, code, ask)][:_OFFERED]
    return [
        Button(Typed(f"{issue.label} {shortened(issue.text, 10)}"), f"={carried(issue)}")
        for issue in reversed(fitting)
    ]


def _takes(issue: Issue, code: str, ask: "Ask") -> bool:
    is_step = code in {step.value for step in Step}
    can = not is_step or code in steps_for(issue, parties(issue, ask.actor))
    return can and ask.is_of_here(issue.path)


async def _languages(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    return [Button(Typed("中文"), "=zh"), Button(Typed("English"), "=en")]


ISSUE_NUMBER: Final = Kind("issue_number", _number, unpack=checked, choices=_issues, is_number=True)
IssueNumber = Annotated[str, ISSUE_NUMBER]
"""报37, 37, #37, ３７, 三十七; the value is ``37``, of a button ``37.<community>``."""
FreeText = Annotated[str, Kind("free_text", _words, can_retry=False)]
"""All that is left, at most 1,000 characters."""
WordsOrPicture = Annotated[str, Kind("free_text", _words, or_picture=True, can_retry=False)]
"""As ``FreeText``, but a picture alone is enough."""
Assignee = Annotated[str, Kind("assignee", _one_word, choices=_assignees)]
"""``s3`` or ``p12`` from a button, or a typed name."""
PlaceName = Annotated[str, Kind("place", _one_word)]
"""A node of the tree, as it was typed; ``三栋`` finds ``3号楼``."""
HouseholdName = Annotated[str, Kind("flat", _one_word, is_personal=True)]
"""A household as one word, with more to say behind it."""
Flat = Annotated[str, Kind("flat", _flat, is_personal=True)]
"""A household, as people write it; nobody is asked for it in a group."""
PersonName = Annotated[str, Kind("person", _one_word)]
"""The name that somebody goes by."""
NewName = Annotated[str, Kind("person", _name)]
"""A name that somebody chooses; blanks in it are allowed."""
RoleName = Annotated[str, Kind("role", _role)]
"""A role's Chinese or English name; the value is the English one."""
OneTimeCode = Annotated[str, Kind("code", _code, is_personal=True)]
"""A one-time code; blanks and dashes do not matter."""
Language = Annotated[str, Kind("language", _language, choices=_languages)]
"""``zh`` or ``en``."""
Section = Annotated[str, Kind("section", _section)]
"""A section of the help menu; a button carries it."""
Id = Annotated[int, Kind("id", _nothing, unpack=_whole, is_tap_only=True)]
"""An id that only a button carries."""
Flag = Annotated[int, Kind("flag", _nothing, unpack=_flag, is_tap_only=True)]
"""0 or 1, from a button only."""
Pictures = Annotated[tuple[int, ...], Kind("pictures", _nothing, from_pictures=True)]
"""Ids of the pictures that came with the message."""
