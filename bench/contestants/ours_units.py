"""Mulin's units of work through ``Database.unit``, on either database."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from bench import workload
from bench.contestant import play
from bot.garbage import look_less_often
from storage.database import Database, driver_for
from storage.statement import Statement, row, value
from storage.unit import Unit


class OursUnits:
    """``concurrent`` tasks, each waiting for its unit."""

    def __init__(self, where: str, concurrent: int, schema: str | None) -> None:
        now = datetime.now(UTC)
        self._database = Database(driver_for(where, schema), lambda: now)
        self._concurrent = concurrent

    async def open(self) -> None:
        """Connect; the workload's tables stand where the product's would."""
        await self._database.driver.open()
        look_less_often()

    async def run(self, count: int) -> None:
        """Open issues."""
        turns = iter(range(count))
        await asyncio.gather(*(self._some(turns) for _ in range(self._concurrent)))

    async def _some(self, turns: Iterator[int]) -> None:
        for _ in turns:
            await self._database.unit(_one)

    async def done(self) -> int:
        """Rows of the last insert."""
        return int(await self._database.driver.run(lambda: value("select count(*) from outbox")))

    async def close(self) -> None:
        """Disconnect."""
        await self._database.close()


async def _one(unit: Unit) -> None:
    number = next(workload.numbers)
    address = workload.address_of(number)
    place = await row(workload.READ, address)
    assert place is not None
    await Statement(workload.ISSUE, place["id"], number, workload.WORDS, "reported", workload.AT)
    await Statement(workload.ENTRY, number, "report", workload.AT)
    await Statement(workload.POST, address, f"报{number} {place['name']}", "waiting")


if __name__ == "__main__":
    play(OursUnits(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))
