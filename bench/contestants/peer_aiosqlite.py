"""aiosqlite, one await per statement: one connection, a lock around each transaction."""

import asyncio
import sys
from collections.abc import Iterator

import aiosqlite

from bench import workload
from bench.contestant import play

CONCURRENT = 128


class PeerAiosqlite:
    """128 tasks; a connection for each would only wait for the file's lock."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = asyncio.Lock()

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
        for _ in turns:
            async with self._lock:
                await self._one(next(workload.numbers))

    async def _one(self, number: int) -> None:
        execute = self._db.execute
        address = workload.address_of(number)
        await execute("begin immediate")
        async with execute(workload.READ, (address,)) as cursor:
            place = await cursor.fetchone()
        assert place is not None
        issue = (place[0], number, workload.WORDS, "reported", workload.AT)
        await execute(workload.ISSUE, issue)
        await execute(workload.ENTRY, (number, "report", workload.AT))
        await execute(workload.POST, (address, f"报{number} {place[1]}", "waiting"))
        await self._db.commit()

    async def done(self) -> int:
        """Rows of the last insert."""
        async with self._db.execute("select count(*) from outbox") as cursor:
            found = await cursor.fetchone()
        assert found is not None
        return int(found[0])

    async def close(self) -> None:
        """Disconnect."""
        await self._db.close()


if __name__ == "__main__":
    play(PeerAiosqlite(sys.argv[1]))
