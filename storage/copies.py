"""Copies 备份: a whole SQLite file copied while it is in use, looked at, and put back."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.faults import Fault, StorageFault, sqlite_fault
from storage.sqlite import OWNER_ONLY, VERSIONS

_SIDES: Final = ("-wal", "-shm")
"""Files beside a database, which hold its newest rows while it is in use."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file is: the version of its schema, and when anything last happened in it."""

    version: int
    newest_at: str


def contents(path: Path) -> Contents:
    """Look into a database of ours without changing it.

    Raises:
        StorageFault: It cannot be opened, is damaged, or is no database of ours.
    """
    with _opened(path) as db:
        if db.execute("pragma quick_check").fetchone()[0] != "ok":
            raise StorageFault(Fault.DAMAGED, str(path))
        if not db.execute("select 1 from sqlite_master where name = ?", (VERSIONS,)).fetchone():
            raise StorageFault(Fault.FOREIGN, str(path))
        version = db.execute(f"select max(number) from {VERSIONS}").fetchone()[0]
        newest = [db.execute(f"select max({at}) from {t}").fetchone()[0] for t, at in _HAPPENS]
    return Contents(int(version), max(filter(None, newest), default=""))


_HAPPENS: Final = (("journal", "at"), ("inbox", "at"))


def copy(source: Path, target: Path) -> None:
    """Write a consistent copy of ``source`` to the new file ``target``, whoever uses it.

    What was erased is not in it. It has its name only once it is whole and on the disk.

    Raises:
        FileExistsError: There is such a file already.
        StorageFault: The source cannot be read, or the copy cannot be written.
    """
    if target.exists():
        raise FileExistsError(target)
    half = target.with_name(f"{target.name}.part")
    half.unlink(missing_ok=True)
    try:
        with _opened(source) as db:
            half.touch(OWNER_ONLY)
            db.execute("vacuum into ?", (str(half),))
        _put(half, target)
    except OSError as error:
        raise StorageFault(Fault.READ_ONLY, str(target), str(error)) from error
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep every program off a database, as one that runs does.

    Raises:
        StorageFault: One is running.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{path}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StorageFault(Fault.LOCKED, str(path)) from error
        yield


def put_back(backup: Path, path: Path) -> Path | None:
    """Let a copy of ``backup`` be the database at ``path``, which is ``held``.

    What was there is moved aside, whole; its new place, None where nothing was there.
    """
    fresh = path.with_name(f"{path.name}.restored")
    fresh.unlink(missing_ok=True)
    copy(backup, fresh)
    aside = _kept_aside(path) if path.exists() else None
    _put(fresh, path)
    return aside


def _kept_aside(path: Path) -> Path:
    """Another name for what is there; its own stays until the restored file takes it."""
    aside = _aside(path)
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db:
        db.execute("pragma wal_checkpoint(truncate)")  # a damaged one goes as it is
    try:
        os.link(path, aside)
    except OSError:  # a file system without second names
        shutil.copy(path, aside)
    for side in _SIDES:
        with suppress(FileNotFoundError):
            Path(f"{path}{side}").rename(f"{aside}{side}")
    return aside


def _aside(path: Path) -> Path:
    number = 1
    while (found := path.with_name(f"{path.name}.before-{number}")).exists():
        number += 1
    return found


def _put(half: Path, target: Path) -> None:
    """Give a file that is whole its name; both survive a power cut."""
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads."""
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            yield db
        finally:
            db.close()
    except sqlite3.Error as error:
        raise sqlite_fault(error, str(path)) or StorageFault(
            Fault.OTHER, str(path), str(error)
        ) from error
