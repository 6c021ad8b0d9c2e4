"""Words of meetings 会议怎么说: what conveners and neighbours really type, and what it means."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_meetings import CALL, called


@ON_ONE_DATABASE
@pytest.mark.parametrize("at", ["", "3号楼"])
async def test_what_it_is_about_may_be_put_as_a_question(town: Stairwell, at: str) -> None:
    said = await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭，车棚怎么建", at=at)

    assert "11月27日周五 19:00" in said and "📍凉亭\n" in said and "聊聊：车棚怎么建" in said


async def test_a_time_said_as_a_question_in_private_is_no_venue(town: Stairwell) -> None:
    said = await town.says("张楼长", "坝坝会 周六下午3点 小广场，聊聊充电好不好？")

    assert "11月21日周六 15:00" in said and "📍小广场\n" in said


async def test_a_question_among_neighbours_calls_no_meeting(town: Stairwell) -> None:
    assert await town.says("王阿姨", "夜话 周五晚7点，谁去？", at="3号楼") == ""


async def test_a_meeting_needs_no_blanks(town: Stairwell) -> None:
    said = await town.says("张楼长", "睦邻夜话下周五晚7点凉亭", at="3号楼")

    assert "11月27日周五 19:00" in said and "📍凉亭\n" in said
    assert await town.says("王阿姨", "睦邻夜话真不错", at="3号楼") == ""


async def test_an_end_that_was_said_is_read_back(town: Stairwell) -> None:
    said = await town.says("张楼长", "睦邻夜话 下周五晚7点到8点 凉亭")

    assert "11月27日周五 19:00 到 20:00" in said


async def test_a_meeting_through_the_night_is_a_slip(town: Stairwell) -> None:
    said = await town.says("张楼长", "睦邻夜话 下周五晚7点到5点 凉亭")

    assert "最长6小时" in said and "对不对" not in said


async def test_what_it_is_about_fits_on_the_card(town: Stairwell) -> None:
    said = await town.says("张楼长", f"{CALL}，{'聊聊车棚' * 16}")

    assert "最多60个字" in said and "对不对" not in said
    assert "最多60个字" in await town.says("张楼长", f"睦邻夜话 择日 凉亭，{'聊聊车棚' * 16}")


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["夜话取消", "取消会1", "取消会议 会1", "会1取消"])
async def test_calling_off_is_understood_however_it_is_said(town: Stairwell, words: str) -> None:
    await called(town)

    said = await town.says("张楼长", words)

    assert "会1" in said and "择日" not in said and "报上去" not in said


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "words", ["改期 会1 下周六晚7点", "会1改到下周六晚7点", "会1 改期 下周六晚7点"]
)
async def test_moving_is_understood_however_it_is_said(town: Stairwell, words: str) -> None:
    await called(town)

    assert "11月28日周六 19:00" in await town.says("张楼长", words)


async def test_a_meeting_moves_to_another_place_at_its_time(town: Stairwell) -> None:
    await called(town)

    said = await town.says("张楼长", "改期 会1 3号楼活动室")

    assert "11月27日周五 19:00" in said and "📍3号楼活动室" in said


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["会1", "看 会1", "会议1"])
async def test_a_meeting_is_shown_by_its_label(town: Stairwell, words: str) -> None:
    await called(town)

    assert "会1 · 睦邻夜话" in await town.says("王阿姨", words)


async def test_polls_and_reports_are_shown_by_their_labels(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚 东侧/西侧 周五晚8点")
    await town.presses("张楼长", "发布")
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")

    assert "票1 · 投票中" in await town.says("王阿姨", "票1")
    assert "报1 · 待派单" in await town.says("王阿姨", "报1")


async def test_a_label_of_another_building_shows_nothing(town: Stairwell) -> None:
    await called(town)

    assert "没有找到 会1" in await town.says("冯叔", "会1")


async def test_labels_in_a_group_are_neighbours_own_talk(town: Stairwell) -> None:
    await called(town)

    assert await town.says("王阿姨", "会1", at="3号楼") == ""


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["开会", "会议", "夜话几点开", "睦邻夜话什么时候", "几点开会"])
async def test_whoever_asks_for_meetings_sees_what_is_to_come(town: Stairwell, words: str) -> None:
    await called(town)

    assert "会1 睦邻夜话 · 11月27日周五 19:00" in await town.says("王阿姨", words)


@ON_ONE_DATABASE
async def test_nobody_signs_up_once_it_has_begun(town: Stairwell) -> None:
    await called(town)
    await town.moves("+6d 19:01")

    assert "会1 · 睦邻夜话 · 正在开" in town.card("3号楼", "会1")


async def test_a_house_is_no_day_of_the_month(town: Stairwell) -> None:
    said = await town.says("张楼长", "睦邻夜话 3号楼大厅")

    assert "择日" in said and "📍3号楼大厅" in said


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "words",
    [
        "下周五晚7点在凉亭开个夜话",
        "下周五晚7点 夜话 凉亭",
        "下周五晚7点凉亭开睦邻夜话",
        "夜话 下周五晚7点 在凉亭",
    ],
)
async def test_the_time_may_come_before_the_name(town: Stairwell, words: str) -> None:
    said = await town.says("张楼长", words)

    assert "【睦邻夜话】" in said and "11月27日周五 19:00" in said and "📍凉亭\n" in said


async def test_a_repetition_may_come_before_the_name(town: Stairwell) -> None:
    said = await town.says("张楼长", "每月第二个周五晚7点 夜话 凉亭")

    assert "【睦邻夜话】" in said and "到时自动召集" in said and "📍凉亭\n" in said


async def test_a_neighbours_report_that_names_a_meeting_stays_a_report(town: Stairwell) -> None:
    assert "报上去" in await town.says("王阿姨", "周五晚7点夜话的凉亭灯坏了")


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["13月5号 凉亭", "2月30日晚7点 凉亭", "二十五点 凉亭"])
async def test_a_time_that_there_is_not_is_no_place(town: Stairwell, words: str) -> None:
    said = await town.says("张楼长", f"睦邻夜话 {words}")

    assert "不是时间" in said and "择日" not in said


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("behind", "venue", "about"),
    [
        ("凉亭 楼道堆物", "凉亭", "楼道堆物"),
        ("凉亭 聊聊车棚", "凉亭", "聊聊车棚"),
        ("老王家 讨论电梯", "老王家", "讨论电梯"),
        ("3号楼 一楼大厅", "3号楼 一楼大厅", ""),
        ("活动室 201", "活动室 201", ""),
        ("社区活动室 二楼 停车", "社区活动室 二楼", "停车"),
        ("凉亭 东侧", "凉亭 东侧", ""),
        ("老地方 楼道堆物", "老地方", "楼道堆物"),
        ("小广场 充电，还有车棚", "小广场", "充电，还有车棚"),
        ("pavilion about parking", "pavilion", "parking"),
        ("red hall", "red hall", ""),
    ],
)
async def test_what_it_is_about_may_stand_behind_a_blank(
    town: Stairwell, behind: str, venue: str, about: str
) -> None:
    said = await town.says("张楼长", f"睦邻夜话 下周五晚7点 {behind}")

    assert f"📍{venue}\n" in said
    assert f"聊聊：{about}\n" in said if about else "聊聊：" not in said


@ON_ONE_DATABASE
@pytest.mark.parametrize("at", ["", "3号楼"])
async def test_the_one_meeting_to_come_is_moved_without_its_number(
    town: Stairwell, at: str
) -> None:
    await called(town)

    assert "11月28日周六 19:00" in await town.says("张楼长", "改期 下周六晚7点", at=at)
    assert "会1" in await town.presses("张楼长", "改期", at=at)
    assert "12月8日周二 19:30" in await town.says("张楼长", "改期 12月8日晚7点半", at=at)
    assert "12月8日周二 19:30" in await town.says("张楼长", "改期 1 12月8日晚7点半", at=at)


async def test_which_of_several_meetings_moves_is_asked(town: Stairwell) -> None:
    await called(town)
    await town.says("张楼长", "坝坝会 下周六晚7点 广场", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")

    assert "[会2 坝坝会]" in (await town.says("张楼长", "改期 下周日晚7点")).replace("2·", "")
    assert "会2 坝坝会改期" in await town.presses("张楼长", "会2 坝坝会")


async def test_there_may_be_no_meeting_to_move(town: Stairwell) -> None:
    assert "没有要开的会" in await town.says("张楼长", "改期 下周日晚7点")
