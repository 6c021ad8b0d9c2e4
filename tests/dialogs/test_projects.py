"""Small funded projects 微创投: applied for, passed, granted, spent in the open, and ended."""

import pytest

from handlers.messages import Picture
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.documents import file_of, said_in_word
from tests.dialogs.voting import votes, with_roll

RECEIPT = Picture("image/png", b"\x89PNG receipt")


async def applied(town: Stairwell, *, asked: str = "3000元") -> str:
    """王阿姨 applies for 3号楼."""
    await town.says("王阿姨", "微创投 楼道花架")
    await town.says("王阿姨", "三楼拐角放花架，邻居轮流浇水")
    await town.says("王阿姨", asked)
    await town.says("王阿姨", "买花盆 12月5日 1000元")
    await town.says("王阿姨", "种花 12月20日")
    await town.presses("王阿姨", "就这些")
    return await town.presses("王阿姨", "提交申请")


async def passed(town: Stairwell) -> None:
    """It is applied for, and passes."""
    await applied(town)
    await voted(town)


async def voted(town: Stairwell) -> None:
    """The households of 3号楼 want it."""
    await town.says("张楼长", "商议结果 议1 大家都说好")
    await town.says("张楼长", "决议 议1")
    await town.presses("张楼长", "发起每户投票")
    await town.says("张楼长", "明晚8点")
    await town.presses("张楼长", "发布")
    await town.presses("刘大爷", "同意", at="3号楼")
    await town.moves("+1d 21:00")
    await town.says("张楼长", "决议 议1 票1")
    await town.presses("张楼长", "记下决议")


async def granted(town: Stairwell, fen: str = "3000元") -> None:
    """孙主任 gives the money."""
    await passed(town)
    await town.says("孙主任", f"批准 议1 {fen}")
    await town.presses("孙主任", "批准")


async def spent(town: Stairwell, who: str = "王阿姨", what: str = "128.5元 买花盆") -> str:
    """Somebody posts a spending with its receipt."""
    await town.says(who, f"花费 议1 {what}", pictures=[RECEIPT])
    return await town.presses(who, "记账")


async def test_it_is_applied_for_step_by_step(town: Stairwell) -> None:
    assert "叫什么" in await town.says("王阿姨", "微创投")
    assert "为什么要办" in await town.says("王阿姨", "楼道花架")
    assert "最多 10,000.00 元" in await town.says("王阿姨", "三楼拐角放花架")
    assert "最多 10,000.00 元。请写少一些" in await town.says("王阿姨", "五万")
    assert "没看懂是多少钱" in await town.says("王阿姨", "随便")
    assert "先说第1步" in await town.says("王阿姨", "三千块")
    assert "哪天做完" in await town.says("王阿姨", "买花盆")
    assert "这一天已经过去了" in await town.says("王阿姨", "买花盆 2026年11月1日")
    said = await town.says("王阿姨", "买花盆 12月5日 1000元")
    assert "○ 1. 买花盆 · 12月5日周六前 · 1,000.00 元\n还有下一步吗" in said
    assert "加起来是 3,500.00 元，超过了" in await town.says("王阿姨", "种花 12月20日 2500元")
    await town.says("王阿姨", "种花 12月20日")
    said = await town.presses("王阿姨", "就这些")
    assert "【微创投】楼道花架\n三楼拐角放花架\n💰 申请 3,000.00 元" in said
    assert town.sees("3号楼") == ""

    said = await town.presses("王阿姨", "提交申请")

    assert "议1 · 待商议\n楼道花架（¥3,000.00）\n三楼拐角放花架" in said
    card = town.card("3号楼", "议1")
    assert "○ 1. 买花盆 · 12月5日周六前 · 1,000.00 元\n○ 2. 种花" in card
    assert "✅ 提议" in card and "[附议]" in card and "账目" not in card


async def test_a_line_that_says_more_is_asked_less(town: Stairwell) -> None:
    await town.says("王阿姨", "微创投 楼道花架 3000元", at="3号楼")

    assert "先说第1步" in await town.says("王阿姨", "三楼拐角放花架", at="3号楼")
    await town.says("王阿姨", "买花盆 12月5日", at="3号楼")
    assert "💰 申请 3,000.00 元" in await town.says("王阿姨", "没有了", at="3号楼")


async def test_a_long_sentence_is_what_it_is_for(town: Stairwell) -> None:
    words = "我们想在三楼拐角的地方放一个花架，大家轮流浇水，看着高兴，也好认路，一共三千元"

    assert "短名字" in await town.says("王阿姨", f"微创投{words}")
    assert "太长" in await town.says("王阿姨", words)
    assert "先说第1步" in await town.says("王阿姨", "楼道花架")
    said = await town.says("王阿姨", "第1步12月5日前买好20个花盆一千块")
    assert "○ 1. 买好20个花盆 · 12月5日周六前 · 1,000.00 元" in said


@ON_ONE_DATABASE
async def test_two_who_fund_do_not_grant_twice(town: Stairwell) -> None:
    await passed(town)
    await town.says("孙主任", "任命 周业委 居委会 睦邻社区")
    for who, fen in (("孙主任", "2000元"), ("周业委", "1500元")):
        await town.says(who, f"批准 议1 {fen}")
    await town.presses("孙主任", "批准")

    assert "刚刚已经批准了 2,000.00 元" in await town.presses("周业委", "批准")


@ON_ONE_DATABASE
async def test_what_gets_no_money_is_dropped(town: Stairwell) -> None:
    await passed(town)

    assert "结项就是不办了" in await town.says("孙主任", "结项 议1")
    await town.presses("孙主任", "结项")

    for chat in ("3号楼", "王阿姨"):
        assert "议1 楼道花架 不办了，没有拨款" in town.told(chat)
    assert "💰 没有拨款" in town.card("3号楼", "议1")
    assert "没有在办的微创投" in await town.says("孙主任", "微创投列表")
    assert "议1 · 不办了" in town.card("3号楼", "议1")
    assert "✗ 办理 没有拨款，不办了" in town.card("3号楼", "议1")
    assert "现在没有提议" in await town.says("王阿姨", "提议列表")
    assert "没有拨款，不办了" in await town.says("王阿姨", "经过 议1")


@ON_ONE_DATABASE
async def test_what_gets_no_money_is_dropped_once_nobody_does_it(town: Stairwell) -> None:
    await passed(town)
    for words in ("办理 议1", "量尺寸", "赵师傅", "12月1日"):
        await town.says("张楼长", words)
    await town.presses("张楼长", "记下")
    await town.says("孙主任", "结项 议1")
    await town.presses("孙主任", "结项")
    assert "议1" in await town.says("王阿姨", "提议列表")
    await town.says("张楼长", "撤回 报1")
    await town.presses("张楼长", "撤回")

    assert "现在没有提议" in await town.says("王阿姨", "提议列表")


async def test_before_it_has_passed_no_money_moves(town: Stairwell) -> None:
    await applied(town)

    assert "还没有表决通过" in await town.says("孙主任", "批准 议1 3000元")
    assert "还没有表决通过" in await town.says("王阿姨", "花费 议1 5元 水")
    assert "没有您能这样办的微创投" in await town.says("王阿姨", "花费 5元 水")
    assert "现在没有在办的微创投" in await town.says("孙主任", "微创投列表")


async def test_a_plain_proposal_has_no_book(town: Stairwell) -> None:
    await town.says("王阿姨", "提议 单元门口装个扶手", at="3号楼")

    assert "没有申请钱" in await town.says("刘大爷", "账目 议1", at="3号楼")


@ON_ONE_DATABASE
async def test_staff_are_asked_for_the_money_and_give_it(town: Stairwell) -> None:
    await passed(town)
    assert "议1「楼道花架」表决通过了，申请 3,000.00 元" in town.told("孙主任")
    assert "通过了：票1" in town.sees("张楼长") and "等居委会批准拨款" in town.sees("张楼长")
    assert "接下来等居委会批准拨款" in town.told("王阿姨")
    assert "议1 楼道花架 · 申请 3,000.00 元" in await town.says("孙主任", "微创投列表")
    await town.presses("孙主任", "议1")
    assert "[3,000.00 元]" in await town.presses("孙主任", "批准拨款")
    assert "不能更多" in await town.says("孙主任", "批准 议1 3000.01元")

    said = await town.says("孙主任", "批准 2000元")
    assert "申请 3,000.00 元，批准 2,000.00 元" in said
    await town.presses("孙主任", "批准")

    assert "批准了 2,000.00 元" in town.sees("王阿姨")
    card = town.sees("3号楼")
    assert card.startswith("议1 · 通过") and "💰 已用 0.00 / 2,000.00 元\n○ 1. 买花盆" in card


@ON_ONE_DATABASE
async def test_an_owners_vote_passes_it_as_well(town: Stairwell) -> None:
    await with_roll(town)
    await applied(town)
    await town.says("张楼长", "商议结果 议1 大家都说好")
    await town.says("张楼长", "动议 议1")
    await town.presses("张楼长", "就用提议的原话")
    said = await town.says("张楼长", "12月20日晚8点")
    assert "楼道花架（¥3,000.00）" in said
    await town.presses("张楼长", "公示")
    for who in ("王阿姨", "刘大爷", "小陈"):
        await votes(town, who, "赞成")

    await town.moves("+30d 9:00")

    assert "议1「楼道花架」表决通过了，申请 3,000.00 元" in town.told("孙主任")
    assert "晚了" not in town.card("3号楼", "议1")
    assert "▶ 办理 等居委会拨款" in town.card("3号楼", "议1")


async def test_the_sum_is_voted_on_whatever_else_the_text_says(town: Stairwell) -> None:
    await with_roll(town)
    await applied(town)
    await town.says("张楼长", "商议结果 议1 大家都说好")
    await town.says("张楼长", "动议 议1")
    await town.says("张楼长", "同意在三楼拐角放花架。")
    said = await town.says("张楼长", "12月20日晚8点")

    assert "楼道花架（¥3,000.00）\n同意在三楼拐角放花架。" in said


async def test_another_grant_has_a_reason_that_everybody_reads(town: Stairwell) -> None:
    await granted(town, "2000元")
    assert "只剩 2,000.00 元" in await town.says("王阿姨", "花费 2500元 架子")

    assert "为什么改成 3,000.00 元" in await town.says("孙主任", "批准 议1 3000元")
    assert "木料涨价" in await town.says("孙主任", "木料涨价")
    await town.presses("孙主任", "批准")

    assert "批准了 3,000.00 元。\n木料涨价" in town.sees("王阿姨")
    said = await town.says("小陈", "账目", at="3号楼")
    assert "已用 0.00 / 3,000.00 元\n拨款改为 3,000.00 元（11月22日周日）：木料涨价" in said
    assert "不能更少" not in said and "还没有花过钱" in said


async def test_steps_are_ticked_with_words_or_a_picture(town: Stairwell) -> None:
    await granted(town)

    await town.says("王阿姨", "里程碑 议1")
    await town.presses("王阿姨", "1. 买花盆")
    said = await town.says("王阿姨", "二十个都到了", pictures=[RECEIPT])

    assert "✅ 议1 第1步「买花盆」做好了（1/2）\n二十个都到了" in said
    assert "✅ 1. 买花盆 · 11月22日周日做好" in town.card("3号楼", "议1")
    assert "第1步已经报过完成了" in await town.says("王阿姨", "里程碑 议1 第1步 又好了")
    await town.says("小陈", "账目 议1")
    assert "二十个都到了" in await town.presses("小陈", "看第1步")
    assert "由提议的人和帮手" in await town.says("小陈", "里程碑 议1 第2步 好了")


async def test_a_step_that_was_not_done_after_all_is_taken_back_and_the_book_keeps_it(
    town: Stairwell,
) -> None:
    await granted(town)
    assert "还没有哪一步报过完成" in await town.says("王阿姨", "撤销里程碑 议1")
    await town.says("王阿姨", "里程碑 议1 第1步 二十个都到了", pictures=[RECEIPT])
    assert "由提议的人和帮手" in await town.says("小陈", "撤销里程碑 议1 第1步 没有啊")
    assert "第1步「买花盆」为什么撤销" in await town.presses("王阿姨", "撤销这一步")
    assert "账目里留着记录" in await town.says("王阿姨", "点错了，是第2步")

    assert "○ 1. 买花盆 · 12月5日周六前" in town.card("3号楼", "议1")
    kept = (
        "✗ 第1步「买花盆」11月22日周日报过完成「二十个都到了」，11月22日周日撤销：点错了，是第2步"
    )
    said = await town.says("小陈", "账目 议1")
    assert kept in said and "看第1步" not in said
    assert "第1步还没有报过完成" in await town.says("王阿姨", "撤销里程碑 议1 第1步 又错了")
    await town.moves("+15d")
    assert "第1步「买花盆」的日子过了" in town.told("王阿姨")
    await town.says("王阿姨", "里程碑 议1 第1步 真的到了")
    assert kept in await town.says("小陈", "账目 议1")
    await town.presses("小陈", "打印账目")
    await town.presses("小陈", "要 Word 文档")
    assert "点错了，是第2步" in said_in_word(await file_of(town, ".docx"))


async def test_a_late_step_is_told_once_and_can_be_put_off(town: Stairwell) -> None:
    await granted(town)
    await town.says("王阿姨", "里程碑 议1 第1步 到了")

    await town.moves("+40d")

    late = [e for e in town.events if "第2步「种花」的日子过了" in e.shown.text]
    assert [e.chat for e in late] == ["@王阿姨"]
    assert "⚠️ 2. 种花 · 12月20日周日前，晚了" in town.card("3号楼", "议1")
    await town.presses("王阿姨", "推迟这一步")
    assert "第2步「种花」推迟到" in await town.says("王阿姨", "两周后")
    assert "○ 2. 种花 · 1月" in town.card("3号楼", "议1")
    assert "更晚的日子" in await town.says("王阿姨", "推迟 议1 第2步 1月2日")


@ON_ONE_DATABASE
async def test_at_the_end_the_rest_goes_back_and_all_are_told(town: Stairwell) -> None:
    await granted(town)
    await spent(town)
    await town.says("王阿姨", "里程碑 议1 第1步 到了")

    said = await town.says("王阿姨", "结项")
    assert "花了 128.50 元，退回 2,871.50 元\n○ 2. 种花" in said
    await town.presses("王阿姨", "结项")

    for chat in ("3号楼", "孙主任"):
        assert "议1 楼道花架 结项了\n花了 128.50 元，退回 2,871.50 元" in town.told(chat)
    card = town.card("3号楼", "议1")
    assert "花了 128.50 / 3,000.00 元，退回 2,871.50 元" in card and "✗ 2. 种花 · 没有做" in card
    for words in ("花费 议1 5元 水", "冲正 议1 1 错了", "里程碑 议1 第2步 好了", "结项 议1"):
        assert "已经结项" in await town.says("王阿姨", words)
    assert "已经结项" in await town.says("孙主任", "批准 议1 100元")
    assert "1. 128.50 元 买花盆" in await town.says("小陈", "账目 议1")


async def test_what_has_ended_is_rated_by_who_did_not_run_it(town: Stairwell) -> None:
    await applied(town)
    await town.presses("刘大爷", "附议", at="3号楼")
    await voted(town)
    await town.says("孙主任", "批准 议1 3000元")
    await town.presses("孙主任", "批准")
    await town.says("王阿姨", "结项 议1")
    await town.presses("王阿姨", "结项")

    assert "办好了" in town.told("刘大爷") and "[满意]" not in town.told("王阿姨")
    assert "▶ 评议" in town.card("3号楼", "议1") and "✅ 提议" not in town.card("3号楼", "议1")
    assert "[满意]" not in await town.says("王阿姨", "议1")
    await town.presses("刘大爷", "满意")
    await town.moves("+15d")
    assert "办好了，邻居们这样评" in town.sees("3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["冲正 议1 1 错了", "批准 议1 2000元 少些", "结项 议1"])
async def test_another_buildings_group_reads_nothing_of_its_money(
    town: Stairwell, words: str
) -> None:
    await granted(town)
    await spent(town)
    said = await town.says("孙主任", words, at="5号楼")

    assert "私" in said and "00" not in said and "花架" not in said
    assert "128.50 / 3,000.00" in town.card("3号楼", "议1")


@ON_ONE_DATABASE
async def test_tasks_that_are_done_do_not_end_it_while_its_money_runs(town: Stairwell) -> None:
    await granted(town)
    for words in ("办理 议1", "装水龙头", "赵师傅", "12月1日"):
        await town.says("张楼长", words)
    await town.presses("张楼长", "记下")
    for who, words in (("赵师傅", "接单 报1"), ("赵师傅", "办结 报1 好了"), ("王阿姨", "验单 报1")):
        await town.says(who, words)
    assert "议1 · 通过" in town.card("3号楼", "议1")

    await town.says("王阿姨", "结项")
    await town.presses("王阿姨", "结项")

    assert "议1 · 办好了" in town.card("3号楼", "议1")


@ON_ONE_DATABASE
async def test_words_of_every_day_are_left_alone(town: Stairwell) -> None:
    await granted(town)

    for words in ("花费太大了", "花费200元真贵", "批准了吗", "记账本丢了", "推迟一下", "帮手不够"):
        assert await town.says("王阿姨", words, at="3号楼") == ""
    await town.says("王阿姨", "花费 5元")
    assert "小票" in await town.says("王阿姨", "记账本一本")


@ON_ONE_DATABASE
async def test_english_readers_read_the_same(town: Stairwell) -> None:
    await granted(town)
    await town.says("王阿姨", "language English")

    said = await town.says("王阿姨", "spend 议1 128.5 yuan pots", pictures=[RECEIPT])
    assert "128.50 yuan pots" in said and "2,871.50 yuan will be left" in said
    await town.presses("王阿姨", "Post it")
    assert "128.50 / 3,000.00 yuan used\n1. 128.50 yuan pots" in await town.says("王阿姨", "book 1")


@pytest.mark.parametrize("call", ["granted:1", "spent:1", "settled:1", "projectopen", "spend:x:y"])
async def test_what_is_forged_does_nothing(town: Stairwell, call: str) -> None:
    assert "过期" in await town.taps("王阿姨", call)
