"""Topics 议题: gathered from neighbours and from reports, seconded, struck, in the agenda."""

import asyncio

import pytest

from handlers.messages import Incoming, Press
from tests.conftest import ON_ONE_DATABASE, Stairwell

CALL = "睦邻夜话 下周五晚7点 凉亭"


async def called(
    town: Stairwell, words: str = CALL, who: str = "张楼长", at: str = "3号楼"
) -> None:
    """A meeting stands in the group."""
    await town.says(who, words, at=at)
    await town.presses(who, "召集", at=at)


async def test_a_neighbour_proposes_a_topic_in_one_line(town: Stairwell) -> None:
    await called(town)

    said = await town.says("王阿姨", "议题 会1 楼道堆物", at="3号楼")
    assert "会1 议题记下了：楼道堆物（共1项）" in said
    assert "1. 楼道堆物" in town.card("3号楼", "会1")


async def test_the_meeting_to_come_is_meant_where_none_is_named(town: Stairwell) -> None:
    await called(town)

    assert "会1 议题记下了" in await town.says("王阿姨", "议题 楼道堆物")


async def test_which_of_several_meetings_is_asked(town: Stairwell) -> None:
    await called(town)
    await called(town, "联席会 下下周五晚7点 社区", who="李网格", at="第一网格")

    assert "哪一次会" in await town.says("王阿姨", "议题 楼道堆物")
    assert "会2 议题记下了" in await town.presses("王阿姨", "会2 联席会")


async def test_a_tap_asks_in_private_what_to_talk_over(town: Stairwell) -> None:
    await called(town)

    assert "想聊什么" in await town.presses("王阿姨", "提议题", at="3号楼")
    assert "议题记下了：门禁" in await town.says("王阿姨", "门禁")


async def test_the_same_matter_is_offered_for_seconding(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 三楼楼道堆物")

    assert "邻居可能已经提过了" in await town.says("刘大爷", "议题 3楼楼道的堆物")
    assert "现在1位" in await town.presses("刘大爷", "附议")
    assert "1. 三楼楼道堆物 +1" in town.card("3号楼", "会1")


async def test_what_only_looks_alike_is_proposed_all_the_same(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 三楼楼道堆物")
    await town.says("刘大爷", "议题 3楼楼道的堆物")

    await town.presses("刘大爷", "还是提上去")
    assert "2. 3楼楼道的堆物" in town.card("3号楼", "会1")


async def test_the_topic_with_the_most_seconds_comes_first(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 楼道堆物")
    await town.says("刘大爷", "议题 电动车充电")
    for who in ("小陈", "吴老师"):
        await town.says(who, "议程 会1")
        await town.presses(who, "附议 电动车充电")

    agenda = await town.says("王阿姨", "议程 会1")
    assert "1. 电动车充电 +2\n2. 楼道堆物" in agenda


async def test_nobody_is_behind_a_topic_twice(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 楼道堆物")
    await town.presses("王阿姨", "议程", at="3号楼")

    assert "现在1位" in await town.presses("刘大爷", "附议 楼道堆物", at="3号楼")
    assert "已经提过或附议过" in await town.presses("刘大爷", "附议 楼道堆物", at="3号楼")
    assert "已经提过或附议过" in await town.presses("王阿姨", "附议 楼道堆物", at="3号楼")


async def test_a_topic_is_taken_back_by_who_proposed_it_alone(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 楼道堆物")
    await town.says("王阿姨", "议程")

    assert "别的邻居提的" in await town.taps("刘大爷", "topicback:1")
    assert "已撤回" in await town.presses("王阿姨", "撤回 楼道堆物")
    assert "楼道堆物" not in town.card("3号楼", "会1")
    assert "不在议题里" in await town.taps("刘大爷", "topicsecond:1")


async def test_the_convener_strikes_a_topic_and_its_author_hears_why(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 张家太吵")
    await town.says("张楼长", "议程 会1")
    await town.presses("张楼长", "删议题")

    assert "为什么删去" in await town.presses("张楼长", "张家太吵")
    assert "还没有议题" in await town.says("张楼长", "两家先当面谈谈")
    assert "「张家太吵」没有列入议程" in town.told("王阿姨")
    assert "两家先当面谈谈" in town.told("王阿姨")


async def test_a_neighbour_strikes_nothing(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 楼道堆物")

    assert "需要楼栋长" in await town.taps("刘大爷", "topicstrike:1:烦")
    assert "没有找到" in await town.taps("韩楼长", "topicstrike:1:烦")


async def test_reports_that_many_share_are_offered_to_the_convener(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")
    await town.says("小陈", "报事 车棚漏水")
    for who in ("刘大爷", "吴老师"):
        await town.says(who, "附议 报2")
    await called(town)
    await town.says("张楼长", "议程 会1")

    pool = await town.presses("张楼长", "从报事里挑")
    assert pool.index("报2 车棚漏水 +2") < pool.index("报1 五楼灯坏了")
    assert "已列入会1 睦邻夜话的议题" in await town.presses("张楼长", "报2 车棚漏水 +2")
    assert "1. 车棚漏水 +3" in town.card("3号楼", "会1")
    assert "上会：会1" in town.card("3号楼", "报2")
    assert "列入议题" in await town.says("王阿姨", "经过 报2")


async def test_a_second_on_the_report_counts_for_its_topic(town: Stairwell) -> None:
    await town.says("小陈", "报事 车棚漏水")
    await called(town)
    await town.says("张楼长", "列入议题 报1")
    await town.says("吴老师", "附议 报1")

    assert "1. 车棚漏水 +2" in town.card("3号楼", "会1")


async def test_a_common_matter_is_offered_as_a_topic_with_one_tap(town: Stairwell) -> None:
    await called(town)
    await town.says("小陈", "报事 车棚漏水")
    for who in ("刘大爷", "吴老师", "王阿姨"):
        await town.says(who, "附议 报1")

    assert "成为共性问题" in town.told("张楼长")
    assert "已列入会1" in await town.presses("张楼长", "列入议题")
    assert "已经在 会1 的议题里" in await town.says("张楼长", "列入议题 报1")


async def test_the_building_heads_own_card_offers_it(town: Stairwell) -> None:
    await called(town)
    await town.says("小陈", "报事 车棚漏水")

    assert "[列入议题]" in town.card("张楼长") and "[列入议题]" not in town.card("小陈")
    await town.presses("张楼长", "列入议题")
    assert "[列入议题]" not in town.card("张楼长") and "上会：会1" in town.card("张楼长")


async def test_a_report_waits_until_a_meeting_is_called(town: Stairwell) -> None:
    await town.says("小陈", "报事 车棚漏水")

    assert "还没有会可以列入" in await town.says("张楼长", "列入议题 报1")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("words", "answer"),
    [("议题 " + "堆" * 61, "60个字以内"), ("议题 会9 楼道堆物", "没有找到 会9")],
)
async def test_what_cannot_be_a_topic_is_explained(
    town: Stairwell, words: str, answer: str
) -> None:
    await called(town)

    assert answer in await town.says("王阿姨", words)


async def test_one_neighbour_does_not_fill_the_evening(town: Stairwell) -> None:
    await called(town)
    for words in ("楼道堆物", "电动车", "门禁坏"):
        await town.says("王阿姨", f"议题 {words}")

    assert "先听听别的邻居" in await town.says("王阿姨", "议题 绿化带")
    assert "共4项" in await town.says("刘大爷", "议题 绿化带")


async def test_without_a_meeting_to_come_the_way_to_report_is_said(town: Stairwell) -> None:
    assert "没有要开的会" in await town.says("王阿姨", "议题 楼道堆物")


async def test_another_building_neither_proposes_nor_reads(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 楼道堆物")

    assert "没有找到" in await town.says("钱伯", "议题 会1 楼道堆物")
    assert "没有找到" in await town.says("钱伯", "议程 会1")
    assert "没有找到" in await town.taps("钱伯", "topicsecond:1")


@ON_ONE_DATABASE
async def test_after_the_end_nothing_is_proposed(town: Stairwell) -> None:
    await called(town)
    await town.moves("+7d")

    assert "已经开完" in await town.says("王阿姨", "议题 会1 楼道堆物")


@ON_ONE_DATABASE
async def test_a_meeting_called_off_gives_its_reports_back(town: Stairwell) -> None:
    await town.says("小陈", "报事 车棚漏水")
    await called(town)
    await town.says("张楼长", "列入议题 报1")
    await town.says("张楼长", "取消会议 会1")
    await town.presses("张楼长", "取消这次会")
    assert "上会" not in await town.says("张楼长", "看 报1")

    await called(town, "睦邻夜话 下周六晚7点 凉亭")
    assert "[列入议题]" in await town.says("张楼长", "看 报1")
    assert "已列入会2" in await town.says("张楼长", "列入议题 报1")


@ON_ONE_DATABASE
async def test_what_was_talked_over_without_an_end_comes_up_again(town: Stairwell) -> None:
    await town.says("小陈", "报事 车棚漏水")
    await called(town)
    await town.says("张楼长", "列入议题 报1")
    await town.moves("+8d 12:00")
    await called(town, "睦邻夜话 下周六晚7点 凉亭")

    assert "[列入议题]" in await town.says("张楼长", "看 报1")
    await town.presses("张楼长", "列入议题")
    assert "上会：会1、会2" in town.card("张楼长")


async def test_everybody_at_once_is_counted_exactly(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "议题 楼道堆物")
    names = ("刘大爷", "小陈", "吴老师", "郑师母") * 5
    presses = [
        Incoming(
            platform="memory",
            delivery=f"at-once-{n}",
            chat="3号楼",
            is_private=False,
            account=name,
            name=name,
            press=Press("topicsecond:1", f"{name}|{n}"),
        )
        for n, name in enumerate(names)
    ]
    await asyncio.gather(*(town.town.app.received(press) for press in presses))
    await town.town.app.delivery.drain()

    assert "1. 楼道堆物 +4" in town.card("3号楼", "会1")


async def test_topics_proposed_at_once_have_numbers_of_their_own(town: Stairwell) -> None:
    await called(town)
    said = [
        Incoming(
            platform="memory",
            delivery=f"topic-{n}",
            chat=f"@{name}",
            is_private=True,
            account=name,
            name=name,
            text=f"议题 {words}",
        )
        for n, (name, words) in enumerate(
            [("刘大爷", "楼道"), ("小陈", "车棚"), ("吴老师", "门禁"), ("郑师母", "绿化")]
        )
    ]
    await asyncio.gather(*(town.town.app.received(one) for one in said))

    agenda = await town.says("王阿姨", "议程")
    assert all(f"\n{n}. " in agenda for n in (1, 2, 3, 4))


async def test_topics_are_a_tap_away_from_help(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "帮助")
    await town.presses("王阿姨", "还能做什么")
    assert "[提议题]" in await town.presses("王阿姨", "议事怎么说")

    assert "想聊什么" in await town.presses("王阿姨", "提议题")
    assert "会1 议题记下了：门禁" in await town.says("王阿姨", "门禁")


async def test_a_topic_spoken_without_blanks_is_understood(town: Stairwell) -> None:
    await called(town)

    assert "会1 议题记下了：三楼楼道堆物" in await town.says("王阿姨", "议题三楼楼道堆物")
    assert "会1 议题记下了：门禁" in await town.says("王阿姨", "议题会1门禁")
