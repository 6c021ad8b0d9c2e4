"""The contract 同一套对话: what neighbours say and see is the same on every platform."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import HeldClock
from storage.database import Driver
from tests.platforms.streets import PLATFORMS, Street, Streets


@pytest.fixture(params=PLATFORMS)
async def street(
    request: pytest.FixtureRequest, driver: Driver, clock: HeldClock
) -> AsyncIterator[Street]:
    streets = Streets(driver, clock)
    yield await streets.opened(request.param)
    await streets.close()


async def test_a_broken_lamp_is_reported_and_seen_through(street: Street) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    assert "报1 · 待派单" in await street.sees("王阿姨", at="3号楼")
    await street.presses("刘大爷", "附议", at="3号楼")
    assert "1位邻居也遇到" in await street.sees("刘大爷", at="3号楼")

    await street.presses("李网格", "派单")
    await street.presses("李网格", "维修队")
    assert "派给维修队" in await street.sees("李网格")
    await street.presses("赵师傅", "接单")
    assert "您已接单" in await street.sees("赵师傅")
    await street.presses("赵师傅", "办结")
    await street.says("赵师傅", "已换新灯")
    assert "已换新灯" in await street.sees("王阿姨")
    await street.presses("王阿姨", "修好了")

    assert "已验单" in await street.sees("王阿姨")


async def test_a_poll_is_opened_voted_and_told(street: Street) -> None:
    await street.says("张楼长", "投票 车棚建在哪 东侧/西侧/不建 周五晚8点", at="3号楼")
    await street.presses("张楼长", "发布", at="3号楼")
    await street.presses("王阿姨", "东侧", at="3号楼")
    await street.presses("刘大爷", "东侧", at="3号楼")
    await street.presses("小陈", "西侧", at="3号楼")
    assert "您投了：西侧" in await street.sees("小陈", at="3号楼")
    await street.presses("小陈", "东侧", at="3号楼")
    assert "您投了：东侧" in await street.sees("小陈", at="3号楼")
    await street.says("张楼长", "结束投票 票1", at="3号楼")
    await street.presses("张楼长", "现在结束", at="3号楼")

    told = await street.sees("王阿姨", at="3号楼")
    assert "票1 投票结束：东侧" in told
    assert "东侧：3票（100%）" in told


async def test_a_poll_with_several_choices_counts_each(street: Street) -> None:
    await street.says("张楼长", "投票 多选 装什么 摄像头/充电桩/长椅 周五晚8点", at="3号楼")
    await street.presses("张楼长", "发布", at="3号楼")
    await street.presses("王阿姨", "摄像头", at="3号楼")
    assert "您投了：摄像头" in await street.sees("王阿姨", at="3号楼")
    await street.says("张楼长", "结束投票 票1", at="3号楼")
    await street.presses("张楼长", "现在结束", at="3号楼")

    assert "摄像头：1票" in await street.sees("王阿姨", at="3号楼")


async def test_a_number_answers_what_was_shown(street: Street) -> None:
    await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await street.says("刘大爷", "1", at="3号楼")

    assert "邻居也遇到" in await street.sees("刘大爷", at="3号楼")


async def test_what_is_missing_is_asked_for(street: Street) -> None:
    await street.says("王阿姨", "报事")
    await street.says("王阿姨", "一楼门禁坏了")

    assert "门禁坏了" in await street.sees("王阿姨")
    assert "报1" in await street.sees("王阿姨")


async def test_a_stranger_learns_how_to_join(street: Street) -> None:
    await street.says("新邻居", "你好")

    assert "新邻居" in await street.sees("新邻居")


async def test_who_may_not_is_told_so(street: Street) -> None:
    await street.says("王阿姨", "派单 报1")

    assert "派单" in await street.sees("王阿姨")


async def test_help_can_be_tapped_through(street: Street) -> None:
    await street.says("王阿姨", "帮助")
    await street.presses("王阿姨", "报事")

    assert "报事" in await street.sees("王阿姨")
