"""Minutes 纪要: who writes them, from when on, and when neighbours read them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.meetings import Meeting, MeetingState, is_convener, why_not
from domain.people import Actor
from domain.refusal import Refusal

LONGEST_NOTE: Final = 200
"""Characters that the minutes give to one topic: a line or two."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one meeting; what they say stands with its topics and decisions.

    Attributes:
        scribe_id: Whom the convener asked to write them 记录人; None for the convener.
        published_at: When neighbours could read them first; None before.
        corrections: How often they were changed after that.
    """

    meeting_id: int
    scribe_id: int | None = None
    published_at: datetime | None = None
    corrections: int = 0

    @property
    def is_public(self) -> bool:
        """Whether neighbours can read them."""
        return self.published_at is not None


def is_writer(meeting: Meeting, minutes: Minutes, actor: Actor) -> bool:
    """Whether somebody writes the minutes: the convener, staff above, or whom they asked to."""
    return minutes.scribe_id == actor.id or is_convener(meeting, actor)


def can_write(meeting: Meeting, now: datetime) -> bool:
    """Whether there is anything to write down: from the start on."""
    if meeting.state is MeetingState.HELD:
        return True
    return meeting.state is MeetingState.CALLED and now >= meeting.span[0]


def check_writer(meeting: Meeting, minutes: Minutes, actor: Actor, now: datetime) -> None:
    """Refuse who may not write, and what has not begun or never was."""
    if not is_writer(meeting, minutes, actor):
        raise Refusal("minutes_not_yours", label=meeting.label)
    if meeting.state in {MeetingState.CHOOSING, MeetingState.CANCELLED}:
        raise Refusal(why_not(meeting), label=meeting.label)
    if not can_write(meeting, now):
        raise Refusal("minutes_early", label=meeting.label, at=meeting.span[0])


def checked_note(words: str) -> str:
    """``words`` if they are short enough for minutes; refuses ``note_long``."""
    if len(words) > LONGEST_NOTE:
        raise Refusal("note_long", length=len(words), most=LONGEST_NOTE)
    return words


def published(minutes: Minutes, meeting: Meeting, *, is_empty: bool, now: datetime) -> Minutes:
    """``minutes`` for everybody to read; refuses ``minutes_empty`` and ``minutes_public``."""
    if is_empty:
        raise Refusal("minutes_empty", label=meeting.label)
    if minutes.is_public:
        raise Refusal("minutes_public", label=meeting.label)
    return replace(minutes, published_at=now)


def changed(minutes: Minutes) -> Minutes:
    """``minutes`` after a change: one that neighbours have read counts as a correction."""
    if not minutes.is_public:
        return minutes
    return replace(minutes, corrections=minutes.corrections + 1)
