"""Two communities 两个社区: a tap acts on what is shown, never on a namesake."""

import pytest

from domain.people import Role
from domain.places import PlaceKind
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import Stairwell


async def _other(unit: Unit) -> None:
    """另一社区 of the same street, with 9号楼, where 王阿姨 and 李网格 own flats."""
    street = (await unit.places.named("梧桐街道", below="/"))[0]
    community = await unit.places.add(PlaceKind.COMMUNITY, "另一社区", street)
    await unit.places.open_community(community, zone="Asia/Tokyo", lang="zh")
    grid = await unit.places.add(PlaceKind.GRID, "甲网格", community)
    building = await unit.places.add(PlaceKind.BUILDING, "9号楼", grid)
    door = await unit.places.add(PlaceKind.ENTRANCE, "1单元", building)
    ids = {r["name"]: r["id"] for r in await rows("select id, name from people")}
    for n, name in enumerate(("王阿姨", "李网格")):
        home = await unit.places.add(PlaceKind.HOUSEHOLD, f"9-1-10{n}", door)
        await unit.people.grant(ids[name], Role.RESIDENT, home.id, by=None, now=unit.now)
    await unit.people.grant(ids["尤姐"], Role.BUILDING_HEAD, building.id, by=None, now=unit.now)
    chat = await unit.chats.met("memory", "9号楼", is_private=False)
    await unit.chats.bind(chat.id, building, None)


@pytest.fixture
async def both(town: Stairwell) -> Stairwell:
    """The town, with a second community on the same street."""
    await town.town.app.database.unit(_other)
    return town


async def _two_polls(town: Stairwell) -> None:
    """票1 in each of the communities."""
    for who, asked, at in (("张楼长", "种什么 甲/乙", "3号楼"), ("尤姐", "修什么 丙/丁", "9号楼")):
        await town.says(who, f"投票 {asked} 周五晚8点", at=at)
        await town.presses(who, "发布", at=at)


async def test_a_vote_counts_in_the_poll_whose_button_it_is(both: Stairwell) -> None:
    await _two_polls(both)
    await both.moves("+6d 17:30")

    assert "您投了：丁" in await both.presses("王阿姨", "丁")
    assert "丁：1票" in both.sees("9号楼") and "乙：0票" in both.sees("3号楼")
    assert "您投了：乙" in await both.presses("王阿姨", "乙")
    assert "乙：1票" in both.sees("3号楼")


async def test_a_grid_worker_who_lives_elsewhere_acts_on_the_own_card(both: Stairwell) -> None:
    await both.says("王阿姨", "报事 灯坏了", at="3号楼")
    assert "报1" in both.sees("李网格")

    assert "派给谁" in await both.presses("李网格", "派单")
    await both.presses("李网格", "维修队")
    assert "维修队" in both.sees("3号楼")


async def test_a_typed_number_is_found_wherever_one_belongs(both: Stairwell) -> None:
    await both.says("王阿姨", "报事 灯坏了", at="3号楼")

    assert "灯坏了" in await both.says("李网格", "看 1")
    assert "灯坏了" in await both.says("魏科长", "看 1")


@pytest.mark.parametrize("who", ["王阿姨", "李网格"])
async def test_a_typed_number_that_fits_twice_is_asked_for_as_a_tap(
    both: Stairwell, who: str
) -> None:
    await both.says("刘大爷", "报事 灯坏了", at="3号楼")
    await both.says("王阿姨", "报事 井盖松了", at="9号楼")

    assert "不止一个社区有 报1" in await both.says(who, "看 1")
    assert "灯坏了" in await both.says(who, "看 1", at="3号楼")
    assert "井盖松了" in await both.says("王阿姨", "看 1", at="9号楼")
    await both.says(who, "language English")
    assert "More than one of your communities" in await both.says(who, "show 1")


async def test_a_list_in_private_leads_to_each_of_two_namesakes(both: Stairwell) -> None:
    await both.says("刘大爷", "报事 灯坏了", at="3号楼")
    await both.says("王阿姨", "报事 井盖松了", at="9号楼")
    await both.says("王阿姨", "列表")
    calls = [
        call
        for row in both.town.screen.chats["@王阿姨"][-1].shown.buttons
        for label, call in row
        if label == "报1"
    ]

    said = [await both.taps("王阿姨", call) for call in calls]
    assert len(said) == 2 and {"灯坏了" in text for text in said} == {True, False}


async def test_a_number_that_answers_a_question_and_fits_twice_is_refused(both: Stairwell) -> None:
    await both.says("刘大爷", "报事 灯坏了", at="3号楼")
    await both.says("李网格", "报事 井盖松了", at="9号楼")
    await both.says("王阿姨", "附议")

    assert "不止一个社区有 报1" in await both.says("王阿姨", "1")


async def test_words_about_a_thing_are_said_in_the_day_of_its_community(both: Stairwell) -> None:
    await _two_polls(both)

    assert "11月29日周日 20:00" in await both.says("尤姐", "延期 1 下周日晚8点", at="9号楼")
    await both.presses("王阿姨", "丙", at="9号楼")
    await both.moves("+6d 17:30")
    assert "11月29日周日 20:00" in both.sees("9号楼")


async def test_a_button_of_a_community_where_one_is_unknown_finds_nothing(both: Stairwell) -> None:
    await both.says("王阿姨", "报事 井盖松了", at="9号楼")

    async def other(unit: Unit) -> int:
        return (await unit.places.named("另一社区", below="/"))[0].id

    number = f"1.{await both.town.app.database.unit(other)}"
    for call in (f"show:{number}", f"second:{number}", f"show:{number}.1", "show:1.999", "show:1."):
        said = await both.taps("刘大爷", call)
        assert "没有找到" in said or "过期" in said


async def test_no_committee_lets_anybody_into_the_street_of_several(both: Stairwell) -> None:
    assert "没有" in await both.says("孙主任", "任命 小陈 街道 梧桐街道")
