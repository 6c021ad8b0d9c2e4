"""Migrations 升级: from nothing to the newest, once and again."""

import asyncio
from importlib import resources
from pathlib import Path

import pytest

from bot.clock import HeldClock
from domain.ballots import Ballot, Way
from domain.verdict import Choice, Weight
from storage import database
from storage.database import Database, Driver, migrations
from storage.faults import Fault, StorageFault
from storage.postgres import PostgresDriver
from storage.sqlite import SqliteDriver
from storage.statement import Statement, rows, stored
from storage.unit import Unit
from tests.conftest import POSTGRES


def test_numbers_follow_each_other_and_none_is_given_twice() -> None:
    files = [f for f in resources.files("storage.migrations").iterdir() if f.name.endswith(".sql")]

    assert list(migrations()) == list(range(1, len(files) + 1))


async def test_an_empty_database_becomes_the_newest(database: Database) -> None:
    assert await database.version() == max(migrations())


async def test_nobody_else_on_the_machine_reads_a_new_database(
    tmp_path: Path, clock: HeldClock
) -> None:
    database = Database(SqliteDriver(tmp_path / "own.db"), clock)
    await database.open()
    modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.glob("own.db*")}
    await database.close()

    del modes["own.db.lock"]  # nothing is in it
    assert modes == {"own.db": 0, "own.db-shm": 0, "own.db-wal": 0}


async def test_opening_again_changes_nothing(new_driver: Driver, clock: HeldClock) -> None:
    first = Database(new_driver, clock)
    await first.open()
    person_id = await first.unit(lambda unit: unit.people.add("甲", unit.now))
    await first.close()

    second = Database(new_driver, clock)
    await second.open()
    versions = await second.unit(_versions)
    names = await second.unit(lambda unit: unit.people.names([person_id]))
    await second.close()

    assert versions == list(migrations())
    assert names == {person_id: "甲"}


async def _versions(unit: Unit) -> list[int]:
    return [r["number"] for r in await rows("select number from schema_version order by number")]


async def test_a_newer_database_is_left_alone(new_driver: Driver, clock: HeldClock) -> None:
    database = Database(new_driver, clock)
    await database.open()

    async def newer(unit: Unit) -> None:
        await Statement("insert into schema_version values (9999)")

    await database.unit(newer)
    await database.close()

    with pytest.raises(StorageFault) as raised:
        await Database(new_driver, clock).open()
    assert raised.value.fault is Fault.NEWER


async def test_an_older_database_waits_for_migrate(new_driver: Driver, clock: HeldClock) -> None:
    with pytest.raises(StorageFault) as raised:
        await Database(new_driver, clock).open(migrate=False)
    assert raised.value.fault is Fault.OUTDATED


async def test_workers_that_start_at_once_migrate_once(
    new_driver: Driver, clock: HeldClock
) -> None:
    if not isinstance(new_driver, PostgresDriver):
        pytest.skip("one file, one program")
    workers = [Database(PostgresDriver(POSTGRES, new_driver._schema), clock) for _ in range(4)]

    await asyncio.gather(*(worker.open() for worker in workers))
    versions = await workers[0].unit(_versions)
    await asyncio.gather(*(worker.close() for worker in workers))

    assert versions == list(migrations())


async def test_sums_and_ballots_of_an_older_vote_become_those_of_its_one_matter(
    new_driver: Driver, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {number: sql for number, sql in migrations().items() if number < 18}
    with monkeypatch.context() as older:
        older.setattr(database, "migrations", lambda: before)
        first = Database(new_driver, clock)
        await first.open()
        await first.unit(_old_vote)
        await first.close()
    second = Database(new_driver, clock)
    await second.open()
    motion = await second.unit(lambda unit: unit.motions.by_id(1))
    tallies = await second.unit(lambda unit: unit.ballots.tallies(motion))
    seat = await second.unit(lambda unit: unit.seats.get(1, 1))
    await second.close()

    assert motion.matters == () and len(tallies) == 1
    assert tallies[0].no == Weight(1, 8853) and tallies[0].yes == Weight()
    assert seat is not None and seat.ballot == Ballot((Choice.NO,), Way.CHAT)


async def _old_vote(unit: Unit) -> None:
    """One owner has voted no, as it was stored before there were several matters."""
    await Statement("insert into places (id, kind, name) values (1, 'community', '甲')")
    await Statement("insert into people (id, name, created_at) values (1, '甲', '2026')")
    await Statement(
        "insert into motions (id, community_id, number, place_id, path, author_id, title, text, "
        "preset, is_secret, is_binding, announced_at, opens_at, closes_at, state, fewest, "
        "proxies, heads, area, took_heads, took_area) values (1, 1, 1, 1, '/1/', 1, '题', '文', "
        "'advisory', 0, 0, ?, ?, ?, 'open', 5, 3, 1, 8853, 1, 8853)",
        *[stored(unit.now)] * 3,
    )
    await Statement(
        "insert into motion_voters (motion_id, voter, name, flats, area, took_part, choice, way, "
        "changes) values (1, 1, '', '[]', 8853, 1, 'no', 'chat', 1)"
    )
    for choice, heads in (("yes", 0), ("no", 1), ("abstain", 0)):
        await Statement(
            "insert into motion_sums (motion_id, choice, heads, area) values (1, ?, ?, ?)",
            choice,
            heads,
            heads * 8853,
        )
