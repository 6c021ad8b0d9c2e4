"""Arguments of meetings 会议参数: numbers like 会3, what it is called, and a line with its time."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.attendance import Answer
from domain.meetings import MeetingKind
from domain.moment_search import Found, moment_in
from domain.moments import Context, Moment, Setting, moment_of
from domain.refusal import Refusal
from domain.text import cleaned, folded, shortened, whole_number
from handlers.almanac import LunarAlmanac
from handlers.messages import Button, Typed, Words
from handlers.numbers import carried, checked
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_LABEL = re.compile(
    r"\s*(?:会议?|meeting|no\.?|#|第)?\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
)
_LABELLED: Final = re.compile(r"\s*(?:会|meeting|no|#|第|[0-9０-９]{1,9}[\s,，])", re.IGNORECASE)
"""What begins so names a meeting, and tells no time yet."""
_QUESTION = re.compile(r"吗|呢|么|几点|怎|谁|哪|[?？]")
_ASKS: Final = re.compile(r"(?:吗|呢|么|[?？])[。.!！~～]*$")
_DOOR: Final = re.compile(r"[号號][楼樓门門栋棟院]")
"""3号楼 is a house, not the third of the month."""
_DAY_LEFT: Final = re.compile(r"[0-9０-９零一二三四五六七八九十]{1,3}[日号號](?![楼樓门門栋棟院])")
"""What is cut off a date that there is not (2月30日) is no moment either."""
_BEHIND: Final = re.compile(r"[,，;；\n]")
"""What it is about stands behind such a mark, and may well be a question (车棚怎么建)."""
_ANY_DAY: Final = Setting(datetime(2026, 1, 1, tzinfo=UTC), UTC, LunarAlmanac(), Context.EVENING)
"""Whether words tell a time does not depend on the day on which they are read."""

_CHOICE = re.compile(
    r"[\s,，]*(?:择日|选个?日子|挑个?日子|[选挑]个?晴天|(?:pick|choose) an? (?:day|date|evening)"
    r"|clear evening)[\s,，]*",
    re.IGNORECASE,
)
"""Words that leave the evening to the forecast."""

TELLS_NO_TIME: Final = re.compile(r"[^点點时時:：周星期礼禮天晚早午月日号\n]{2,}|\d+号[楼门栋].+")
"""A line that can only be a place (活动室, 3号楼一楼大厅)."""
LOOKS_LIKE_TIME: Final = re.compile(r"(?:[0-9０-９]|[一二三四五六七八九十])[月点點:：](?!台)")
"""Words that were meant for a time, whether there is such a one or not."""
CHANGE: Final = re.compile(r"(?:要|先)?(?:(取消|不开)|改期|改到|推迟|提前)")
"""What begins so behind a meeting's name is about one that is called already."""

ENTRY_CODE_LENGTH: Final = 8
KIND_WORDS: Final = {
    "睦邻夜话": MeetingKind.EVENING_TALK,
    "夜话": MeetingKind.EVENING_TALK,
    "月悦谈": MeetingKind.MONTHLY_TALK,
    "周周碰": MeetingKind.WEEKLY_ROUND,
    "联席会": MeetingKind.JOINT,
    "楼栋议事会": MeetingKind.BUILDING,
    "坝坝会": MeetingKind.COURTYARD,
}
"""Words that call a meeting → what it is called from then on; other words call the first."""
_NAME: Final = re.compile(
    rf"\s*(?:召开|召集|举行|开)?(?:一?[个次场])?({'|'.join(KIND_WORDS)})(?![的了])"
)
"""A meeting's name within a line, with the words that lead to it."""
_UNNAMED: Final = re.compile(r"\s*(?:召?开|召集)一?[个次场]会(?:议)?(?:吧|呗|啊)?(?![员计长])")
"""开个会: one that has no name of its own."""


def found_in(text: str, setting: Setting) -> Found | None:
    """The time in ``text`` and what is left; also where nothing parts them (下周五晚7点凉亭)."""
    found = moment_in(text, setting)
    if found is not None:
        return found
    head, blank, rest = text.partition(" ")
    for end in range(len(head) - 1, 1, -1):
        if _DOOR.match(head[end - 1 :]) or _DAY_LEFT.match(head[end:]):
            continue
        answer = moment_of(head[:end], setting)
        if isinstance(answer, Moment):
            return Found(answer, f"{head[end:]}{blank}{rest}")
    return None


def named_behind(text: str) -> tuple[MeetingKind, str] | None:
    """Kind and line of a meeting whose time comes before its name: 下周五晚7点在凉亭开个夜话."""
    words = cleaned(text)
    found = _NAME.search(words) or _UNNAMED.search(words)
    if found is None or found_in(words[: found.start()], _ANY_DAY) is None:
        return None
    try:
        line, _ = _line(f"{words[: found.start()]} {words[found.end() :]}".strip())
    except Refusal:
        return None
    return KIND_WORDS[found[1]] if found.re is _NAME else MeetingKind.EVENING_TALK, line


def without_choice(line: str) -> str | None:
    """What is left of a line that says 择日; None where it says nothing of the kind."""
    found = _CHOICE.search(line)
    if found is None:
        return None
    return f"{line[: found.start()]} {line[found.end() :]}".strip()


def _number(text: str) -> tuple[str, str]:
    found = _LABEL.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("meeting_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


async def _offered(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Meetings to come that concern the asker; a tap is easier than a number."""
    coming = await ask.unit.meetings.coming_for(ask.actor)
    return [
        Button(
            Words("meeting.name", {"label": meeting.label, "kind": meeting.kind}),
            f"={carried(meeting)}",
        )
        for meeting in coming
        if ask.is_of_here(meeting.path)
    ]


def _line(text: str) -> tuple[str, str]:
    """All of a text that tells a time, or that one is to be chosen, and asks nothing."""
    words = cleaned(text)
    is_choice = without_choice(words) is not None
    head = _BEHIND.split(words, maxsplit=1)[0]
    is_asked = _QUESTION.search(head) or _ASKS.search(words)
    if is_asked or (not is_choice and found_in(words, _ANY_DAY) is None):
        raise Refusal("no_moment", text=Typed(shortened(words, 20)))
    return words, ""


def _number_or_time(text: str) -> tuple[str, str]:
    """A meeting's number; none, and all of the text left, where it begins with the time."""
    if found_in(text, _ANY_DAY) is not None and not _LABELLED.match(text):
        return "", text
    return _number(text)


def _kind(text: str) -> tuple[MeetingKind, str]:
    return KIND_WORDS.get(folded(text), MeetingKind.EVENING_TALK), ""


def _answer(text: str) -> str:
    return Answer(text)


def _code(text: str) -> tuple[str, str]:
    code = re.sub(r"[^0-9a-z]", "", folded(text)).upper()
    if len(code) != ENTRY_CODE_LENGTH:
        raise Refusal("entry_unknown")
    return code, ""


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


MeetingNumber = Annotated[
    str, Kind("meeting_number", _number, unpack=checked, choices=_offered, is_number=True)
]
"""会1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
MovedNumber = Annotated[
    str, Kind("meeting_number", _number_or_time, unpack=checked, choices=_offered, is_number=True)
]
"""The same; empty where a time is said at once, for the one meeting that is to come."""
CalledAs = Annotated[MeetingKind, Kind("meeting_kind", _kind, from_word=True)]
"""What the meeting is called, from the word that was said."""
MeetingLine = Annotated[str, Kind("meeting_line", _line)]
"""A time with a place in front or behind; the value is the line as it was typed."""
AnswerLetter = Annotated[str, Kind("meeting_answer", _nothing, unpack=_answer, is_tap_only=True)]
"""``yes``, ``maybe`` or ``no``, from a button only."""
EntryCode = Annotated[str, Kind("entry_code", _code, is_personal=True)]
"""The code that hangs at a meeting's place; blanks and dashes do not matter."""
