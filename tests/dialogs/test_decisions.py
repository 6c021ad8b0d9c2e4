"""Decisions 议定: what a meeting agreed, as a report with an owner and a day."""

from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_minutes import CALL, decided, held


@ON_ONE_DATABASE
async def test_a_decision_becomes_a_report_with_an_owner_and_a_day(town: Stairwell) -> None:
    await held(town, "楼道堆物")

    assert "谁来办" in await town.says("张楼长", "议定 会1 清理三楼楼道")
    assert "什么时候办好" in await town.presses("张楼长", "维修队")
    back = await town.says("张楼长", "下周五")
    assert "谁来办：维修队" in back and "期限：12月4日周五" in back
    assert "报1 记下了：维修队，12月4日周五前办好" in await town.presses("张楼长", "记下")
    card = town.card("赵师傅")
    assert "报1 · 已派单" in card and "期限：12月4日周五" in card and "上会：会1" in card


@ON_ONE_DATABASE
async def test_who_was_behind_the_topic_verifies_what_came_of_it(town: Stairwell) -> None:
    await held(town, "楼道堆物")
    await town.presses("张楼长", "写纪要")
    await town.presses("张楼长", "记 楼道堆物")
    await town.says("张楼长", "周末一起清。")
    await town.presses("张楼长", "记要办的事")
    await town.says("张楼长", "清理三楼楼道")
    await town.presses("张楼长", "维修队")
    await town.presses("张楼长", "两周内")
    await town.presses("张楼长", "记下")
    await town.says("赵师傅", "接单 报1")
    await town.moves("+12h")
    await town.says("赵师傅", "办结 报1 清好了")

    assert "报1 办好了，请看看" in town.told("王阿姨")


@ON_ONE_DATABASE
async def test_a_topic_from_a_report_hands_on_that_very_report(town: Stairwell) -> None:
    await town.says("小陈", "报事 车棚漏水")
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭")
    await town.presses("张楼长", "召集")
    await town.says("张楼长", "列入议题 报1")
    await town.moves("+6d 21:00")
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "记 车棚漏水")
    await town.says("张楼长", "请物业来修。")
    await town.presses("张楼长", "记要办的事")
    await town.says("张楼长", "换车棚顶")
    await town.presses("张楼长", "物业")
    await town.presses("张楼长", "一个月内")

    assert "报1 记下了：物业（赵师傅）" in await town.presses("张楼长", "记下")
    assert "会上议定" in await town.says("小陈", "经过 报1")


@ON_ONE_DATABASE
async def test_whoever_has_it_is_reminded_on_the_last_morning(town: Stairwell) -> None:
    await held(town)
    await decided(town)
    await town.moves("+6d 21:30")
    assert "今天到期" not in town.told("赵师傅")

    await town.moves("+1d 10:00")
    assert "报1 今天到期" in town.told("赵师傅")


@ON_ONE_DATABASE
async def test_the_next_card_shows_a_decision_as_soon_as_it_is_done(town: Stairwell) -> None:
    await held(town)
    await decided(town)
    await town.moves("+12h")
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    assert "上次议定1件，在办1" in town.card("3号楼", "会2")

    await town.says("赵师傅", "接单 报1")
    await town.says("赵师傅", "办结 报1 清好了")
    assert "上次议定1件，待验1" in town.card("3号楼", "会2")


async def test_what_was_decided_never_stands_in_the_journal_in_words(town: Stairwell) -> None:
    await held(town, "楼道堆物")
    await decided(town, "清理三楼楼道")

    async def journal(unit: Unit) -> str:
        found = await rows("select before, after from journal")
        return "".join(f"{r['before']}{r['after']}" for r in found)

    words = await town.town.app.database.unit(journal)
    assert "decision_id" in words and "清理" not in words


async def test_what_was_written_down_wrongly_is_taken_back(town: Stairwell) -> None:
    await held(town, "楼道堆物")
    await decided(town, "清理五楼")
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "公布纪要")
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "改错的议定")
    assert "会告诉办理人" in await town.presses("张楼长", "报1 清理五楼")

    assert "清理五楼" not in await town.presses("张楼长", "撤销")
    await town.moves("+12h")
    assert "清理五楼" not in town.sees("3号楼") and "更正过1次" in town.sees("3号楼")
    assert "撤销议定" in await town.says("张楼长", "经过 报1")


async def test_a_report_from_before_the_meeting_outlives_a_wrong_decision(
    town: Stairwell,
) -> None:
    await town.says("小陈", "报事 车棚漏水")
    await town.says("张楼长", CALL)
    await town.presses("张楼长", "召集")
    await town.says("张楼长", "列入议题 报1")
    await town.moves("+6d 21:00")
    await town.taps("张楼长", "decide:1.2::::1")
    await town.says("张楼长", "换车棚顶")
    await town.presses("张楼长", "物业")
    await town.presses("张楼长", "一周内")
    await town.presses("张楼长", "记下")
    assert "报1 · 已派单" in town.card("小陈")

    await town.taps("张楼长", "revoke:1.2:1")
    await town.presses("张楼长", "撤销")
    assert "报1 · 待派单" in town.card("小陈") and "期限" not in town.card("小陈")


@ON_ONE_DATABASE
async def test_whoever_dispatches_gives_another_day(town: Stairwell) -> None:
    await held(town)
    await decided(town)
    await town.moves("+12h")

    assert "期限改为12月10日周四" in await town.says("李网格", "期限 报1 12月10日")
    assert "期限改为12月10日周四" in town.told("赵师傅")
    assert "期限：12月10日周四" in town.card("赵师傅")
    assert "需要楼栋长" in await town.says("王阿姨", "期限 报1 12月30日")
    await town.moves("+13d 12:00")
    assert "已过期" in await town.says("李网格", "看 报1")
