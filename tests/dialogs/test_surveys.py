"""Consent surveys 征询: every household once, silent ones visited, told when they end."""

import asyncio

import pytest

from handlers.messages import Incoming, Picture, Press
from tests.conftest import ON_ONE_DATABASE, Stairwell

ROLL = (
    "楼栋,单元,房号,业主,面积\n3,2,501,王秀英,90\n3,1,102,刘德福,70\n3,2,301,陈小,70\n"
    "3,1,403,吴,70\n3,2,202,郑,60\n3,1,201,张,60\n"
)
OPEN = "征询 加装电梯，同意吗 下周五晚8点"
PAPER = Picture("image/jpeg", b"a signed paper")


async def with_roll(town: Stairwell) -> None:
    await town.sends("孙主任", "名册.csv", ROLL)
    await town.presses("孙主任", "存入名册")


async def opened(town: Stairwell, *taps: str) -> None:
    """张楼长 opens a survey of 3号楼; ``taps`` change it before."""
    assert "对不对" in await town.says("张楼长", OPEN, at="3号楼")
    for tap in taps:
        await town.presses("张楼长", tap, at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")


async def two_at_home(town: Stairwell) -> None:
    """赵师傅 lives with 王阿姨 in 3-2-501."""
    await town.says("赵师傅", "登记 3-2-501")
    await town.presses("张楼长", "同意加入")


async def test_a_survey_is_read_back_with_its_households(town: Stairwell) -> None:
    assert "问6户（还没有名册" in await town.says("张楼长", OPEN, at="3号楼")
    await with_roll(town)
    said = await town.says("张楼长", OPEN, at="3号楼")

    assert "问6户（按名册）" in said and "11月27日周五 20:00 截止" in said
    assert "询1 · 征询中" in await town.presses("张楼长", "发布", at="3号楼")


async def test_a_door_where_nobody_lives_is_not_asked(town: Stairwell) -> None:
    await town.says("张楼长", "邀请 3-2-999")
    said = await town.says("张楼长", OPEN, at="3号楼")

    assert "问6户" in said and "有1户没人登记，不问：3-2-999" in said
    await town.presses("张楼长", "发布", at="3号楼")
    assert "已答0/6户" in town.sees("3号楼")


async def test_households_answer_with_a_tap_and_change_it(town: Stairwell) -> None:
    await opened(town)
    assert "您家答了：同意" in await town.presses("王阿姨", "同意", at="3号楼")
    await town.presses("刘大爷", "弃权", at="3号楼")
    assert "同意1户 · 不同意0户 · 弃权1户" in town.sees("3号楼")
    await town.presses("王阿姨", "不同意", at="3号楼")

    assert "同意0户 · 不同意1户 · 弃权1户" in town.sees("3号楼")
    assert "已答2/6户，还有4户没答" in town.sees("3号楼")


async def test_the_card_tells_nobody_who_said_what(town: Stairwell) -> None:
    await with_roll(town)
    await opened(town, "电梯⅔参加¾同意")
    await town.presses("王阿姨", "不同意", at="3号楼")
    shown = town.sees("3号楼")

    assert "3-2-501" not in shown and "王" not in shown and "90.00" not in shown
    assert "只有楼栋长和社区看得到" in await town.says("刘大爷", "征询名单 询1")
    assert "不同意（1户）：3-2-501" in await town.says("张楼长", "征询名单 询1")
    assert "90.00/420.00平方米" in town.told("张楼长")


async def test_a_public_survey_says_so_first_and_shows_doors_to_the_building(
    town: Stairwell,
) -> None:
    await town.says("张楼长", OPEN, at="3号楼")
    assert "本楼邻居都看得到" in await town.presses("张楼长", "邻居可看各户", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.presses("王阿姨", "同意", at="3号楼")

    assert "同意（1户）：3-2-501" in await town.says("刘大爷", "征询名单 询1")
    assert "没有找到" in await town.says("钱伯", "征询名单 询1")


async def test_those_at_home_see_the_answer_and_can_object(town: Stairwell) -> None:
    await two_at_home(town)
    await opened(town)
    await town.presses("王阿姨", "同意", at="3号楼")
    assert "您家 3-2-501 已答：同意（王阿姨）" in town.told("赵师傅")

    assert "先不算" in await town.presses("赵师傅", "有异议")
    assert "同意0户" in town.sees("3号楼") and "1户家里在商量" in town.sees("3号楼")
    assert "请在家商量好" in town.told("王阿姨")
    await town.presses("王阿姨", "商量好：不同意")
    assert "不同意1户" in town.sees("3号楼") and "在商量" not in town.sees("3号楼")
    assert "已答：不同意（王阿姨）" in town.told("赵师傅")


async def test_another_answer_of_the_same_household_is_an_objection(town: Stairwell) -> None:
    await two_at_home(town)
    await opened(town)
    await town.presses("王阿姨", "同意", at="3号楼")
    assert "和家里人答的不一样" in await town.presses("赵师傅", "不同意", at="3号楼")

    await town.presses("王阿姨", "同意", at="3号楼")
    assert "请在家商量好" in town.told("王阿姨") and "同意0户" in town.sees("3号楼")


async def test_the_same_answer_of_the_same_household_counts_once(town: Stairwell) -> None:
    await two_at_home(town)
    await opened(town)
    await town.presses("王阿姨", "同意", at="3号楼")
    await town.presses("赵师傅", "同意", at="3号楼")

    assert "同意1户" in town.sees("3号楼") and "已答1/6户" in town.sees("3号楼")


async def test_two_of_one_household_at_the_same_second_count_once_and_are_both_told(
    town: Stairwell,
) -> None:
    await two_at_home(town)
    await opened(town)
    said = {"王阿姨": "yes", "赵师傅": "no"}
    presses = [
        Incoming(
            platform="memory",
            delivery=f"both{who}",
            chat="3号楼",
            is_private=False,
            account=who,
            name=who,
            press=Press(f"surveyanswer:1:{choice}", f"{who}|1"),
        )
        for who, choice in said.items()
    ]
    seen = len(town.town.screen.events)
    await asyncio.gather(*(town.town.app.received(press) for press in presses))
    await town.town.app.delivery.drain()
    town.events = town.town.screen.events[seen:]

    assert "已答0/6户，还有5户没答，1户家里在商量" in town.sees("3号楼")
    assert "请在家商量好" in town.told("王阿姨") and "请在家商量好" in town.told("赵师傅")


async def test_whoever_moved_away_cannot_answer_any_more(town: Stairwell) -> None:
    await opened(town)
    await town.says("孙主任", "免去 王阿姨 居民 3-2-501")
    await town.says("王阿姨", "登记 3-9-901")
    await town.presses("王阿姨", "同意，登记")
    await town.presses("张楼长", "同意加入")

    assert "没有问您家" in await town.presses("王阿姨", "同意", at="3号楼")
    assert "已答0/6户" in town.sees("3号楼")


async def test_a_roll_changed_meanwhile_changes_nothing_in_an_open_survey(
    town: Stairwell,
) -> None:
    await with_roll(town)
    await opened(town, "电梯⅔参加¾同意")
    await town.presses("王阿姨", "同意", at="3号楼")
    await town.sends(
        "孙主任", "名册.csv", ROLL.replace("王秀英,90", "王秀英,900") + "3,2,601,钱,80\n"
    )
    await town.presses("孙主任", "存入名册")
    await town.presses("刘大爷", "同意", at="3号楼")

    assert "已答2/6户" in town.sees("3号楼")
    await town.says("张楼长", "征询名单 询1")
    assert "160.00/420.00平方米" in town.told("张楼长")


async def test_the_building_head_sees_who_is_silent_and_reminds_only_them(
    town: Stairwell,
) -> None:
    await opened(town)
    await town.presses("王阿姨", "同意", at="3号楼")
    said = await town.says("张楼长", "未答 询1")
    assert "还有5户没答" in said and "3-2-501" not in said and "3-1-102" in said

    await town.presses("张楼长", "提醒5户")
    assert "您家 3-1-102 还没回答" in town.told("刘大爷") and town.told("王阿姨") == ""
    assert "明天再来" in await town.says("张楼长", "催答 询1")
    await town.presses("刘大爷", "不同意")
    await town.moves("+1d 13:00")
    assert "已提醒4户" in await town.says("张楼长", "催答 询1") and town.told("刘大爷") == ""


async def test_nobody_is_reminded_at_night(town: Stairwell) -> None:
    await opened(town)
    await town.moves("23:00")
    await town.says("张楼长", "催答 询1")
    assert town.told("刘大爷") == ""

    await town.moves("07:30")
    assert "还没回答" in town.told("刘大爷")


async def test_another_building_head_learns_nothing(town: Stairwell) -> None:
    await opened(town)

    assert "没有找到" in await town.says("韩楼长", "未答 询1")
    assert "需要楼栋长" in await town.says("王阿姨", "未答 询1")
    assert "3-1-102" not in await town.taps("韩楼长", "surveydoor:1:20")


async def test_in_a_grids_survey_each_building_head_sees_the_own_building(
    town: Stairwell,
) -> None:
    await town.says("李网格", OPEN, at="第一网格")
    await town.presses("李网格", "发布", at="第一网格")
    await town.presses("冯叔", "同意", at="1号楼")

    said = await town.says("何楼长", "未答 询1")
    assert "1-2-402" in said and "3-1-102" not in said
    assert "还有9户没答" in await town.says("李网格", "未答 询1")


async def test_visits_are_noted_for_staff_only_and_come_back(town: Stairwell) -> None:
    await opened(town)
    said = await town.says("张楼长", "走访 询1 3-1-102 刘大爷要看图纸，明晚7点再来")
    assert "11月22日周日 19:00 提醒您再去" in said
    assert "要看图纸" in await town.says("张楼长", "未答 询1")
    assert "需要楼栋长" in await town.says("刘大爷", "走访 询1 3-1-102 不用来")

    await town.moves("+1d 19:00")
    assert "该去 3-1-102 了" in town.told("张楼长") and town.told("刘大爷") == ""


async def test_a_visit_is_not_recalled_where_the_household_has_answered(
    town: Stairwell,
) -> None:
    await opened(town)
    await town.says("张楼长", "走访 询1 3-1-102 明晚7点再来")
    await town.presses("刘大爷", "同意", at="3号楼")
    await town.moves("+1d 19:00")

    assert town.told("张楼长") == ""


async def test_a_paper_is_put_in_with_its_photo_and_the_household_is_told(
    town: Stairwell,
) -> None:
    await opened(town)
    assert "拍下来" in await town.says("张楼长", "代录 询1 3-1-102 同意")
    said = await town.says("张楼长", "", pictures=[PAPER])

    assert "已代录 3-1-102：同意" in said
    assert "已答：同意（纸上签的）" in town.told("刘大爷") and "同意1户" in town.sees("3号楼")
    assert "先不算" in await town.presses("刘大爷", "有异议")


async def test_a_paper_never_overrules_an_own_answer(town: Stairwell) -> None:
    await opened(town)
    await town.presses("刘大爷", "同意", at="3号楼")

    said = await town.says("张楼长", "代录 询1 3-1-102 不同意", pictures=[PAPER])
    assert "自己已经答过" in said and "同意1户" in town.sees("3号楼")


async def test_milestones_are_told_once_each(town: Stairwell) -> None:
    await opened(town)
    for who in ("王阿姨", "刘大爷", "小陈"):
        await town.presses(who, "同意", at="3号楼")
        assert "进展：" not in town.told("3号楼")
    await town.presses("吴老师", "同意", at="3号楼")
    assert "已有2/3的户同意（4/6户）" in town.told("3号楼")

    await town.presses("吴老师", "不同意", at="3号楼")
    await town.presses("吴老师", "同意", at="3号楼")
    assert "进展：" not in town.told("3号楼")
    await town.presses("郑师母", "同意", at="3号楼")
    await town.presses("张楼长", "同意", at="3号楼")
    assert town.told("3号楼").count("进展：") == 1 and "全部的户同意" in town.told("3号楼")


async def test_the_result_is_told_with_the_verdict(town: Stairwell) -> None:
    await opened(town)
    for who in ("王阿姨", "刘大爷", "小陈", "吴老师"):
        await town.presses(who, "同意", at="3号楼")
    await town.moves("+7d")

    assert "询1 征询结束：通过" in town.told("3号楼") and "4/6户 = 66.66%" in town.told("3号楼")
    assert "已经结束" in await town.taps("郑师母", "surveyanswer:1:yes", at="3号楼")


async def test_a_lift_needs_two_thirds_and_three_quarters_of_households_and_area(
    town: Stairwell,
) -> None:
    await with_roll(town)
    await opened(town, "电梯⅔参加¾同意")
    for who in ("王阿姨", "刘大爷", "小陈"):
        await town.presses(who, "同意", at="3号楼")
    assert "✗ 参加 3/6户 = 50.00%（要2/3以上，还差1户）" in town.sees("3号楼")
    await town.presses("吴老师", "不同意", at="3号楼")
    assert "✓ 同意 3/4户 = 75.00%" in town.sees("3号楼")

    assert "要现在结束 询1 吗" in await town.says("张楼长", "结束征询 询1")
    await town.presses("张楼长", "现在结束")
    assert "征询结束：通过" in town.told("3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [("150%", "最多是全部"), ("三分之四", "最多是全部"), ("0", "要大于0"), ("差不多", "没看懂")],
)
async def test_a_threshold_that_cannot_be_is_asked_again(
    town: Stairwell, said: str, answer: str
) -> None:
    await town.says("张楼长", OPEN)
    await town.presses("张楼长", "自己定多少")
    assert answer in await town.says("张楼长", said)

    assert "4/5以上的户同意就通过" in await town.says("张楼长", "80%")


async def test_area_cannot_count_without_a_roll(town: Stairwell) -> None:
    said = await town.says("张楼长", OPEN)

    assert "面积也够" not in said and "电梯" not in said.replace("加装电梯", "")
    assert "户数和面积" not in await town.taps("张楼长", "surveychange:lift")


async def test_a_survey_is_extended_and_cancelled_with_a_word_to_all(town: Stairwell) -> None:
    await opened(town)
    said = await town.says("张楼长", "征询延期 询1 下周日晚8点", at="3号楼")
    assert "延到 11月29日周日 20:00（张楼长）" in said
    assert "没有找到" in await town.says("韩楼长", "取消征询 询1")

    assert "都不算" in await town.says("张楼长", "取消征询 询1", at="3号楼")
    assert "已取消（张楼长）" in await town.presses("张楼长", "取消这次征询", at="3号楼")
    await town.moves("+9d")
    assert "征询结束" not in town.told("3号楼")


async def test_a_survey_is_asked_step_by_step(town: Stairwell) -> None:
    assert "要问各户什么" in await town.says("张楼长", "征询")
    assert "什么时候截止" in await town.says("张楼长", "加装电梯，同意吗")
    assert "11月27日周五 20:00 截止" in await town.says("张楼长", "下周五晚8点")


async def test_neighbours_talk_of_owners_and_surveys_without_us(town: Stairwell) -> None:
    for words in ("owner of the red car, please move it", "survey the damage first", "走访过了吗"):
        assert await town.says("王阿姨", words, at="3号楼") == ""


async def test_a_resident_cannot_open_one(town: Stairwell) -> None:
    assert "需要楼栋长" in await town.says("王阿姨", OPEN, at="3号楼")


async def test_one_finds_the_survey_again_with_the_own_answer(town: Stairwell) -> None:
    await opened(town)
    await town.presses("小陈", "同意", at="3号楼")
    assert "询1 加装电梯" in await town.says("小陈", "征询列表")

    assert "您家 3-2-301：同意" in await town.presses("小陈", "询1")
    assert "现在没有征询" in await town.says("钱伯", "征询列表")
