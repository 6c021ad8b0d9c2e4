"""Clock 时钟: the real one, and one that is held and moved by hand."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the instant, aware, in UTC, to the millisecond: the precision that is stored."""

    def __call__(self) -> datetime: ...


def to_millisecond(at: datetime) -> datetime:
    """``at`` in UTC without what is not stored."""
    at = at.astimezone(UTC)
    return at - timedelta(microseconds=at.microsecond % 1000)


def system_clock() -> datetime:
    """The machine's clock."""
    return to_millisecond(datetime.now(UTC))


class HeldClock:
    """Stands still until it is moved; for tests and played dialogs."""

    def __init__(self, at: datetime) -> None:
        self._at = to_millisecond(at)

    def __call__(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Stand at ``at`` from now on; back is allowed, as with any clock."""
        self._at = to_millisecond(at)


class ShiftedClock:
    """The machine's clock, moved forward by hand; for the example neighbourhood.

    ``shift`` may be negative: the example begins some days ago.
    """

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self._shift = shift

    def __call__(self) -> datetime:
        return to_millisecond(datetime.now(UTC) + self._shift)

    def forward(self, by: timedelta) -> None:
        """Move on by ``by``; never back."""
        self._shift += max(by, timedelta())
