"""Example neighbourhood 示例小区: 睦邻社区 with two grids and six buildings, for demo and tests."""

from dataclasses import dataclass
from typing import Final

from domain.outlook import Position
from domain.people import Role
from domain.places import Place, PlaceKind
from handlers.digest import plan_digests
from storage.unit import Unit

STREET: Final = "梧桐街道"
COMMUNITY: Final = "睦邻社区"
ZONE: Final = "Asia/Shanghai"
GRIDS: Final = {"第一网格": ("1号楼", "2号楼", "3号楼"), "第二网格": ("4号楼", "5号楼", "6号楼")}

RESIDENTS: Final = {
    "1-1-201": "冯叔",
    "1-2-402": "许阿姨",
    "2-1-301": "老何",
    "2-2-502": "吕姐",
    "3-2-501": "王阿姨",
    "3-1-102": "刘大爷",
    "3-2-301": "小陈",
    "3-1-403": "吴老师",
    "3-2-202": "郑师母",
    "4-1-101": "钱伯",
    "4-2-603": "小杨",
    "5-1-302": "朱阿婆",
    "5-2-401": "老秦",
    "6-1-501": "尤姐",
    "6-2-203": "小施",
}
STAFF: Final = (
    ("张楼长", Role.BUILDING_HEAD, "3号楼"),
    ("何楼长", Role.BUILDING_HEAD, "1号楼"),
    ("沈楼长", Role.BUILDING_HEAD, "2号楼"),
    ("韩楼长", Role.BUILDING_HEAD, "4号楼"),
    ("卫楼长", Role.BUILDING_HEAD, "5号楼"),
    ("蒋楼长", Role.BUILDING_HEAD, "6号楼"),
    ("李网格", Role.GRID_WORKER, "第一网格"),
    ("唐网格", Role.GRID_WORKER, "第二网格"),
    ("孙主任", Role.COMMITTEE, COMMUNITY),
    ("周业委", Role.OWNERS_COMMITTEE, COMMUNITY),
    ("赵师傅", Role.PROPERTY, COMMUNITY),
    ("魏科长", Role.STREET_STAFF, STREET),
)
SQUADS: Final = (
    ("维修队", "水电门窗", ("赵师傅", "吴老师")),
    ("关爱队", "探访老人", ("吕姐", "郑师母")),
)
HEADS_AT_HOME: Final = {"张楼长": "3-1-201"}
"""Staff who also live here."""


@dataclass(frozen=True, slots=True)
class Example:
    """What was made: names of people and groups, for the page that shows them."""

    people: tuple[str, ...]
    groups: tuple[str, ...]


def cast() -> Example:
    """Everybody in the example, those of 3号楼 first, and all groups."""
    residents = sorted(RESIDENTS.items(), key=lambda item: (item[0][0] != "3", item[0]))
    people = [name for _, name in residents] + [name for name, _, _ in STAFF]
    groups = ["3号楼", *(b for bs in GRIDS.values() for b in bs if b != "3号楼"), *GRIDS]
    return Example(tuple(people), (*groups, COMMUNITY))


async def seed(unit: Unit, platform: str, position: Position | None = None) -> None:
    """Make the example neighbourhood, its people reachable on ``platform``; twice changes nothing.

    Groups have their place's name as address, private chats the person's name behind an ``@``.
    """
    if await unit.places.communities():
        return
    places = await _places(unit)
    ids = {name: await _person(unit, name, platform) for name in cast().people}
    for flat, name in (RESIDENTS | {f: n for n, f in HEADS_AT_HOME.items()}).items():
        home = await _home(unit, places, flat)
        await unit.people.grant(ids[name], Role.RESIDENT, home.id, by=None, now=unit.now)
    for name, role, place in STAFF:
        await unit.people.grant(ids[name], role, places[place].id, by=None, now=unit.now)
    for squad, speciality, members in SQUADS:
        squad_id = await unit.places.add_squad(squad, speciality, places[COMMUNITY])
        for name in members:
            await unit.people.join_squad(squad_id, ids[name])
    await plan_digests(unit, places[COMMUNITY].id)
    await unit.forecasts.locate(places[COMMUNITY].id, position)
    for group in cast().groups:
        chat = await unit.chats.met(platform, group, is_private=False)
        await unit.chats.bind(chat.id, places[group], None)


async def _places(unit: Unit) -> dict[str, Place]:
    street = await unit.places.add(PlaceKind.STREET, STREET)
    community = await unit.places.add(PlaceKind.COMMUNITY, COMMUNITY, street)
    await unit.places.open_community(community, zone=ZONE, lang="zh")
    places = {STREET: street, COMMUNITY: community}
    for grid, buildings in GRIDS.items():
        places[grid] = await unit.places.add(PlaceKind.GRID, grid, community)
        for building in buildings:
            node = await unit.places.add(PlaceKind.BUILDING, building, places[grid])
            places[building] = node
    return places


async def _home(unit: Unit, places: dict[str, Place], flat: str) -> Place:
    building, entrance, _ = flat.split("-")
    door = await unit.places.add(PlaceKind.ENTRANCE, f"{entrance}单元", places[f"{building}号楼"])
    return await unit.places.add(PlaceKind.HOUSEHOLD, flat, door)


async def _person(unit: Unit, name: str, platform: str) -> int:
    person_id = await unit.people.add(name, unit.now)
    await unit.people.identify(person_id, platform, name, unit.now)
    await unit.people.reachable_at(platform, name, f"@{name}")
    return person_id
