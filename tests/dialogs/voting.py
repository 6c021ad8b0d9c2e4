"""An estate that votes 小区表决: the example neighbourhood with a roll, and a vote that is open."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.people import Role
from domain.roll import Holding, Owner, OwnerKind, Use
from handlers.messages import Picture
from storage.unit import Unit
from tests.conftest import Stairwell

OWNERS: Final = {
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
    "3-1-201": "张楼长",
}
"""Flat → who owns it and lives there; 郑师母 owns 3-2-202 and the parking space of 3-2-301 none."""
AREA: Final = 88_53
PHOTO: Final = Picture("image/png", b"\x89PNG\r\n\x1a\n" + bytes(64))
TEXT: Final = "同意更换物业公司，聘期三年。"


MANY: Final = {**OWNERS, **{f"1-1-{n}": f"业主{n}" for n in range(301, 307)}}
"""Enough owners for a secret vote; the six added ones live in 1号楼 and are not in the chat."""


async def with_roll(town: Stairwell, owners: Mapping[str, str] = OWNERS) -> None:
    """Everybody owns the flat they live in, of 88.53 m² each."""
    await town.town.app.database.unit(lambda unit: give_roll(unit, owners))


async def give_roll(unit: Unit, owners: Mapping[str, str]) -> None:
    """Store a roll of these flats and owners, who are known in the chat."""
    community = (await unit.places.communities())[0]
    people = [Owner(n, name, OwnerKind.PERSON) for n, name in enumerate(owners.values(), 1)]
    ids = await unit.roll.add_owners(community.id, people)
    holdings = []
    for n, flat in enumerate(owners, 1):
        home = (await unit.places.named(flat, below=community.path))[0]
        holdings.append(Holding(0, ids[n], home.id, home.path, flat, Use.FLAT, AREA))
    await unit.roll.add_holdings(community.id, holdings)
    await unit.roll.changed(community.id, {}, by=None, now=unit.now)
    for owner in people:
        found = await unit.people.named(owner.name, community.id)
        await unit.roll.link(ids[owner.id], found[0], by=None, now=unit.now)


async def give_many(unit: Unit) -> None:
    """Store a roll that is large enough for a secret vote."""
    community = (await unit.places.communities())[0]
    door = (await unit.places.named("1-1-201", below=community.path))[0]
    entrance = await unit.places.get(door.parent_id or 0)
    for flat, name in MANY.items():
        if flat not in OWNERS:
            home = await unit.places.add(door.kind, flat, entrance)
            person = await unit.people.add(name, unit.now)
            await unit.people.grant(person, Role.RESIDENT, home.id, by=None, now=unit.now)
    await give_roll(unit, MANY)


def closing(changes: Sequence[str]) -> str:
    """When a vote closes: soon if it is secret, since its rows are written anew every hour."""
    return "11月24日晚8点" if "改成不记名" in changes else "12月31日晚8点"


async def announced(town: Stairwell, *changes: str, who: str = "周业委") -> str:
    """A vote of the whole estate is called; ``changes`` are pressed before it is announced."""
    await town.says(who, "表决 更换物业公司")
    await town.says(who, TEXT)
    await town.says(who, closing(changes))
    for change in changes:
        await town.presses(who, change)
    return await town.presses(who, "公示")


async def votes(town: Stairwell, who: str, choice: str, at: str = "") -> str:
    """Somebody taps a choice on the card and confirms what is read back to them."""
    where = at or await _group_of(town, who)
    await town.presses(who, choice, at=where)
    return await town.presses(who, f"确认{choice}")


async def _group_of(town: Stairwell, who: str) -> str:
    flat = next(flat for flat, owner in OWNERS.items() if owner == who)
    return f"{flat.partition('-')[0]}号楼"
