"""Kinds of answers 时刻: a moment, a question, and what a text is read against."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from domain.moment_days import Almanac, Frame
from domain.moment_repeats import Repeat, local_time


class Context(StrEnum):
    """What the moment is for, which settles hours like 7点."""

    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said; ``start`` and ``end`` are aware, in the zone that was handed in.

    Attributes:
        has_hour: False where only days were said; ``start`` and ``end`` are their midnights then.
        repeats: How it comes again, None for once; ``start`` is its next occurrence.
    """

    start: datetime
    has_hour: bool
    end: datetime | None = None
    repeats: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """It could mean several things, or says too little.

    Attributes:
        key: Names the words that ask: ``morning_or_evening``, ``which_day``, ``which_hour`` or
            ``day_conflict``.
        hour: The hour that was said, for ``morning_or_evening``; ``minute`` with it.
        options: The moments that it could mean, for buttons; may be empty.
    """

    key: str
    hour: int = 0
    minute: int = 0
    options: tuple[Moment, ...] = ()


Answer = Moment | Question | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a text is read against; ``now`` is aware and kept in UTC.

    Two instants on the clocks of one zone would be compared by what the clocks show, which is wrong
    in the night that they are put back.
    """

    now: datetime
    zone: tzinfo
    almanac: Almanac
    context: Context | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", self.now.astimezone(UTC))

    def frame(self, since: date | None = None) -> Frame:
        """Today's frame, reckoned from ``since`` for the end of a range."""
        today = self.now.astimezone(self.zone).date()
        return Frame(today, since or today, self.almanac)

    def at(self, on: date, minutes: int) -> datetime:
        """The instant ``minutes`` after a day's midnight."""
        return local_time(on, minutes, self.zone)
