"""Digest 日报: what a grid worker has to know of a period, in the order in which it matters."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from domain.issues import OPEN, Issue, State

OVERDUE_AFTER: Final = timedelta(days=2)
"""An open issue with which nothing was done for so long is overdue."""


class Period(StrEnum):
    """What a digest tells of; its length reaches back from the instant at which it is made."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta:
        """How far back "new" goes."""
        return {"day": timedelta(days=1), "week": timedelta(days=7)}.get(self, timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Digest:
    """Issues by what they need; one issue stands in the first list that fits."""

    overdue: tuple[Issue, ...]
    new: tuple[Issue, ...]
    unsent: tuple[Issue, ...]
    under_way: tuple[Issue, ...]
    unverified: tuple[Issue, ...]


def digested(issues: Sequence[Issue], period: Period, now: datetime) -> Digest:
    """Sort the open and finished ``issues`` of a worker's places, the longest untouched first.

    Every one stands in exactly one list, so that none is forgotten between two days.
    """
    found: dict[str, list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: (issue.changed_at, issue.id)):
        found.setdefault(_section(issue, period, now), []).append(issue)
    return Digest(**{part.name: tuple(found.get(part.name, ())) for part in fields(Digest)})


def _section(issue: Issue, period: Period, now: datetime) -> str:
    if issue.state not in OPEN:
        return "unverified"
    if now - issue.changed_at >= OVERDUE_AFTER:
        return "overdue"
    if now - issue.reported_at <= period.length:
        return "new"
    return "unsent" if issue.state is State.REPORTED else "under_way"


def next_at(hour: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next instant after ``now`` at which it is ``hour`` in ``zone``."""
    local = now.astimezone(zone)
    at = local.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    while at <= local:
        at = (at + timedelta(days=1)).replace(hour=hour.hour, minute=hour.minute)
    return at.astimezone(now.tzinfo)
