"""Founding 建库: a real community is set up by its settings alone."""

import asyncio
from dataclasses import replace
from datetime import time

import pytest

from bot.clock import HeldClock
from bot.dialog import Town
from bot.founding import Plan, found
from domain.people import Role
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from storage.unit import Unit
from tests.conftest import NEEDS_POSTGRES, QUICK_POSTGRES

PLAN = Plan(
    name="光华社区",
    street="五一街道",
    zone="Asia/Urumqi",
    lang="zh",
    quiet_from=time(21, 30),
    quiet_until=time(8),
    grids={"第一网格": ["1号楼", "二栋"], "第二网格": ["3号楼"]},
)


async def tree(unit: Unit) -> list[str]:
    """Kinds and names of all places."""
    (community,) = await unit.places.communities()
    found = [community]
    for grid in await unit.places.children(community.id):
        found += [grid, *await unit.places.children(grid.id)]
    assert community.parent_id is not None
    street = await unit.places.get(community.parent_id)
    return [f"{place.kind} {place.name}" for place in (street, *found)]


async def test_the_tree_of_the_settings_is_made_and_twice_changes_nothing(
    database: Database,
) -> None:
    await database.unit(lambda unit: found(unit, PLAN))
    once = await database.unit(tree)
    await database.unit(lambda unit: found(unit, PLAN))

    assert await database.unit(tree) == once
    assert once == [
        "street 五一街道",
        "community 光华社区",
        "grid 第一网格",
        "building 1号楼",
        "building 2号楼",
        "grid 第二网格",
        "building 3号楼",
    ]


async def test_the_cap_of_projects_is_the_settings_one(database: Database) -> None:
    async def cap(unit: Unit) -> int:
        (community,) = await unit.places.communities()
        return await unit.projects.most_asked(community.id)

    await database.unit(lambda unit: found(unit, PLAN))
    assert await database.unit(cap) == 1_000_000
    await database.unit(lambda unit: found(unit, replace(PLAN, most_asked_fen=300_000)))

    assert await database.unit(cap) == 300_000


async def test_settings_that_change_later_hold_from_then_on(database: Database) -> None:
    await database.unit(lambda unit: found(unit, PLAN))
    more = {**PLAN.grids, "第三网格": ["9号楼"]}
    changed = replace(PLAN, zone="Asia/Shanghai", quiet_from=time(22), grids=more)
    await database.unit(lambda unit: found(unit, changed))

    async def asked(unit: Unit) -> tuple[str, time]:
        (place,) = await unit.places.communities()
        hours = (await unit.places.community(place.id)).hours
        return str(hours.zone), hours.quiet_from

    assert "building 9号楼" in await database.unit(tree)
    assert await database.unit(asked) == ("Asia/Shanghai", time(22))


async def test_the_first_code_makes_the_committee_and_is_then_given_no_more(
    driver: Driver, clock: HeldClock
) -> None:
    town = Town(Database(driver, clock), clock)
    await town.open()
    database = town.app.database
    founded = await database.unit(lambda unit: found(unit, PLAN))
    await town.say("孙主任", f"邀请码 {founded.code}")
    (answer,) = await town.press("孙主任", "同意，登记")
    again = await database.unit(lambda unit: found(unit, PLAN))
    (used,) = await town.say("别人", f"邀请码 {founded.code}")

    async def committee(unit: Unit) -> int:
        (place,) = await unit.places.communities()
        return len(await unit.people.holding(Role.COMMITTEE, [place.id]))

    count = await database.unit(committee)
    await town.close()

    assert "光华社区（居委会）" in answer.shown.text
    assert "这个码不对、用过了或过期了" in used.shown.text
    assert (again.code, count) == (None, 1)


async def test_other_communities_in_the_database_are_named(database: Database) -> None:
    await database.unit(lambda unit: found(unit, PLAN))
    founded = await database.unit(lambda unit: found(unit, replace(PLAN, name="光华新社区")))

    assert founded.others == ("光华社区",)


@pytest.mark.parametrize("driver", [pytest.param("postgres", marks=NEEDS_POSTGRES)], indirect=True)
async def test_workers_that_start_at_once_found_one_community(
    database: Database, clock: HeldClock
) -> None:
    assert isinstance(database.driver, PostgresDriver)
    schema = database.driver._schema
    others = [Database(PostgresDriver(QUICK_POSTGRES, schema), clock) for _ in range(3)]
    for other in others:
        await other.open()
    await asyncio.gather(*(other.unit(lambda unit: found(unit, PLAN)) for other in others))
    for other in others:
        await other.close()

    assert len(await database.unit(tree)) == 7
