"""Crossing 搬库: everything from an SQLite file into an empty PostgreSQL database, or nothing."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Final

from storage.forgetting import row_counts
from storage.sqlite import VERSIONS
from storage.statement import Statement, value
from storage.unit import Unit

AT_ONCE: Final = 200
"""Rows of one statement; a server takes 32,767 arguments."""
BYTES_AT_ONCE: Final = 4_000_000
"""Of photos, which are rows too: a statement lies in memory several times over."""


class NotMoved(Exception):
    """Nothing was kept in the target; ``key`` and ``facts`` say why."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


async def check_empty(unit: Unit) -> None:
    """Refuse a target in which anything lies.

    Raises:
        NotMoved: ``not_empty``.
    """
    for table, count in sorted((await row_counts("postgres")).items()):
        if count and table != VERSIONS:
            raise NotMoved("not_empty", table=table, count=count)


async def fill(unit: Unit, source: sqlite3.Connection) -> dict[str, int]:
    """Copy every table into this unit's database and check what arrived; table → rows.

    The journal's chain is checked in the copy, so that nothing was changed on the way.

    Raises:
        NotMoved: ``lost`` or ``broken``.
    """
    found = {}
    for table in ordered(source):
        await _copy(source, table)
        found[table] = source.execute(f"select count(*) from {table}").fetchone()[0]
        arrived = await value(f"select count(*) from {table}")
        if arrived != found[table]:
            raise NotMoved("lost", table=table, before=found[table], after=arrived)
        await _count_on(source, table)
    for community in await unit.places.communities():
        broken = await unit.journal.first_break(community.id)
        if broken is not None:
            raise NotMoved("broken", seq=broken)
    return found


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The source; it is only read."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as source:
        source.execute("begin")
        yield source


def ordered(source: sqlite3.Connection) -> list[str]:
    """Tables of a file, each behind those to which its rows point."""
    needed = {table: _needed(source, table) for table in _tables(source)}
    return list(TopologicalSorter(needed).static_order())


def _tables(source: sqlite3.Connection) -> list[str]:
    found = source.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%' "
        "and name <> ? order by name",
        (VERSIONS,),
    )
    return [name for (name,) in found]


def _needed(source: sqlite3.Connection, table: str) -> set[str]:
    keys = source.execute(f"select \"table\" from pragma_foreign_key_list('{table}')")
    return {name for (name,) in keys} - {table}


async def _copy(source: sqlite3.Connection, table: str) -> None:
    """A table's rows by their keys: what a row points to in its own table is older than it."""
    columns = _columns(source, table)
    names, keys = ", ".join(columns), ", ".join(_keys(columns))
    marks = f"({', '.join('?' * len(columns))})"
    rows = source.execute(f"select {names} from {table} order by {keys}")
    for some in batches(rows):
        await Statement(
            f"insert into {table} ({names}) values {', '.join([marks] * len(some))}",
            *(part for row in some for part in row),
        )


def batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """Rows in their order, so many together as one statement takes."""
    some: list[Sequence[Any]] = []
    weight = 0
    for row in rows:
        some.append(row)
        weight += sum(len(part) for part in row if isinstance(part, bytes))
        if len(some) == AT_ONCE or weight >= BYTES_AT_ONCE:
            yield some
            some, weight = [], 0
    if some:
        yield some


def _columns(source: sqlite3.Connection, table: str) -> Mapping[str, int]:
    """Column → its place in the table's key, 0 for none."""
    found: Sequence[Any] = source.execute(
        f"select name, pk from pragma_table_info('{table}')"
    ).fetchall()
    return dict(found)


def _keys(columns: Mapping[str, int]) -> list[str]:
    keys = sorted((place, name) for name, place in columns.items() if place)
    return [name for _, name in keys] or list(columns)


async def _count_on(source: sqlite3.Connection, table: str) -> None:
    """Let new rows be numbered behind the copied ones."""
    if "id" in _columns(source, table):
        await Statement(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), "
            f"(select coalesce(max(id), 0) + 1 from {table}), false)"
        )
