"""Series 定期会议: said once, called by itself in time, stopped with a word."""

from datetime import UTC

import pytest

from domain.moments import Every, Repeat
from domain.people import Role
from handlers.messages import Words
from handlers.wording import Speaker
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell

MONTHLY = "睦邻夜话 每月第二个周五晚7点 凉亭"


async def repeated(town: Stairwell, words: str = MONTHLY) -> None:
    """张楼长 calls a meeting that comes again."""
    assert "以后：每" in await town.says("张楼长", words, at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")


async def test_a_monthly_meeting_is_read_back_with_its_first_date(town: Stairwell) -> None:
    said = await town.says("张楼长", MONTHLY, at="3号楼")

    assert "🕐12月11日周五 19:00" in said and "以后：每月第2个周五 19:00" in said


@ON_ONE_DATABASE
async def test_the_next_one_is_called_ten_days_before(town: Stairwell) -> None:
    await repeated(town)
    await town.moves("+37d 18:00")  # 28 December
    assert "会2" not in town.card("3号楼", "会2")

    await town.moves("+1d 19:00")
    assert "🕐1月8日周五 19:00" in town.card("3号楼", "会2")
    assert "以后：每月第2个周五" in town.card("3号楼", "会2")

    await town.moves("+35d 19:00")
    assert "🕐2月12日周五 19:00" in town.card("3号楼", "会3")


async def test_a_weekly_one_is_called_once_the_last_one_is_over(town: Stairwell) -> None:
    await repeated(town, "周周碰 每周四下午两点到三点 活动室")
    await town.moves("+5d 14:59")
    assert town.card("3号楼", "会2") == ""

    await town.moves("15:00")
    assert "🕐12月3日周四 14:00" in town.card("3号楼", "会2")


async def test_a_series_is_stopped_with_a_word(town: Stairwell) -> None:
    await repeated(town)
    assert "会1 照常开" in await town.says("张楼长", "停止重复 会1", at="3号楼")
    assert "不再自动召集了" in await town.presses("张楼长", "不再重复", at="3号楼")
    assert "以后：" not in town.card("3号楼", "会1")

    await town.moves("+60d")
    assert town.card("3号楼", "会2") == ""
    assert "已经停止" in await town.says("张楼长", "停止重复 会1", at="3号楼")


async def test_calling_one_off_leaves_the_others(town: Stairwell) -> None:
    await repeated(town)
    await town.says("张楼长", "取消会议 会1", at="3号楼")
    await town.presses("张楼长", "取消这次会", at="3号楼")
    await town.moves("+45d")

    assert "🕐1月8日周五 19:00" in town.card("3号楼", "会2")


@ON_ONE_DATABASE
async def test_a_meeting_that_stands_in_the_way_leaves_one_out(town: Stairwell) -> None:
    await repeated(town)
    await town.says("张楼长", "坝坝会 1月8日晚8点 广场", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.moves("+38d 19:30")

    assert "这次没有召集" in town.told("张楼长") and "会2 坝坝会" in town.told("张楼长")
    await town.moves("+35d 19:30")
    assert "🕐2月12日周五 19:00" in town.told("3号楼")


async def test_after_months_away_only_the_next_one_is_called(town: Stairwell) -> None:
    await repeated(town)
    town.town.clock.move_to(town.town.clock().replace(year=2027, month=4, day=5))
    await town.town.app.alarm.fire()
    await town.town.app.delivery.drain()

    assert "🕐4月9日周五 19:00" in town.card("3号楼", "会2")
    assert town.card("3号楼", "会3") == ""


async def test_a_series_ends_with_its_conveners_office(town: Stairwell) -> None:
    await repeated(town)

    async def resign(unit: Unit) -> None:
        (head,) = await unit.people.named("张楼长", 2)
        building = (await unit.places.named("3号楼", below="/"))[0]
        await unit.people.revoke(head, Role.BUILDING_HEAD, building.id, by=None, now=unit.now)

    await town.town.app.database.unit(resign)
    await town.moves("+45d")

    assert town.card("3号楼", "会2") == ""
    assert "召集人不在任了" in town.told("李网格")


async def test_what_is_called_once_cannot_be_stopped(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")

    assert "没有重复" in await town.says("张楼长", "停止重复 会1", at="3号楼")


@pytest.mark.parametrize(
    ("repeat", "zh", "en"),
    [
        (Repeat(Every.DAY), "每天", "every day"),
        (Repeat(Every.WEEK, (1, 3), minutes=840), "每周二、周四 14:00", "every Tue, Thu 14:00"),
        (Repeat(Every.MONTH, (4,), nth=-1), "每月最后一个周五", "every last Fri of the month"),
        (Repeat(Every.MONTH, (4,), nth=2), "每月第2个周五", "every 2nd Fri of the month"),
        (Repeat(Every.MONTH, day=15), "每月15号", "day 15 of every month"),
        (Repeat(Every.MONTH, day=-1), "每月最后一天", "the last day of every month"),
        (Repeat(Every.YEAR, month=12, day=5), "每年12月5日", "every year on Dec 5"),
    ],
)
def test_a_repetition_is_said_as_neighbours_say_it(repeat: Repeat, zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        assert said in Speaker(lang, UTC).say(Words("meeting.repeats", {"repeat": repeat}))
