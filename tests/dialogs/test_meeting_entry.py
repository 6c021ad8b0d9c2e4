"""Entry 签到: a code that hangs at the place, a word, and never anybody who has no right to it."""

import re

import pytest

from domain.people import Role
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_meetings import called


async def code_of(town: Stairwell) -> str:
    """The code that 张楼长 is given for 会1."""
    said = await town.says("张楼长", "签到码 会1")
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", said)
    assert found is not None, said
    return found[0]


async def test_the_convener_gets_a_picture_and_a_code_that_stay_the_same(town: Stairwell) -> None:
    await called(town)
    first = await code_of(town)
    assert town.town.screen.chats["@张楼长"][-1].shown.photo is not None

    assert await code_of(town) == first


async def test_in_a_group_the_code_goes_to_its_convener_alone(town: Stairwell) -> None:
    await called(town)
    await town.says("张楼长", "签到码 会1", at="3号楼")

    assert "签到码" not in town.told("3号楼") and "签到码" in town.told("张楼长")


@ON_ONE_DATABASE
async def test_whoever_scans_it_at_the_place_is_checked_in_once(town: Stairwell) -> None:
    await called(town)
    code = await code_of(town)
    await town.moves("+6d 18:40")

    assert "欢迎" in await town.says("王阿姨", f"签到 {code}")
    assert "已经签到" in await town.says("王阿姨", f"签到 {code.lower().replace('-', ' ')}")
    assert "已签到1人" in town.card("3号楼", "会1")


@ON_ONE_DATABASE
async def test_the_code_opens_nothing_before_its_time_and_after_it(town: Stairwell) -> None:
    await called(town)
    code = await code_of(town)

    assert "还不能签到" in await town.says("王阿姨", f"签到 {code}")
    await town.moves("+6d 21:00")
    assert "已经开完" in await town.says("王阿姨", f"签到 {code}")
    assert "已经开完" in await town.says("张楼长", "签到码 会1")


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", ["钱伯", "唐网格"])
async def test_the_code_lets_nobody_in_who_does_not_belong_here(town: Stairwell, who: str) -> None:
    await called(town)
    code = await code_of(town)
    await town.moves("+6d 18:40")

    assert "没有找到这个签到码" in await town.says(who, f"签到 {code}")
    assert "已签到0人" in town.card("3号楼", "会1")


async def test_who_says_only_that_they_are_there_is_checked_in_where_it_is_open(
    town: Stairwell,
) -> None:
    assert "没有能签到的会" in await town.says("王阿姨", "签到")
    await called(town)
    await town.moves("+6d 18:40")

    assert "欢迎" in await town.says("王阿姨", "签到")
    assert await town.says("刘大爷", "签到", at="3号楼") == ""


@ON_ONE_DATABASE
async def test_two_that_are_open_are_told_apart_with_a_tap(town: Stairwell) -> None:
    await called(town)
    await town.says("李网格", "联席会 下周五晚7点 活动室", at="第一网格")
    await town.presses("李网格", "召集", at="第一网格")
    await town.moves("+6d 18:40")

    assert "您到的是哪个会" in await town.says("王阿姨", "签到")
    assert "欢迎" in await town.presses("王阿姨", "会2 联席会")


async def test_only_its_convener_or_staff_above_gets_the_code(town: Stairwell) -> None:
    await called(town)

    assert "需要楼栋长" in await town.says("王阿姨", "签到码 会1")
    assert "没有找到" in await town.says("韩楼长", "签到码 会1")
    assert "签到码" in await town.says("李网格", "签到码 会1")


async def test_a_meeting_that_was_called_off_has_no_code(town: Stairwell) -> None:
    await called(town)
    code = await code_of(town)
    await town.says("张楼长", "取消会议 会1", at="3号楼")
    await town.presses("张楼长", "取消这次会", at="3号楼")

    assert "已经取消" in await town.says("王阿姨", f"签到 {code}")
    assert "已经取消" in await town.says("张楼长", "签到码 会1")


async def test_a_stranger_who_scans_it_is_asked_where_they_live(town: Stairwell) -> None:
    await called(town)

    assert "哪一户" in await town.says("路人", f"签到 {await code_of(town)}")


@ON_ONE_DATABASE
async def test_who_moved_away_is_not_let_in(town: Stairwell) -> None:
    await called(town)
    code = await code_of(town)

    async def move_out(unit: Unit) -> None:
        (person,) = await unit.people.named("王阿姨", 2)
        (home,) = (await unit.people.actor(person)).households
        await unit.people.revoke(person, Role.RESIDENT, home, by=None, now=unit.now)

    await town.town.app.database.unit(move_out)
    await town.moves("+6d 18:40")

    assert "欢迎" not in await town.says("王阿姨", f"签到 {code}")
