"""Templates 样板: databases that are made once a process and copied for each test.

Migrating and seeding costs more than most tests. Only rows are copied on PostgreSQL, from a schema
that nobody else touches; what a test left behind is found by asking each table.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from bot.clock import HeldClock
from bot.example import seed
from bot.platforms.memory import MemoryPlatform
from storage.database import Database, Driver
from storage.postgres import CLOSE_WITHIN_S, PostgresDriver
from storage.sqlite import SqliteDriver


class SqliteTemplates:
    """A migrated file, and one with the example neighbourhood."""

    def __init__(self, folder: Path, clock: HeldClock) -> None:
        self._files = {False: folder / "migrated.db", True: folder / "seeded.db"}
        for is_seeded, path in self._files.items():
            asyncio.run(_made(SqliteDriver(path), clock, is_seeded=is_seeded))

    def copy(self, path: Path, *, is_seeded: bool) -> None:
        """A file of a test's own."""
        shutil.copyfile(self._files[is_seeded], path)


class QuickDriver(SqliteDriver):
    """A driver on a file that need not outlive a power cut: no commit waits for the disk."""

    async def open(self) -> None:
        """Connect."""
        await super().open()
        assert self._writer is not None
        await self._writer.execute("pragma synchronous = off")


class KeptDriver(PostgresDriver):
    """A driver whose connections, with the statements that they have prepared, outlive a test."""

    _kept: "asyncpg.Pool[asyncpg.Record] | None" = None

    async def open(self) -> None:
        """Connect, before the first test; take the connections up again before the others."""
        if self._kept is None:
            await super().open()
            self._kept = self._pool
        self._pool = self._kept

    async def close(self) -> None:
        """Leave the connections, once nobody holds one, to the next test; closed until then."""
        pool, self._pool = self._pool, None
        async with asyncio.timeout(CLOSE_WITHIN_S):
            while pool and pool.get_idle_size() < pool.get_size():  # noqa: ASYNC110 (no event tells)
                await asyncio.sleep(0.001)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """One of its connections, between two tests."""
        await self.open()
        async with self._open.acquire() as connection:
            yield connection
        await self.close()

    async def end(self) -> None:
        """Return all connections."""
        self._pool = self._kept
        await super().close()


class PostgresTemplates:
    """A process's own schema for its tests, and beside it one with the example neighbourhood."""

    def __init__(self, url: str, schema: str, clock: HeldClock) -> None:
        self._url = url
        self._schema = schema
        self._seeded = f"{schema}_seeded"
        self._ask = ""
        self._fill = ""
        self._counted: set[str] = set()
        asyncio.run(self._prepared(clock))

    async def _prepared(self, clock: HeldClock) -> None:
        connection = await asyncpg.connect(self._url)
        for schema in (self._schema, self._seeded):
            await connection.execute(f"create schema {schema}")
            driver = PostgresDriver(self._url, schema)
            await _made(driver, clock, is_seeded=schema == self._seeded)
        tables = await connection.fetch(
            "select tablename from pg_tables "
            "where schemaname = $1 and tablename <> 'schema_version'",
            self._schema,
        )
        self._ask = _asking(self._schema, [t["tablename"] for t in tables])
        filled = await connection.fetch(_asking(self._seeded, [t["tablename"] for t in tables]))
        counts = await connection.fetch(
            "select sequencename, last_value from pg_sequences where schemaname = $1", self._seeded
        )
        self._counted = {c["sequencename"] for c in counts}
        copied = [
            f"insert into {self._schema}.{t[0]} select * from {self._seeded}.{t[0]}" for t in filled
        ]
        set_ = [
            f"select setval('{self._schema}.{c['sequencename']}', {c['last_value']})"
            for c in counts
            if c["last_value"] is not None
        ]
        self._fill = ";".join([*copied, *set_])
        await connection.close()

    async def reset(self, driver: KeptDriver, *, is_seeded: bool) -> None:
        """Forget what the last test left, and begin to count anew."""
        async with driver.connection() as connection, connection.transaction():
            found = [r[0] for r in await connection.fetch(self._ask)]
            steps = ["set local session_replication_role = replica"]
            steps += [f"delete from {self._schema}.{table}" for table in found]
            steps += [
                f"select setval('{self._schema}.{name}', 1, false)"
                for name in sorted(self._counted)
            ]
            await connection.execute(";".join([*steps, *([self._fill] if is_seeded else [])]))

    def drop(self) -> None:
        """Leave nothing on the server."""
        asyncio.run(self._dropped())

    async def _dropped(self) -> None:
        connection = await asyncpg.connect(self._url)
        for schema in (self._schema, self._seeded):
            await connection.execute(f"drop schema {schema} cascade")
        await connection.close()


def _asking(schema: str, tables: list[str]) -> str:
    """A question that names the tables with any row."""
    each = (f"(select '{table}' as t from {schema}.{table} limit 1)" for table in tables)
    return " union all ".join(each)


async def _made(driver: Driver, clock: HeldClock, *, is_seeded: bool) -> None:
    database = Database(driver, clock)
    await database.open()
    if is_seeded:
        await database.unit(lambda unit: seed(unit, MemoryPlatform().name))
    await database.close()
