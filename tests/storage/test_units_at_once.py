"""Units at once 同时的工作单元: what shares a commit still stands or falls alone."""

import asyncio
from collections.abc import Callable

import pytest

from domain.refusal import Refusal
from storage.database import Database, UnitWork
from storage.statement import Statement, value
from storage.unit import Unit


def _adds(name: str, *, fails: type[Exception] | None = None) -> UnitWork[int]:
    async def work(unit: Unit) -> int:
        person_id = await unit.people.add(name, unit.now)
        if fails is not None:
            raise fails("test")
        return person_id

    return work


async def _names(database: Database) -> list[str]:
    async def asked(unit: Unit) -> list[str]:
        return [r["name"] for r in await Statement("select name from people order by name")]

    return await database.read(asked)


async def _at_once(database: Database, works: list[UnitWork[int]]) -> list[object]:
    found = await asyncio.gather(*(database.unit(w) for w in works), return_exceptions=True)
    return list(found)


async def test_units_at_once_are_all_stored(database: Database) -> None:
    found = await _at_once(database, [_adds(f"{n:03d}") for n in range(40)])

    assert len(set(map(str, found))) == 40
    assert await _names(database) == [f"{n:03d}" for n in range(40)]


async def test_a_unit_that_fails_leaves_no_trace_and_harms_no_other(database: Database) -> None:
    works = [_adds(f"{n:03d}", fails=Refusal if n % 7 == 3 else None) for n in range(40)]

    found = await _at_once(database, works)

    refused = [n for n, outcome in enumerate(found) if isinstance(outcome, Refusal)]
    assert refused == [3, 10, 17, 24, 31, 38]
    assert await _names(database) == [f"{n:03d}" for n in range(40) if n % 7 != 3]


@pytest.mark.parametrize(
    "wrong",
    ["insert into people (id, name, created_at) values (1, null, '')", "select 1 from nowhere"],
)
async def test_a_unit_with_a_wrong_statement_harms_no_other(database: Database, wrong: str) -> None:
    async def broken(unit: Unit) -> int:
        await unit.people.add("broken", unit.now)
        await Statement(wrong)
        return 0

    found = await _at_once(database, [_adds("one"), broken, _adds("two")])

    assert isinstance(found[1], Exception)
    assert await _names(database) == ["one", "two"]


async def test_a_unit_may_go_on_after_a_statement_that_failed(database: Database) -> None:
    if database.driver.is_shared:
        pytest.skip("PostgreSQL ends a transaction at its first error")

    async def forgiving(unit: Unit) -> int:
        with pytest.raises(Exception, match=r"no such table|does not exist"):
            await Statement("select 1 from nowhere")
        return await unit.people.add("forgiving", unit.now)

    found = await _at_once(database, [_adds("one"), forgiving])

    assert not isinstance(found[1], Exception)
    assert await _names(database) == ["forgiving", "one"]


def _sleeps() -> Callable[[Unit], object]:
    async def work(unit: Unit) -> int:
        await unit.people.add("sleeper", unit.now)
        await asyncio.sleep(0)
        return 0

    return work


async def test_a_unit_that_awaits_anything_but_the_database_is_stopped(database: Database) -> None:
    found = await _at_once(database, [_adds("one"), _sleeps(), _adds("two")])  # type: ignore[list-item]

    assert isinstance(found[1], TypeError)
    assert await _names(database) == ["one", "two"]


async def test_a_unit_alone_that_fails_is_run_once(database: Database) -> None:
    runs = []

    async def work(unit: Unit) -> int:
        runs.append(await unit.people.add("nobody", unit.now))
        raise Refusal("test")

    with pytest.raises(Refusal):
        await database.unit(work)

    assert len(runs) == 1
    assert await database.read(lambda unit: value("select count(*) from people")) == 0
