"""Deliberating 商议: on the agenda of a meeting, or talked over without one."""

from tests.conftest import Stairwell
from tests.dialogs.test_proposals import proposed
from tests.dialogs.test_topics import called


async def listed(town: Stairwell) -> None:
    """王阿姨's proposal, seconded by 刘大爷, is to be talked over at 会1."""
    await proposed(town)
    await town.presses("刘大爷", "附议", at="3号楼")
    await called(town)
    await town.says("张楼长", "商议 议1")


async def deliberated(town: Stairwell, words: str = "大家都同意，装左边") -> None:
    """It was talked over without a meeting."""
    await proposed(town)
    await town.presses("刘大爷", "附议", at="3号楼")
    await town.says("张楼长", f"商议结果 议1 {words}")


async def test_a_proposal_becomes_a_topic_and_those_behind_it_are_invited(town: Stairwell) -> None:
    await listed(town)

    assert "1. 单元门口装个扶手 +2" in town.card("3号楼", "会1")
    assert "▶ 商议 会1 11月27日周五 19:00" in town.card("3号楼", "议1")
    for who in ("王阿姨", "刘大爷"):
        assert "要在会1 睦邻夜话上商议：\n11月27日周五 19:00" in town.told(who)
    assert "记下了，您来" in await town.presses("刘大爷", "我来")
    assert "现在是「已排上会」" in await town.says("张楼长", "商议 议1 会1")


async def test_the_meeting_is_asked_for_or_what_to_do_without_one(town: Stairwell) -> None:
    await proposed(town)
    assert "没有您召集的会可以列入" in await town.presses("张楼长", "商议")
    assert "商议出了什么结果" in await town.presses("张楼长", "记下商议结果")
    await town.says("张楼长", "取消")

    await called(town)
    await called(town, "联席会 下下周五晚7点 社区", who="李网格", at="第一网格")
    assert "哪一次会" in await town.says("李网格", "商议 议1")
    assert "议1 已列入会2 联席会" in await town.presses("李网格", "会2")


async def test_after_the_meeting_its_minutes_stand_on_the_card(town: Stairwell) -> None:
    await listed(town)
    await town.moves("+6d 21:01")
    assert "✅ 商议 会1\n▶ 动议" in town.card("3号楼", "议1")
    assert "会1 商议过这些提议" in town.told("张楼长")

    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "记 单元门口")
    await town.says("张楼长", "同意，左右各一根")
    assert "左右各一根" not in town.card("3号楼", "议1")
    await town.presses("张楼长", "要办的事")
    await town.says("张楼长", "量尺寸")
    await town.presses("张楼长", "我自己来")
    await town.says("张楼长", "下周五")
    await town.presses("张楼长", "记下")
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "公布")
    assert "✅ 商议 会1：「同意，左右各一根」，议定：报1" in town.card("3号楼", "议1")

    await town.says("张楼长", "上报 议1 别的楼也要装")
    assert "✅ 商议 会1\n" in town.card("2号楼", "议1")
    assert "✅ 商议 会1：「同意，左右各一根」，议定：报1" in await town.says("王阿姨", "看 议1")


async def test_a_struck_topic_or_a_cancelled_meeting_sends_it_back(town: Stairwell) -> None:
    await listed(town)
    await town.says("张楼长", "议程 会1")
    await town.presses("张楼长", "删议题")
    await town.presses("张楼长", "单元门口")
    await town.says("张楼长", "先问物业")
    assert "暂时不在会1的议题里了。\n原因：「先问物业」" in town.told("王阿姨")
    assert "▶ 商议\n○ 动议" in town.card("3号楼", "议1")

    await town.says("张楼长", "商议 议1")
    assert "议1 · 已排上会" in town.card("3号楼", "议1")
    await town.says("张楼长", "取消会议 会1")
    await town.presses("张楼长", "取消这次会")
    assert "暂时不在会1的议题里了" in town.told("王阿姨") and "原因" not in town.told("王阿姨")
    assert "议1 · 待商议" in town.card("3号楼", "议1")


async def test_a_talk_without_a_meeting_is_told_in_a_sentence(town: Stairwell) -> None:
    await deliberated(town)

    for who in ("王阿姨", "刘大爷"):
        assert "商议过了（张楼长）：\n「大家都同意，装左边」" in town.told(who)
    assert "✅ 商议 11月21日周六：「大家都同意，装左边」" in town.card("3号楼", "议1")
    assert "需要楼栋长" in await town.says("刘大爷", "商议结果 议1 没同意")


async def test_what_a_building_said_stays_there_once_it_is_lifted(town: Stairwell) -> None:
    await deliberated(town, "五楼两户不肯出钱")
    await town.says("张楼长", "上报 议1 别的楼也要装")

    assert "✅ 商议 11月21日周六\n" in town.card("2号楼", "议1")
    told = await town.says("吕姐", "经过 议1")
    assert "别的楼也要装" in told and "两户" not in told
    assert "五楼两户不肯出钱" in await town.says("刘大爷", "经过 议1")
    assert "五楼两户不肯出钱" in await town.says("刘大爷", "看 议1")
    assert "五楼两户不肯出钱" in await town.says("李网格", "看 议1")


async def test_what_is_withdrawn_leaves_the_agenda(town: Stairwell) -> None:
    await listed(town)

    await town.says("王阿姨", "撤回 议1")
    await town.presses("王阿姨", "撤回")
    assert "单元门口" not in town.card("3号楼", "会1")
    await town.moves("+6d 21:01")
    assert "议1 · 已撤回" in town.card("3号楼", "议1")


async def test_others_and_other_buildings_put_nothing_on_an_agenda(town: Stairwell) -> None:
    await listed(town)
    await proposed(town, "小陈", "提议 一楼放个书架")

    assert "需要楼栋长" in await town.says("刘大爷", "商议 议2 会1")
    assert "没有找到 议2" in await town.says("韩楼长", "商议 议2 会1")
