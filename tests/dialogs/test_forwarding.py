"""Forwarding 转发: short texts with a link for the groups where no bot may be."""

import re

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_conventions import given
from tests.dialogs.voting import announced, give_many, with_roll

POLL = "投票 车棚建在哪 东侧/西侧/不建 周五晚8点"


SURVEY = "征询 加装电梯，同意吗 下周五晚8点"


async def opened(town: Stairwell) -> None:
    """张楼长 opens a poll."""
    await town.says("张楼长", POLL, at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")


def link_in(text: str) -> str:
    """The token of the link that a text ends with."""
    found = re.search(r"/f/([\w-]+)", text)
    assert found is not None, text
    return found[1]


async def test_a_poll_becomes_a_short_text_with_a_link_and_its_deadline(town: Stairwell) -> None:
    await opened(town)

    said = await town.says("张楼长", "转发 票1")

    assert "请您投票：车棚建在哪" in said and "东侧、西侧、不建" in said
    assert "11月27日周五 20:00 截止" in said and "/f/" in said
    assert len(said) <= 256


async def test_the_link_of_a_thing_stays_the_same(town: Stairwell) -> None:
    await opened(town)

    first = link_in(await town.says("张楼长", "转发 票1"))

    assert link_in(await town.says("李网格", "转发 票1")) == first


@ON_ONE_DATABASE
async def test_the_card_of_who_answers_for_the_building_has_the_button(town: Stairwell) -> None:
    await opened(town)

    await town.says("张楼长", "投票列表")
    assert "转发到微信群" in await town.presses("张楼长", "票1 车棚建在哪")

    await town.says("王阿姨", "投票列表")
    assert "转发" not in await town.presses("王阿姨", "票1 车棚建在哪")


async def test_who_comes_through_the_link_sees_the_poll_and_can_vote(town: Stairwell) -> None:
    await opened(town)
    token = link_in(await town.says("张楼长", "转发 票1"))

    assert "票1 · 投票中" in await town.taps("王阿姨", f"fwd:{token}")
    assert "您投了：东侧" in await town.presses("王阿姨", "东侧")


async def test_the_link_opens_nothing_for_another_building(town: Stairwell) -> None:
    await opened(town)
    token = link_in(await town.says("张楼长", "转发 票1"))

    assert "不是给您这栋楼的" in await town.taps("钱伯", f"fwd:{token}")


@ON_ONE_DATABASE
async def test_the_link_opens_for_two_days_after_the_end(town: Stairwell) -> None:
    await opened(town)
    token = link_in(await town.says("张楼长", "转发 票1"))
    await town.moves("+7d 12:00")
    assert "票1 · 已结束" in await town.taps("王阿姨", f"fwd:{token}")

    await town.moves("+2d")
    assert "打不开了" in await town.taps("王阿姨", f"fwd:{token}")


async def test_one_text_a_day_is_enough(town: Stairwell) -> None:
    await opened(town)
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")

    said = await town.says("张楼长", "转发")

    assert "投票：车棚建在哪（11月27日周五 20:00 截止）" in said
    assert "睦邻夜话：11月27日周五 19:00 凉亭" in said
    shown = await town.taps("王阿姨", f"fwd:{link_in(said)}")
    assert "票1 · 投票中" in shown and "会1" in shown


async def test_the_mornings_digest_has_it_in_one_block(town: Stairwell) -> None:
    await opened(town)
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.moves("+1d 8:00")

    said = await town.presses("李网格", "今天要转发的")

    assert "投票：车棚建在哪" in said and "/f/" in said


async def asked_everybody(town: Stairwell) -> None:
    """张楼长 opens a consent survey of 3号楼."""
    await town.says("张楼长", SURVEY, at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")


async def test_a_survey_is_forwarded_and_answered_through_its_link(town: Stairwell) -> None:
    await asked_everybody(town)

    said = await town.says("张楼长", "转发 询1")

    assert "【3号楼】入户征询：加装电梯，同意吗" in said
    assert "每户答一次，11月27日周五 20:00 截止" in said and len(said) <= 256
    assert "询1 · 征询中" in await town.taps("王阿姨", f"fwd:{link_in(said)}")
    assert "您家答了：同意" in await town.presses("王阿姨", "同意")


async def test_a_motion_is_forwarded_while_it_is_on_notice_and_while_it_is_open(
    town: Stairwell,
) -> None:
    await with_roll(town)
    await announced(town)

    said = await town.says("周业委", "转发 表1")

    assert "业主表决：更换物业公司" in said and "12月31日周四 20:00 截止" in said
    assert "没有约束力" in said
    assert "表1" in await town.taps("钱伯", f"fwd:{link_in(said)}")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("who", "asks", "shows", "line"),
    [
        ("张楼长", "征询列表", "询1", "转发到微信群"),
        ("周业委", "表决列表", "表1", "转发到微信群"),
    ],
)
async def test_cards_of_who_answers_for_the_place_have_the_button(
    town: Stairwell, who: str, asks: str, shows: str, line: str
) -> None:
    await with_roll(town)
    await asked_everybody(town)
    await announced(town)

    await town.says(who, asks)
    assert line in await town.presses(who, shows)

    await town.says("王阿姨", asks)
    assert line not in await town.presses("王阿姨", shows)


async def test_a_survey_and_a_motion_stand_in_the_days_text(town: Stairwell) -> None:
    await with_roll(town)
    await asked_everybody(town)
    await announced(town)

    said = await town.says("张楼长", "转发")

    assert "征询：加装电梯，同意吗（11月27日周五 20:00 截止）" in said
    assert "业主表决：更换物业公司（12月31日周四 20:00 截止）" in said
    shown = await town.taps("王阿姨", f"fwd:{link_in(said)}")
    assert "询1" in shown and "表1" in shown


async def test_the_digest_offers_a_day_that_has_a_survey_alone(town: Stairwell) -> None:
    await asked_everybody(town)
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.moves("+1d 8:00")

    assert "征询：加装电梯，同意吗" in await town.presses("李网格", "今天要转发的")


@ON_ONE_DATABASE
async def test_a_full_day_keeps_to_six_lines_the_next_to_end_first(town: Stairwell) -> None:
    for day in range(7, 0, -1):
        await town.says("张楼长", f"投票 第{day}件 好/不好 12月{day}日晚8点", at="3号楼")
        await town.presses("张楼长", "发布", at="3号楼")

    said = await town.says("张楼长", "转发")

    shown = [day for day in range(1, 8) if f"第{day}件" in said]
    assert shown == [1, 2, 3, 4, 5, 6]
    assert said.index("第1件") < said.index("第6件")


async def test_a_convention_is_forwarded_while_clauses_come_in(
    town: Stairwell,
) -> None:
    await given(town)
    assert "公约条款：3号楼楼道公约（收集到11月28日周六 20:00）" in await town.says(
        "张楼长", "转发"
    )
    said = await town.says("张楼长", "转发 约1")
    assert "【3号楼】3号楼楼道公约：收集条款中\n条款收集到 11月28日周六 20:00" in said
    shown = await town.taps("王阿姨", f"fwd:{link_in(said)}")
    assert "1. 楼道不堆杂物" in shown and "[加一条]" in shown
    assert "转发" not in shown and "转发到微信群" in await town.taps("张楼长", "showconvention:1")
    assert "没有找到 约1" in await town.says("何楼长", "转发 公约1")

    await town.says("张楼长", "取消公约 约1")
    await town.presses("张楼长", "取消这次收集")
    assert "现在是「已取消」，不用再转发" in await town.says("张楼长", "转发 约1")


async def test_a_survey_that_is_called_off_is_not_forwarded(town: Stairwell) -> None:
    await asked_everybody(town)
    await town.says("张楼长", "取消征询 询1", at="3号楼")
    await town.presses("张楼长", "取消这次征询", at="3号楼")

    assert "取消" in await town.says("张楼长", "转发 询1")


async def test_a_buildings_own_matters_are_not_for_a_group_of_several(town: Stairwell) -> None:
    await opened(town)
    await town.says("孙主任", "投票 哪天大扫除 周六/周日 周五晚8点", at="睦邻社区")
    await town.presses("孙主任", "发布", at="睦邻社区")

    asked = await town.says("孙主任", "转发")
    assert "[睦邻社区]" in asked and "[3号楼]" in asked
    ours = await town.presses("孙主任", "睦邻社区")

    assert "哪天大扫除" in ours and "车棚" not in ours


@ON_ONE_DATABASE
async def test_a_day_without_anything_says_so(town: Stairwell) -> None:
    assert "没有要转发的" in await town.says("张楼长", "转发")


async def test_what_many_share_is_forwarded_and_what_is_one_familys_own_is_not(
    town: Stairwell,
) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    assert "没有要转发的" in await town.says("张楼长", "转发")

    for who in ("刘大爷", "小陈", "吴老师"):
        await town.taps(who, "second:1", at="3号楼")

    assert "大家都遇到：五楼灯坏了" in await town.says("张楼长", "转发")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("转发 票9", "没有找到"),
        ("转发 报9", "没有找到"),
        ("转发 会9", "没有找到"),
        ("转发 询9", "没有找到"),
        ("转发 表9", "没有找到"),
    ],
)
async def test_what_cannot_be_forwarded_is_explained(
    town: Stairwell, words: str, answer: str
) -> None:
    assert answer in await town.says("张楼长", words)


async def test_what_is_over_is_not_forwarded(town: Stairwell) -> None:
    await opened(town)
    await town.says("张楼长", "结束投票 票1", at="3号楼")
    await town.presses("张楼长", "现在结束", at="3号楼")

    assert "结束" in await town.says("张楼长", "转发 票1")


@ON_ONE_DATABASE
async def test_a_resident_cannot_forward(town: Stairwell) -> None:
    await opened(town)

    assert "需要楼栋长" in await town.says("王阿姨", "转发 票1")


@ON_ONE_DATABASE
async def test_a_report_is_forwarded_without_who_made_it(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    said = await town.says("张楼长", "转发 报1")

    assert "五楼灯坏了" in said and "附议" in said
    assert "王阿姨" not in said and "501" not in said


@ON_ONE_DATABASE
async def test_who_may_not_forward_it_is_told_whom_to_ask(town: Stairwell) -> None:
    await town.says("李网格", "投票 车棚建在哪 东侧/西侧 周五晚8点", at="第一网格")
    await town.presses("李网格", "发布", at="第一网格")

    assert "请找网格员 李网格" in await town.says("张楼长", "转发 票1")


@ON_ONE_DATABASE
async def test_a_label_that_cannot_be_read_is_asked_about(town: Stairwell) -> None:
    assert "没有要转发的" in await town.says("张楼长", "转发 楼9")
    await opened(town)
    await town.says("张楼长", SURVEY, at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")

    said = await town.says("张楼长", "转发 楼9")
    assert "没看懂要转发哪一个" in said and "票1 车棚建在哪" in said and "询1" in said
    assert "请您投票：车棚建在哪" in await town.presses("张楼长", "票1 车棚建在哪")
    assert "请您投票：车棚建在哪" in await town.says("张楼长", "转发 票1")


@ON_ONE_DATABASE
async def test_a_secret_vote_is_forwarded_with_how_it_is_changed(town: Stairwell) -> None:
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")

    said = await town.says("周业委", "转发 表1")
    assert "不记名，截止前想改，先凭投票时给的回执码" in said and "截止前可以改" not in said
