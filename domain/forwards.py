"""Forwards 转发: what a person copies into a group where no bot may be, and how long it opens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LIFE: Final = timedelta(days=14)
"""How long a link opens what has no end of its own."""
AFTERWARDS: Final = timedelta(days=2)
"""How long one may still look after the end: the result is asked for as well."""
LONGEST_COPIED: Final = 256
"""Characters that a button of Telegram copies; what is forwarded is kept shorter."""


class Forwarded(StrEnum):
    """What is forwarded: one thing, or a place's day 今天."""

    ISSUE = "issue"
    POLL = "poll"
    MEETING = "meeting"
    SURVEY = "survey"
    MOTION = "motion"
    NOTICE = "notice"
    PROPOSAL = "proposal"
    CONVENTION = "convention"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Forward:
    """A link to one thing. ``subject_id`` is the thing's, or for a day the place's id."""

    token: str
    community_id: int
    kind: Forwarded
    subject_id: int
    until: datetime


def open_until(ends_at: datetime | None, now: datetime) -> datetime:
    """Until when a link made ``now`` opens something that ends at ``ends_at``."""
    return max(ends_at, now) + AFTERWARDS if ends_at is not None else now + LIFE
