"""Sight of meetings 会议可见: another building sees nothing of one, whatever it taps."""

import pytest

from storage.statement import value
from tests.conftest import Stairwell

_TAPS = (
    "rsvp:{n}:yes",
    "attend:{n}",
    "checkin:{n}",
    "meetics:{n}",
    "showmeeting:{n}",
    "agenda:{n}",
    "topicpool:{n}",
    "topicsout:{n}",
    "topicsecond:1",
    "topicback:1",
    "topicstrike:1",
    "note:1",
    "noteadd:{n}",
    "minutes:{n}",
    "minutestext:{n}",
    "publish:{n}",
    "undecide:{n}",
    "decide:{n}",
    "scribe:{n}",
    "entrycode:{n}",
    "ratemeeting:{n}:good",
    "movemeeting:{n}",
    "cancelmeeting:{n}",
    "evening:{n}:29737140",
    "ownevening:{n}",
    "askevening:{n}",
    "rainmove:{n}:29737140",
    "rainroof:{n}",
    "forward:m{n}",
)


async def talked_over(town: Stairwell) -> str:
    """A meeting of 3号楼 with a topic, under way; its number as a button carries it."""
    await town.plays(
        "张楼长@3号楼: 睦邻夜话 下周五晚7点 凉亭\n张楼长@3号楼> 召集\n"
        "王阿姨: 议题 楼道堆物\n+6d 19:05"
    )
    found = await town.town.app.database.unit(
        lambda unit: value("select community_id from meetings")
    )
    return f"1.{found}"


@pytest.mark.parametrize("who", ["冯叔", "何楼长"])
@pytest.mark.parametrize("at", ["", "1号楼"])
async def test_another_building_learns_nothing_by_forged_taps(
    town: Stairwell, who: str, at: str
) -> None:
    number = await talked_over(town)
    before = town.card("3号楼", "会1")

    for tap in _TAPS:
        said = await town.taps(who, tap.format(n=number), at=at)
        assert "凉亭" not in said and "堆物" not in said and "睦邻夜话" not in said, tap

    assert town.card("3号楼", "会1") == before


async def test_a_neighbour_without_office_changes_nothing_by_forged_taps(town: Stairwell) -> None:
    number = await talked_over(town)
    changing = [
        t for t in _TAPS if not t.startswith(("rsvp", "checkin", "topicsecond", "topicback"))
    ]
    before = town.card("3号楼", "会1")

    for tap in changing:
        await town.taps("刘大爷", tap.format(n=number))
        await town.says("刘大爷", "取消")

    assert town.card("3号楼", "会1") == before


async def test_another_buildings_group_is_shown_nothing_by_whoever_may_see_it(
    town: Stairwell,
) -> None:
    number = await talked_over(town)

    for tap in _TAPS:
        await town.taps("李网格", tap.format(n=number), at="1号楼")
        posted = [e.shown.text for e in town.events if e.chat == "1号楼" and e.kind != "toast"]
        assert not any("凉亭" in text or "堆物" in text for text in posted), tap
