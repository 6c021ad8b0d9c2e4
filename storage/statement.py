"""Statements 语句: what a repository awaits, and what a driver answers."""

from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import coroutine
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

from domain.instants import written

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Row(Protocol):
    """One row of an answer: ``sqlite3.Row`` or ``asyncpg.Record``."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __hash__(self) -> int: ...

    def keys(self) -> Iterable[str]: ...


Part = Row | Sequence[Any]
"""A row, or the columns of one table in a row of several."""

ROWS: Final = "rows"
NEW_ID: Final = "new id"
AFFECTED: Final = "affected"

Asked = tuple[str, tuple[object, ...], str]
"""One question to the database, with ``?`` for each argument, the arguments in order, and what is
wanted: ``ROWS``, the ``NEW_ID`` of an insert (None if it did nothing), or how many ``AFFECTED``."""


def _question(
    asked: Callable[P, Generator[Asked, Any, T]],
) -> Callable[P, Coroutine[Asked, Any, T]]:
    """Let a generator be awaited; half as dear as a coroutine around an awaitable object."""
    return cast("Callable[P, Coroutine[Asked, Any, T]]", coroutine(asked))


@_question
def rows(sql: str, *args: object) -> Generator[Asked, list[Row], list[Row]]:
    """All rows of the answer.

    Awaiting it hands the question to the driver that steps the unit. Nothing else may be awaited
    inside a unit, so a unit cannot reach the network.
    """
    return (yield sql, args, ROWS)


Statement = rows
"""The same, for what is done rather than asked."""


@_question
def inserted(sql: str, *args: object) -> Generator[Asked, int, int]:
    """The id of the row that an insert stores; ``returning id`` costs SQLite half as much again."""
    return (yield sql, args, NEW_ID)


@_question
def inserted_or_none(sql: str, *args: object) -> Generator[Asked, int | None, int | None]:
    """As ``inserted``; None where ``on conflict do nothing`` has done nothing."""
    return (yield sql, args, NEW_ID)


@_question
def affected(sql: str, *args: object) -> Generator[Asked, int, int]:
    """How many rows an insert, an update or a delete has changed."""
    return (yield sql, args, AFFECTED)


@_question
def row(sql: str, *args: object) -> Generator[Asked, list[Row], Row | None]:
    """The first row, or None."""
    found = yield sql, args, ROWS
    return found[0] if found else None


@_question
def value(sql: str, *args: object) -> Generator[Asked, list[Row], Any]:
    """The first column of the first row, or None."""
    found = yield sql, args, ROWS
    return found[0][0] if found else None


AT_ONCE: Final = 500
"""Rows of one statement; a database takes some 30,000 arguments at most."""


async def inserted_all(into: str, values: Sequence[tuple[object, ...]]) -> None:
    """Insert these rows ``into`` a table with its columns, many with each statement."""
    for start in range(0, len(values), AT_ONCE):
        some = values[start : start + AT_ONCE]
        group = f"({','.join('?' * len(some[0]))})"
        await Statement(
            f"insert into {into} values {','.join([group] * len(some))}",
            *(part for line in some for part in line),
        )


def marks(items: Sequence[object]) -> str:
    """``?,?,?`` for an ``in (…)`` with these items; never empty, so that the SQL stays valid."""
    return ",".join("?" * len(items)) or "null"


def members(kind: type[E]) -> Mapping[str, E]:
    """Stored value → member of an enum; calling the enum takes ten times as long."""
    return {member.value: member for member in kind}


def columns(table: str, names: Sequence[str]) -> str:
    """``c.id, c.platform`` …: the columns of one table in a question that joins several."""
    return ", ".join(f"{table}.{name}" for name in names)


stored = written
"""An instant as it is stored."""


def stored_or_none(at: datetime | None) -> str | None:
    """As ``stored``; None stays None."""
    return None if at is None else stored(at)


def instant(text: str) -> datetime:
    """A stored instant, aware, in UTC."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    """As ``instant``; None stays None."""
    return None if text is None else datetime.fromisoformat(text)
