"""Resolving 动议、决议: put to the owners' vote, or agreed on in a household poll."""

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_proposal_talks import deliberated
from tests.dialogs.test_proposals import proposed
from tests.dialogs.voting import votes, with_roll

TEXT = "在3号楼两个单元门口各装一根不锈钢扶手，费用由物业承担。"


async def moved(town: Stairwell, *changes: str, text: str = TEXT) -> str:
    """张楼长 puts what was talked over to the vote of 3号楼."""
    await with_roll(town)
    await deliberated(town)
    await town.says("张楼长", "动议 议1")
    await town.says("张楼长", text)
    await town.says("张楼长", "12月20日晚8点")
    for change in changes:
        await town.presses("张楼长", change)
    return await town.presses("张楼长", "公示")


async def test_the_text_is_asked_for_and_read_back(town: Stairwell) -> None:
    await with_roll(town)
    await deliberated(town)

    asked = await town.presses("张楼长", "动议")
    assert "要表决的原文" in asked and "提议的原话：「单元门口装个扶手」" in asked
    assert "投到什么时候截止" in await town.says("张楼长", TEXT)
    said = await town.says("张楼长", "12月20日晚8点")
    assert TEXT in said and "单元门口装个扶手" in said and "意见征询" in said and "3号楼" in said
    await town.presses("张楼长", "公示")
    assert "议1 · 表决中" in town.card("3号楼", "议1")
    assert "✅ 动议 表1\n▶ 决议 投到12月20日周日 20:00\n○ 办理" in town.card("3号楼", "议1")
    for who in ("王阿姨", "刘大爷"):
        assert "写成了表1，原文已定" in town.told(who)


async def test_its_own_words_are_taken_with_a_tap_alone(town: Stairwell) -> None:
    await with_roll(town)
    await deliberated(town)
    await town.presses("张楼长", "动议")
    await town.presses("张楼长", "就用提议的原话")

    said = await town.says("张楼长", "12月20日晚8点")
    assert said.count("单元门口装个扶手") == 2


@ON_ONE_DATABASE
async def test_a_notice_period_is_shown_until_the_vote_opens(town: Stairwell) -> None:
    await moved(town, "换一种规则", "居民会议")
    assert "▶ 动议 表1 公示到11月24日" in town.card("3号楼", "议1")

    await town.moves("+4d")
    assert "✅ 动议 表1\n▶ 决议 投到" in town.card("3号楼", "议1")


@ON_ONE_DATABASE
async def test_the_vote_resolves_it(town: Stairwell) -> None:
    await moved(town)
    for who in ("王阿姨", "刘大爷", "小陈"):
        await votes(town, who, "赞成")
    await town.moves("+30d")

    assert "议1「单元门口装个扶手」通过了！\n表1 的结果" in town.told("王阿姨")
    assert "下一步：派任务" in town.told("张楼长")
    assert "✅ 决议 通过 12月20日周日\n▶ 办理 还没有派任务\n○ 评议" in town.card("3号楼", "议1")


@ON_ONE_DATABASE
async def test_a_vote_that_fails_ends_it(town: Stairwell) -> None:
    await moved(town)
    await votes(town, "刘大爷", "反对")
    await town.moves("+30d")

    assert "没有通过。\n表1 的结果" in town.told("王阿姨")
    card = town.card("3号楼", "议1")
    assert card.endswith("✗ 决议 没有通过 12月20日周日") and "办理" not in card
    assert "现在是「没有通过」" in await town.says("张楼长", "动议 议1")


async def test_a_vote_called_off_leaves_it_talked_over(town: Stairwell) -> None:
    await moved(town)
    assert "现在是「表决中」" in await town.says("王阿姨", "撤回 议1")

    await town.says("张楼长", "取消表决 表1")
    await town.presses("张楼长", "取消这次表决")
    assert "表1 没有结果，议1 还是「商议过了」" in town.told("王阿姨")
    assert "议1 · 商议过了" in town.card("3号楼", "议1")
    assert "▶ 动议\n○ 决议" in town.card("3号楼", "议1")


async def test_whoever_works_for_the_estate_moves_it_for_its_own_building(town: Stairwell) -> None:
    await with_roll(town)
    await deliberated(town)
    await town.says("孙主任", "动议 议1")
    await town.presses("孙主任", "就用提议的原话")
    said = await town.says("孙主任", "12月20日晚8点")
    assert "3号楼" in said
    await town.presses("孙主任", "公示")

    assert "表1" in town.sees("3号楼") and "表1" not in town.sees("1号楼")


async def polled(town: Stairwell, *choices: str) -> None:
    """The households of 3号楼 are asked, and three of them answer."""
    await deliberated(town)
    await town.presses("张楼长", "决议")
    await town.presses("张楼长", "发起每户投票")
    await town.says("张楼长", "明晚8点")
    await town.presses("张楼长", "发布")
    for who, choice in zip(("王阿姨", "刘大爷", "小陈"), choices, strict=True):
        await town.presses(who, choice, at="3号楼")
    await town.moves("+1d 21:00")


@ON_ONE_DATABASE
async def test_a_small_matter_is_resolved_by_the_households(town: Stairwell) -> None:
    await polled(town, "同意", "同意", "不同意")

    await town.says("张楼长", "决议 议1")
    said = await town.presses("张楼长", "票1")
    assert "2户选「同意」，共3户投了票" in said and "不是正式的业主表决" in said
    assert "议1 通过了：票1" in await town.presses("张楼长", "记下决议")
    assert "通过了！\n票1（楼里按户商定，不是正式表决）" in town.told("王阿姨")
    card = town.card("3号楼", "议1")
    assert "✅ 决议 票1（不是正式表决）通过 11月22日周日" in card and "动议" not in card


@ON_ONE_DATABASE
async def test_half_of_the_households_is_not_enough(town: Stairwell) -> None:
    await polled(town, "同意", "不同意", "不同意")

    assert "结果：没有通过" in await town.says("张楼长", "决议 议1 票1")
    await town.presses("张楼长", "记下决议")
    assert "议1 · 没有通过" in town.card("3号楼", "议1")


async def test_only_a_household_poll_that_ended_resolves(town: Stairwell) -> None:
    await town.says("张楼长", "投票 每户 车棚建在哪 东侧/西侧 周五晚8点")
    await town.presses("张楼长", "发布")
    await town.moves("+0d 13:00")
    await proposed(town)
    await town.says("张楼长", "商议结果 议1 都同意")

    assert "还没有结束" in await town.says("张楼长", "决议 议1 票1")
    await town.says("张楼长", "结束投票 票1")
    await town.presses("张楼长", "现在结束")
    assert "以前就开始了" in await town.says("张楼长", "决议 议1 票1")
    await town.says("张楼长", "投票 扶手装哪 左/右 周五晚8点")
    await town.presses("张楼长", "发布")
    await town.says("张楼长", "结束投票 票2")
    await town.presses("张楼长", "现在结束")
    assert "每人一票" in await town.says("张楼长", "决议 议1 票2")
    await town.says("张楼长", "投票 每户 扶手装哪 左/右 周五晚8点")
    await town.presses("张楼长", "发布")
    await town.says("张楼长", "结束投票 票3")
    await town.presses("张楼长", "现在结束")
    assert "票3 的哪个选项算同意" in await town.says("张楼长", "决议 议1 票3")
    assert "0户选「左」，共0户" in await town.presses("张楼长", "左")
