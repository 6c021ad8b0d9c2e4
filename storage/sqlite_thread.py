"""SQLite thread: a connection that steps whole batches of units on its own thread."""

import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeAlias, TypeVar

import aiosqlite

from storage.faults import sqlite_fault
from storage.statement import AFFECTED, NEW_ID, ROWS, Asked

T = TypeVar("T")
Work = Callable[[], Coroutine[Asked, Any, T]]
Answers: TypeAlias = dict[str, Callable[[], Any]]
"""What is wanted of a statement that has just been done → how a cursor tells it."""


class Failed:
    """Error of one unit, carried back over the thread's edge in place of its result."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _answers(cursor: sqlite3.Cursor) -> Answers:
    return {
        ROWS: cursor.fetchall,
        NEW_ID: lambda: cursor.lastrowid if cursor.rowcount else None,
        AFFECTED: lambda: cursor.rowcount,
    }


def _stepped(cursor: sqlite3.Cursor, answers: Answers, unit: Coroutine[Asked, Any, T]) -> T:
    """Run ``unit`` to its end, answering each statement it awaits."""
    execute, send = cursor.execute, unit.send
    try:
        asked = send(None)
        while True:
            try:
                sql, args, wanted = asked
                execute(sql, args)
                answer = answers[wanted]()
            except Exception as fault:  # handed to the unit, which may know better
                asked = unit.throw(_told(asked, fault))
            else:
                asked = send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _told(asked: object, fault: Exception) -> Exception:
    if isinstance(asked, tuple):
        return fault
    return TypeError("a unit of work awaits the database only")


class Thread(aiosqlite.Connection):
    """An aiosqlite connection that runs whole batches of units in one hop."""

    async def batch(self, works: Sequence[Work[Any]]) -> list[Any]:
        """Run all units in one transaction and commit once; one that fails leaves no trace.

        What comes back is each unit's result, or its ``Failed``.
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
            _roll_back(db)
            if len(works) == 1:
                return [Failed(fault)]
            # One large photo may be what does not fit; the others need not fail with it.
            return [self._batch([work])[0] for work in works]
        return outcomes

    @staticmethod
    def _together(db: sqlite3.Connection, works: Sequence[Work[Any]]) -> list[Any] | None:
        """All units without savepoints, which cost more than the units; None if one must be undone.

        Most batches have no unit that fails after it wrote; the others are run again.
        """
        outcomes = []
        cursor = db.cursor()
        answers = _answers(cursor)
        for work in works:
            written = db.total_changes
            try:
                outcomes.append(_stepped(cursor, answers, work()))
            except Exception as error:
                if _is_of_file(db, error) or len(works) == 1:
                    raise
                if db.total_changes != written:
                    return None
                outcomes.append(Failed(error))
        return outcomes

    @staticmethod
    def _one(db: sqlite3.Connection, work: Work[Any]) -> Any:
        """One unit in its savepoint."""
        db.execute("savepoint unit")
        try:
            cursor = db.cursor()
            outcome = _stepped(cursor, _answers(cursor), work())
        except Exception as error:
            if _is_of_file(db, error):
                raise
            db.execute("rollback to unit")
            outcome = Failed(error)
        db.execute("release unit")
        return outcome

    def _alone(self, work: Work[T]) -> T:
        db = self._conn
        db.execute("begin")
        try:
            cursor = db.cursor()
            return _stepped(cursor, _answers(cursor), work())
        finally:
            _roll_back(db)


def _roll_back(db: sqlite3.Connection) -> None:
    """Undo what is open; after some faults of the disk SQLite has done so itself."""
    if db.in_transaction:
        with suppress(sqlite3.Error):
            db.execute("rollback")


def _is_of_file(db: sqlite3.Connection, error: Exception) -> bool:
    """Whether the disk or the file failed, so that nothing of a batch can be kept."""
    is_fault = isinstance(error, sqlite3.Error) and sqlite_fault(error, "") is not None
    return not db.in_transaction or is_fault
