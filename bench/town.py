"""Town 小区: ``python -m bench.town FILE`` makes a database as the reports find it.

Ours and the peer that does the same work begin with the very same tables and the same neighbours.
"""

import asyncio
import sys
from pathlib import Path

from bench.contestants.ours_reports import town
from bot.clock import system_clock
from storage.database import Database, driver_for


async def make(path: Path) -> None:
    """Make the file."""
    database = Database(driver_for(str(path)), system_clock)
    await database.open()
    await database.unit(town)
    await database.close()


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
