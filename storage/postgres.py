"""PostgreSQL driver: one connection a unit, asyncpg between the steps."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import count
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from storage.faults import Conflict, Fault, StorageFault
from storage.statement import AFFECTED, NEW_ID, Asked

T = TypeVar("T")
Work = Callable[[], Coroutine[Asked, Any, T]]

MAX_CONNECTIONS: Final = 16
_MIGRATING: Final = 0x4D756C696E
"""Key of the lock that workers take while they migrate."""
CONNECT_WITHIN_S: Final = 10
CLOSE_WITHIN_S: Final = 5
TRIES: Final = 8

_AGAIN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.ForeignKeyViolationError,  # what a row points to was just forgotten, or just came
    Conflict,
)
_FAULTS = (
    (asyncpg.ReadOnlySQLTransactionError, Fault.READ_ONLY),
    (asyncpg.InsufficientPrivilegeError, Fault.READ_ONLY),
    (asyncpg.TargetServerAttributeNotMatched, Fault.READ_ONLY),
    (asyncpg.DiskFullError, Fault.FULL),
    (asyncpg.TooManyConnectionsError, Fault.LOCKED),
    (asyncpg.InvalidCatalogNameError, Fault.ABSENT),
    (asyncpg.InvalidAuthorizationSpecificationError, Fault.DENIED),
    (asyncpg.ClientConfigurationError, Fault.UNREACHABLE),
    (asyncpg.PostgresConnectionError, Fault.UNREACHABLE),
    (asyncpg.CannotConnectNowError, Fault.UNREACHABLE),
    (asyncpg.AdminShutdownError, Fault.UNREACHABLE),
    (asyncpg.CrashShutdownError, Fault.UNREACHABLE),
    (asyncpg.InternalClientError, Fault.UNREACHABLE),  # its last word met our first
    (OSError, Fault.UNREACHABLE),
)


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> str:
    """``?`` marks as PostgreSQL's ``$1``, ``$2`` …"""
    numbers = count(1)
    return "".join(f"${next(numbers)}" if char == "?" else char for char in sql)


class PostgresDriver:
    """A pool on one server or several (``postgresql://a,b/mulin``); any number of processes."""

    is_shared = True
    dialect = "postgres"

    def __init__(self, dsn: str, schema: str | None = None) -> None:
        parts = urlsplit(dsn)
        hosts = parts.netloc.rpartition("@")[2]
        self.where = f"{hosts or 'localhost'}{parts.path}"
        self._has_standby = "," in hosts
        self._dsn = dsn
        self._schema = schema
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._lanes: dict[str, asyncio.Lock] = {}

    async def open(self) -> None:
        """Connect.

        Raises:
            StorageFault: The server cannot be reached or refuses us.
        """
        settings = {"search_path": self._schema} if self._schema else None
        async with self._faults():
            self._pool = await asyncpg.create_pool(
                self._dsn,
                min_size=1,
                max_size=MAX_CONNECTIONS,
                server_settings=settings,
                timeout=CONNECT_WITHIN_S,
                target_session_attrs=SessionAttribute.read_write if self._has_standby else None,
                reset=_as_it_is,
            )
        await self._check_writable()

    async def _check_writable(self) -> None:
        assert self._pool is not None
        try:
            async with self._faults():
                is_read_only = await self._pool.fetchval("show transaction_read_only") == "on"
            if is_read_only:
                raise StorageFault(Fault.READ_ONLY, self.where)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Return all connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), CLOSE_WITHIN_S)
            except TimeoutError:
                pool.terminate()

    async def run(self, work: Work[T], lane: str | None = None) -> T:
        """Run a unit; units of one ``lane`` (a chat) keep the order of the calls."""
        if lane is None:
            return await self._tried(work)
        lock = self._lanes.setdefault(lane, asyncio.Lock())
        try:
            async with lock:
                return await self._tried(work)
        finally:
            if not lock.locked() and not lock._waiters:
                self._lanes.pop(lane, None)

    async def read(self, work: Work[T]) -> T:
        """Run a unit that only reads."""
        async with (
            self._faults(),
            self._open.acquire() as connection,
            connection.transaction(readonly=True, isolation="repeatable_read"),
        ):
            return await _stepped(connection, work())

    async def script(self, sql: str, number: int) -> None:
        """Run migration ``number`` in one transaction; of workers that start at once, one does."""
        async with (
            self._faults(),
            self._open.acquire() as connection,
            connection.transaction(),
        ):
            await connection.execute("select pg_advisory_xact_lock($1)", _MIGRATING)
            known = "select 1 from schema_version where number = $1"
            if not await _is_migrated(connection) or not await connection.fetchval(known, number):
                await connection.execute(sql)

    async def _tried(self, work: Work[T]) -> T:
        """Run a unit; again after a conflict, and after a connection that broke before commit."""
        held: Conflict | None = None
        for attempt in range(TRIES):
            is_last, is_done = attempt == TRIES - 1, False
            try:
                async with (
                    self._faults(),
                    self._open.acquire() as connection,
                    connection.transaction(),
                ):
                    if held is not None:
                        await connection.execute(held.hold, held.row_id)
                    result = await _stepped(connection, work())
                    is_done = True
                return result
            except _AGAIN as error:
                if is_last:
                    raise
                held = error if isinstance(error, Conflict) else held
            except StorageFault as fault:
                # Nobody knows whether a commit arrived; whoever asks again finds its inbox row.
                if is_last or is_done or fault.fault is not Fault.UNREACHABLE:
                    raise
            await asyncio.sleep(0.005 * 2**attempt)
        raise AssertionError("unreachable")

    @property
    def _open(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            raise StorageFault(Fault.CLOSED, self.where)
        return self._pool

    @asynccontextmanager
    async def _faults(self) -> Any:
        try:
            yield
        except _AGAIN:
            raise
        except tuple(kind for kind, _ in _FAULTS) as error:
            fault = next(fault for kind, fault in _FAULTS if isinstance(error, kind))
            raise StorageFault(fault, self.where, type(error).__name__) from error
        except asyncpg.InterfaceError as error:
            if type(error) is asyncpg.InterfaceError and "clos" in str(error):
                raise StorageFault(Fault.UNREACHABLE, self.where, "closed") from error
            raise


async def _as_it_is(connection: Any) -> None:
    """Nothing to undo, so no question: a unit changes no setting and locks only until its end."""


async def _is_migrated(connection: Any) -> bool:
    """Whether there is a schema at all."""
    return await connection.fetchval("select to_regclass('schema_version')") is not None


async def _stepped(connection: Any, unit: Coroutine[Asked, Any, T]) -> T:
    """Run ``unit`` to its end, asking the server each statement it awaits."""
    answer: Any = None
    error: BaseException | None = None
    try:
        while True:
            asked = unit.throw(error) if error else unit.send(answer)
            answer = error = None
            try:
                if not isinstance(asked, tuple):
                    raise TypeError("a unit of work awaits the database only")
                answer = await _answer(connection, *asked)
            except Exception as fault:  # handed to the unit, which may know better
                error = fault
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def _answer(connection: Any, sql: str, args: Sequence[object], wanted: str) -> Any:
    if wanted == NEW_ID:
        return await connection.fetchval(_numbered(f"{sql} returning id"), *args)
    if wanted == AFFECTED:
        done = await connection.execute(_numbered(sql), *args)  # "INSERT 0 1", "UPDATE 1"
        return int(done.rpartition(" ")[2])
    return await connection.fetch(_numbered(sql), *args)
