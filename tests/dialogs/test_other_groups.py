"""Other groups 别的群: what concerns one building is not told in another building's group."""

import pytest

from tests.conftest import Stairwell


@pytest.fixture
async def polled(town: Stairwell) -> Stairwell:
    """A report and a poll of 3号楼; 孙主任 may see both."""
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 周五晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    return town


async def test_issues_are_not_offered_in_another_buildings_group(polled: Stairwell) -> None:
    await polled.says("孙主任", "派单", at="4号楼")
    assert "灯坏了" not in polled.told("4号楼")

    await polled.says("孙主任", "派单", at="3号楼")
    assert "灯坏了" in polled.told("3号楼")


async def test_polls_are_listed_in_private_when_a_group_may_not_read_them(
    polled: Stairwell,
) -> None:
    await polled.says("孙主任", "投票列表", at="4号楼")
    assert "车棚" not in polled.told("4号楼") and "车棚" in polled.told("孙主任")

    await polled.says("王阿姨", "投票列表", at="3号楼")
    assert "车棚" in polled.told("3号楼")


async def test_a_polls_card_opens_in_private_when_a_group_may_not_read_it(
    polled: Stairwell,
) -> None:
    await polled.taps("孙主任", "showpoll:1", at="4号楼")

    assert "车棚" not in polled.told("4号楼") and "票1 · 投票中" in polled.told("孙主任")


async def test_a_polls_end_from_another_group_is_told_in_its_own_groups(
    polled: Stairwell,
) -> None:
    await polled.says("孙主任", "取消投票 票1", at="4号楼")
    assert "要取消 票1 吗" in polled.told("4号楼") and "车棚" not in polled.told("4号楼")
    await polled.presses("孙主任", "取消这次投票", at="4号楼")

    assert "车棚" not in polled.told("4号楼")
    assert "车棚" in polled.told("3号楼") and "车棚" in polled.told("孙主任")


async def test_a_grids_poll_is_listed_in_the_groups_of_its_buildings(town: Stairwell) -> None:
    await town.says("李网格", "投票 种什么 桂花/月季 周五晚8点", at="第一网格")
    await town.presses("李网格", "发布", at="第一网格")

    assert "种什么" in await town.says("王阿姨", "投票列表", at="3号楼")


async def test_a_report_for_another_building_is_shown_in_its_own_group(town: Stairwell) -> None:
    await town.says("孙主任", "代报 3-2-501 灯坏了", at="4号楼")

    assert "灯坏了" not in town.told("4号楼")
    assert "灯坏了" in town.told("3号楼") and "灯坏了" in town.told("孙主任")
