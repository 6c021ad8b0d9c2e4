"""Conventions 公约: clauses from residents, put in order, voted one by one, shown on request."""

import pytest

from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.documents import file_of, said_in_word
from tests.dialogs.test_matters import VOTE

NAME = "3号楼楼道公约"


async def collecting(town: Stairwell, who: str = "张楼长", name: str = NAME) -> str:
    """Clauses are collected for a week."""
    await town.says(who, f"公约 {name}")
    await town.says(who, "11月28日晚8点")
    return await town.presses(who, "开始收集")


async def given(town: Stairwell) -> None:
    """Three clauses, the second one of 刘大爷 seconded by 王阿姨."""
    await collecting(town)
    await town.says("王阿姨", "加一条 约1 楼道不堆杂物")
    await town.says("刘大爷", "加一条 约1 夜里不拉琴")
    await town.says("小陈", "加一条 约1 电动车不上楼")


async def voted(town: Stairwell, rule: str = "") -> None:
    """They are put to the vote, which six households may take part in; it is open."""
    await town.moves("+7d 20:01")
    await town.presses("张楼长", "付表决", at="")
    await town.says("张楼长", "12月20日晚8点")
    await town.presses("张楼长", "公示")
    await town.moves("+4d 9:00")


async def votes(town: Stairwell, who: str, *choices: str) -> None:
    await town.presses(who, VOTE, at="3号楼")
    for choice in choices:
        await town.presses(who, choice)
    await town.presses(who, "确认，投票")


async def passed(town: Stairwell) -> None:
    """The first and the third clause pass."""
    await given(town)
    await voted(town)
    for who in ("王阿姨", "刘大爷", "小陈", "吴老师"):
        await votes(town, who, "赞成", "反对", "赞成")
    await town.moves("+20d")


async def test_a_convention_from_the_first_clause_to_the_notice_board(town: Stairwell) -> None:
    assert "这里还没有公约" in await town.says("王阿姨", "公约")
    assert "收集到什么时候" in await town.says("张楼长", f"公约 {NAME}")
    assert f"【{NAME}】3号楼" in await town.says("张楼长", "11月28日晚8点")
    await town.presses("张楼长", "开始收集")
    assert "约1 · 收集条款中" in town.sees("3号楼") and "约1" not in town.sees("5号楼")

    await town.presses("王阿姨", "加一条", at="3号楼")
    assert "第1条收到了：楼道不堆杂物" in await town.says("王阿姨", "楼道不堆杂物")
    await town.says("刘大爷", "加一条 约1 夜里不拉琴")
    await town.says("小陈", "加一条 约1 电动车不上楼")
    assert "已经有人提了" in await town.says("吴老师", "加一条 约1 电动车不上楼")
    await town.presses("吴老师", "看条款、附议", at="3号楼")
    await town.presses("吴老师", "附议3. 电动车不上楼")
    assert "3. 电动车不上楼（1人附议）" in town.card("3号楼", "约1")

    await town.taps("张楼长", "clause:3")
    assert "第2条" in await town.presses("张楼长", "往上移")
    assert "收集到 11月28日" in await town.says("张楼长", "付表决 约1 12月20日晚8点")
    await town.moves("+7d 20:01")
    assert "收集结束，一共3条" in town.told("张楼长") and "整理中" in town.card("3号楼", "约1")
    assert "整理中" in await town.says("王阿姨", "加一条 约1 又一条")
    await town.presses("张楼长", "付表决", at="")
    said = await town.says("张楼长", "12月20日晚8点")
    assert f"{NAME}（3项）" in said and "2. 电动车不上楼" in said and "每户一票" in said
    assert "再加一项" not in said
    await town.presses("张楼长", "公示")
    assert "约1 · 表决中" in town.card("3号楼", "约1")

    await town.moves("+4d 9:00")
    for who in ("王阿姨", "刘大爷", "小陈", "吴老师"):
        await votes(town, who, "赞成", "后面都赞成" if who == "小陈" else "反对", *_third(who))
    await town.moves("+20d")
    told = town.told("3号楼")
    assert "结果：3项里通过2项" in told
    assert f"【{NAME}】3号楼\n1. 楼道不堆杂物（赞成4户，反对0，弃权0）\n2. 夜里不拉琴" in told
    assert "1. 楼道不堆杂物（赞成4户" in await town.says("王阿姨", "公约", at="3号楼")
    assert "12月20日周日 20:00 通过 · 居民会议 · 邻里约定" in await town.says("王阿姨", "公约")
    assert "这里还没有公约" in await town.says("钱伯", "公约")
    await town.says("王阿姨", "打印公约 约1")
    await town.presses("王阿姨", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))
    assert NAME in said and "夜里不拉琴" in said and "电动车" not in said


def _third(who: str) -> list[str]:
    return [] if who == "小陈" else ["赞成"]


async def test_a_clause_is_worded_anew_and_keeps_what_it_said(town: Stairwell) -> None:
    await given(town)
    await town.taps("张楼长", "clause:1")
    assert "原来的写法会留着" in await town.presses("张楼长", "改写")
    said = await town.says("张楼长", "楼道里一样东西也不放")
    assert "楼道里一样东西也不放" in said and "楼道不堆杂物" in said.split("原来写的")[1]
    assert "原来：楼道不堆杂物\n现在：楼道里一样东西也不放" in town.told("王阿姨")

    assert "原来写的" in await town.taps("王阿姨", "clause:1")
    assert "原来写的" not in await town.taps("刘大爷", "clause:1")
    assert "已经有人提了" in await reworded(town, 1, "夜里不拉琴")


async def reworded(town: Stairwell, clause: int, text: str) -> str:
    await town.taps("张楼长", f"clausereword:{clause}")
    return await town.says("张楼长", text)


async def test_who_gave_a_clause_that_is_left_out_is_told_why(town: Stairwell) -> None:
    await given(town)
    await town.taps("张楼长", "clause:2")
    assert "为什么不采用" in await town.presses("张楼长", "不采用")
    assert "没有采用" in await town.says("张楼长", "物业的规定里已经有了")
    assert "夜里不拉琴\n原因：物业的规定里已经有了" in town.told("刘大爷")
    assert "夜里不拉琴" not in town.card("3号楼", "约1")
    assert "没有采用，不能这样做" in await town.taps("王阿姨", "clausesecond:2")

    await town.taps("张楼长", "clause:2")
    await town.presses("张楼长", "恢复")
    assert "2. 夜里不拉琴" in town.card("3号楼", "约1")


async def test_the_own_clause_can_be_taken_back_and_is_not_seconded_by_oneself(
    town: Stairwell,
) -> None:
    await given(town)
    assert "已经提过或附议过" in await town.taps("王阿姨", "clausesecond:1")
    assert "附议了" in await town.taps("王阿姨", "clausesecond:2")
    assert "已经提过或附议过" in await town.taps("王阿姨", "clausesecond:2")
    assert "由楼栋长或居委会" in await town.taps("刘大爷", "clausewithdraw:1")
    await town.taps("王阿姨", "clause:1")
    assert "撤回了：楼道不堆杂物" in await town.presses("王阿姨", "撤回我这条")

    assert "1. 夜里不拉琴（1人附议）" in town.card("3号楼", "约1")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "call",
    ["clauseup:2", "clausereword:2:改", "clauseout:2:不好", "clausein:2", "putclauses:1.2"],
)
async def test_neighbours_put_nothing_in_order(town: Stairwell, call: str) -> None:
    await given(town)
    before = town.card("3号楼", "约1")
    await town.taps("王阿姨", call)

    assert town.card("3号楼", "约1") == before


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", ["钱伯", "何楼长", "生人"])
async def test_a_buildings_clauses_are_unknown_in_another(town: Stairwell, who: str) -> None:
    await given(town)
    told = [await town.taps(who, call) for call in ("clause:1", "clauses:1", "clausesecond:1")]
    told += [await town.says(who, w) for w in ("加一条 约1 我也来", "公约 约1", "打印公约 约1")]

    assert "楼道不堆杂物" not in "".join(told) and NAME not in "".join(told)


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["付表决 约1 12月20日晚8点", "取消公约 约1"])
async def test_another_buildings_group_reads_no_clauses(town: Stairwell, words: str) -> None:
    await given(town)
    await town.moves("+7d 20:01")
    said = await town.says("孙主任", words, at="5号楼")

    assert "私" in said and NAME not in said and "杂物" not in said


async def test_a_resident_cannot_collect_and_is_told_who_can(town: Stairwell) -> None:
    assert "需要楼栋长" in await town.says("王阿姨", f"公约 {NAME}")


async def test_a_later_convention_takes_the_place_of_the_one_of_its_name(
    town: Stairwell,
) -> None:
    await passed(town)
    await town.says("张楼长", f"公约 {NAME}")
    assert "代替现在执行的" in await town.says("张楼长", "1月5日晚8点")
    await town.presses("张楼长", "开始收集")
    await town.says("王阿姨", "加一条 约2 楼道灯随手关")
    assert "约1" in await town.says("王阿姨", "公约")
    await town.moves("+20d")
    await town.says("张楼长", "付表决 约2 2月1日晚8点")
    await town.presses("张楼长", "公示")
    await town.moves("+4d 9:00")
    for who in ("王阿姨", "刘大爷", "小陈", "吴老师"):
        await votes(town, who, "赞成")
    await town.moves("+30d")

    said = await town.says("王阿姨", "公约")
    assert "1. 楼道灯随手关" in said and "堆杂物" not in said
    assert "已经有新的公约代替它了" in await town.says("王阿姨", "公约 约1")


@ON_ONE_DATABASE
async def test_a_vote_that_is_called_off_gives_the_clauses_back(town: Stairwell) -> None:
    await given(town)
    await voted(town)
    await town.says("张楼长", "取消表决 表1")
    await town.presses("张楼长", "取消这次表决")
    assert "可以再付表决" in town.told("张楼长") and "整理中" in town.card("3号楼", "约1")

    await town.says("张楼长", "付表决 约1 12月20日晚8点")
    await town.presses("张楼长", "公示")
    assert "约1 · 表决中" in town.card("3号楼", "约1")


async def test_a_clause_left_out_after_a_vote_was_called_off_is_not_in_force(
    town: Stairwell,
) -> None:
    await given(town)
    await voted(town)
    await town.says("张楼长", "取消表决 表1")
    await town.presses("张楼长", "取消这次表决")
    await town.taps("张楼长", "clauseout:1")
    await town.says("张楼长", "和小区公约重复")
    await town.says("张楼长", "付表决 约1 12月20日晚8点")
    await town.presses("张楼长", "公示")
    await town.moves("+4d 9:00")
    for who in ("王阿姨", "刘大爷", "小陈", "吴老师"):
        await votes(town, who, "全部赞成")
    await town.moves("+20d")

    said = await town.says("王阿姨", "约1")
    assert "1. 夜里不拉琴" in said and "2. 电动车不上楼" in said and "堆杂物" not in said


async def test_nothing_passes_where_too_few_take_part(town: Stairwell) -> None:
    await given(town)
    await voted(town)
    await votes(town, "王阿姨", "全部赞成")
    await town.moves("+20d")

    assert "约1 · 没有通过" in town.card("3号楼", "约1")
    assert "这里还没有公约" in await town.says("王阿姨", "公约")
    assert "还没有通过" in await town.says("王阿姨", "打印公约 约1")


async def test_clauses_that_changed_since_they_were_read_back_are_not_announced(
    town: Stairwell,
) -> None:
    await given(town)
    await town.moves("+7d 20:01")
    await town.says("张楼长", "付表决 约1 12月20日晚8点")
    await town.taps("孙主任", "clauseup:2")

    assert "条款刚才改过" in await town.presses("张楼长", "公示")
    assert "约1 · 整理中" in town.card("3号楼", "约1")


@ON_ONE_DATABASE
async def test_a_collection_is_called_off_once_that_is_confirmed(town: Stairwell) -> None:
    await given(town)
    assert "真的要取消" in await town.says("张楼长", "取消公约 约1")
    assert "收集条款中" in town.card("3号楼", "约1")
    await town.presses("张楼长", "取消这次收集")

    assert "约1 · 已取消" in town.card("3号楼", "约1") and "不收集了（张楼长）" in town.told(
        "3号楼"
    )
    await town.moves("+8d")
    assert "收集结束" not in town.told("张楼长")


async def test_a_collection_goes_on_for_longer_and_everybody_is_told(town: Stairwell) -> None:
    await given(town)
    assert "本来就收集到 11月28日" in await town.says("张楼长", "公约延期 约1 11月27日晚8点")
    assert "收集到什么时候" in await town.presses("张楼长", "延长收集")
    assert "延到 12月5日周六 20:00（张楼长）" in await town.says("张楼长", "12月5日晚8点")
    assert "延到 12月5日周六 20:00（张楼长）" in town.told("3号楼")
    assert "收集到 12月5日周六 20:00" in town.card("3号楼", "约1")

    await town.moves("+7d 20:01")
    assert "收集条款中" in town.card("3号楼", "约1") and town.told("张楼长") == ""
    await town.moves("+7d 20:01")
    assert "整理中" in town.card("3号楼", "约1") and "一共3条" in town.told("张楼长")


@ON_ONE_DATABASE
async def test_a_collection_is_ended_early_once_that_is_confirmed(town: Stairwell) -> None:
    await given(town)
    assert "需要楼栋长" in await town.says("王阿姨", "结束收集 约1")
    asked = await town.presses("张楼长", "结束收集")
    assert "已有3条，本来收集到 11月28日" in asked and "收集条款中" in town.card("3号楼", "约1")
    await town.presses("张楼长", "现在结束")

    assert "约1 · 整理中" in town.card("3号楼", "约1")
    assert "提前结束（张楼长），一共3条" in town.told("3号楼")
    assert "再点「付表决」" in town.told("张楼长")
    assert "「整理中」" in await town.says("张楼长", "公约延期 约1 12月5日晚8点")
    await town.moves("+8d")
    assert town.told("张楼长") == ""


async def test_the_committee_collects_for_the_whole_community(town: Stairwell) -> None:
    await collecting(town, "孙主任", "睦邻文明公约")

    assert "睦邻文明公约" in town.sees("3号楼") and "睦邻文明公约" in town.sees("6号楼")
    assert "第1条收到了" in await town.says("钱伯", "加一条 约1 遛狗牵绳")


async def test_what_somebody_gave_is_shown_and_loses_its_name(town: Stairwell) -> None:
    await given(town)
    await town.taps("王阿姨", "clausesecond:2")

    async def of(unit: Unit) -> set[str]:
        community = (await unit.places.communities())[0]
        person = (await unit.people.named("王阿姨", community.id))[0]
        found = set(await unit.mydata.of(person))
        await unit.mydata.erase(person, "某人", unit.now)
        assert (await unit.clauses.of(1))[0].author_id is None
        return found

    found = await town.town.app.database.unit(of)
    assert {"clauses", "clause_words", "clause_seconds"} <= found


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "words", ["公约大家都看了吗", "加一条3点以后不许吵", "加一条", "公约 大家怎么看"]
)
async def test_neighbours_own_talk_is_left_alone(town: Stairwell, words: str) -> None:
    await given(town)

    assert await town.says("王阿姨", words, at="3号楼") == ""
