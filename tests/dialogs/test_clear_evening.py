"""A clear evening 择日: proposed from the forecast, with its reasons, and called with a tap."""

from datetime import timedelta

import pytest

from domain.outlook import FRESH_FOR
from storage.statement import value
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.sky import CHOOSE, Sky16, minute, sky

__all__ = ["sky"]


@ON_ONE_DATABASE
async def test_three_evenings_are_proposed_without_a_date(town: Stairwell, sky: Sky16) -> None:
    await sky.shows()

    said = await town.says("张楼长", "睦邻夜话")

    assert said.count("19:00 晴 9°]") == 3
    assert "[11月27日周五 19:00 晴 9°]" in said and "11月27日周五 19:00：天气好" in said
    assert "天气：Open-Meteo" in said


async def test_one_tap_calls_the_meeting(town: Stairwell, sky: Sky16) -> None:
    await sky.shows()
    await town.says("张楼长", CHOOSE, at="3号楼")

    said = await town.presses("张楼长", "11月27日", at="3号楼")

    assert "会1 · 睦邻夜话 · 报名中" in said and "🕐11月27日周五 19:00" in said
    assert "📍凉亭（3号楼）" in said
    assert "日子定了：11月27日周五 19:00" in town.told("3号楼")


async def test_a_number_picks_an_evening_too(town: Stairwell, sky: Sky16) -> None:
    await sky.shows()
    await town.says("张楼长", CHOOSE)

    assert "🕐11月27日周五 19:00" in await town.says("张楼长", "1")


async def test_the_list_of_meetings_leads_back_to_the_choice(town: Stairwell) -> None:
    await town.says("张楼长", CHOOSE)
    await town.says("张楼长", "会议列表")
    await town.presses("张楼长", "会1")

    assert "[11月27日周五 19:00]" in await town.presses("张楼长", "挑日子")
    await town.says("李网格", "会议列表")
    assert "[挑日子]" in await town.presses("李网格", "会1")
    await town.says("王阿姨", "会议列表")
    assert "[挑日子]" not in await town.presses("王阿姨", "会1")


async def test_a_wet_evening_is_not_proposed_and_it_says_why(town: Stairwell, sky: Sky16) -> None:
    await sky.shows(6)

    said = await town.says("张楼长", CHOOSE)

    assert "[11月27日" not in said
    assert "避开了" in said and "11月27日周五 有雨（80%）7°" in said


@ON_ONE_DATABASE
async def test_festivals_days_off_and_other_meetings_are_avoided(town: Stairwell) -> None:
    await town.moves("+27d 12:00")
    await town.says("李网格", "联席会 12月25日晚7点 活动室", at="第一网格")
    await town.presses("李网格", "召集", at="第一网格")

    said = await town.says("张楼长", CHOOSE)

    assert "12月22日周二 冬至" in said and "12月25日周五 有会1" in said
    assert "2027年放假安排还没公布" in said
    assert all(f"[{day}" not in said for day in ("12月22日", "12月25日", "12月31日", "1月1日"))


async def test_another_buildings_meeting_is_avoided_but_not_named(town: Stairwell) -> None:
    await town.says("韩楼长", "睦邻夜话 下周五晚7点 凉亭", at="4号楼")
    await town.presses("韩楼长", "召集", at="4号楼")

    said = await town.says("张楼长", CHOOSE)

    assert "11月27日周五 社区另有会议" in said and "[11月27日" not in said


@ON_ONE_DATABASE
async def test_people_meet_when_and_where_they_used_to_meet(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话 下周三晚7点半 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.moves("+5d 12:00")

    said = await town.says("张楼长", "睦邻夜话")

    assert "[12月2日周三 19:30]" in said and "12月2日周三 19:30：大家常在这天" in said
    assert "📍凉亭" in said


async def test_without_a_forecast_the_weekday_decides_and_it_is_said(town: Stairwell) -> None:
    said = await town.says("张楼长", CHOOSE)

    assert "没有天气预报，按星期几推荐" in said and "[11月27日周五 19:00]" in said


async def test_the_answer_does_not_wait_for_the_weather(town: Stairwell, sky: Sky16) -> None:
    assert "正在查天气" in await town.says("张楼长", CHOOSE)
    assert await sky.is_wanted()

    await sky.shows()

    (edit,) = [event for event in town.events if event.chat == "@张楼长"]
    assert edit.kind == "edit" and "11月27日周五 19:00 晴 9°" in town.sees("张楼长")


async def test_weather_that_does_not_come_is_said(town: Stairwell, sky: Sky16) -> None:
    await town.says("张楼长", CHOOSE)
    await sky.hides()

    assert "天气暂时查不到，按星期几推荐" in town.sees("张楼长")


async def test_an_old_forecast_is_shown_while_a_newer_one_is_fetched(
    town: Stairwell, sky: Sky16
) -> None:
    await sky.shows()
    await town.moves("+4h")

    assert "晴 9°" in await town.says("张楼长", CHOOSE)
    assert await sky.is_wanted()


async def test_a_fresh_forecast_is_not_asked_for_again(town: Stairwell, sky: Sky16) -> None:
    await sky.shows()
    await town.says("张楼长", CHOOSE)

    assert not await sky.is_wanted()
    assert timedelta(hours=3) == FRESH_FOR


async def test_where_nobody_knows_the_place_it_is_asked(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话")
    assert "地点还没有定" in town.sees("张楼长")

    assert "在哪里开" in await town.presses("张楼长", "11月27日")
    assert "📍活动室（3号楼）" in await town.says("张楼长", "活动室")
    assert "会1 · 睦邻夜话" in town.told("3号楼")


async def test_another_time_is_read_back_before_it_is_called(town: Stairwell) -> None:
    await town.says("张楼长", CHOOSE)
    await town.presses("张楼长", "自己定时间")

    assert "11月28日周六 20:00，对吗" in await town.says("张楼长", "下周六晚8点")
    assert "🕐11月28日周六 20:00" in await town.presses("张楼长", "对，就这个时间")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("下周六", "11月28日周六 19:00，对吗"),
        ("下周", "哪一天"),
        ("昨天晚上8点", "已经过去"),
        ("凌晨3点", "休息"),
        ("随便", "不是时间"),
    ],
)
async def test_another_time_may_be_unclear(town: Stairwell, words: str, answer: str) -> None:
    await town.says("张楼长", CHOOSE)
    await town.presses("张楼长", "自己定时间")

    assert answer in await town.says("张楼长", words)


async def test_no_meeting_after_all(town: Stairwell) -> None:
    await town.says("张楼长", CHOOSE, at="3号楼")
    await town.presses("张楼长", "先不开了", at="3号楼")

    assert "这次不开了" in town.sees("3号楼") and "[" not in town.sees("3号楼")
    assert "已经取消" in await town.taps("张楼长", f"evening:1:{minute(6)}", at="3号楼")


async def test_asking_again_goes_on_with_the_same_meeting(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话")

    assert "会1 " in await town.says("张楼长", CHOOSE) and "📍凉亭" in town.sees("张楼长")


@ON_ONE_DATABASE
async def test_what_nobody_chooses_is_forgotten(town: Stairwell) -> None:
    await town.says("张楼长", CHOOSE)
    await town.moves("+15d")

    assert "这次不开了" in town.sees("张楼长")
    assert "会2 " in await town.says("张楼长", CHOOSE)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "call",
    [
        f"evening:1:{minute(6)}",
        "askevening:1",
        "dropevening:1",
        "ownevening:1",
        "showevenings:1",
        "endevening:1",
    ],
)
async def test_only_the_convener_or_staff_above_may_choose(town: Stairwell, call: str) -> None:
    await town.says("张楼长", CHOOSE, at="3号楼")

    assert "需要楼栋长" in await town.taps("王阿姨", call, at="3号楼")
    assert "没有找到" in await town.taps("韩楼长", call)
    assert "报名中" not in town.sees("3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize("at", ["0", str(minute(-2)), "999999999999999999", str(minute(500))])
async def test_a_forged_evening_is_refused(town: Stairwell, at: str) -> None:
    await town.says("张楼长", CHOOSE)

    said = await town.taps("张楼长", f"evening:1:{at}")

    assert "已经过去" in said or "最多一年" in said


async def test_two_taps_call_one_meeting(town: Stairwell) -> None:
    await town.says("张楼长", CHOOSE, at="3号楼")
    await town.taps("张楼长", f"evening:1:{minute(6)}", at="3号楼")

    assert "已经定好日子" in await town.taps("李网格", f"evening:1:{minute(5)}")
    assert await town.town.app.database.unit(_called) == 1


async def _called(unit: Unit) -> int:
    return int(await value("select count(*) from meetings where state = 'called'"))


async def test_english_is_spoken(town: Stairwell, sky: Sky16) -> None:
    await sky.shows(6)
    await town.says("张楼长", "language English")

    said = await town.says("张楼长", "meeting")

    assert "Thu 26 Nov 19:00 clear 9°" in said and "Fri 27 Nov rain (80%) 7°" in said
