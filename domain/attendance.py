"""Attendance 报名与签到: who comes, which of the three parties 三方 confirmed, who came."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.meetings import DOORS_OPEN_BEFORE, Meeting, MeetingState, why_not
from domain.people import Actor, Role
from domain.places import within
from domain.refusal import Refusal

PARTIES: Final = (Role.COMMITTEE, Role.OWNERS_COMMITTEE, Role.PROPERTY)
"""The three parties 三方: 居委会、业委会、物业."""


class Answer(StrEnum):
    """What somebody says to an invitation."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


SIGNED_UP: Final = (Answer.YES, Answer.MAYBE)
"""Who is reminded, and told of every change."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many persons gave each answer, and how many checked in."""

    yes: int = 0
    maybe: int = 0
    no: int = 0
    came: int = 0


def can_answer(meeting: Meeting, now: datetime) -> bool:
    """Whether people can still sign up or change their mind: until the start."""
    return meeting.state is MeetingState.CALLED and now < meeting.span[0]


def check_answer(meeting: Meeting, now: datetime) -> None:
    """Refuse an answer that comes too late or too early."""
    if meeting.state is not MeetingState.CALLED:
        raise Refusal(why_not(meeting), label=meeting.label)
    if not can_answer(meeting, now):
        raise Refusal("meeting_begun", label=meeting.label)


def doors_are_open(meeting: Meeting, now: datetime) -> bool:
    """Whether people can check in: from half an hour before the start until the end."""
    if meeting.state is not MeetingState.CALLED:
        return False
    starts_at, ends_at = meeting.span
    return starts_at - DOORS_OPEN_BEFORE <= now < ends_at


def check_doors(meeting: Meeting, now: datetime) -> None:
    """Refuse a check-in before the doors open, or after the end."""
    if meeting.state is not MeetingState.CALLED:
        raise Refusal(why_not(meeting), label=meeting.label)
    starts_at, ends_at = meeting.span
    if now >= ends_at:
        raise Refusal("meeting_over", label=meeting.label)
    if not doors_are_open(meeting, now):
        raise Refusal("meeting_not_open", label=meeting.label, at=starts_at - DOORS_OPEN_BEFORE)


def parties_of(actor: Actor, path: str) -> tuple[Role, ...]:
    """Which of the three parties somebody speaks for at ``path``."""
    held = {grant.role for grant in actor.grants if within(path, grant.path)}
    return tuple(party for party in PARTIES if party in held)
