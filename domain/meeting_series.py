"""Meeting series 定期会议: every second Friday of the month; the next one is called in time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from domain.meetings import MeetingKind
from domain.moment_repeats import Repeat


@dataclass(frozen=True, slots=True)
class Series:
    """A repetition of meetings. ``next_at`` is the start of the one to be called next.

    The words, the place and who answers for it are those of the first meeting.
    """

    id: int
    community_id: int
    place_id: int
    path: str
    author_id: int
    kind: MeetingKind
    venue: str
    topic_line: str
    repeat: Repeat
    lasts: timedelta
    next_at: datetime
    is_stopped: bool = False


def advanced(series: Series, after: datetime, zone: tzinfo) -> Series:
    """``series`` with the first occurrence later than ``after`` as its next one."""
    following = series.repeat.next_after(after.astimezone(zone))
    return replace(series, next_at=following)


def call_at(series: Series, busy_until: datetime, lead: timedelta) -> datetime:
    """When the next meeting is called: ``lead`` before it, never while the last one is to come."""
    return max(busy_until, series.next_at - lead)
