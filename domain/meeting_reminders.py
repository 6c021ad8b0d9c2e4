"""Meeting reminders 会前提醒: at a polite hour, and only while they are of use."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.hours import Hours
from domain.meetings import Meeting, MeetingState

LEAST_NOTICE: Final = timedelta(hours=1)
"""A reminder that leaves less before the start, or comes sooner after the call, is none."""
LATEST: Final = timedelta(minutes=30)
"""Whoever is reminded later than so long before the start hardly comes in time."""
_DAY: Final = timedelta(days=1)


def reminders(
    meeting: Meeting, before: Sequence[timedelta], hours: Hours, now: datetime
) -> list[tuple[timedelta, datetime]]:
    """How long before the start ↦ when people are reminded; what is past already is left out."""
    starts_at, _ = meeting.span
    found = [(ahead, _polite(starts_at, ahead, hours)) for ahead in sorted(set(before))]
    return [(ahead, at) for ahead, at in found if at - now >= LEAST_NOTICE]


def _polite(starts_at: datetime, ahead: timedelta, hours: Hours) -> datetime:
    at = hours.polite_at(starts_at - ahead)
    if starts_at - at < LEAST_NOTICE:
        return hours.last_polite_at(starts_at - ahead)
    return at


def is_of_use(
    meeting: Meeting, ahead: timedelta, before: Sequence[timedelta], now: datetime
) -> bool:
    """Whether a reminder is still worth sending ``now``.

    After downtime it may come late: it is dropped once the next one is due, or the start is near.
    """
    if meeting.state is not MeetingState.CALLED:
        return False
    starts_at, _ = meeting.span
    nearer = [other for other in before if other < ahead]
    last = max([*nearer, LATEST])
    return now < starts_at - last


def is_for_the_group(ahead: timedelta, before: Sequence[timedelta]) -> bool:
    """Whether the group is told too: once, by the reminder that is nearest to a day before."""
    return ahead == min(before, key=lambda other: (abs(other - _DAY), other))
