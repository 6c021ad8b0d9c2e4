"""Several homes 几处住房: which building a report is about is asked, never guessed."""

import pytest

from domain.people import Role
from domain.places import PlaceKind
from storage.unit import Unit
from tests.conftest import Stairwell


@pytest.fixture
async def owner(town: Stairwell) -> Stairwell:
    """The town in which 王阿姨 has a second flat, in 5号楼."""

    async def moved_in(unit: Unit) -> None:
        (community,) = await unit.places.communities()
        (building,) = await unit.places.named("5号楼", below=community.path)
        door = await unit.places.add(PlaceKind.ENTRANCE, "1单元", building)
        home = await unit.places.add(PlaceKind.HOUSEHOLD, "5-1-501", door)
        (who,) = await unit.people.named("王阿姨", community.id)
        await unit.people.grant(who, Role.RESIDENT, home.id, by=None, now=unit.now)

    await town.town.app.database.unit(moved_in)
    return town


@pytest.mark.parametrize("answer", ["2", "5号楼", "五栋"])
async def test_a_report_in_private_asks_in_which_building(owner: Stairwell, answer: str) -> None:
    assert "在哪一栋？\n[3号楼]\n[5号楼]" in await owner.says("王阿姨", "报事 楼道灯坏了")
    said = await owner.says("王阿姨", answer)

    assert "报1 · 待派单" in said and "📍5号楼" in said
    assert "楼道灯坏了" in owner.sees("5号楼") and not owner.sees("3号楼")


async def test_what_was_just_said_is_asked_about_too(owner: Stairwell) -> None:
    await owner.says("王阿姨", "楼道灯坏了")
    await owner.presses("王阿姨", "1")

    assert "📍3号楼" in await owner.presses("王阿姨", "3号楼")


async def test_whoever_names_the_building_is_not_asked(owner: Stairwell) -> None:
    assert "📍5号楼" in await owner.says("王阿姨", "报事 五号楼的门禁坏了")


async def test_a_proposal_in_private_asks_in_which_building(owner: Stairwell) -> None:
    assert "在哪一栋？\n[3号楼]\n[5号楼]" in await owner.says("王阿姨", "提议 门口装个扶手")

    assert "📍5号楼" in await owner.presses("王阿姨", "5号楼")
    assert "门口装个扶手" in owner.sees("5号楼") and not owner.sees("3号楼")


async def test_a_group_says_where_it_is(owner: Stairwell) -> None:
    assert "📍3号楼" in await owner.says("王阿姨", "报事 楼道灯坏了", at="3号楼")


async def test_a_likely_duplicate_is_looked_for_in_the_building_that_is_meant(
    owner: Stairwell,
) -> None:
    await owner.says("刘大爷", "报事 三楼楼道灯坏了", at="3号楼")
    await owner.says("王阿姨", "报事 三楼楼道的灯坏了")
    assert "报1" in await owner.presses("王阿姨", "3号楼")
    await owner.presses("王阿姨", "2")

    assert "报2 · 待派单" in owner.sees("3号楼")
