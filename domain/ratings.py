"""Ratings 满意度: how those who were there found a meeting (服务入心); numbers only, never who."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.meetings import Meeting, MeetingState
from domain.refusal import Refusal

FEWEST_SHOWN: Final = 3
"""Fewer answers would tell who gave which."""
OPEN_FOR: Final = timedelta(days=3)


class Rating(StrEnum):
    """How somebody found it."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


def check_rating(meeting: Meeting, now: datetime) -> None:
    """Refuse what comes before the end of a meeting, or more than three days after it."""
    if meeting.state is not MeetingState.HELD:
        raise Refusal("rating_early", label=meeting.label)
    if now - meeting.span[1] > OPEN_FOR:
        raise Refusal("rating_late", label=meeting.label)


def tally(ratings: Iterable[Rating]) -> Mapping[Rating, int] | None:
    """How often each was given; None where too few answered for nobody to be recognised."""
    counted = Counter(ratings)
    if counted.total() < FEWEST_SHOWN:
        return None
    return {rating: counted[rating] for rating in Rating}
