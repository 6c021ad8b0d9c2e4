"""The life of a report 报事: 点单—派单—接单—验单."""

import pytest

from handlers.messages import Picture
from tests.conftest import ON_ONE_DATABASE, Stairwell

PHOTO = Picture("image/png", b"\x89PNG lamp")


async def reported(town: Stairwell, text: str = "五楼灯坏了") -> None:
    """王阿姨 reports in the group of 3号楼."""
    await town.says("王阿姨", f"报事 {text}", at="3号楼")


async def in_work(town: Stairwell) -> None:
    """… and 赵师傅 of 维修队 has accepted it."""
    await reported(town)
    await town.says("李网格", "派单 报1 维修队")
    await town.presses("赵师傅", "接单")


async def mended(town: Stairwell) -> None:
    """… and says that it is done."""
    await in_work(town)
    await town.says("赵师傅", "办结 报1 已换新灯")


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
    assert "报1 · 已验单" in town.card("3号楼")


async def test_a_second_report_of_the_same_lamp_is_offered_as_a_seconding(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 三楼楼道灯坏了")

    offered = await town.says("刘大爷", "报事 3楼楼道的灯不亮")

    assert "报1" in offered and "[附议：我也遇到]" in offered
    assert "1位邻居也遇到" in await town.presses("刘大爷", "附议")


async def test_who_means_another_lamp_reports_it_all_the_same(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 三楼楼道灯坏了")
    await town.says("刘大爷", "报事 3楼楼道的灯不亮")

    assert "报2 · 待派单" in await town.presses("刘大爷", "报上去")


async def test_a_lamp_on_another_floor_is_another_matter(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 三楼楼道灯坏了")

    assert "报2" in await town.says("刘大爷", "报事 四楼楼道灯坏了")


async def test_the_group_reads_no_door_and_no_name(town: Stairwell) -> None:
    card = await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert "3-2-5**" in card
    assert "501" not in card and "王阿姨" not in card


async def test_those_who_have_to_go_there_read_name_and_door(town: Stairwell) -> None:
    await reported(town)

    for staff in ("张楼长", "李网格"):
        assert "王阿姨 3-2-501" in town.told(staff)


async def test_a_neighbour_who_looks_reads_neither(town: Stairwell) -> None:
    await reported(town)

    card = await town.says("刘大爷", "看 报1")

    assert "报1" in card and "501" not in card and "王阿姨" not in card


async def test_a_photo_alone_is_a_report(town: Stairwell) -> None:
    await town.says("王阿姨", "报事")
    card = await town.says("王阿姨", "", pictures=[PHOTO])

    assert "报1" in card and "📷 照片1张" in card


async def test_a_photo_comes_with_its_report_and_stays_with_its_card(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 灯坏了", at="3号楼", pictures=[PHOTO])

    assert town.events[0].shown.photo is not None


async def test_a_photo_alone_is_enough_for_done(town: Stairwell) -> None:
    await in_work(town)

    assert "已办结" in await town.says("赵师傅", "办结 报1", pictures=[PHOTO])
    assert "请看看修好没有" in town.told("王阿姨")
    assert any(e.shown.photo for e in town.events if e.chat == "@王阿姨")


@ON_ONE_DATABASE
async def test_three_seconders_make_it_a_common_matter(town: Stairwell) -> None:
    await reported(town)
    for neighbour in ("刘大爷", "小陈"):
        await town.says(neighbour, "附议 报1", at="3号楼")

    await town.says("吴老师", "附议 报1", at="3号楼")

    assert "共性问题" in town.told("张楼长")
    assert "共性问题：3位邻居" in town.card("3号楼")


@pytest.mark.parametrize("who", ["王阿姨", "刘大爷"])
async def test_nobody_counts_twice(town: Stairwell, who: str) -> None:
    await reported(town)
    await town.says("刘大爷", "附议 1")

    assert "已经报过或附议过了" in await town.says(who, "附议 1")


async def test_it_can_be_dispatched_to_a_person_by_name(town: Stairwell) -> None:
    await reported(town)

    assert "已派给吴老师" in await town.says("张楼长", "派单 1 吴老师")
    assert "[接单]" in town.told("吴老师")


async def test_who_dispatches_can_do_it_alone(town: Stairwell) -> None:
    await reported(town)
    await town.presses("张楼长", "派单")
    await town.presses("张楼长", "我自己来")

    assert "您已接单" in await town.presses("张楼长", "接单")


async def test_nobody_dispatches_to_somebody_unknown(town: Stairwell) -> None:
    await reported(town)

    assert "没有找到「外星人」" in await town.says("张楼长", "派单 1 外星人")
    assert "待派单" in await town.says("张楼长", "看 1")


async def test_who_loses_the_work_is_told(town: Stairwell) -> None:
    await in_work(town)

    await town.says("李网格", "派单 1 关爱队")

    assert "改派给关爱队" in town.told("赵师傅")


async def test_the_second_of_a_squad_who_accepts_comes_too_late(town: Stairwell) -> None:
    await in_work(town)

    assert "处理中" in await town.taps("吴老师", "accept:1")
    assert "办理：赵师傅" in town.card("3号楼")


@ON_ONE_DATABASE
async def test_work_that_is_handed_back_is_dispatched_again(town: Stairwell) -> None:
    await in_work(town)
    await town.presses("赵师傅", "退单")
    await town.says("赵师傅", "要登高车")

    assert "要登高车" in town.told("张楼长") and "[派单]" in town.told("张楼长")
    assert "已派给关爱队" in await town.says("张楼长", "派单 1 关爱队")


async def test_reporter_and_seconders_are_asked_whether_it_is_fixed(town: Stairwell) -> None:
    await reported(town)
    await town.says("刘大爷", "附议 1")
    await town.says("李网格", "派单 1 赵师傅")
    await town.presses("赵师傅", "接单")
    await town.says("赵师傅", "办结 1 换了")

    for neighbour in ("王阿姨", "刘大爷"):
        assert "[修好了]" in town.told(neighbour)
    assert town.told("小陈") == ""


async def test_who_only_lives_here_does_not_verify(town: Stairwell) -> None:
    await mended(town)

    assert "要由别人来做" in await town.taps("小陈", "verify:1", at="3号楼")
    assert "待验单" in town.card("3号楼")


async def test_nobody_verifies_own_work(town: Stairwell) -> None:
    await town.says("张楼长", "报事 门铃坏了")
    await town.says("刘大爷", "附议 1")
    await town.says("张楼长", "派单 1 自己")
    await town.says("张楼长", "接单 1")
    await town.says("张楼长", "办结 1 好了")

    assert "是您自己办的" in await town.says("张楼长", "验单 1")
    assert "谢谢您" in await town.says("刘大爷", "验单 1")


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", ["王阿姨", "刘大爷"])
async def test_reporter_or_seconder_sends_it_back(town: Stairwell, who: str) -> None:
    await reported(town)
    await town.says("刘大爷", "附议 1")
    await town.says("李网格", "派单 1 赵师傅")
    await town.presses("赵师傅", "接单")
    await town.says("赵师傅", "办结 1 换了")
    await town.presses(who, "没修好")
    await town.says(who, "还是不亮")

    assert "还是不亮" in town.told("赵师傅") and "[接单]" in town.told("赵师傅")
    assert "[派单]" in town.told("张楼长")
    assert "已退回" in town.card("3号楼")


async def test_it_is_mended_again_after_it_was_sent_back(town: Stairwell) -> None:
    await mended(town)
    await town.says("王阿姨", "退回 1 还是不亮")
    await town.says("赵师傅", "接单 1")
    await town.says("赵师傅", "办结 1 换了灯座")

    assert "谢谢您" in await town.says("王阿姨", "修好了 1")


async def test_it_is_lifted_level_by_level_to_the_street_and_no_further(town: Stairwell) -> None:
    await reported(town, "外墙开裂")

    assert "已上报到第一网格" in await town.says("张楼长", "上报 1 要找专业队")
    assert "已上报到睦邻社区" in await town.says("李网格", "上报 1 网格办不了")
    assert "[派单]" in town.told("孙主任")
    assert "已上报到梧桐街道" in await town.says("孙主任", "上报 1 要街道协调")
    assert "报1" in town.told("魏科长") and "[上报]" not in town.told("魏科长")
    assert "最上一级" in await town.says("魏科长", "上报 1 再往上")
    assert "已派给维修队" in await town.says("魏科长", "派单 1 维修队")


async def test_the_level_below_no_longer_dispatches_what_was_lifted(town: Stairwell) -> None:
    await reported(town)
    await town.says("张楼长", "上报 1 办不了")

    assert "要由别人来做" in await town.says("张楼长", "派单 1 维修队")


async def test_the_reporter_is_told_of_the_level(town: Stairwell) -> None:
    await reported(town)
    await town.says("张楼长", "上报 1 办不了")

    assert "已上报到第一网格" in town.told("王阿姨")


async def test_a_report_is_taken_back_by_who_made_it(town: Stairwell) -> None:
    await in_work(town)

    assert "要由别人来做" in await town.says("刘大爷", "撤回 1")
    await town.says("王阿姨", "撤回 1")
    assert "已撤回" in await town.presses("王阿姨", "还是撤回")
    assert "不用再办了" in town.told("赵师傅")
    assert "报1" not in await town.says("王阿姨", "我的")


async def test_a_number_said_twice_takes_nothing_back(town: Stairwell) -> None:
    await town.plays("王阿姨: 五楼灯坏了\n王阿姨: 1")

    assert "要撤回 报1「五楼灯坏了」吗" in await town.says("王阿姨", "1")
    assert "报1 五楼灯坏了 · 待派单" in await town.says("王阿姨", "我的")


async def test_taking_back_what_others_have_met_too_asks_first(town: Stairwell) -> None:
    await reported(town)
    await town.says("刘大爷", "附议 1", at="3号楼")

    assert "还有1位邻居也遇到" in await town.says("王阿姨", "撤回 1")
    assert "什么也没变" in await town.presses("王阿姨", "不，照常")
    await town.says("王阿姨", "撤回 1")
    assert "已撤回" in await town.presses("王阿姨", "还是撤回")


async def test_what_is_done_cannot_be_taken_back(town: Stairwell) -> None:
    await mended(town)

    assert "现在是「待验单」" in await town.says("王阿姨", "撤回 1")


async def test_a_step_may_be_said_without_its_number(town: Stairwell) -> None:
    await mended(town)

    assert "[报1 五楼灯坏了]" in await town.says("王阿姨", "修好了")
    assert "谢谢您" in await town.says("王阿姨", "1")


async def test_a_report_for_a_neighbour_is_verified_by_that_household(town: Stairwell) -> None:
    await town.says("王阿姨", "代报 3-1-102 门锁坏了", at="3号楼")
    assert "报1" in town.told("刘大爷")
    await town.says("李网格", "派单 1 赵师傅")
    await town.presses("赵师傅", "接单")
    await town.says("赵师傅", "办结 1 换了锁")

    assert "[修好了]" in town.told("刘大爷")
    assert "谢谢您" in await town.presses("刘大爷", "修好了")


async def test_a_report_for_a_neighbour_lies_in_that_building(town: Stairwell) -> None:
    await town.says("李网格", "代报 2-1-301 水管漏")

    assert "2-1-3**" in town.told("2号楼")
    assert "李网格代2-1-301报" in town.told("沈楼长")


async def test_nobody_reports_for_a_building_that_is_not_theirs(town: Stairwell) -> None:
    assert "没有找到" in await town.says("王阿姨", "代报 5-1-302 门坏了")


async def test_a_corrected_message_corrects_the_report(town: Stairwell) -> None:
    await town.town.say("王阿姨", "报事 五楼灯坏了", at="3号楼", ref="m77")
    await town.edits("王阿姨", "报事 六楼灯坏了", at="3号楼", ref="m77")

    assert "六楼灯坏了" in town.card("3号楼")
    assert "修改说明" in await town.says("王阿姨", "经过 1")


async def test_nobody_corrects_somebody_elses_report(town: Stairwell) -> None:
    await town.town.say("王阿姨", "报事 五楼灯坏了", at="3号楼", ref="m77")
    await town.edits("刘大爷", "报事 六楼灯坏了", at="3号楼", ref="m77")

    assert "五楼灯坏了" in town.card("3号楼")


async def test_all_that_happened_can_be_read(town: Stairwell) -> None:
    await mended(town)
    await town.says("王阿姨", "验单 1")

    told = await town.says("王阿姨", "经过 1")

    for step in ("报事 · 王阿姨", "派单 · 李网格", "接单 · 赵师傅", "办结 · 赵师傅", "修好了"):
        assert step in told
    assert "「已换新灯」" in told


async def test_a_group_reads_what_happened_but_not_who_did_it(town: Stairwell) -> None:
    await mended(town)

    told = await town.says("刘大爷", "经过 1", at="3号楼")

    assert "办结" in told and "赵师傅" not in told
