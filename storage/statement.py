"""Statements 语句: what a repository awaits, and what a driver answers."""

from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Row(Protocol):
    """One row of an answer: ``sqlite3.Row`` or ``asyncpg.Record``."""

    def __getitem__(self, key: Any, /) -> Any: ...


class Statement:
    """One question to the database, with ``?`` for each argument in order.

    Awaiting it hands it to the driver that steps the unit, and gives its rows back. Nothing else
    may be awaited inside a unit, so a unit cannot reach the network.
    """

    __slots__ = ("args", "sql")

    def __init__(self, sql: str, *args: object) -> None:
        self.sql = sql
        self.args = args

    def __await__(self) -> Generator["Statement", list[Row], list[Row]]:
        return (yield self)


rows = Statement


async def row(sql: str, *args: object) -> Row | None:
    """The first row, or None."""
    found = await Statement(sql, *args)
    return found[0] if found else None


async def value(sql: str, *args: object) -> Any:
    """The first column of the first row, or None."""
    found = await Statement(sql, *args)
    return found[0][0] if found else None


def marks(items: Sequence[object]) -> str:
    """``?,?,?`` for an ``in (…)`` with these items; never empty, so that the SQL stays valid."""
    return ",".join("?" * len(items)) or "null"


def stored(at: datetime) -> str:
    """An instant as it is stored: UTC text of fixed width, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def stored_or_none(at: datetime | None) -> str | None:
    """As ``stored``; None stays None."""
    return None if at is None else stored(at)


def instant(text: str) -> datetime:
    """A stored instant, aware, in UTC."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    """As ``instant``; None stays None."""
    return None if text is None else datetime.fromisoformat(text)
