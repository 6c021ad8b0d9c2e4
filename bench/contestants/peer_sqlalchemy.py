"""SQLAlchemy Core over asyncpg: the same statements on the same tables."""

import asyncio
import sys
from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, func, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from bench import workload
from bench.contestant import play

CONCURRENT = 16


class PeerSqlAlchemy:
    """16 tasks and as many connections."""

    def __init__(self, url: str, schema: str) -> None:
        url = url.replace("postgresql://", "postgresql+asyncpg://")
        self._engine = create_async_engine(url, pool_size=CONCURRENT)
        known = MetaData(schema=schema)
        self._places = _table(known, "places", "address", "name")
        self._issues = _table(known, "issues", "place_id", "number", "text", "state", "reported_at")
        self._journal = _table(known, "journal", "number", "verb", "at")
        self._outbox = _table(known, "outbox", "address", "body", "state")

    async def open(self) -> None:
        """Connect."""
        await self.done()

    async def run(self, count: int) -> None:
        """Open issues."""
        turns = iter(range(count))
        await asyncio.gather(*(self._some(turns) for _ in range(CONCURRENT)))

    async def _some(self, turns: Iterator[int]) -> None:
        for _ in turns:
            await self._one(next(workload.numbers))

    async def _one(self, number: int) -> None:
        address = workload.address_of(number)
        columns = self._places.c
        async with self._engine.begin() as connection:
            asked = select(columns.id, columns.name).where(columns.address == address)
            place = (await connection.execute(asked)).one()
            issue = {
                "place_id": place.id,
                "number": number,
                "text": workload.WORDS,
                "state": "reported",
                "reported_at": workload.AT,
            }
            await connection.execute(insert(self._issues).values(issue))
            entry = {"number": number, "verb": "report", "at": workload.AT}
            await connection.execute(insert(self._journal).values(entry))
            post = {"address": address, "body": f"报{number} {place.name}", "state": "waiting"}
            await connection.execute(insert(self._outbox).values(post))

    async def done(self) -> int:
        """Rows of the last insert."""
        async with self._engine.connect() as connection:
            asked = select(func.count()).select_from(self._outbox)
            return int((await connection.execute(asked)).scalar_one())

    async def close(self) -> None:
        """Disconnect."""
        await self._engine.dispose()


_NUMBERS = ("id", "place_id", "number")


def _table(known: MetaData, name: str, *columns: str) -> Table:
    kinds = {column: BigInteger if column in _NUMBERS else Text for column in columns}
    own = [Column(column, kind, nullable=False) for column, kind in kinds.items()]
    return Table(name, known, Column("id", BigInteger, primary_key=True), *own)


if __name__ == "__main__":
    play(PeerSqlAlchemy(sys.argv[1], sys.argv[2]))
