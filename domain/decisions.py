"""Decisions 议定事项: what a meeting agreed to have done, and how that stands at the next one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from domain.issues import OPEN, Issue, State
from domain.people import Role
from domain.refusal import Refusal

LONGEST_DECISION: Final = 100
FARTHEST_DUE: Final = timedelta(days=366)
DAY_ENDS: Final = time(23, 59)
"""What is due on a day may be done until its end."""
WARN_AT: Final = time(9)
"""When whoever has it is reminded, on the last day."""


class Standing(StrEnum):
    """How a decision stands, what needs attention first."""

    OVERDUE = "overdue"
    DUE = "due"
    UNVERIFIED = "unverified"
    DONE = "done"
    DROPPED = "dropped"


UNSETTLED: Final = frozenset({Standing.OVERDUE, Standing.DUE})


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that a meeting agreed on; ``issue`` is the report that carries it out.

    Attributes:
        topic_id: What was talked over when it was agreed, if anything.
        party: The one of the three parties 三方 that took it on, None for a squad or a person.
    """

    id: int
    meeting_id: int
    topic_id: int | None
    text: str
    party: Role | None
    decided_by: int
    decided_at: datetime
    issue: Issue


def standing(issue: Issue, now: datetime) -> Standing:
    """How what was agreed stands; only what somebody verified is done."""
    if issue.state is State.VERIFIED:
        return Standing.DONE
    if issue.state is State.WITHDRAWN:
        return Standing.DROPPED
    if issue.state not in OPEN:
        return Standing.UNVERIFIED
    return Standing.OVERDUE if issue.is_overdue(now) else Standing.DUE


def carried_over(decisions: Iterable[Decision], now: datetime) -> Sequence[Decision]:
    """What comes first at the next meeting: all of the latest one, what is still open of others.

    The late ones come first, then what is due next.
    """
    every = list(decisions)
    latest = max(((one.decided_at, one.id, one.meeting_id) for one in every), default=(now, 0, 0))
    kept = [
        one for one in every if one.meeting_id == latest[2] or standing(one.issue, now) in UNSETTLED
    ]
    order = list(Standing)
    return sorted(
        kept,
        key=lambda one: (
            order.index(standing(one.issue, now)),
            one.issue.due_at or one.decided_at,
            one.id,
        ),
    )


def checked_decision(text: str) -> str:
    """``text`` if it fits on a line or two; refuses ``decision_long``."""
    if len(text) > LONGEST_DECISION:
        raise Refusal("decision_long", length=len(text), most=LONGEST_DECISION)
    return text


def due_at_end_of(day: datetime, zone: tzinfo) -> datetime:
    """The last minute of the day of ``day`` in ``zone``."""
    local = day.astimezone(zone)
    return local.replace(hour=DAY_ENDS.hour, minute=DAY_ENDS.minute, second=0, microsecond=0)


def checked_due(due_at: datetime, now: datetime) -> datetime:
    """``due_at`` if it can be kept; refuses ``due_past`` and ``due_far``."""
    if due_at <= now:
        raise Refusal("due_past", at=due_at)
    if due_at - now > FARTHEST_DUE:
        raise Refusal("due_far", at=due_at)
    return due_at


def warn_at(due_at: datetime, zone: tzinfo) -> datetime:
    """The morning of the day on which it is due."""
    local = due_at.astimezone(zone)
    return local.replace(hour=WARN_AT.hour, minute=WARN_AT.minute, second=0, microsecond=0)
