"""Carrying out and rating 办理、评议: tasks with an owner and a day, then how it turned out."""

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_proposal_votes import polled
from tests.dialogs.test_proposals import proposed


async def passed(town: Stairwell) -> None:
    """王阿姨's proposal, which 刘大爷 seconded, passed on 22 November."""
    await polled(town, "同意", "同意", "不同意")
    await town.says("张楼长", "决议 议1 票1")
    await town.presses("张楼长", "记下决议")


async def resolved(town: Stairwell) -> None:
    """A poll of the households says yes to it."""
    await town.says("张楼长", "投票 每户 装扶手 同意/不同意 明晚8点")
    await town.presses("张楼长", "发布")
    await town.presses("王阿姨", "同意", at="3号楼")
    await town.moves("+1d 21:00")
    await town.says("张楼长", "决议 议1 票1")
    await town.presses("张楼长", "记下决议")


async def given(town: Stairwell, what: str = "装扶手", owner: str = "维修队") -> str:
    """张楼长 gives out a task of it."""
    await town.says("张楼长", f"办理 议1 {what}")
    await town.presses("张楼长", owner)
    await town.presses("张楼长", "一周内")
    return await town.presses("张楼长", "记下")


async def done(town: Stairwell, label: str = "报1") -> None:
    """赵师傅 does it, and 王阿姨 says that it is in order."""
    await town.says("赵师傅", f"接单 {label}")
    await town.says("赵师傅", f"办结 {label} 装好了")
    await town.says("王阿姨", f"验单 {label}")


@ON_ONE_DATABASE
async def test_a_task_is_asked_for_and_becomes_a_report(town: Stairwell) -> None:
    await passed(town)
    assert "▶ 办理 还没有派任务" in town.card("3号楼", "议1")

    assert "要办什么" in await town.presses("张楼长", "派任务")
    assert "谁来办" in await town.says("张楼长", "装扶手")
    await town.presses("张楼长", "维修队")
    assert "装扶手" in await town.presses("张楼长", "一周内")
    assert "报1 记下了：维修队，11月29日周日前办好" in await town.presses("张楼长", "记下")
    assert "▶ 办理 1件，办好0件：报1" in town.card("3号楼", "议1")
    assert "装扶手" in town.told("赵师傅")
    assert "要办什么" in await town.presses("张楼长", "再派一件")


@ON_ONE_DATABASE
async def test_only_what_passed_is_carried_out(town: Stairwell) -> None:
    await polled(town, "同意", "同意", "不同意")

    assert "现在是「商议过了」" in await town.says("张楼长", "办理 议1 装扶手")
    assert "需要楼栋长" in await town.says("王阿姨", "办理 议1 装扶手")


async def test_when_all_is_done_those_behind_it_are_asked(town: Stairwell) -> None:
    await passed(town)
    await given(town)
    await given(town, "刷油漆")
    await done(town)
    assert "▶ 办理 2件，办好1件：报1、报2" in town.card("3号楼", "议1")

    await done(town, "报2")
    for who in ("王阿姨", "刘大爷"):
        assert "都办好了！\n您觉得怎么样？12月6日周日" in town.told(who)
    assert town.told("小陈") == ""
    assert "议1 · 办好了，评议中" in town.card("3号楼", "议1")
    assert "谢谢，记下了：满意" in await town.presses("王阿姨", "满意")
    assert "请提的和附议的邻居来评" in await town.presses("小陈", "满意", at="3号楼")


@ON_ONE_DATABASE
async def test_after_fourteen_days_all_read_the_counts_and_silence_is_no_praise(
    town: Stairwell,
) -> None:
    await passed(town)
    await given(town)
    await done(town)
    await town.presses("刘大爷", "不满意", at="3号楼")
    await town.presses("刘大爷", "一般", at="3号楼")
    await town.moves("+15d")

    said = town.told("3号楼")
    assert "办好了，邻居们这样评：\n1人评了，不到3人不公布（1人没有评，不算满意）" in said
    assert "✅ 评议：1人评了" in town.card("3号楼", "议1")
    assert "现在是「已评议」" in await town.says("张楼长", "办理 议1 再装一根")


async def test_from_three_answers_on_each_is_counted(town: Stairwell) -> None:
    await proposed(town)
    for who in ("刘大爷", "小陈", "吴老师"):
        await town.presses(who, "附议", at="3号楼")
    await town.says("张楼长", "商议结果 议1 都同意")
    await resolved(town)
    await given(town)
    await done(town)
    for who, how in (("王阿姨", "满意"), ("刘大爷", "满意"), ("小陈", "一般")):
        await town.presses(who, how, at="3号楼")
    await town.moves("+15d")

    assert "满意2 · 一般1 · 不满意0（1人没有评，不算满意）" in town.told("3号楼")


@ON_ONE_DATABASE
async def test_what_is_sent_back_is_asked_about_anew(town: Stairwell) -> None:
    await passed(town)
    await given(town)
    await done(town)
    await town.presses("王阿姨", "满意", at="3号楼")
    await town.says("王阿姨", "退回 报1 松了")
    assert "▶ 办理 1件，办好0件：报1" in town.card("3号楼", "议1")
    await town.moves("+20d")
    assert "邻居们这样评" not in town.told("3号楼")

    await done(town)
    assert "都办好了" in town.told("刘大爷")
    await town.moves("+15d")
    assert "0人评了" in town.told("3号楼")


@ON_ONE_DATABASE
async def test_nobody_rates_their_own_work(town: Stairwell) -> None:
    await passed(town)
    await given(town, owner="我自己来")
    await town.says("张楼长", "接单 报1")
    await town.says("张楼长", "办结 报1 装好了")
    await town.says("王阿姨", "验单 报1")

    assert "请提的和附议的邻居来评" in await town.presses("张楼长", "满意", at="3号楼")


@ON_ONE_DATABASE
async def test_what_nobody_verified_is_closed_but_no_praise(town: Stairwell) -> None:
    await passed(town)
    await given(town)
    await town.says("赵师傅", "接单 报1")
    await town.says("赵师傅", "办结 报1 装好了")
    await town.moves("+8d")

    assert "议1 · 办好了，评议中" in town.card("3号楼", "议1")
    await town.says("王阿姨", "退回 报1 还没装")
    assert "议1 · 通过，办理中" in town.card("3号楼", "议1")


@ON_ONE_DATABASE
async def test_a_withdrawn_task_is_not_work_done(town: Stairwell) -> None:
    await passed(town)
    await given(town)
    await town.says("张楼长", "撤回 报1")
    await town.presses("张楼长", "撤回")

    assert "议1 · 通过，办理中" in town.card("3号楼", "议1")


@ON_ONE_DATABASE
async def test_more_work_asks_anew_what_was_rated_too_early(town: Stairwell) -> None:
    await passed(town)
    await given(town)
    await done(town)
    await town.presses("王阿姨", "满意", at="3号楼")
    await given(town, "刷油漆")
    assert "▶ 办理 2件，办好1件" in town.card("3号楼", "议1")
    assert "现在是「通过，办理中」" in await town.taps("王阿姨", "rateproposal:1:good")

    await done(town, "报2")
    await town.moves("+15d")
    assert "0人评了" in town.told("3号楼")


async def test_the_counts_wait_for_the_morning(town: Stairwell) -> None:
    await passed(town)
    await given(town)
    await town.says("赵师傅", "接单 报1")
    await town.says("赵师傅", "办结 报1 装好了")
    await town.moves("+0d 23:00")
    await town.says("王阿姨", "验单 报1")
    await town.moves("+14d 23:30")
    assert "邻居们这样评" not in town.told("3号楼")

    await town.moves("+1d 7:00")
    assert "邻居们这样评" in town.told("3号楼")


@ON_ONE_DATABASE
async def test_its_history_says_who_decided_what_and_when(town: Stairwell) -> None:
    await passed(town)

    said = await town.says("小陈", "经过 议1")
    assert "议1 的经过\n「单元门口装个扶手」\n11月21日周六 12:00 提议\n" in said
    assert "商议 · 张楼长\n　「大家都同意，装左边」" in said
    assert "11月22日周日 21:00 决议 · 张楼长" in said and "王阿姨" not in said
    assert "提议 · 王阿姨" in await town.says("张楼长", "经过 议1")
    assert "王阿姨" not in await town.says("张楼长", "经过 议1", at="3号楼")
