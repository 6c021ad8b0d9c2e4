"""Raw sqlite3: no event loop, 128 units to a commit; what the library itself can do."""

import sqlite3
import sys

from bench import workload
from bench.contestant import play

UNITS_PER_COMMIT = 128


class RawSqlite:
    """One connection on the main thread."""

    def __init__(self, path: str) -> None:
        self._path = path

    async def open(self) -> None:
        """Connect to new tables."""
        workload.prepare_sqlite(self._path)
        self._db = sqlite3.connect(self._path, isolation_level=None)
        for pragma in workload.PRAGMAS:
            self._db.execute(pragma)

    async def run(self, count: int) -> None:
        """Open issues, many to a commit."""
        for start in range(0, count, UNITS_PER_COMMIT):
            self._db.execute("begin immediate")
            for _ in range(min(UNITS_PER_COMMIT, count - start)):
                self._one(next(workload.numbers))
            self._db.execute("commit")

    def _one(self, number: int) -> None:
        execute = self._db.execute
        address = workload.address_of(number)
        place = execute(workload.READ, (address,)).fetchone()
        issue = (place[0], number, workload.WORDS, "reported", workload.AT)
        execute(workload.ISSUE, issue)
        execute(workload.ENTRY, (number, "report", workload.AT))
        execute(workload.POST, (address, f"报{number} {place[1]}", "waiting"))

    async def done(self) -> int:
        """Rows of the last insert."""
        return int(self._db.execute("select count(*) from outbox").fetchone()[0])

    async def close(self) -> None:
        """Disconnect."""
        self._db.close()


if __name__ == "__main__":
    play(RawSqlite(sys.argv[1]))
