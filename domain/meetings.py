"""Meetings 睦邻夜话: called for a place, moved, called off, held; who may, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.hours import Hours
from domain.people import Ability, Actor
from domain.refusal import Refusal

FARTHEST: Final = timedelta(days=366)
LONGEST_VENUE: Final = 40
"""Characters; a longer one does not fit on a line."""
LONGEST_TOPIC_LINE: Final = 60
LONGEST: Final = timedelta(hours=6)
"""Nobody sits longer; an end behind it (晚7点到5点) is a slip of the tongue."""
DOORS_OPEN_BEFORE: Final = timedelta(minutes=30)
"""So long before the start people can check in 签到."""


class MeetingKind(StrEnum):
    """What a meeting is called; one kind of thing with several names."""

    EVENING_TALK = "evening_talk"
    MONTHLY_TALK = "monthly_talk"
    WEEKLY_ROUND = "weekly_round"
    JOINT = "joint"
    BUILDING = "building"
    COURTYARD = "courtyard"


class MeetingState(StrEnum):
    """Where a meeting stands; ``CHOOSING``: its date is being chosen 择日."""

    CHOOSING = "choosing"
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What can be done with a meeting; also the verb in its journal."""

    CALL = "call"
    MOVE = "move"
    HOLD = "hold"
    CANCEL = "cancel"


_COMING: Final = frozenset({MeetingState.CHOOSING, MeetingState.CALLED})
MOVES: Final[Mapping[Move, tuple[frozenset[MeetingState], MeetingState]]] = {
    Move.CALL: (frozenset({MeetingState.CHOOSING}), MeetingState.CALLED),
    Move.MOVE: (frozenset({MeetingState.CALLED}), MeetingState.CALLED),
    Move.HOLD: (frozenset({MeetingState.CALLED}), MeetingState.HELD),
    Move.CANCEL: (_COMING, MeetingState.CANCELLED),
}
"""Move → in which states it may be made, and where it leads."""
_WHY_NOT: Final = {
    MeetingState.CHOOSING: "meeting_no_date",
    MeetingState.CALLED: "meeting_called",
    MeetingState.HELD: "meeting_over",
    MeetingState.CANCELLED: "meeting_cancelled",
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A community's habits: how long a meeting lasts, how long before it people are reminded, and
    how long before it the next one of a series is called."""

    lasts: timedelta = timedelta(hours=2)
    reminders: tuple[timedelta, ...] = (timedelta(days=3), timedelta(days=1), timedelta(hours=2))
    lead: timedelta = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting. ``starts_at`` and ``ends_at`` are None while the date is being chosen.

    It concerns all of ``path`` and below, with one count of who comes.

    Attributes:
        venue: Where, as people say it (凉亭); may be empty while the date is being chosen.
        topic_line: What it is about, in the convener's words; may be empty.
        series_id: The repetition that called it, if one did.
        sequence: Grows with every change that a calendar must learn of.
        uid: Names it in calendars, for ever.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    kind: MeetingKind
    venue: str
    starts_at: datetime | None
    ends_at: datetime | None
    state: MeetingState = MeetingState.CALLED
    topic_line: str = ""
    series_id: int | None = None
    sequence: int = 0
    uid: str = ""
    version: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"会{self.number}"

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Start and end of a meeting that has a date; a bug to ask where it has none."""
        if self.starts_at is None or self.ends_at is None:
            raise ValueError(f"meeting {self.id} has no date")
        return self.starts_at, self.ends_at


def why_not(meeting: Meeting) -> str:
    """The refusal that says what state stands in the way."""
    return _WHY_NOT[meeting.state]


def can_move(meeting: Meeting, move: Move) -> bool:
    """Whether ``move`` may be made from where the meeting stands."""
    return meeting.state in MOVES[move][0]


def _made(meeting: Meeting, move: Move) -> Meeting:
    """``meeting`` after ``move``.

    Raises:
        Refusal: ``meeting_no_date``, ``meeting_called``, ``meeting_over`` or
            ``meeting_cancelled``: what stands in the way.
    """
    if not can_move(meeting, move):
        raise Refusal(why_not(meeting), label=meeting.label)
    return replace(meeting, state=MOVES[move][1])


def checked_start(starts_at: datetime, now: datetime, hours: Hours) -> datetime:
    """``starts_at`` if neighbours can be asked to come then.

    Raises:
        Refusal: ``meeting_past``, ``meeting_far`` or ``meeting_at_night``.
    """
    if starts_at <= now:
        raise Refusal("meeting_past", at=starts_at)
    if starts_at - now > FARTHEST:
        raise Refusal("meeting_far", at=starts_at)
    if hours.is_quiet(starts_at):
        raise Refusal("meeting_at_night", at=starts_at)
    return starts_at


def checked_venue(venue: str) -> str:
    """``venue`` if it fits on a line; refuses ``meeting_venue_long``."""
    if len(venue) > LONGEST_VENUE:
        raise Refusal("meeting_venue_long", most=LONGEST_VENUE)
    return venue


def checked_topic_line(topic_line: str) -> str:
    """``topic_line`` if it fits on a card; refuses ``meeting_about_long``."""
    if len(topic_line) > LONGEST_TOPIC_LINE:
        raise Refusal("meeting_about_long", most=LONGEST_TOPIC_LINE)
    return topic_line


def check_length(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse ``meeting_long`` where it would last longer than people can sit."""
    if ends_at - starts_at > LONGEST:
        raise Refusal("meeting_long", hours=LONGEST // timedelta(hours=1))


def check_free(meeting: Meeting, others: Iterable[Meeting]) -> None:
    """Refuse ``meeting_overlaps`` where another meeting of the same place is under way then."""
    starts_at, ends_at = meeting.span
    for other in others:
        if other.id == meeting.id or other.state is not MeetingState.CALLED:
            continue
        begins, ends = other.span
        if begins < ends_at and starts_at < ends:
            raise Refusal("meeting_overlaps", label=other.label, kind=other.kind, at=begins)


def is_convener(meeting: Meeting, actor: Actor) -> bool:
    """Whether somebody may change a meeting: who called it, or staff above it."""
    return meeting.author_id == actor.id or actor.can(Ability.MANAGE_MEETING, at=meeting.path)


def check_convener(meeting: Meeting, actor: Actor) -> None:
    """Only who called it, or staff above it, may move it or call it off."""
    if not is_convener(meeting, actor):
        raise Refusal("meeting_not_yours", label=meeting.label)


def called(meeting: Meeting, starts_at: datetime, ends_at: datetime, *, by: Actor) -> Meeting:
    """``meeting`` once its date is chosen; the start has been checked."""
    check_convener(meeting, by)
    return replace(_made(meeting, Move.CALL), starts_at=starts_at, ends_at=ends_at)


def moved(meeting: Meeting, starts_at: datetime, venue: str, *, by: Actor) -> Meeting:
    """``meeting`` at another time, another place or both; it lasts as long as it was to last.

    Raises:
        Refusal: Also ``meeting_same``: neither changes.
    """
    check_convener(meeting, by)
    after = _made(meeting, Move.MOVE)
    begins, ends = meeting.span
    if (starts_at, venue) == (begins, meeting.venue):
        raise Refusal("meeting_same", label=meeting.label)
    return replace(
        after,
        starts_at=starts_at,
        ends_at=starts_at + (ends - begins),
        venue=venue,
        sequence=meeting.sequence + 1,
    )


def cancelled(meeting: Meeting, *, by: Actor) -> Meeting:
    """``meeting`` called off."""
    check_convener(meeting, by)
    return replace(_made(meeting, Move.CANCEL), sequence=meeting.sequence + 1)


def held(meeting: Meeting) -> Meeting:
    """``meeting`` at its end."""
    return _made(meeting, Move.HOLD)
