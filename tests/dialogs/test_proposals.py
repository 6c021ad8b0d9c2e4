"""Proposals 四议: proposed by a neighbour, seconded, listed, taken back, declined with a reason."""

import asyncio

from handlers.messages import Incoming, Press
from tests.conftest import ON_ONE_DATABASE, Stairwell

RAIL = "提议 单元门口装个扶手"


async def proposed(town: Stairwell, who: str = "王阿姨", words: str = RAIL) -> None:
    """Somebody proposes something in the group of 3号楼."""
    await town.says(who, words, at="3号楼")


async def test_a_proposal_stands_in_the_group_with_its_stages(town: Stairwell) -> None:
    said = await town.says("王阿姨", RAIL, at="3号楼")

    assert "议1 · 待商议\n单元门口装个扶手\n📍3号楼 · 邻居 3-2-5**" in said
    assert "✅ 提议 11月21日周六\n▶ 商议\n○ 动议 → 决议 → 办理 → 评议" in said
    assert "王阿姨" not in town.card("3号楼", "议1")


async def test_those_who_answer_for_the_place_read_who_it_was(town: Stairwell) -> None:
    await proposed(town)

    assert "王阿姨 3-2-501" in town.card("张楼长", "议1")
    assert "王阿姨 3-2-501" in town.card("李网格", "议1")
    assert town.told("韩楼长") == ""


async def test_staff_who_live_elsewhere_propose_by_office_and_name(town: Stairwell) -> None:
    assert "📍3号楼 · 网格员 李网格" in await town.says("李网格", RAIL, at="3号楼")
    assert "📍3号楼 · 网格员 李网格" in town.card("张楼长", "议1")
    assert "📍3号楼 · 网格员 李网格" in await town.says("李网格", "报事 五楼灯坏了", at="3号楼")


async def test_one_tap_seconds_and_three_are_told_to_staff(town: Stairwell) -> None:
    await proposed(town)

    assert "现在1位邻居附议" in await town.presses("刘大爷", "附议", at="3号楼")
    assert "已经提过或附议过" in await town.presses("刘大爷", "附议", at="3号楼")
    assert "已经提过或附议过" in await town.presses("王阿姨", "附议", at="3号楼")
    assert "现在2位邻居附议" in await town.says("小陈", "附议 议1", at="3号楼")
    await town.says("吴老师", "附议 议1")
    assert "已有3位邻居附议，可以拿到会上商议了" in town.told("张楼长")
    assert "👥 3位邻居附议" in town.card("3号楼", "议1")


async def test_the_word_of_reports_seconds_reports_still(town: Stairwell) -> None:
    await proposed(town)
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert "报1 已附议" in await town.says("刘大爷", "附议 1", at="3号楼")
    assert "议1 已附议" in await town.says("刘大爷", "附议 议1", at="3号楼")
    asked = await town.says("小陈", "附议")
    assert "报1 五楼灯坏了" in asked and "议1 单元门口装个扶手" in asked
    assert "议1 已附议" in await town.presses("小陈", "议1 单元门口装个扶手")


async def test_the_same_proposal_is_offered_for_seconding(town: Stairwell) -> None:
    await proposed(town)

    assert "邻居可能已经提过了" in await town.says("刘大爷", "提议单元门口装扶手")
    assert "现在1位" in await town.presses("刘大爷", "附议")
    await town.says("小陈", "提议 单元门口装扶手")
    assert "议2 · 待商议" in await town.presses("小陈", "还是单独提")


async def test_the_list_shows_how_far_each_is(town: Stairwell) -> None:
    assert "现在没有提议" in await town.says("王阿姨", "提议单")
    await proposed(town)
    await proposed(town, "小陈", "提议 一楼放个书架")
    await town.presses("刘大爷", "附议", at="3号楼")

    listed = await town.says("刘大爷", "提议列表", at="3号楼")
    assert "议2 一楼放个书架 · 待商议 +1\n议1 单元门口装个扶手 · 待商议" in listed
    assert "议1 · 待商议" in await town.says("刘大爷", "议1")
    assert "没有找到 议1" in await town.says("韩楼长", "议1")
    await town.says("王阿姨", "提议列表", at="4号楼")
    assert "议1" not in town.sees("4号楼") and "议1 单元门口装个扶手" in town.told("王阿姨")


@ON_ONE_DATABASE
async def test_a_long_list_has_pages(town: Stairwell) -> None:
    places = ("一楼", "二楼", "三楼", "四楼", "五楼", "六楼", "楼顶", "门口", "车棚")
    for n, place in enumerate(places):
        await town.says("王阿姨", f"提议 {place}{'灯椅镜栏花钟伞架毯'[n]}", at="3号楼")
    first = await town.says("刘大爷", "提议列表")

    assert "议9" in first and "议2" in first and "议1 " not in first
    assert "议1 一楼灯" in await town.presses("刘大爷", "下一页")
    assert "下一页" not in town.sees("刘大爷")


async def test_who_proposed_it_takes_it_back(town: Stairwell) -> None:
    await proposed(town)
    await town.presses("刘大爷", "附议", at="3号楼")

    assert "要由别人来做" in await town.says("刘大爷", "撤回 议1", at="3号楼")
    asked = await town.says("王阿姨", "撤回 议1")
    assert "要撤回 议1「单元门口装个扶手」吗？\n1位邻居的附议也就没有了" in asked
    assert "议1 已撤回" in await town.presses("王阿姨", "撤回")
    assert "提的邻居撤回了" in town.told("刘大爷")
    assert "现在是「已撤回」" in await town.says("小陈", "附议 议1", at="3号楼")


async def test_a_proposal_is_declined_with_a_reason_alone(town: Stairwell) -> None:
    await proposed(town)
    await town.presses("刘大爷", "附议", at="3号楼")

    assert "需要楼栋长" in await town.says("刘大爷", "不采纳 议1 没钱")
    assert "为什么不采纳" in await town.presses("张楼长", "不采纳")
    await town.says("张楼长", "物业下月统一装")
    for who in ("王阿姨", "刘大爷"):
        assert "没有采纳（张楼长）。\n原因：「物业下月统一装」" in town.told(who)
    assert "议1 · 不采纳" in town.card("3号楼", "议1")
    assert "请点「撤回提议」" in await _own(town)


async def _own(town: Stairwell) -> str:
    """The building head declines what they proposed themselves."""
    await proposed(town, "张楼长", "提议 楼道刷白")
    return await town.says("张楼长", "不采纳 议2 不想了")


async def test_the_morning_page_tells_what_waits_for_the_worker(town: Stairwell) -> None:
    await proposed(town)
    await town.moves("+1d 8:00")
    assert "【等您安排的提议（1）】\n议1 单元门口装个扶手 · 待商议" in town.told("李网格")
    assert "议1 · 待商议" in await town.presses("李网格", "议1")

    await town.moves("+1d 8:00")
    assert "等您安排的提议" not in town.told("李网格")
    assert "【等您安排的提议（1）】" in await town.says("李网格", "周报")


async def test_a_proposal_is_forwarded_while_it_is_alive(town: Stairwell) -> None:
    await proposed(town)

    said = await town.says("张楼长", "转发 议1")
    assert "【3号楼】有邻居提议：单元门口装个扶手\n现在：待商议\n点开看，想附议点一下：" in said
    assert "有邻居提议" in await town.taps("张楼长", "forward:t1")
    await town.says("张楼长", "不采纳 议1 已经装了")
    assert "不用再转发了" in await town.says("张楼长", "转发 议1")


async def test_what_many_second_stands_in_the_days_text(town: Stairwell) -> None:
    await proposed(town)
    for who in ("刘大爷", "小陈", "吴老师"):
        await town.presses(who, "附议", at="3号楼")

    assert "· 大家附议：单元门口装个扶手" in await town.says("张楼长", "转发")


async def test_in_english_it_reads_as_well(town: Stairwell) -> None:
    await town.says("王阿姨", "language english")

    said = await town.says("王阿姨", "propose a handrail at the door")
    assert "议1 · to be talked over" in said and "✅ proposal Sat 21 Nov\n▶ talk" in said
    assert "○ motion → vote → work → rating" in said


async def test_what_concerns_more_than_a_building_is_lifted(town: Stairwell) -> None:
    await proposed(town, words="提议 小区大门装个门禁")
    assert "要由别人来做" in await town.says("赵师傅", "上报 议1 都要走大门")
    await town.says("张楼长", "上报 议1 都要走大门")
    for place in ("3号楼", "2号楼"):
        assert "议1 · 待商议" in town.card(place, "议1") and "📍第一网格" in town.card(place, "议1")
    assert town.card("4号楼", "议1") == ""
    assert "请第一网格来商议（张楼长）。\n原因：「都要走大门」" in town.told("王阿姨")

    await town.presses("吕姐", "附议", at="2号楼")
    assert "👥 1位邻居附议" in town.card("3号楼", "议1")
    assert "议1 小区大门" in await town.says("吕姐", "提议单", at="2号楼")
    assert "要由别人来做" in await town.says("张楼长", "商议结果 议1 都同意")
    await town.presses("李网格", "交上一级商议")
    await town.says("李网格", "整个小区的事")
    assert "议1 · 待商议" in town.card("4号楼", "议1")
    assert "已经是小区的事" in await town.says("孙主任", "上报 议1 再高一级")


async def test_ten_taps_at_once_are_five_seconders(town: Stairwell) -> None:
    await proposed(town)
    call = town.call("3号楼", "附议")
    people = ("刘大爷", "小陈", "吴老师", "郑师母", "张楼长")
    taps = [
        Incoming("memory", f"tap-{n}", "3号楼", False, who, who, press=Press(call, f"t{n}"))
        for n, who in enumerate([*people, *people])
    ]

    await asyncio.gather(*(town.town.app.router.receive(tap) for tap in taps))

    assert "👥 5位邻居附议" in await town.says("王阿姨", "议1")


async def test_whoever_may_not_tap_a_button_is_told_what_stands_on_it(town: Stairwell) -> None:
    await town.says("王阿姨", "提议 楼道装扶手")

    assert "「交上一级商议」需要" in await town.taps("刘大爷", "liftproposal:1")
