"""The life of a report 报事: 点单—派单—接单—验单."""

from tests.conftest import Stairwell


async def test_a_broken_lamp_is_reported_and_seen_through(town: Stairwell) -> None:
    assert "报1 · 待派单" in await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    assert "1位邻居也遇到" in await town.presses("刘大爷", "附议", at="3号楼")
    await town.presses("李网格", "派单")
    assert "报1 已派给维修队" in await town.presses("李网格", "维修队")
    assert "您已接单" in await town.presses("赵师傅", "接单")
    await town.presses("赵师傅", "办结")
    await town.says("赵师傅", "已换新灯")
    assert "已换新灯" in town.told("王阿姨")
    assert "谢谢您" in await town.presses("王阿姨", "修好了")
    assert "报1 · 已验单" in town.sees("3号楼")


async def test_a_second_report_of_the_same_lamp_is_offered_as_a_seconding(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 三楼楼道灯坏了")

    assert "报1" in await town.says("刘大爷", "报事 3楼楼道的灯不亮")
