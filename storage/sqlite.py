"""SQLite driver: units stepped on the connection's own thread, many to one commit."""

import asyncio
import errno
import fcntl
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from storage.faults import Fault, StorageFault, sqlite_fault
from storage.sqlite_thread import Failed, Thread, Work
from storage.statement import Statement

T = TypeVar("T")

MAX_SHARED: Final = 256
"""Units that share one commit at most; more would let the first wait for the last."""
BUSY_TIMEOUT_S: Final = 5.0
JOIN_WITHIN_S: Final = 1.0
PASSING: Final = ":memory:"
"""Path of a database that is gone with its driver."""
OWNER_ONLY: Final = 0o600
"""Who may read a database or a copy: everything that neighbours said is in it."""
VERSIONS: Final = "schema_version"
"""The table by which we know a database as ours."""

_OF_FILES: Final = {
    errno.EACCES: Fault.READ_ONLY,
    errno.EPERM: Fault.READ_ONLY,
    errno.EROFS: Fault.READ_ONLY,
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EFBIG: Fault.FULL,
}


class SqliteDriver:
    """One file, one writing thread, one reading thread; one process at a time."""

    is_shared = False
    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path
        self._is_passing = str(path) == PASSING
        self._waiting: deque[tuple[Work[Any], asyncio.Future[Any]]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._lock: IO[str] | None = None
        self._writer: Thread | None = None
        self._reader: Thread | None = None
        self._opening_reader = asyncio.Lock()

    async def open(self) -> None:
        """Take the file for this process.

        Raises:
            StorageFault: The file cannot be opened, written or is in use by another process, or
                it is a database of another program.
        """
        try:
            if not self._is_passing:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._hold()
                if not self._path.exists():
                    self._path.touch(OWNER_ONLY)  # the files beside it follow
            self._writer = await self._connected(str(self._path), _made_ready)
        except OSError as error:
            raise StorageFault(
                _OF_FILES.get(error.errno or 0, Fault.UNOPENABLE), self.where
            ) from error
        except sqlite3.Error as error:
            raise sqlite_fault(error, self.where) or error from error
        finally:
            if self._writer is None:
                self._let_go()

    def _hold(self) -> None:
        """Lock the file beside the database, so that two programs never deliver twice."""
        self._lock = Path(f"{self._path}.lock").open("a")  # noqa: SIM115 (held until close)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StorageFault(Fault.LOCKED, self.where) from error

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def _connected(
        self, database: str, made_ready: Callable[[sqlite3.Connection, str], None]
    ) -> Thread:
        def connect() -> sqlite3.Connection:
            db = sqlite3.connect(
                database,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
                uri=database.startswith("file:"),
            )
            try:
                db.row_factory = sqlite3.Row
                made_ready(db, self.where)
            except BaseException:
                db.close()
                raise
            return db

        thread = Thread(connect, iter_chunk_size=64)
        thread._thread.daemon = True
        try:
            await thread
        except BaseException:
            thread._thread.join(JOIN_WITHIN_S)  # its last word must find this loop running
            raise
        return thread

    async def close(self) -> None:
        """Finish what waits, then let the file go."""
        if self._pump is not None:
            await asyncio.gather(self._pump, return_exceptions=True)
        writer, reader = self._writer, self._reader
        self._reader = self._writer = None
        try:
            for thread in filter(None, (reader, writer)):
                await thread.close()
        finally:
            self._let_go()

    def run(self, work: Work[T], lane: str | None = None) -> asyncio.Future[T]:
        """Run a unit; units are run in the order of the calls, so ``lane`` needs no care."""
        if self._writer is None:
            raise StorageFault(Fault.CLOSED, self.where)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append((work, future))
        if self._pump is None:
            self._pump = loop.create_task(self._pumped(self._writer))
        return future

    async def read(self, work: Work[T]) -> T:
        """Run a unit that only reads, beside the writing thread."""
        try:
            return await (await self._reading()).alone(work)
        except sqlite3.Error as error:
            raise sqlite_fault(error, self.where) or error from error

    async def _reading(self) -> Thread:
        if self._writer is None:
            raise StorageFault(Fault.CLOSED, self.where)
        if self._is_passing:
            return self._writer
        async with self._opening_reader:
            if self._reader is None:
                uri = f"{self._path.absolute().as_uri()}?mode=ro"
                self._reader = await self._connected(uri, _made_ready_to_read)
        return self._reader

    async def script(self, sql: str, number: int) -> None:
        """Run migration ``number`` in one transaction."""
        statements = [part for part in sql.split(";\n") if part.strip()]

        async def work() -> None:
            for statement in statements:
                await Statement(statement)

        await self.run(work)

    async def _pumped(self, writer: Thread) -> None:
        try:
            while self._waiting:
                count = min(len(self._waiting), MAX_SHARED)
                taken = [self._waiting.popleft() for _ in range(count)]
                wanted = [pair for pair in taken if not pair[1].done()]
                outcomes = await _outcomes(writer, wanted)
                for (_, future), outcome in zip(wanted, outcomes, strict=True):
                    if future.done():
                        continue
                    if isinstance(outcome, Failed):
                        future.set_exception(self._error(outcome.error))
                    else:
                        future.set_result(outcome)
                await asyncio.sleep(0)
        finally:
            self._pump = None

    def _error(self, error: BaseException) -> BaseException:
        if isinstance(error, sqlite3.Error):
            return sqlite_fault(error, self.where) or error
        return error


async def _outcomes(writer: Thread, wanted: Sequence[tuple[Work[Any], object]]) -> list[Any]:
    try:
        return await writer.batch([work for work, _ in wanted])
    except Exception as error:  # the thread itself broke; nobody may wait for it for ever
        return [Failed(error) for _ in wanted]


def _made_ready(db: sqlite3.Connection, where: str) -> None:
    """Settings of the writing connection; the file of another program is left untouched."""
    tables = {r["name"] for r in db.execute("select name from sqlite_master where type = 'table'")}
    if tables and VERSIONS not in tables:
        raise StorageFault(Fault.FOREIGN, where)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    db.execute("pragma foreign_keys = on")
    db.execute("pragma secure_delete = fast")  # what was erased is not left lying in its page
    # A write and not only the promise of one: a read-only file fails here, not at noon.
    db.execute("begin immediate")
    db.execute("create table probe (x)")
    db.execute("rollback")


def _made_ready_to_read(db: sqlite3.Connection, where: str) -> None:
    db.execute("pragma query_only = on")
