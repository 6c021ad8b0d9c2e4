"""Floor 下限: what is left of a unit once its rules and our driver cost nothing.

128 tasks each wait for a future; their statements run as plain functions on one thread, through
one cursor, many to a commit. No program whose handlers wait on an event loop can do less.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator

import aiosqlite

from bench import workload
from bench.contestant import play

CONCURRENT = 128


class FloorUnits:
    """``aiosqlite``'s thread, one hop for all that wait."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._waiting: list[asyncio.Future[None]] = []
        self._pump: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect to new tables."""
        workload.prepare_sqlite(self._path)
        self._db = await aiosqlite.connect(self._path, isolation_level=None)
        for pragma in workload.PRAGMAS:
            await self._db.execute(pragma)

    async def run(self, count: int) -> None:
        """Open issues."""
        turns = iter(range(count))
        await asyncio.gather(*(self._some(turns) for _ in range(CONCURRENT)))

    async def _some(self, turns: Iterator[int]) -> None:
        loop = asyncio.get_running_loop()
        for _ in turns:
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.append(future)
            if self._pump is None:
                self._pump = loop.create_task(self._pumped())
            await future

    async def _pumped(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            await self._db._execute(self._batch, len(taken))  # type: ignore[no-untyped-call]
            for future in taken:
                future.set_result(None)
            await asyncio.sleep(0)
        self._pump = None

    def _batch(self, count: int) -> None:
        db: sqlite3.Connection = self._db._conn
        cursor = db.cursor()
        cursor.execute("begin immediate")
        for _ in range(count):
            _one(cursor, next(workload.numbers))
        cursor.execute("commit")

    async def done(self) -> int:
        """Rows of the last insert."""
        async with self._db.execute("select count(*) from outbox") as cursor:
            found = await cursor.fetchone()
        assert found is not None
        return int(found[0])

    async def close(self) -> None:
        """Disconnect."""
        await self._db.close()


def _one(cursor: sqlite3.Cursor, number: int) -> None:
    execute = cursor.execute
    address = workload.address_of(number)
    place = execute(workload.READ, (address,)).fetchone()
    execute(workload.ISSUE, (place[0], number, workload.WORDS, "reported", workload.AT))
    execute(workload.ENTRY, (number, "report", workload.AT))
    execute(workload.POST, (address, f"报{number} {place[1]}", "waiting"))


if __name__ == "__main__":
    play(FloorUnits(sys.argv[1]))
