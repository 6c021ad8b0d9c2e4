"""Digest 日报: what a grid worker has to know of a period, in the order in which it matters."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from domain.issues import OPEN, Issue, State

OVERDUE_AFTER: Final = timedelta(days=2)
"""An open issue with which nothing was done for so long is overdue, unless a day was agreed on."""

_CLOSED: Final = frozenset({State.VERIFIED, State.UNCONFIRMED})


class Period(StrEnum):
    """What a digest tells of: the last such period, and in the longer ones the next."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def card(self) -> str:
        """The kind of the card that shows it."""
        return "digest" if self is Period.DAY else f"digest_{self}"

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The same hour in ``zone`` one period earlier."""
        return self._moved(at, zone, -1)

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The same hour in ``zone`` one period later."""
        return self._moved(at, zone, 1)

    def _moved(self, at: datetime, zone: ZoneInfo, way: int) -> datetime:
        local = at.astimezone(zone)
        if self is not Period.MONTH:
            days = 1 if self is Period.DAY else 7
            return (local + way * timedelta(days=days)).astimezone(at.tzinfo)
        year, month = divmod(local.year * 12 + local.month - 1 + way, 12)
        day = min(local.day, monthrange(year, month + 1)[1])
        return local.replace(year=year, month=month + 1, day=day).astimezone(at.tzinfo)


@dataclass(frozen=True, slots=True)
class Digest:
    """Issues by what they need; one issue stands in the first list that fits.

    ``hard`` (to be decided together) and ``done`` stand in the longer periods alone.
    """

    hard: tuple[Issue, ...]
    overdue: tuple[Issue, ...]
    new: tuple[Issue, ...]
    unsent: tuple[Issue, ...]
    under_way: tuple[Issue, ...]
    unverified: tuple[Issue, ...]
    done: tuple[Issue, ...]


def digested(issues: Sequence[Issue], period: Period, *, since: datetime, now: datetime) -> Digest:
    """Sort the ``issues`` of a worker's places, the longest untouched first.

    Every one stands in exactly one list, so that none is forgotten between two days. ``since`` is
    when the period began.
    """
    found: dict[str, list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: (issue.changed_at, issue.id)):
        found.setdefault(_section(issue, period, since, now), []).append(issue)
    return Digest(**{part.name: tuple(found.get(part.name, ())) for part in fields(Digest)})


def _section(issue: Issue, period: Period, since: datetime, now: datetime) -> str:
    if issue.state not in OPEN:
        return "done" if issue.state in _CLOSED else "unverified"
    if period is not Period.DAY and _is_hard(issue, since):
        return "hard"
    is_idle = issue.due_at is None and now - issue.changed_at >= OVERDUE_AFTER
    if is_idle or issue.is_overdue(now):
        return "overdue"
    if issue.reported_at >= since:
        return "new"
    return "unsent" if issue.state is State.REPORTED else "under_way"


def _is_hard(issue: Issue, since: datetime) -> bool:
    """Whether a meeting has to decide it: escalated, shared, sent back, or open all along."""
    is_escalated = issue.level_path != issue.path
    is_old = issue.reported_at < since
    return is_escalated or issue.is_common or issue.state is State.REOPENED or is_old


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of a period: reported in it, closed in it, of these verified; open at its end."""

    reported: int
    closed: int
    verified: int
    unsettled: int


def tallied(issues: Sequence[Issue], since: datetime) -> Tally:
    """Count ``issues`` that are not settled or were closed ``since`` the period began."""
    closed = [issue for issue in issues if issue.state in _CLOSED]
    return Tally(
        reported=sum(issue.reported_at >= since for issue in issues),
        closed=len(closed),
        verified=sum(issue.state is State.VERIFIED for issue in closed),
        unsettled=len(issues) - len(closed),
    )


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a community's digests are sent: every day at ``at``, the longer ones if it wants them.

    Attributes:
        weekday: Of the weekly one 周报; Monday is 0.
        day: Of the month for the monthly one 月报; at most 28, so that every month has it.
    """

    at: time = time(8)
    weekday: int | None = None
    day: int | None = None

    def next_at(self, period: Period, zone: ZoneInfo, now: datetime) -> datetime | None:
        """The first such instant after ``now``; None where the community does not want it."""
        wanted = {Period.WEEK: self.weekday, Period.MONTH: self.day}
        if wanted.get(period, 0) is None:
            return None
        local = now.astimezone(zone)
        hour, minute = self.at.hour, self.at.minute
        at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        while at <= local or _day(period, at) != wanted.get(period):
            at = (at + timedelta(days=1)).replace(hour=hour, minute=minute)
        return at.astimezone(now.tzinfo)


def _day(period: Period, at: datetime) -> int | None:
    return {Period.WEEK: at.weekday(), Period.MONTH: at.day}.get(period)
