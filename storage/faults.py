"""Faults 故障: what can be wrong with a database, named so that one clear sentence can be said."""

import sqlite3
from enum import StrEnum


class Fault(StrEnum):
    """Names under ``fault`` in ``texts/``."""

    NEWER = "newer"
    OUTDATED = "outdated"
    READ_ONLY = "read_only"
    FULL = "full"
    LOCKED = "locked"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    UNOPENABLE = "unopenable"
    FOREIGN = "foreign"
    ABSENT = "absent"
    DENIED = "denied"
    CLOSED = "closed"
    OTHER = "other"


class StorageFault(Exception):
    """The database cannot serve; nothing of the unit was stored.

    ``where`` names the file or server without a password; ``detail`` is the driver's own word.
    """

    def __init__(self, fault: Fault, where: str, detail: str = "") -> None:
        super().__init__(f"{fault}: {where} {detail}".strip())
        self.fault = fault
        self.where = where
        self.detail = detail


class Conflict(Exception):
    """Somebody else changed the same row meanwhile; the driver runs the unit again.

    It holds the row from its beginning then, so that of however many who change one thing at once
    each comes next after a single try in vain.
    """

    def __init__(self, table: str, row_id: int) -> None:
        super().__init__(f"{table} {row_id}")
        self.hold = f"select 1 from {table} where id = $1 for update"
        self.row_id = row_id


_BY_SQLITE_CODE = {
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_IOERR: Fault.FULL,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Fault.UNOPENABLE,
}


def sqlite_fault(error: sqlite3.Error, where: str) -> StorageFault | None:
    """The fault behind a driver's error, or None where the error is ours (SQL, constraint)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    fault = _BY_SQLITE_CODE.get(code)
    return StorageFault(fault, where, str(error)) if fault else None
