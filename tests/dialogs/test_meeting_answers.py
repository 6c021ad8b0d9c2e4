"""Answers to a meeting 报名: one tap each, one count on one card, and the three parties 三方."""

import asyncio
from datetime import UTC, datetime

import pytest

from domain.people import Role
from domain.places import PlaceKind
from handlers.messages import Incoming, Press
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_meetings import called


async def test_who_comes_is_counted_on_one_card(town: Stairwell) -> None:
    await called(town)
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.presses("刘大爷", "可能来", at="3号楼")

    assert "1人来 · 1人可能来 · 0人不来" in town.sees("3号楼")
    assert len([b for b in town.town.screen.chats["3号楼"] if "会1 ·" in b.shown.text]) == 1


async def test_an_answer_can_be_changed_until_the_start(town: Stairwell) -> None:
    await called(town)
    await town.presses("王阿姨", "我来", at="3号楼")

    assert "您不来" in await town.presses("王阿姨", "不来", at="3号楼")
    assert "0人来 · 0人可能来 · 1人不来" in town.sees("3号楼")

    town.town.clock.move_to(datetime(2026, 11, 27, 11, 0, tzinfo=UTC))
    assert "已经开始" in await town.taps("王阿姨", "rsvp:1:yes", at="3号楼")


async def test_the_three_parties_are_invited_and_confirm_with_a_tap(town: Stairwell) -> None:
    await called(town)
    assert "居委会未确认 · 业委会未确认 · 物业未确认" in town.sees("3号楼")
    assert "三方确认参加" in town.told("孙主任")

    assert "已确认参加" in await town.presses("孙主任", "三方确认参加")
    assert "居委会已确认✓ · 业委会未确认 · 物业未确认" in town.sees("3号楼")
    assert "三方确认参加" not in town.told("孙主任") and "您说了：来" in town.told("孙主任")
    assert "您说了" not in town.card("3号楼", "会1")


async def test_a_party_that_cannot_come_after_all_is_not_confirmed(town: Stairwell) -> None:
    await called(town)
    await town.presses("赵师傅", "三方确认参加")

    assert "您方的确认也取消了" in await town.presses("赵师傅", "不来")
    assert "物业未确认" in town.sees("3号楼")


async def test_a_neighbour_cannot_confirm_for_a_party(town: Stairwell) -> None:
    await called(town)

    assert "点「我来」" in await town.presses("王阿姨", "三方确认参加", at="3号楼")


async def test_another_building_knows_nothing_of_the_meeting(town: Stairwell) -> None:
    await called(town)

    for call in ("rsvp:1:yes", "attend:1", "showmeeting:1"):
        assert "没有找到" in await town.taps("钱伯", call)


@ON_ONE_DATABASE
@pytest.mark.parametrize("call", ["rsvp:1:perhaps", "rsvp:1", "rsvp:x:yes", "attend", "rsvp::::"])
async def test_a_forged_answer_is_refused(town: Stairwell, call: str) -> None:
    await called(town)

    assert "过期" in await town.taps("王阿姨", call, at="3号楼") or "哪个会" in town.told("王阿姨")
    assert "0人来" in town.sees("3号楼")


async def test_a_grids_meeting_has_one_count(town: Stairwell) -> None:
    await town.says("李网格", "联席会 下周五晚7点 社区活动室", at="第一网格")
    await town.presses("李网格", "召集", at="第一网格")
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.presses("冯叔", "我来", at="1号楼")

    assert "2人来" in town.sees("2号楼")


async def test_two_hundred_people_at_once_are_counted_exactly(town: Stairwell) -> None:
    await called(town)
    names = [f"邻居{n}" for n in range(200)]

    async def move_in(unit: Unit) -> None:
        community = (await unit.places.communities())[0]
        building = (await unit.places.named("3号楼", below=community.path))[0]
        home = await unit.places.add(PlaceKind.HOUSEHOLD, "3-9-1", building)
        for name in names:
            person = await unit.people.add(name, unit.now)
            await unit.people.identify(person, "memory", name, unit.now)
            await unit.people.grant(person, Role.RESIDENT, home.id, by=None, now=unit.now)

    await town.town.app.database.unit(move_in)
    taps = [
        Incoming(
            platform="memory",
            delivery=f"many{n}",
            chat="3号楼",
            is_private=False,
            account=name,
            name=name,
            press=Press(f"rsvp:1:{'yes' if n % 2 else 'no'}", f"{name}|{n}"),
        )
        for n, name in enumerate(names * 2)
    ]
    await asyncio.gather(*(town.town.app.received(tap) for tap in taps))
    await town.town.app.delivery.drain()

    assert "100人来 · 0人可能来 · 100人不来" in town.sees("3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("我来", "1人来"),
        ("我会来的。", "1人来"),
        ("算我一个", "1人来"),
        ("I'm coming", "1人来"),
        ("可能来", "1人可能来"),
        ("不来", "1人不来"),
        ("我不来了", "1人不来"),
        ("有事，来不了了", "1人不来"),
        ("I can't come", "1人不来"),
    ],
)
async def test_an_answer_typed_in_private_counts_for_the_one_meeting(
    town: Stairwell, words: str, counts: str
) -> None:
    await called(town)

    said = await town.says("王阿姨", words)
    assert "会1 记下了" in said and "11月27日周五 19:00" in said and "凉亭" in said
    assert counts in town.sees("3号楼")


async def test_to_which_of_several_meetings_one_comes_is_asked(town: Stairwell) -> None:
    assert "报上去" in await town.says("王阿姨", "我来")
    await town.says("王阿姨", "取消")
    await called(town)
    await town.says("孙主任", "月悦谈 下周六晚7点 活动室")
    await town.presses("孙主任", "召集")

    assert "您说的是哪个会" in await town.says("王阿姨", "我不来了")
    assert "会2 记下了，您不来" in await town.presses("王阿姨", "会2 月悦谈")
    assert await town.says("王阿姨", "我来", at="3号楼") == ""
    assert "报上去" in await town.says("王阿姨", "我来的时候灯不亮")
