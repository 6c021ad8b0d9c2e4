"""Owners' votes 业主表决: announced, opened, voted by tapping, counted by heads and by area."""

import pytest

from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.voting import OWNERS, announced, votes, with_roll


async def test_a_vote_is_read_back_before_it_is_announced(town: Stairwell) -> None:
    await with_roll(town)
    assert "要表决什么" in await town.says("周业委", "表决")
    assert "原文" in await town.says("周业委", "更换物业公司")
    assert "什么时候截止" in await town.says("周业委", "同意更换物业公司，聘期三年。")
    said = await town.says("周业委", "12月31日晚8点")

    assert "一个字也不能改" in said and "睦邻社区 16户 · 1416.48㎡" in said
    assert "意见征询，没有约束力" in said and "12月31日周四 20:00 截止" in said


async def test_an_advisory_vote_opens_at_once_in_every_group(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    assert "表1 · 投票中" in town.sees("3号楼") and "表1 · 投票中" in town.sees("6号楼")
    assert "名册指纹" in town.sees("3号楼") and "链头" in town.sees("3号楼")


async def test_a_ballot_is_read_back_and_then_counts(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.presses("王阿姨", "赞成", at="3号楼")

    assert "您代表 3-2-501 【赞成】" in town.told("王阿姨")
    assert "0/16户已投" in town.sees("3号楼")
    said = await town.presses("王阿姨", "确认赞成")
    assert "已计入：3-2-501 赞成（群聊）" in said and "回执 18-" in said
    assert "1/16户已投（6.25%）· 面积 88.53㎡（6.25%）" in town.card("3号楼", "表1")


async def test_nothing_tells_who_is_ahead_before_the_close(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "反对")

    assert "反对：" not in town.card("3号楼", "表1")
    assert "截止以后公布" in await town.says("刘大爷", "表决名单 表1")


async def test_a_vote_can_be_changed_and_the_last_one_counts(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "赞成")
    await town.presses("王阿姨", "反对", at="3号楼")

    assert "之前投的是赞成" in town.told("王阿姨")
    assert "3-2-501 反对" in await town.presses("王阿姨", "确认反对")
    assert "1/16户已投" in town.card("3号楼", "表1")
    await town.moves("+45d")
    assert "反对：1户" in town.told("3号楼") and "赞成：0户" in town.told("3号楼")


@ON_ONE_DATABASE
async def test_the_result_says_each_share_and_that_it_does_not_bind(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "赞成")
    await votes(town, "刘大爷", "赞成")
    await votes(town, "小陈", "反对")
    await town.moves("+45d")

    told = town.told("3号楼")
    assert "结果：通过" in told and "没有约束力" in told
    assert "✓ 同意户数 2/3 = 66.66%（要超过1/2）" in told
    assert "✓ 同意面积 177.06/265.59 = 66.66%（要超过1/2）" in told
    assert "表1 · 已结束" in town.card("1号楼", "表1")


async def test_a_formal_vote_is_on_notice_first(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town, "换一种规则", "一般事项")

    assert "公示中：12月6日周日 12:00 开始投票" in town.card("3号楼", "表1")
    assert "开始投票" in await town.taps("王阿姨", "ballot:1:yes", at="3号楼")
    await town.moves("+15d 12:00")
    assert "开始投票了" in town.told("3号楼") and "表1 · 投票中" in town.card("3号楼", "表1")


@ON_ONE_DATABASE
async def test_what_is_still_needed_is_said(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town, "换一种规则", "重大事项")
    await town.moves("+15d 12:01")
    await votes(town, "王阿姨", "赞成")
    await town.moves("+26d")

    assert "✗ 参加户数 1/16 = 6.25%（要2/3以上，还差10户）" in town.told("3号楼")
    assert "公示到" in town.told("3号楼")
    await town.moves("+8d")
    assert "公示期满" in town.told("周业委")


async def test_an_opening_is_refused_with_the_list_of_what_is_missing(town: Stairwell) -> None:
    await town.says("周业委", "表决 换物业")
    await town.says("周业委", "原文")
    assert "名册上一户也没有" in await town.says("周业委", "12月31日晚8点")
    said = await town.presses("周业委", "公示")
    assert "还不能开始投票" in said and "16户还没有业主" in said
    assert "没有公示或投票中" in await town.says("周业委", "表决列表")


async def test_a_door_that_was_mistyped_once_stands_in_no_votes_way(town: Stairwell) -> None:
    await with_roll(town)
    await town.says("张楼长", "邀请 3-2-999")
    await town.says("周业委", "表决 换物业")
    await town.says("周业委", "同意更换")
    said = await town.says("周业委", "12月31日晚8点")

    assert "有1户不在名册上，也没人登记，不算在内：3-2-999" in said
    assert "没有业主" not in said
    await town.presses("周业委", "公示")
    assert "0/16" in town.card("3号楼", "表1")


async def test_a_residents_meeting_counts_doors_where_somebody_lives(town: Stairwell) -> None:
    await town.says("张楼长", "邀请 3-2-999")
    await town.says("周业委", "表决 楼道公约")
    await town.says("周业委", "同意公约")
    await town.says("周业委", "12月31日晚8点")
    await town.presses("周业委", "换一种规则")
    said = await town.presses("周业委", "居民会议")

    assert "不算在内：3-2-999" in said and "16户" in said
    await town.presses("周业委", "公示")
    await town.moves("+4d")
    assert "0/16" in town.card("3号楼", "表1")


async def test_an_opening_that_failed_at_its_time_can_be_repeated(town: Stairwell) -> None:
    few = dict(list(OWNERS.items())[:15])
    await with_roll(town, few)
    await announced(town, "换一种规则", "一般事项")
    await town.moves("+15d 12:00")

    assert "有1户还没有业主" in town.told("周业委")
    assert "有1户还没有业主" in await town.presses("周业委", "现在开始投票")
    assert "公示中" in town.card("3号楼", "表1")


async def test_somebody_is_told_whether_they_may_vote_and_why_not(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    assert "3-2-501（88.53㎡）：可以投，还没有投" in await town.says("王阿姨", "我能投吗")
    await votes(town, "王阿姨", "弃权")
    assert "已投弃权（群聊）" in await town.says("王阿姨", "我能投吗 表1")
    assert "名册上没有您" in await town.says("李网格", "我能投吗 表1")


async def test_whoever_is_not_on_the_roll_has_no_ballot(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    assert "没有您能投的票" in await town.taps("李网格", "ballot:1:yes", at="3号楼")
    assert "没有您能投的票" in await town.taps("王阿姨", "cast:1:yes:1:0")


async def test_a_vote_of_a_building_is_for_its_owners_alone(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town, who="张楼长")

    assert "没有找到" in await town.taps("钱伯", "ballot:1:yes")
    assert "0/6户已投" in town.card("3号楼", "表1")


async def test_the_silent_are_reminded_once(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "赞成")
    await town.moves("+38d 20:30")

    assert "表1 · 投票中" in town.told("刘大爷") and town.told("王阿姨") == ""


async def test_a_vote_is_extended_and_the_ledger_tells_it(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    assert "1月10日" in await town.says("周业委", "表决延期 表1 1月10日晚8点")
    assert "1月10日" in town.card("3号楼", "表1")
    await town.moves("+45d")
    assert "投票中" in town.card("3号楼", "表1")
    assert "要由发起人" in await town.says("张楼长", "表决延期 表1 1月20日晚8点")


async def test_a_vote_ends_early_only_when_all_have_voted(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    assert "还有16户没有投" in await town.says("周业委", "结束表决 表1")
    for who in OWNERS.values():
        await votes(town, who, "赞成")
    assert "要现在结束 表1 吗" in await town.says("周业委", "结束表决 表1")
    await town.presses("周业委", "现在结束")

    assert "结果：通过" in town.told("3号楼")


async def test_a_vote_that_ends_early_hangs_out_as_long_as_any_other(town: Stairwell) -> None:
    """Nobody waits for the day on which it would have closed."""
    await with_roll(town)
    await announced(town, "换一种规则", "一般事项")
    await town.moves("+16d 12:00")
    for who in OWNERS.values():
        await votes(town, who, "赞成")
    await town.says("周业委", "结束表决 表1")
    await town.presses("周业委", "现在结束")

    assert "公示到 12月14日" in town.told("3号楼")


async def test_a_vote_that_is_called_off_counts_nothing(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    assert "要取消 表1 吗" in await town.says("周业委", "取消表决 表1")
    assert "已取消（周业委）" in await town.presses("周业委", "取消这次表决")
    assert "已经取消" in await town.taps("王阿姨", "ballot:1:yes", at="3号楼")
    await town.moves("+45d")
    assert "表决结束" not in town.told("3号楼")


@ON_ONE_DATABASE
async def test_a_press_after_the_close_says_so(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.presses("王阿姨", "赞成", at="3号楼")
    await town.moves("+45d")

    assert "已经结束" in await town.taps("王阿姨", "cast:1:yes:7:0")


@ON_ONE_DATABASE
async def test_the_list_by_flat_masks_names(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "反对")
    await town.moves("+45d")
    first = await town.says("刘大爷", "表决名单 表1")

    assert "1-1-201 冯* 88.53㎡：没有投" in first
    assert "3-2-501 王*姨 88.53㎡：反对" in first + await town.presses("刘大爷", "下一页")


async def test_a_receipt_finds_the_row_of_the_ledger(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    said = await votes(town, "王阿姨", "赞成")
    receipt = said.split("回执 ")[1].split("\n")[0]

    assert "第18行：3-2-501 赞成" in await town.says("王阿姨", f"查回执 表1 {receipt}")
    assert "没有找到" in await town.says("刘大爷", f"查回执 表1 {receipt}")
    assert "没有找到" in await town.says("王阿姨", "查回执 表1 18-00000000")
    await town.moves("+45d")
    assert "第18行" in await town.says("刘大爷", f"查回执 表1 {receipt}")


@ON_ONE_DATABASE
async def test_a_published_head_is_no_receipt(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.moves("+45d")

    async def rows(unit: Unit) -> list[tuple[str, str]]:
        return await unit.motions.ledger(1)

    heads = [head for head, _ in await town.town.app.database.unit(rows)]
    for row in (1, 2, len(heads)):
        code = f"{row}-{heads[row - 1][:8].upper()}"
        assert "没有找到" in await town.says("王阿姨", f"查回执 表1 {code}")


async def test_a_residents_meeting_has_one_ballot_for_each_household(town: Stairwell) -> None:
    await announced(town, "换一种规则", "居民会议")
    await town.moves("+3d 12:00")
    await votes(town, "王阿姨", "赞成")

    assert "1/16户已投" in town.card("3号楼", "表1") and "㎡" not in town.card("3号楼", "表1")


async def test_the_full_text_and_its_source_are_a_tap_away(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town, "换一种规则", "重大事项")
    said = await town.presses("王阿姨", "看全文", at="3号楼")
    told = town.told("王阿姨")

    assert "私下" in said and "聘期三年" in told and "民法典278条6至8项" in told


@pytest.mark.parametrize(
    ("words", "answer"),
    [("昨天晚上8点", "已经过去"), ("2040年1月1日晚8点", "太久")],
)
async def test_an_end_that_cannot_be_is_explained(town: Stairwell, words: str, answer: str) -> None:
    await town.says("周业委", "表决 换物业")
    await town.says("周业委", "原文")

    assert answer in await town.says("周业委", words)


async def test_an_end_before_the_opening_is_explained(town: Stairwell) -> None:
    await with_roll(town)
    await town.says("周业委", "表决 换物业")
    await town.says("周业委", "原文")
    await town.says("周业委", "下周五晚8点")
    await town.presses("周业委", "换一种规则")

    assert "才开始" in await town.presses("周业委", "重大事项")


async def test_a_resident_cannot_call_a_vote(town: Stairwell) -> None:
    assert "需要楼栋长" in await town.says("王阿姨", "表决 换物业")


@pytest.mark.parametrize(
    "words", ["表决 大家怎么看", "委托 老李帮我拿快递", "纸票 放哪了", "paper is out"]
)
async def test_neighbours_own_talk_is_left_alone(town: Stairwell, words: str) -> None:
    assert await town.says("王阿姨", words, at="3号楼") == ""
