"""Minutes 纪要: written in short questions, published on one card, corrected; and decisions."""

import pytest

from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell

CALL = "睦邻夜话 下周五晚7点 凉亭"


async def held(town: Stairwell, *topics: str, words: str = CALL) -> None:
    """A meeting of 3号楼 with these topics is over; it is 21:00 on Friday, 27 November."""
    await town.says("张楼长", words, at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.presses("王阿姨", "我来", at="3号楼")
    for topic in topics:
        await town.says("王阿姨", f"议题 {topic}")
    await town.moves("+6d 21:00")


async def decided(town: Stairwell, what: str = "清理三楼", owner: str = "物业") -> str:
    """张楼长 writes down what was agreed, to be done within a week; what is said at the end."""
    await town.says("张楼长", f"议定 会1 {what}")
    await town.presses("张楼长", owner)
    await town.presses("张楼长", "一周内")
    return await town.presses("张楼长", "记下")


@ON_ONE_DATABASE
async def test_the_convener_is_asked_for_the_minutes_at_the_end(town: Stairwell) -> None:
    await held(town, "楼道堆物")

    assert "趁记得写下纪要" in town.told("张楼长")
    assert "1. 楼道堆物：（还没记）" in await town.presses("张楼长", "写纪要")


@ON_ONE_DATABASE
async def test_minutes_are_written_topic_by_topic(town: Stairwell) -> None:
    await held(town, "楼道堆物", "电动车充电")
    await town.presses("张楼长", "写纪要")

    assert "「楼道堆物」大家怎么说" in await town.presses("张楼长", "记 楼道堆物")
    said = await town.says("张楼长", "周末一起清，每户出一个人。")
    assert "记下了：楼道堆物" in said and "[下一项 电动车充电]" in said
    assert "「电动车充电」大家怎么说" in await town.presses("张楼长", "下一项")
    assert "下一项" not in await town.says("张楼长", "先看看别的小区怎么做。")
    desk = await town.presses("张楼长", "写纪要")
    assert "1. 楼道堆物：周末一起清，每户出一个人。" in desk


@ON_ONE_DATABASE
async def test_published_minutes_are_one_card_in_the_group(town: Stairwell) -> None:
    await held(town, "楼道堆物", "门禁")
    await town.presses("张楼长", "写纪要")
    await town.presses("张楼长", "记 楼道堆物")
    await town.says("张楼长", "周末一起清。")
    await decided(town)
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "公布纪要")

    card = town.sees("3号楼")
    assert card.startswith("会1 睦邻夜话 · 纪要 · 11月27日周五")
    assert "1. 楼道堆物：周末一起清。" in card and "门禁" not in card
    assert "· 清理三楼：物业（赵师傅），12月4日周五前（报1）" in card


@ON_ONE_DATABASE
async def test_a_correction_changes_the_card_and_says_so(town: Stairwell) -> None:
    await held(town, "楼道堆物")
    await decided(town)
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "公布纪要")
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "记 楼道堆物")
    await town.says("张楼长", "周日一起清。")

    card = town.sees("3号楼")
    assert "周日一起清" in card and "公布后更正过1次" in card


@ON_ONE_DATABASE
async def test_every_version_of_the_minutes_is_in_the_journal(town: Stairwell) -> None:
    await held(town, "楼道堆物")
    for words in ("周六一起清。", "周日一起清。"):
        await town.says("张楼长", "纪要 会1")
        await town.presses("张楼长", "记 楼道堆物")
        await town.says("张楼长", words)

    async def kept(unit: Unit) -> list[tuple[str, str]]:
        entries = await unit.journal.of("topic", 1)
        texts = await unit.issues.remarks([e.remark_id for e in entries if e.remark_id])
        return [(e.verb, texts.get(e.remark_id or 0, "")) for e in entries]

    assert await town.town.app.database.unit(kept) == [
        ("propose", ""),
        ("minute", "周六一起清。"),
        ("correct", "周日一起清。"),
    ]


@ON_ONE_DATABASE
async def test_what_the_meeting_was_called_about_is_a_topic_of_the_minutes(
    town: Stairwell,
) -> None:
    await held(town, words="睦邻夜话 下周五晚7点 凉亭，电梯加装")

    assert "1. 电梯加装：（还没记）" in await town.presses("张楼长", "写纪要")


async def test_something_that_came_up_on_the_spot(town: Stairwell) -> None:
    await held(town)
    await town.presses("张楼长", "写纪要")
    await town.presses("张楼长", "加一项")

    assert "「门禁」大家怎么说" in await town.says("张楼长", "门禁")
    assert "记下了：门禁" in await town.says("张楼长", "换成刷卡的。")


async def test_the_convener_asks_a_neighbour_to_write(town: Stairwell) -> None:
    await held(town, "楼道堆物")

    assert "写纪要" not in await town.says("吴老师", "纪要 会1")
    assert "已请吴老师记录会1 睦邻夜话" in await town.says("张楼长", "请人记录 会1 吴老师")
    assert "1. 楼道堆物" in await town.presses("吴老师", "写纪要")
    await town.presses("吴老师", "记 楼道堆物")
    assert "记下了" in await town.says("吴老师", "周末一起清。")


@ON_ONE_DATABASE
async def test_nobody_else_writes(town: Stairwell) -> None:
    await held(town, "楼道堆物")

    for call in ("note:1", "noteadd:1.2:门禁", "decide:1.2:清理", "publish:1.2"):
        assert "由召集人或记录人来写" in await town.taps("王阿姨", call)
        assert "没有找到" in await town.taps("钱伯", call)


@ON_ONE_DATABASE
async def test_before_the_start_there_is_nothing_to_write(town: Stairwell) -> None:
    await town.says("张楼长", CALL)
    await town.presses("张楼长", "召集")

    assert "还没有开" in await town.says("张楼长", "纪要 会1")
    await town.moves("+6d 19:10")
    assert "纪要（还没公布）" in await town.says("张楼长", "纪要 会1")


async def test_minutes_are_read_once_they_are_public(town: Stairwell) -> None:
    await held(town, "楼道堆物")

    assert "还没有公布" in await town.says("王阿姨", "纪要 会1")
    await decided(town)
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "公布纪要")
    assert "清理三楼" in await town.says("王阿姨", "纪要")
    assert "没有找到" in await town.says("钱伯", "纪要 会1")


@ON_ONE_DATABASE
async def test_empty_minutes_are_not_published(town: Stairwell) -> None:
    await held(town, "楼道堆物")

    assert "还是空的" in await town.taps("张楼长", "publish:1.2")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [("随便吧", "不是日子"), ("昨天", "已经过去"), ("2040年1月1日", "太远"), ("下周", "哪一天")],
)
async def test_a_day_that_cannot_be_is_asked_again(town: Stairwell, said: str, answer: str) -> None:
    await held(town)
    await town.says("张楼长", "议定 会1 清理三楼")
    await town.presses("张楼长", "物业")

    assert answer in await town.says("张楼长", said)
    assert "期限：12月4日周五" in await town.says("张楼长", "下周五")


@ON_ONE_DATABASE
async def test_a_name_that_nobody_bears_is_asked_again(town: Stairwell) -> None:
    await held(town)
    await town.says("张楼长", "议定 会1 清理三楼")

    assert "没有找到「谁谁」" in await town.says("张楼长", "谁谁")
    assert "什么时候办好" in await town.says("张楼长", "吴老师")


@ON_ONE_DATABASE
async def test_at_the_next_meeting_the_last_decisions_come_first(town: Stairwell) -> None:
    await held(town)
    await decided(town, "换楼道灯")
    await decided(town, "清理三楼", "维修队")
    await town.moves("+12h")
    await town.says("赵师傅", "接单 报1")
    await town.says("赵师傅", "办结 报1 换好了")
    await town.says("张楼长", "验单 报1")
    await town.moves("+9d 12:00")
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.says("王阿姨", "议题 门禁")

    assert "上次议定2件，过期1，办好1" in town.card("3号楼", "会2")
    agenda = await town.says("王阿姨", "议程 会2")
    assert "· 过期：清理三楼（维修队，12月4日周五，报2）" in agenda
    assert "· 办好：换楼道灯（物业（赵师傅），12月4日周五，报1）" in agenda
    assert agenda.index("过期：清理三楼") < agenda.index("办好：换楼道灯") < agenda.index("1. 门禁")


@ON_ONE_DATABASE
async def test_minutes_of_a_grid_reach_all_its_buildings(town: Stairwell) -> None:
    await town.says("李网格", "联席会 下周五晚7点 社区活动室", at="第一网格")
    await town.presses("李网格", "召集", at="第一网格")
    await town.moves("+6d 21:00")
    await town.says("李网格", "议定 会1 清理架空层")
    await town.presses("李网格", "物业")
    await town.presses("李网格", "一周内")
    await town.presses("李网格", "记下")
    await town.says("李网格", "纪要 会1")
    await town.presses("李网格", "公布纪要")

    for building in ("1号楼", "2号楼", "3号楼"):
        assert "清理架空层" in town.sees(building)
    assert "清理架空层" not in town.sees("4号楼")


@ON_ONE_DATABASE
async def test_the_whole_minutes_are_a_file(town: Stairwell) -> None:
    await held(town, "楼道堆物", "门禁")
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "记 楼道堆物")
    await town.says("张楼长", "周末一起清。" * 20)
    await decided(town)
    await town.says("张楼长", "纪要 会1")
    await town.presses("张楼长", "公布纪要")

    assert "📎minutes-1.txt" in await town.presses("王阿姨", "全文文件", at="3号楼")
    text = await kept_file(town)
    assert text.startswith("会1 睦邻夜话 纪要\r\n时间：11月27日周五 19:00\r\n地点：凉亭（3号楼）")
    assert f"1. 楼道堆物：{'周末一起清。' * 20}\r\n2. 门禁：没有记录。" in text
    assert "· 清理三楼：物业（赵师傅），12月4日周五前（报1）" in text


async def kept_file(town: Stairwell) -> str:
    """The text of the file that was made last."""

    async def newest(unit: Unit) -> bytes:
        return bytes((await rows("select bytes from photos order by id desc limit 1"))[0]["bytes"])

    return (await town.town.app.database.unit(newest)).decode("utf-8-sig")


@ON_ONE_DATABASE
async def test_a_neighbour_who_writes_reads_nobodys_door(town: Stairwell) -> None:
    async def namesakes(unit: Unit) -> None:
        found = await rows("select id from people where name = ?", "钱伯")
        await unit.people.rename(found[0]["id"], "小陈", unit.now)

    await town.town.app.database.unit(namesakes)
    await held(town)
    await town.says("张楼长", "请人记录 会1 吴老师")
    await town.says("吴老师", "议定 会1 清理三楼")

    asked = await town.says("吴老师", "小陈")
    assert "[小陈（3-2-3** 居民）]" in asked and "[小陈（4-1-1** 居民）]" in asked
    assert "什么时候办好" in await town.presses("吴老师", "小陈（3-2-3** 居民）")


@ON_ONE_DATABASE
async def test_who_chose_english_writes_in_english(town: Stairwell) -> None:
    await held(town, "楼道堆物")
    await town.says("张楼长", "language English")

    assert "1. 楼道堆物: (not written yet)" in await town.says("张楼长", "minutes 1")
    assert "A line or two" in await town.presses("张楼长", "Note 楼道堆物")
    assert "Was anything agreed" in await town.says("张楼长", "Clear it on Saturday.")
    await town.says("张楼长", "decide 1 clear the third floor")
    await town.presses("张楼长", "property company")
    back = await town.says("张楼长", "next friday")
    assert "Is this right?" in back and "Due: Fri 4 Dec" in back
