"""Arguments of forwarding 转发参数: which thing, by its label; which link."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from domain.conventions import Convention
from domain.forwards import Forwarded
from domain.issues import Issue
from domain.meetings import Meeting
from domain.motions import Motion
from domain.notices import Notice
from domain.polls import Poll
from domain.proposals import Proposal
from domain.refusal import Refusal
from domain.surveys import Survey
from domain.text import cleaned, whole_number
from handlers.numbers import checked
from handlers.slots import Kind

_LABEL: Final = re.compile(
    r"\s*(报事?|issue|投?票|poll|会议?|meeting|征?询|survey|表决?|motion|公?告|notice|提?议|proposal"
    r"|公?约|convention)\s*#?\s*"
    r"([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})号?\s*"
)
KINDS: Final[Mapping[str, Forwarded]] = {
    "i": Forwarded.ISSUE,
    "p": Forwarded.POLL,
    "m": Forwarded.MEETING,
    "s": Forwarded.SURVEY,
    "v": Forwarded.MOTION,
    "n": Forwarded.NOTICE,
    "t": Forwarded.PROPOSAL,
    "c": Forwarded.CONVENTION,
}
"""The letter with which a button says what it is about → the kind."""
Thing = Issue | Poll | Meeting | Motion | Survey | Notice | Proposal | Convention
LETTERS: Final[Mapping[type[Thing], str]] = {
    Issue: "i",
    Poll: "p",
    Meeting: "m",
    Motion: "v",
    Survey: "s",
    Notice: "n",
    Proposal: "t",
    Convention: "c",
}
_LETTERS: Final = {
    **dict.fromkeys(("报", "报事", "issue"), "i"),
    **dict.fromkeys(("投票", "票", "poll"), "p"),
    **dict.fromkeys(("会", "会议", "meeting"), "m"),
    **dict.fromkeys(("询", "征询", "survey"), "s"),
    **dict.fromkeys(("表", "表决", "motion"), "v"),
    **dict.fromkeys(("告", "公告", "notice"), "n"),
    **dict.fromkeys(("议", "提议", "proposal"), "t"),
    **dict.fromkeys(("约", "公约", "convention"), "c"),
}
UNCLEAR: Final = "?"
"""Instead of a label that cannot be read; said back, since today's text was not asked for."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{6,30}")


def _thing(text: str) -> tuple[str, str]:
    found = _LABEL.match(cleaned(text).lower())
    number = whole_number(found[2]) if found else None
    if found is None or number is None or number < 1:
        return UNCLEAR, ""
    return f"{_LETTERS[found[1]]}{number}", ""


def _carried(text: str) -> str:
    if text[:1] not in KINDS:
        raise ValueError("no thing")
    return text[0] + checked(text[1:])


def _token(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise ValueError("no token")
    return text


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


ThingLabel = Annotated[str, Kind("thing", _thing, unpack=_carried)]
"""票5, 会3, 报37, 询2, 表1, 告1, 议1, 约1; the value is ``p5``, of a button ``p5.<community>``,
``?`` of words that are no label."""
LinkToken = Annotated[str, Kind("link", _nothing, unpack=_token, is_tap_only=True)]
"""The end of a link that was forwarded; our own page carries it."""
