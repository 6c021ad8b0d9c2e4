"""Calendar files 加到日历: what we write, other programs read alike."""

from datetime import UTC, datetime
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_meetings import called


async def event_for(town: Stairwell, who: str = "王阿姨", at: str = "3号楼") -> Any:
    """What another program reads in the file that somebody asked for last."""

    async def files(unit: Unit) -> list[bytes]:
        return [bytes(r["bytes"]) for r in await rows("select bytes from photos order by id")]

    content = (await town.town.app.database.unit(files))[-1]
    assert Calendar.from_ical(content).walk("VEVENT")[0].errors == []
    return vobject.readOne(content.decode())


async def test_a_meeting_is_put_into_ones_own_calendar(town: Stairwell) -> None:
    await called(town, "睦邻夜话 下周五晚7点 凉亭，楼道堆物")
    await town.presses("王阿姨", "加到日历", at="3号楼")
    assert "📎meeting-1.ics" in town.told("王阿姨")
    assert "📎" not in town.told("3号楼")

    calendar = await event_for(town)

    assert calendar.method.value == "PUBLISH"
    event = calendar.vevent
    assert event.dtstart.value == datetime(2026, 11, 27, 11, 0, tzinfo=UTC)
    assert event.dtend.value == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    assert event.summary.value == "睦邻夜话（3号楼）"
    assert event.location.value == "凉亭（3号楼）"
    assert event.description.value == "楼道堆物"
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")


async def test_a_moved_meeting_replaces_the_old_one_in_the_calendar(town: Stairwell) -> None:
    await called(town)
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.presses("王阿姨", "加到日历", at="3号楼")
    before = (await event_for(town)).vevent
    await town.says("张楼长", "改期 会1 下周六晚8点", at="3号楼")
    await town.presses("张楼长", "改期", at="3号楼")

    await town.presses("王阿姨", "更新日历")
    after = (await event_for(town)).vevent

    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value == datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


async def test_a_meeting_that_was_called_off_leaves_the_calendar(town: Stairwell) -> None:
    await called(town)
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.says("张楼长", "取消会议 会1", at="3号楼")
    await town.presses("张楼长", "取消这次会", at="3号楼")

    assert "去掉" in await town.presses("王阿姨", "更新日历")
    calendar = await event_for(town)
    assert (calendar.method.value, calendar.vevent.status.value) == ("CANCEL", "CANCELLED")
    assert int(calendar.vevent.sequence.value) == 1


async def test_an_english_reader_gets_english_words(town: Stairwell) -> None:
    await called(town)
    await town.says("王阿姨", "language English")
    await town.presses("王阿姨", "加到日历", at="3号楼")

    assert (await event_for(town)).vevent.summary.value == "Neighbours' evening (3号楼)"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "venue",
    ["凉亭; 东, 西", 'a\\b:c"d', "BEGIN:VALARM", "🏮" * 20, "很长的地点名字" * 5],
)
async def test_what_people_typed_stays_one_value(town: Stairwell, venue: str) -> None:
    await called(town, f"睦邻夜话 下周五晚7点 x，{venue}")
    await town.presses("王阿姨", "加到日历", at="3号楼")
    event = (await event_for(town)).vevent

    assert event.description.value == venue
    assert [child.name for child in event.components()] == []


async def test_another_building_gets_no_file(town: Stairwell) -> None:
    await called(town)

    assert "没有找到" in await town.taps("钱伯", "meetics:1")
