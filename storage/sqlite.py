"""SQLite driver: units stepped on the connection's own thread, many to one commit."""

import asyncio
import fcntl
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import aiosqlite

from storage.faults import Fault, StorageFault, sqlite_fault
from storage.statement import Row, Statement

T = TypeVar("T")
Work = Callable[[], Coroutine[Statement, list[Row], T]]

MAX_SHARED: Final = 256
"""Units that share one commit at most; more would let the first wait for the last."""
BUSY_TIMEOUT_S: Final = 5.0


class _Failed:
    """Error of one unit, carried back over the thread's edge in place of its result."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _stepped(cursor: sqlite3.Cursor, unit: Coroutine[Statement, list[Row], T]) -> T:
    """Run ``unit`` to its end, answering each statement it awaits."""
    execute, fetch, send = cursor.execute, cursor.fetchall, unit.send
    try:
        asked = send(None)  # type: ignore[arg-type]
        while True:
            try:
                execute(asked.sql, asked.args)
                answer = fetch()
            except Exception as fault:  # handed to the unit, which may know better
                asked = unit.throw(_told(asked, fault))
            else:
                asked = send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _told(asked: object, fault: Exception) -> Exception:
    if isinstance(asked, Statement):
        return fault
    return TypeError("a unit of work awaits the database only")


class _Thread(aiosqlite.Connection):
    """An aiosqlite connection that runs whole batches of units in one hop."""

    async def batch(self, works: Sequence[Work[Any]]) -> list[Any]:
        """Run all units in one transaction and commit once; one that fails leaves no trace.

        What comes back is each unit's result, or its ``_Failed``.
        """
        return await self._execute(self._batch, works)  # type: ignore[no-untyped-call, no-any-return]

    async def alone(self, work: Work[T]) -> T:
        """Run one reading unit against a snapshot."""
        return await self._execute(self._alone, work)  # type: ignore[no-untyped-call, no-any-return]

    def _batch(self, works: Sequence[Work[Any]]) -> list[Any]:
        db = self._conn
        try:
            db.execute("begin immediate")
            outcomes = self._together(db, works)
            if outcomes is None:
                db.execute("rollback")
                db.execute("begin immediate")
                outcomes = [self._one(db, work) for work in works]
            db.execute("commit")
        except Exception as fault:
            if db.in_transaction:
                db.execute("rollback")
            return [_Failed(fault) for _ in works]
        return outcomes

    @staticmethod
    def _together(db: sqlite3.Connection, works: Sequence[Work[Any]]) -> list[Any] | None:
        """All units without savepoints, which cost more than the units; None if one must be undone.

        Most batches have no unit that fails after it wrote; the others are run again.
        """
        outcomes = []
        cursor = db.cursor()
        for work in works:
            written = db.total_changes
            try:
                outcomes.append(_stepped(cursor, work()))
            except Exception as error:
                if _is_of_file(db, error) or len(works) == 1:
                    raise
                if db.total_changes != written:
                    return None
                outcomes.append(_Failed(error))
        return outcomes

    @staticmethod
    def _one(db: sqlite3.Connection, work: Work[Any]) -> Any:
        """One unit in its savepoint."""
        db.execute("savepoint unit")
        try:
            outcome = _stepped(db.cursor(), work())
        except Exception as error:
            if _is_of_file(db, error):
                raise
            db.execute("rollback to unit")
            outcome = _Failed(error)
        db.execute("release unit")
        return outcome

    def _alone(self, work: Work[T]) -> T:
        db = self._conn
        db.execute("begin")
        try:
            return _stepped(db.cursor(), work())
        finally:
            db.execute("rollback")


def _is_of_file(db: sqlite3.Connection, error: Exception) -> bool:
    """Whether the disk or the file failed, so that nothing of a batch can be kept."""
    is_fault = isinstance(error, sqlite3.Error) and sqlite_fault(error, "") is not None
    return not db.in_transaction or is_fault


class SqliteDriver:
    """One file, one writing thread, one reading thread; one process at a time."""

    is_shared = False
    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path
        self._waiting: deque[tuple[Work[Any], asyncio.Future[Any]]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._lock: IO[str] | None = None
        self._writer: _Thread | None = None
        self._reader: _Thread | None = None

    async def open(self) -> None:
        """Take the file for this process.

        Raises:
            StorageFault: The file cannot be opened, written or is in use by another process.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._hold()
            self._writer = await self._connected(f"{self._path}")
        except OSError as error:
            raise StorageFault(Fault.READ_ONLY, self.where, str(error)) from error
        except sqlite3.Error as error:
            await self.close()
            raise sqlite_fault(error, self.where) or error from error

    def _hold(self) -> None:
        """Lock the file beside the database, so that two programs never deliver twice."""
        self._lock = Path(f"{self._path}.lock").open("a")  # noqa: SIM115 (held until close)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            self._lock = None
            raise StorageFault(Fault.LOCKED, self.where) from error

    async def _connected(self, database: str, *, uri: bool = False) -> _Thread:
        def connect() -> sqlite3.Connection:
            db = sqlite3.connect(
                database,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
                uri=uri,
            )
            db.row_factory = sqlite3.Row
            if not uri:
                db.execute("pragma journal_mode = wal")
                db.execute("pragma synchronous = full")
                # Telling a write from a promise: a read-only file fails here, not at noon.
                db.execute("begin immediate")
                db.execute("rollback")
            db.execute("pragma foreign_keys = on")
            return db

        thread = _Thread(connect, iter_chunk_size=64)
        thread._thread.daemon = True
        await thread
        return thread

    async def close(self) -> None:
        """Finish what waits, then let the file go."""
        if self._pump is not None:
            await asyncio.gather(self._pump, return_exceptions=True)
        for thread in (self._reader, self._writer):
            if thread is not None:
                await thread.close()
        self._reader = self._writer = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def run(self, work: Work[T], lane: str | None = None) -> T:
        """Run a unit; units are run in the order of the calls, so ``lane`` needs no care."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._pump is None:
            self._pump = asyncio.create_task(self._pumped())
        return await future

    async def read(self, work: Work[T]) -> T:
        """Run a unit that only reads, beside the writing thread."""
        if self._reader is None:
            self._reader = await self._connected(
                f"{self._path.absolute().as_uri()}?mode=ro", uri=True
            )
        try:
            return await self._reader.alone(work)
        except sqlite3.Error as error:
            raise sqlite_fault(error, self.where) or error from error

    async def script(self, sql: str) -> None:
        """Run one migration's statements in one transaction."""
        statements = [part for part in sql.split(";\n") if part.strip()]

        async def work() -> None:
            for statement in statements:
                await Statement(statement)

        await self.run(work)

    async def _pumped(self) -> None:
        assert self._writer is not None
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_SHARED))]
            wanted = [(work, future) for work, future in taken if not future.done()]
            outcomes = await self._writer.batch([work for work, _ in wanted])
            for (_, future), outcome in zip(wanted, outcomes, strict=True):
                self._settle(future, outcome)
        self._pump = None

    def _settle(self, future: asyncio.Future[Any], outcome: Any) -> None:
        if future.done():
            return
        if not isinstance(outcome, _Failed):
            future.set_result(outcome)
        elif isinstance(outcome.error, sqlite3.Error):
            future.set_exception(sqlite_fault(outcome.error, self.where) or outcome.error)
        else:
            future.set_exception(outcome.error)
