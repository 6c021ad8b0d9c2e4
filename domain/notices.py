"""Notices 公告: what everybody of a place should know, and how many said that they do."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.people import Ability, Actor
from domain.refusal import Refusal

LONGEST_NOTICE: Final = 300
"""Characters: it is read on a phone without scrolling."""
NEWS_FOR: Final = timedelta(days=1)
"""So long a notice belongs to what is forwarded today."""


class NoticeKind(StrEnum):
    """What is told: something new 公告, or that a rumour is not true 辟谣."""

    NOTICE = "notice"
    CLARIFICATION = "clarification"


class NoticeState(StrEnum):
    """Where a notice stands; its text never changes."""

    POSTED = "posted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, in the groups of ``path`` and below. ``readers`` counts who said 知道了."""

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    kind: NoticeKind
    text: str
    posted_at: datetime
    state: NoticeState = NoticeState.POSTED
    readers: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"告{self.number}"


def checked_text(text: str) -> str:
    """``text`` if it is short enough for everybody; refuses with ``too_long``."""
    if len(text) > LONGEST_NOTICE:
        raise Refusal("too_long", length=len(text), limit=LONGEST_NOTICE)
    return text


def check_posted(notice: Notice) -> None:
    """Refuse what comes after it was withdrawn."""
    if notice.state is NoticeState.WITHDRAWN:
        raise Refusal("notice_withdrawn", label=notice.label)


def may_withdraw(notice: Notice, actor: Actor) -> bool:
    """Whether somebody posted it, or is staff above it."""
    return notice.author_id == actor.id or actor.can(Ability.POST_NOTICE, at=notice.path)


def withdrawn(notice: Notice, *, by: Actor) -> Notice:
    """``notice`` taken back, by who posted it or by staff above it."""
    if not may_withdraw(notice, by):
        raise Refusal("notice_not_yours", label=notice.label)
    check_posted(notice)
    return replace(notice, state=NoticeState.WITHDRAWN)
