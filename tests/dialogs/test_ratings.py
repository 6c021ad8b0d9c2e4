"""Ratings 满意度: one tap from those who were there; numbers only, and only from three on."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell

CAME = ("王阿姨", "刘大爷", "小陈", "吴老师")


async def over(town: Stairwell) -> None:
    """A meeting is over to which four neighbours had said yes."""
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    for who in CAME:
        await town.presses(who, "我来", at="3号楼")
    await town.presses("郑师母", "不来", at="3号楼")
    await town.moves("+6d 21:00")


@ON_ONE_DATABASE
async def test_those_who_were_there_are_asked_and_nobody_else(town: Stairwell) -> None:
    await over(town)

    assert "您觉得怎么样" in town.told("王阿姨")
    assert "您觉得怎么样" not in town.told("郑师母")


async def test_numbers_are_shown_from_three_answers_on(town: Stairwell) -> None:
    await over(town)
    await town.presses("王阿姨", "满意")
    await town.presses("刘大爷", "不满意")
    assert "满意" not in town.card("3号楼", "会1")

    await town.presses("小陈", "满意")
    assert "满意2 · 一般0 · 不满意1" in town.card("3号楼", "会1")


async def test_a_rating_can_be_changed_for_three_days(town: Stairwell) -> None:
    await over(town)
    for who in CAME:
        await town.presses(who, "满意")
    await town.moves("+2d 21:00")

    assert "谢谢，记下了：一般" in await town.taps("王阿姨", "ratemeeting:1.2:fair")
    assert "满意3 · 一般1 · 不满意0" in town.card("3号楼", "会1")
    await town.moves("+2d")
    assert "已经过了三天" in await town.taps("王阿姨", "ratemeeting:1.2:poor")
    assert "满意3 · 一般1 · 不满意0" in town.card("3号楼", "会1")


@ON_ONE_DATABASE
async def test_who_was_not_there_rates_nothing(town: Stairwell) -> None:
    await over(town)

    assert "请参加的邻居来评" in await town.taps("郑师母", "ratemeeting:1.2:good")
    assert "没有找到" in await town.taps("钱伯", "ratemeeting:1.2:good")
    assert "过期" in await town.taps("王阿姨", "ratemeeting:1.2:great")


async def test_nothing_is_rated_before_the_end(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.presses("王阿姨", "我来", at="3号楼")

    assert "开完再评" in await town.taps("王阿姨", "ratemeeting:1.2:good")


@pytest.mark.parametrize("call", ["ratemeeting:1", "rateproposal:1"])
async def test_a_tap_without_a_rating_is_forged_and_asks_nothing(
    town: Stairwell, call: str
) -> None:
    assert "过期" in await town.taps("王阿姨", call)
