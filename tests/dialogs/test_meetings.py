"""Meetings 睦邻夜话: called in one line, read back, shown on one card in the group."""

import asyncio

import pytest

from domain.people import Role
from handlers.messages import Incoming, Press
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell

CALL = "睦邻夜话 下周五晚7点 凉亭"


async def called(town: Stairwell, words: str = CALL, at: str = "3号楼") -> None:
    """张楼长 calls a meeting and confirms what is read back."""
    assert "11月27日周五 19:00" in await town.says("张楼长", words, at=at)
    await town.presses("张楼长", "召集", at=at)


async def test_a_meeting_is_called_in_one_line_and_read_back(town: Stairwell) -> None:
    said = await town.says("张楼长", CALL, at="3号楼")

    assert "对不对" in said and "11月27日周五 19:00" in said and "凉亭" in said
    assert "会1 · 睦邻夜话" in await town.presses("张楼长", "召集", at="3号楼")


async def test_a_meeting_is_asked_step_by_step(town: Stairwell) -> None:
    assert "几点" in await town.says("张楼长", "睦邻夜话 下周五")
    assert "在哪里开" in await town.says("张楼长", "晚7点")
    assert "11月27日周五 19:00" in await town.says("张楼长", "凉亭")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("line", "hour", "at"),
    [
        ("下周", "周三晚7点", "11月25日周三 19:00"),
        ("下周五", "七点半", "11月27日周五 19:30"),
        ("下周五", "11月28日晚8点", "11月28日周六 20:00"),
    ],
)
async def test_what_is_still_unclear_of_the_time_is_asked(
    town: Stairwell, line: str, hour: str, at: str
) -> None:
    await town.says("张楼长", f"睦邻夜话 {line} 凉亭")

    assert at in await town.says("张楼长", hour)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("word", "name"),
    [("月悦谈", "月悦谈"), ("坝坝会", "坝坝会"), ("夜话", "睦邻夜话"), ("meeting", "睦邻夜话")],
)
async def test_a_meeting_goes_by_the_name_it_was_called_by(
    town: Stairwell, word: str, name: str
) -> None:
    await called(town, f"{word} 下周五晚7点 凉亭")

    assert f"会1 · {name}" in town.sees("3号楼")


async def test_a_line_spoken_without_blanks_is_understood(town: Stairwell) -> None:
    assert "📍凉亭" in await town.says("张楼长", "睦邻夜话下周五晚7点凉亭")


async def test_what_it_is_about_stands_behind_a_comma(town: Stairwell) -> None:
    await called(town, "睦邻夜话 下周五晚7点 凉亭，楼道堆物")

    assert "📍凉亭（3号楼）" in town.sees("3号楼") and "聊聊：楼道堆物" in town.sees("3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("睦邻夜话 昨天晚上8点 凉亭", "已经过去"),
        ("睦邻夜话 2040年1月1日晚8点 凉亭", "最多一年"),
        ("睦邻夜话 明天凌晨3点 凉亭", "休息"),
        ("睦邻夜话 下周五晚7点 99号楼一楼大厅", "没有找到「99号楼」"),
        ("睦邻夜话 下周五晚7点 " + "凉" * 41, "写短一点"),
    ],
)
async def test_what_cannot_be_a_meeting_is_explained(
    town: Stairwell, words: str, answer: str
) -> None:
    assert answer in await town.says("张楼长", words, at="3号楼")


async def test_two_meetings_of_a_place_do_not_overlap(town: Stairwell) -> None:
    await called(town)

    assert "会1 睦邻夜话" in await town.says("张楼长", "坝坝会 下周五晚8点 广场", at="3号楼")
    assert "对不对" in await town.says("张楼长", "坝坝会 下周五晚9点 广场", at="3号楼")


async def test_a_resident_cannot_call_a_meeting(town: Stairwell) -> None:
    assert "需要楼栋长" in await town.says("王阿姨", CALL, at="3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize("words", ["睦邻夜话 大家都来啊", "睦邻夜话 下周五几点开始", "夜话真好"])
async def test_neighbours_talk_of_the_meeting_in_peace(town: Stairwell, words: str) -> None:
    assert await town.says("王阿姨", words, at="3号楼") == ""


async def test_a_grids_meeting_shows_in_all_its_buildings(town: Stairwell) -> None:
    await town.says("李网格", "联席会 下周五晚7点 社区活动室", at="第一网格")
    await town.presses("李网格", "召集", at="第一网格")

    for building in ("1号楼", "2号楼", "3号楼"):
        assert "会1 · 联席会" in town.sees(building)
    assert town.sees("4号楼") == ""


@ON_ONE_DATABASE
async def test_a_meeting_is_over_at_its_end(town: Stairwell) -> None:
    await called(town)
    await town.moves("+6d 20:59")
    assert "正在开" in town.card("3号楼", "会1")

    await town.moves("21:00")
    assert "已结束" in town.card("3号楼", "会1")


async def test_who_may_not_call_one_here_is_told_whom_to_ask(town: Stairwell) -> None:
    assert "请找楼栋长 张楼长" in await town.says("韩楼长", CALL, at="3号楼")


async def test_two_callers_at_once_do_not_get_the_same_evening(town: Stairwell) -> None:
    await town.says("张楼长", CALL, at="3号楼")
    await town.says("李网格", "坝坝会 下周五晚8点 广场", at="3号楼")
    yes = [
        Incoming(
            platform="memory",
            delivery=f"yes-{who}",
            chat="3号楼",
            is_private=False,
            account=who,
            name=who,
            press=Press("=!", f"{who}|1"),
        )
        for who in ("张楼长", "李网格")
    ]
    await asyncio.gather(*(town.town.app.received(press) for press in yes))
    await town.town.app.delivery.drain()

    async def meetings(unit: Unit) -> int:
        return len(await rows("select id from meetings"))

    assert await town.town.app.database.unit(meetings) == 1


async def test_a_meeting_is_called_in_english(town: Stairwell) -> None:
    await town.says("张楼长", "language English")
    said = await town.says("张楼长", "meeting next friday 7pm pavilion")
    assert "Fri 27 Nov 19:00" in said and "pavilion" in said

    said = await town.presses("张楼长", "Call it")
    assert "Neighbours' evening" in said and "I come" in said


async def test_which_meeting_is_meant_can_be_tapped(town: Stairwell) -> None:
    await called(town)

    assert "会1 睦邻夜话" in await town.says("张楼长", "取消会议", at="3号楼")
    assert "要取消 会1" in await town.presses("张楼长", "会1 睦邻夜话", at="3号楼")


async def test_a_meeting_is_called_in_private_too(town: Stairwell) -> None:
    await town.says("张楼长", CALL)

    assert "会1 · 睦邻夜话" in await town.presses("张楼长", "召集")
    assert "会1 · 睦邻夜话" in town.sees("3号楼")


async def test_a_building_that_there_is_will_do(town: Stairwell) -> None:
    assert "📍三栋一楼大厅" in await town.says("张楼长", "睦邻夜话 下周五晚7点 三栋一楼大厅")


async def test_a_head_who_lives_elsewhere_calls_the_own_building(town: Stairwell) -> None:
    async def move(unit: Unit) -> None:
        (head,) = await unit.people.named("何楼长", 2)
        (home,) = await unit.places.named("4-1-101", below="/")
        await unit.people.grant(head, Role.RESIDENT, home.id, by=None, now=unit.now)

    await town.town.app.database.unit(move)

    assert "请1号楼的邻居来" in await town.says("何楼长", CALL)
    await town.presses("何楼长", "召集")
    assert "会1 · 睦邻夜话" in town.sees("1号楼") and town.sees("4号楼") == ""


async def test_a_meeting_at_the_same_hour_at_another_level_is_told_and_not_refused(
    town: Stairwell,
) -> None:
    await called(town)
    said = await town.says("孙主任", "月悦谈 下周五晚7点半 活动室")

    assert "同一时间还有 会1 睦邻夜话（3号楼，11月27日周五 19:00）" in said
    assert "凉亭" in await town.presses("孙主任", "看 会1")
    assert "会2 · 月悦谈" in await town.presses("孙主任", "召集")
    assert "同一时间还有 会2 月悦谈" in await town.says(
        "张楼长", "改期 会1 下周五晚8点", at="3号楼"
    )
    assert "同一时间" not in await town.says("张楼长", "改期 会1 下周四晚8点", at="3号楼")
    assert "同一时间" not in await town.says("韩楼长", "夜话 下周四晚8点 凉亭", at="4号楼")
