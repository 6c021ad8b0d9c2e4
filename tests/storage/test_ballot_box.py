"""The ballot box 票箱: kept so that no database tells which ballot came when."""

import sqlite3

import pytest

from storage.database import Database
from storage.sqlite import SqliteDriver
from storage.statement import Statement, rows
from storage.unit import Unit


async def boxed(database: Database) -> None:
    """Two ballots of one motion, the later one with the smaller name."""

    async def work(unit: Unit) -> None:
        await Statement("insert into places (id, kind, name) values (1, 'community', '甲')")
        await Statement("insert into people (id, name, created_at) values (1, '甲', '2026')")
        await Statement(
            "insert into motions (id, community_id, number, place_id, path, author_id, title, "
            "text, preset, is_secret, is_binding, announced_at, opens_at, closes_at, state, "
            "fewest, proxies) values (1, 1, 1, 1, '/1/', 1, '', '', 'advisory', 1, 0, "
            "'', '', '', 'open', 5, 3)"
        )
        for receipt in ("f" * 64, "0" * 64):
            await Statement(
                "insert into motion_secrets (motion_id, receipt, choice) values (1, ?, 'yes')",
                receipt,
            )

    await database.unit(work)


async def test_ballots_come_out_by_their_random_names(database: Database) -> None:
    await boxed(database)

    found = await database.unit(lambda unit: unit.ballots.secrets(1))
    assert [receipt[0] for receipt, *_ in found] == ["0", "f"]


async def test_no_column_tells_time_or_order(database: Database) -> None:
    await boxed(database)

    async def columns(unit: Unit) -> list[str]:
        found = await rows("select * from motion_secrets limit 1")
        return sorted(dict(found[0]))

    assert await database.unit(columns) == ["choice", "matter", "motion_id", "receipt"]


async def test_sqlite_keeps_no_number_of_its_own(database: Database) -> None:
    if not isinstance(database.driver, SqliteDriver):
        pytest.skip("of SQLite alone")
    await boxed(database)
    reader = sqlite3.connect(f"file:{database.driver.where}?mode=ro", uri=True)

    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        reader.execute("select rowid from motion_secrets")
    reader.close()


async def test_postgres_marks_all_rows_alike_once_they_were_written_anew(
    database: Database,
) -> None:
    if isinstance(database.driver, SqliteDriver):
        pytest.skip("of PostgreSQL alone")
    await boxed(database)
    await database.unit(lambda unit: unit.ballots.shuffle(1))

    async def marks(unit: Unit) -> int:
        found = await rows("select count(distinct xmin::text) as n from motion_secrets")
        return int(found[0]["n"])

    assert await database.unit(marks) == 1


async def test_no_order_of_rows_tells_which_came_when(database: Database) -> None:
    if isinstance(database.driver, SqliteDriver):
        pytest.skip("of PostgreSQL alone")
    # Rows would first fill the room that other tests left in the tables.
    await database.unit(lambda unit: Statement("truncate motion_voters, motion_secrets cascade"))
    await boxed(database)

    async def vote(unit: Unit) -> None:
        for voter in (1, 2, 3):
            await Statement(
                "insert into motion_voters (motion_id, voter, name, flats, area) "
                "values (1, ?, '', '[]', 1)",
                voter,
            )
        for voter in (3, 1):
            await Statement("update motion_voters set took_part = 1 where voter = ?", voter)
        await unit.ballots.shuffle(1)

    async def lying(unit: Unit) -> tuple[list[int], list[str]]:
        voters = await rows("select voter from motion_voters order by ctid")
        secrets = await rows("select receipt from motion_secrets order by ctid")
        return [r["voter"] for r in voters], [r["receipt"][0] for r in secrets]

    await database.unit(vote)
    assert await database.unit(lying) == ([1, 2, 3], ["0", "f"])
    assert await database.unit(lambda unit: unit.seats.present(1)) == [1, 3]
