"""Import store 导入: a whole plan in one unit, or nothing of it."""

import pytest

from domain.places import Place, PlaceKind
from domain.refusal import Refusal
from domain.roll import fingerprint
from domain.roll_plan import Plan, planned
from domain.roll_reading import read_roll
from domain.sheets import Sheet
from storage.database import Database
from storage.statement import rows
from storage.unit import Unit

HEAD = ("网格", "楼栋", "单元", "房号", "业主", "面积", "用途", "业主类型")
FIRST = (
    ("第一网格", "3", "1", "101", "王秀英", "89.5", "", ""),
    ("第一网格", "3", "1", "102", "王秀英", "70", "", ""),
    ("第一网格", "3", "2", "101", "未售", "70", "", ""),
    ("第二网格", "4", "1", "商1", "建兴公司", "200", "商铺", "单位"),
    ("", "3", "", "B1", "王秀英", "12.5", "车位", ""),
    ("", "", "", "B2", "建兴公司", "12.5", "车位", "单位"),
)


async def town(unit: Unit) -> Place:
    place = await unit.places.add(PlaceKind.COMMUNITY, "睦邻社区")
    await unit.places.open_community(place, zone="Asia/Shanghai", lang="zh")
    return place


async def plan_of(unit: Unit, community: Place, table: tuple[tuple[str, ...], ...]) -> Plan:
    reading = read_roll(Sheet("a.csv", (HEAD, *table)))
    return planned(reading, await unit.roll_imports.known(community))


async def brought(unit: Unit, community: Place, table: tuple[tuple[str, ...], ...]) -> Plan:
    plan = await plan_of(unit, community, table)
    await unit.roll_imports.store(community, plan, by=None, now=unit.now)
    return plan


async def test_places_owners_and_areas_come_at_once(database: Database) -> None:
    async def work(unit: Unit) -> None:
        community = await town(unit)
        await brought(unit, community, FIRST)
        roll = await unit.roll.of(community)

        assert (roll.heads, roll.area_hundredths, len(roll.households)) == (3, 42950, 4)
        (flat,) = await unit.places.named("3-2-101", below=community.path)
        line = [place.name for place in await unit.places.line(flat.path)]
        assert line == ["睦邻社区", "第一网格", "3号楼", "2单元", "3-2-101"]
        home = await rows("select home from places where id = ?", flat.id)
        (building,) = await unit.places.named("3号楼", below=community.path)
        assert home[0]["home"] == building.path

    await database.unit(work)


async def test_households_that_people_live_in_already_stay_the_same(database: Database) -> None:
    async def work(unit: Unit) -> None:
        community = await town(unit)
        grid = await unit.places.add(PlaceKind.GRID, "第一网格", community)
        building = await unit.places.add(PlaceKind.BUILDING, "3号楼", grid)
        door = await unit.places.add(PlaceKind.ENTRANCE, "1单元", building)
        home = await unit.places.add(PlaceKind.HOUSEHOLD, "3-1-101", door)
        await brought(unit, community, FIRST)

        owner = await unit.roll.owner_of(home.id)
        assert owner is not None and owner.name == "王秀英"

    await database.unit(work)


async def test_a_second_import_changes_what_is_different_and_nothing_else(
    database: Database,
) -> None:
    async def work(unit: Unit) -> None:
        community = await town(unit)
        await brought(unit, community, FIRST)
        person = await unit.people.add("王阿姨", unit.now)
        (wang,) = [o for o in await unit.roll.owners(community.id) if o.name == "王秀英"]
        await unit.roll.link(wang.id, person, by=None, now=unit.now)
        again = await plan_of(unit, community, FIRST)
        assert again.is_empty
        sold = (FIRST[0], (*FIRST[1][:4], "赵六", "70", "", ""), *FIRST[3:])
        plan = await brought(unit, community, sold)

        assert (len(plan.added), len(plan.changed), len(plan.removed)) == (0, 1, 1)
        roll = await unit.roll.of(community)
        assert {owner.name for owner in roll.owners.values()} == {"王秀英", "赵六", "建兴公司"}
        assert [o.id for o in await unit.roll.owners_of(person, community.id)] == [wang.id]
        await unit.seal()
        assert [e.after["version"] for e in await unit.journal.of("roll", community.id)] == [1, 2]

    await database.unit(work)


async def test_the_same_list_gives_the_same_fingerprint_elsewhere(database: Database) -> None:
    async def work(unit: Unit) -> None:
        one = await town(unit)
        other = await unit.places.add(PlaceKind.COMMUNITY, "另一社区")
        await brought(unit, one, FIRST)
        await brought(unit, other, tuple(reversed(FIRST)))

        assert fingerprint(await unit.roll.of(one)) == fingerprint(await unit.roll.of(other))

    await database.unit(work)


async def test_a_plan_made_before_another_change_is_refused(database: Database) -> None:
    async def prepared(unit: Unit) -> tuple[Place, Plan]:
        community = await town(unit)
        plan = await plan_of(unit, community, FIRST)
        await unit.roll.count_garages(community.id, True, by=None, now=unit.now)
        return community, plan

    community, plan = await database.unit(prepared)
    with pytest.raises(Refusal, match="roll_changed"):
        await database.unit(
            lambda unit: unit.roll_imports.store(community, plan, by=None, now=unit.now)
        )

    roll = await database.unit(lambda unit: unit.roll.of(community))
    assert roll.heads == 0 and roll.settings.version == 1


async def test_a_kept_sheet_belongs_to_its_sender(database: Database) -> None:
    async def work(unit: Unit) -> None:
        community = await town(unit)
        one = await unit.people.add("孙主任", unit.now)
        other = await unit.people.add("周业委", unit.now)
        sheet = Sheet("a.csv", (HEAD, *FIRST), ("A1:B1",), ("车位",))
        kept = await unit.roll_imports.keep(sheet, community.id, one, unit.now)

        assert await unit.roll_imports.kept(kept, one) == (sheet, community.id)
        assert await unit.roll_imports.kept(kept, other) is None
        await unit.roll_imports.keep(sheet, community.id, one, unit.now)
        assert await unit.roll_imports.kept(kept, one) is None

    await database.unit(work)
