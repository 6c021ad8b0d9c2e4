"""Previews 预览: a question's buttons are for whoever was asked, and only until it is answered."""

import pytest

from tests.conftest import Stairwell

POLL = "投票 车棚建在哪 东侧/西侧 周五晚8点"


@pytest.mark.parametrize("button", ["发布", "取消", "改成匿名"])
async def test_a_neighbour_is_told_whose_preview_it_is(town: Stairwell, button: str) -> None:
    await town.says("张楼长", POLL, at="3号楼")
    call = town.call("3号楼", button)

    assert "在等 张楼长" in await town.taps("王阿姨", call, at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    assert "票1" in town.sees("3号楼")


async def test_an_own_question_is_not_taken_for_somebody_elses(town: Stairwell) -> None:
    await town.says("张楼长", POLL, at="3号楼")
    call = town.call("3号楼", "发布")
    await town.says("李网格", "投票 花坛种什么 月季/桂花 周五晚8点", at="3号楼")

    assert "在等 张楼长" in await town.taps("李网格", call, at="3号楼")


async def test_an_older_preview_opens_nothing(town: Stairwell) -> None:
    await town.says("张楼长", POLL)
    old = town.call("张楼长", "发布")
    await town.says("张楼长", "投票 花坛种什么 月季/桂花 周五晚8点")

    assert "过期" in await town.taps("张楼长", old)
    assert "花坛种什么" in await town.presses("张楼长", "发布")


async def test_what_was_opened_is_not_opened_again(town: Stairwell) -> None:
    await town.says("张楼长", POLL, at="3号楼")
    call = town.call("3号楼", "发布")
    await town.presses("张楼长", "发布", at="3号楼")

    assert "过期" in await town.taps("张楼长", call, at="3号楼")
    assert "票2" not in await town.says("张楼长", "投票列表", at="3号楼")
