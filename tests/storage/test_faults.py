"""Faults 故障: what can be wrong with a database is one clear sentence, and leaves it untouched."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.clock import HeldClock
from storage.database import Database, driver_for
from storage.faults import Fault, StorageFault
from storage.sqlite import SqliteDriver
from storage.statement import Statement, value
from storage.unit import Unit
from tests.conftest import NOON

NOBODY = 65534


async def _made(path: Path) -> None:
    """A database at ``path`` with one person in it."""
    database = Database(driver_for(str(path)), HeldClock(NOON))
    await database.open()
    await database.unit(lambda unit: unit.people.add("甲", unit.now))
    await database.close()


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A closed database with one person in it."""
    path = tmp_path / "data" / "mulin.db"
    await _made(path)
    return path


async def fault_of(path: Path) -> Fault:
    """What is wrong when the program opens that database."""
    database = Database(driver_for(str(path)), HeldClock(NOON))
    with pytest.raises(StorageFault) as raised:
        await database.open()
    return raised.value.fault


def change(path: Path, sql: str) -> None:
    """Another program changes the file."""
    with sqlite3.connect(path) as other:
        other.executescript(sql)
    other.close()


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[None]:
    """Permissions bind us, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    for parent in tmp_path.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


async def test_a_newer_database_is_left_alone(file: Path) -> None:
    change(file, "insert into schema_version values (9000);")
    before = file.read_bytes()

    assert await fault_of(file) is Fault.NEWER
    assert file.read_bytes() == before


async def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    change(path, "create table songs (name text); insert into songs values ('茉莉花');")
    before = path.read_bytes()

    assert await fault_of(path) is Fault.FOREIGN
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all" * 99, b"\x89PNG\r\n" + bytes(9000)])
async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    assert await fault_of(path) is Fault.DAMAGED
    assert path.read_bytes() == content


async def test_a_damaged_database_is_told_and_left_alone(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[120:4096] = b"\xff" * (4096 - 120)
    file.write_bytes(content)

    assert await fault_of(file) is Fault.DAMAGED
    assert file.read_bytes() == content


async def test_a_folder_in_place_of_the_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "mulin.db").mkdir()

    assert await fault_of(tmp_path / "mulin.db") is Fault.UNOPENABLE


async def test_a_file_in_place_of_the_folder_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")

    assert await fault_of(tmp_path / "data" / "mulin.db") is Fault.UNOPENABLE
    assert (tmp_path / "data").read_text() == "x"


async def test_a_read_only_file_is_told(file: Path, unprivileged: None) -> None:
    file.chmod(0o444)
    before = file.read_bytes()

    assert await fault_of(file) is Fault.READ_ONLY
    assert file.read_bytes() == before


async def test_a_read_only_folder_is_told(file: Path, unprivileged: None) -> None:
    Path(f"{file}.lock").unlink()
    file.parent.chmod(0o555)
    before = file.read_bytes()

    assert await fault_of(file) is Fault.READ_ONLY
    assert file.read_bytes() == before


async def test_a_folder_that_may_not_be_entered_is_told(file: Path, unprivileged: None) -> None:
    file.parent.chmod(0o000)

    assert await fault_of(file) is Fault.READ_ONLY


async def test_a_second_program_is_told_and_the_first_goes_on(file: Path) -> None:
    first = Database(driver_for(str(file)), HeldClock(NOON))
    await first.open()

    assert await fault_of(file) is Fault.LOCKED
    await first.unit(lambda unit: unit.people.add("乙", unit.now))
    await first.close()


async def test_a_file_locked_by_a_tool_fails_units_until_it_lets_go(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_TIMEOUT_S", 0.02)
    database = Database(driver_for(str(file)), HeldClock(NOON))
    await database.open()
    tool = sqlite3.connect(file, isolation_level=None)
    tool.execute("begin immediate")

    with pytest.raises(StorageFault) as raised:
        await database.unit(lambda unit: unit.people.add("乙", unit.now))
    tool.execute("rollback")
    await database.unit(lambda unit: unit.people.add("丙", unit.now))

    assert raised.value.fault is Fault.LOCKED
    assert await _names(database) == ["丙", "甲"]
    tool.close()
    await database.close()


async def _names(database: Database) -> list[str]:
    async def asked(unit: Unit) -> list[str]:
        return [r["name"] for r in await Statement("select name from people order by name")]

    return await database.read(asked)


async def _fill(unit: Unit) -> int:
    """More than any room that a test leaves."""
    return await unit.people.add("长" * 4_000_000, unit.now)


@pytest.fixture(params=["pages", "file_size"])
def full_disk(request: pytest.FixtureRequest) -> Iterator[Callable[[Database, bool], object]]:
    """Makes the disk of a database full, and gives it room again.

    Once by SQLite's own limit of pages, once by the system's limit of a file's size, which fails
    the very write as a full disk does.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    async def by_pages(database: Database, is_full: bool) -> None:
        limit = 1 if is_full else 1_000_000_000
        await database.driver.run(lambda: value(f"pragma max_page_count = {limit}"))

    async def by_file_size(database: Database, is_full: bool) -> None:
        wal = Path(f"{database.driver.where}-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 64_000 if is_full else soft, hard))

    yield by_pages if request.param == "pages" else by_file_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_fails_what_does_not_fit_and_keeps_the_rest(
    file: Path, full_disk: Callable[[Database, bool], object]
) -> None:
    database = Database(driver_for(str(file)), HeldClock(NOON))
    await database.open()
    await full_disk(database, True)  # type: ignore[misc]

    with pytest.raises(StorageFault) as raised:
        await database.unit(_fill)
    during = await _names(database)
    await full_disk(database, False)  # type: ignore[misc]
    await database.unit(lambda unit: unit.people.add("乙", unit.now))
    after = await _names(database)
    await database.close()

    assert raised.value.fault is Fault.FULL
    assert during == ["甲"]
    assert after == ["乙", "甲"]
    assert sqlite3.connect(file).execute("pragma integrity_check").fetchone() == ("ok",)


async def test_what_does_not_fit_fails_alone(file: Path) -> None:
    database = Database(driver_for(str(file)), HeldClock(NOON))
    await database.open()
    await database.driver.run(lambda: value("pragma max_page_count = 400"))
    works = [lambda unit: unit.people.add("乙", unit.now), _fill]
    works.append(lambda unit: unit.people.add("丙", unit.now))

    found = await asyncio.gather(*map(database.unit, works), return_exceptions=True)

    assert [type(one).__name__ for one in found] == ["int", "StorageFault", "int"]
    assert await _names(database) == ["丙", "乙", "甲"]
    await database.close()


async def test_a_migration_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    driver = SqliteDriver(path)
    await driver.open()
    await driver.run(lambda: value("pragma max_page_count = 8"))
    database = Database(driver, HeldClock(NOON))

    with pytest.raises(StorageFault) as raised:
        await database._checked(migrate=True)
    tables = await driver.run(lambda: value("select count(*) from sqlite_master"))
    await driver.close()

    assert raised.value.fault is Fault.FULL
    assert tables == 0


async def test_an_outdated_database_is_not_migrated_unasked(tmp_path: Path) -> None:
    database = Database(driver_for(str(tmp_path / "old.db")), HeldClock(NOON))

    with pytest.raises(StorageFault) as raised:
        await database.open(migrate=False)

    assert raised.value.fault is Fault.OUTDATED


async def test_a_closed_database_says_so(file: Path) -> None:
    database = Database(driver_for(str(file)), HeldClock(NOON))
    await database.open()
    await database.close()

    for ask in (database.unit, database.read):
        with pytest.raises(StorageFault) as raised:
            await ask(lambda unit: unit.people.add("乙", unit.now))
        assert raised.value.fault is Fault.CLOSED


async def test_a_passing_database_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one, two = (Database(driver_for(":memory:"), HeldClock(NOON)) for _ in "12")
    await one.open()
    await two.open()
    await one.unit(lambda unit: unit.people.add("甲", unit.now))

    assert (await _names(one), await _names(two)) == (["甲"], [])
    await one.close()
    await two.close()
    assert list(tmp_path.iterdir()) == []
