"""Rain 下雨: the day before, the convener alone is told, with a tap for each way out."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.sky import Sky16, minute, sky

__all__ = ["sky"]


async def called(town: Stairwell, venue: str = "凉亭") -> None:
    """A meeting on Friday, for which 王阿姨 has signed up."""
    await town.says("张楼长", f"睦邻夜话 下周五晚7点 {venue}", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.presses("王阿姨", "我来", at="3号楼")


async def rain_is_seen(town: Stairwell, sky: Sky16, *wet: int) -> None:
    """The eve comes, and with it a forecast of rain."""
    await town.moves("+5d 10:00")
    assert await sky.is_wanted()
    await sky.shows(*wet)
    await town.moves("+5m")


@ON_ONE_DATABASE
async def test_the_day_before_the_convener_alone_is_told_of_rain(
    town: Stairwell, sky: Sky16
) -> None:
    await called(town)
    await rain_is_seen(town, sky, 6, 7)

    said = town.told("张楼长")
    assert "那天晚上可能有雨（80%）7°" in said
    assert "[11月29日周日 19:00 晴 9°]" in said and "[搬到室内]" in said and "[照常开]" in said
    assert town.told("王阿姨") == "" and town.told("3号楼") == ""


async def test_a_tap_moves_it_to_the_next_clear_evening(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await rain_is_seen(town, sky, 6, 7)

    await town.presses("张楼长", "11月29日")

    assert "11月29日周日 19:00" in town.told("王阿姨") and "11月29日周日 19:00" in town.told(
        "3号楼"
    )
    assert "🕐11月29日周日 19:00" in town.card("3号楼", "会1")


@ON_ONE_DATABASE
async def test_a_tap_moves_it_indoors(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await rain_is_seen(town, sky, 6)

    assert "搬到哪里" in await town.presses("张楼长", "搬到室内")
    await town.says("张楼长", "活动室")

    assert "活动室" in town.told("王阿姨") and "📍活动室（3号楼）" in town.card("3号楼", "会1")


@ON_ONE_DATABASE
async def test_left_as_it_is_nobody_asks_again(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await rain_is_seen(town, sky, 6)

    assert "照常开" in await town.presses("张楼长", "照常开")
    await town.moves("18:10")
    await sky.shows(6)
    await town.moves("+1d 12:00")
    assert "可能有雨" not in town.told("张楼长")


async def test_a_sky_that_clears_is_told_too(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await rain_is_seen(town, sky, 6)
    await town.moves("17:59")
    await sky.shows()
    await town.moves("18:05")

    assert "天气转好了，晴 9°" in town.told("张楼长")


async def test_a_forecast_that_turns_is_told(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await sky.shows()
    await town.moves("+5d 12:00")
    assert town.told("张楼长") == "" or "有雨" not in town.told("张楼长")

    await sky.shows(6)
    await town.moves("18:05")
    assert "可能有雨" in town.told("张楼长")


@ON_ONE_DATABASE
@pytest.mark.parametrize("venue", ["活动室", "居委会二楼", "王阿姨家"])
async def test_nobody_looks_at_the_sky_for_a_meeting_indoors(
    town: Stairwell, sky: Sky16, venue: str
) -> None:
    await called(town, venue)
    await town.moves("+5d 12:00")

    assert not await sky.is_wanted()


async def test_words_may_say_that_it_is_outdoors(town: Stairwell, sky: Sky16) -> None:
    await called(town, "老地方，室外烧烤")
    await rain_is_seen(town, sky, 6)

    assert "可能有雨" in town.told("张楼长")


async def test_without_weather_nothing_is_said_of_rain(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await town.moves("+5d 10:00")
    await sky.hides()
    await town.moves("+1d 11:00")

    assert "天气" not in town.told("张楼长")


async def test_only_the_convener_may_change_it_for_rain(town: Stairwell, sky: Sky16) -> None:
    await called(town)
    await rain_is_seen(town, sky, 6)

    for call in (f"rainmove:1:{minute(8)}", "rainroof:1:活动室", "rainkeep:1"):
        assert "需要楼栋长" in await town.taps("王阿姨", call)
        assert "没有找到" in await town.taps("韩楼长", call)
