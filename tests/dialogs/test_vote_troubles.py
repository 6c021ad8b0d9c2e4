"""Trouble with votes 表决出岔子: flats sold, two at once, clocks set back, crashes."""

import asyncio
import dataclasses
from datetime import timedelta

from msgspec.structs import replace

from domain.audit import audited
from domain.ledger import export_line
from domain.roll import Owner, OwnerKind
from handlers.messages import Incoming, Press
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import Stairwell
from tests.dialogs.voting import announced, votes, with_roll


async def opened(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)


async def is_whole(town: Stairwell) -> bool:
    """Whether the ledger of the first vote says the same as the program's own sums."""

    async def read(unit: Unit) -> bool:
        motion = await unit.motions.by_id(1)
        lines = [export_line(*row) for row in await unit.motions.ledger(1)]
        found = audited(lines)
        return not found.flaws and found.tallies == await unit.ballots.tallies(motion)

    return await town.town.app.database.unit(read)


async def sold(town: Stairwell, flat: str, buyer: str) -> None:
    """A flat changes hands on the community's roll."""

    async def work(unit: Unit) -> None:
        community = (await unit.places.communities())[0]
        home = (await unit.places.named(flat, below=community.path))[0]
        before = await unit.roll.owner_of(home.id)
        assert before is not None
        ids = await unit.roll.add_owners(community.id, [Owner(1, buyer, OwnerKind.PERSON, "新")])
        person = (await unit.people.named(buyer, community.id))[0]
        held = [h for h in await unit.roll.holdings(community.id) if h.name == flat]
        await unit.roll.change_holdings([dataclasses.replace(held[0], owner_id=ids[1])])
        await unit.roll.link(ids[1], person, by=None, now=unit.now)
        await unit.roll.drop_idle_owners(community.id)
        await unit.roll.changed(community.id, {}, by=None, now=unit.now)

    await town.town.app.database.unit(work)


async def test_whoever_sold_the_flat_before_has_no_ballot(town: Stairwell) -> None:
    await with_roll(town)
    await sold(town, "3-2-501", "赵师傅")
    await announced(town)

    assert "没有您能投的票" in await town.taps("王阿姨", "ballot:1:yes", at="3号楼")
    assert "名册上没有您" in await town.says("王阿姨", "我能投吗")
    assert "3-2-501" in await town.says("赵师傅", "我能投吗")


async def test_a_flat_that_is_sold_meanwhile_is_told_clearly(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "王阿姨", "赞成")
    await sold(town, "3-2-501", "赵师傅")

    assert "名册在 11月21日周六 12:00 冻结" in await town.says("赵师傅", "我能投吗")
    assert "没有您能投的票" in await town.taps("王阿姨", "cast:1:no:7:1")
    await town.taps("刘大爷", "showmotion:1", at="3号楼")
    assert "名册在投票期间改过" in town.sees("3号楼")
    await town.moves("+45d")
    assert "赞成：1户" in town.told("3号楼") and await is_whole(town)


async def co_owned(town: Stairwell) -> None:
    """赵师傅 owns 3-2-501 together with 王阿姨."""

    async def work(unit: Unit) -> None:
        community = (await unit.places.communities())[0]
        home = (await unit.places.named("3-2-501", below=community.path))[0]
        owner = await unit.roll.owner_of(home.id)
        person = (await unit.people.named("赵师傅", community.id))[0]
        assert owner is not None
        await unit.roll.link(owner.id, person, by=None, now=unit.now)

    await town.town.app.database.unit(work)


async def test_co_owners_have_one_ballot_and_each_is_told(town: Stairwell) -> None:
    await with_roll(town)
    await co_owned(town)
    await announced(town)
    await votes(town, "王阿姨", "赞成")

    assert "您家 3-2-501 已投：赞成" in town.told("赵师傅")
    assert "之前投的是赞成" in await town.taps("赵师傅", "ballot:1:no")
    await town.presses("赵师傅", "确认反对")
    assert "您家 3-2-501 已投：反对" in town.told("王阿姨")
    assert "1/16户已投" in town.card("3号楼", "表1")


async def test_two_co_owners_at_the_same_second_on_two_platforms(town: Stairwell) -> None:
    await with_roll(town)
    await co_owned(town)
    await announced(town)
    number = await seat_of(town, "3-2-501")
    taps = [
        tap(town, "王阿姨", f"cast:1:yes:{number}:0"),
        tap(town, "赵师傅", f"cast:1:no:{number}:0"),
    ]
    seen = len(town.town.screen.events)
    await asyncio.gather(*(town.town.app.received(one) for one in taps))
    await town.town.app.delivery.drain()
    told = [e.shown.text for e in town.town.screen.events[seen:] if e.chat.startswith("@")]

    assert sum("已计入：3-2-501" in text for text in told) == 1
    assert sum("请再看一眼" in text and "之前投的是" in text for text in told) == 1
    assert "1/16户已投" in town.card("3号楼", "表1") and await is_whole(town)


async def seat_of(town: Stairwell, flat: str) -> int:
    async def read(unit: Unit) -> int:
        seats = await unit.seats.of(1)
        return next(seat.number for seat in seats if flat in seat.entry.flats)

    return await town.town.app.database.unit(read)


def tap(town: Stairwell, who: str, call: str, delivery: str = "") -> Incoming:
    """A tap in somebody's private chat."""
    return Incoming(
        platform=town.town.screen.name,
        delivery=delivery or f"{who}-{call}",
        chat=f"@{who}",
        is_private=True,
        account=who,
        name=who,
        press=Press(call, f"{who}|{call}"),
    )


async def test_everybody_at_once_is_counted_once(town: Stairwell) -> None:
    await opened(town)
    people = ["王阿姨", "刘大爷", "小陈", "吴老师", "郑师母", "冯叔", "许阿姨", "钱伯"]
    numbers = {who: await seat_number(town, who) for who in people}
    taps = [tap(town, who, f"cast:1:yes:{numbers[who]}:0") for who in people]
    twice = [replace(one, delivery=f"{one.delivery}-again") for one in taps]
    await asyncio.gather(*(town.town.app.received(one) for one in (*taps, *twice, *taps)))
    await town.town.app.delivery.drain()

    assert "8/16户已投" in town.card("3号楼", "表1") and await is_whole(town)


async def seat_number(town: Stairwell, who: str) -> int:
    async def read(unit: Unit) -> int:
        community = (await unit.places.communities())[0]
        person = (await unit.people.named(who, community.id))[0]
        owners = await unit.roll.owners_of(person, community.id)
        return (await unit.seats.held_by(1, [owners[0].id], []))[0].number

    return await town.town.app.database.unit(read)


async def test_the_same_delivery_twice_counts_once(town: Stairwell) -> None:
    await opened(town)
    number = await seat_number(town, "王阿姨")
    once = tap(town, "王阿姨", f"cast:1:yes:{number}:0", "d1")
    await town.town.app.received(once)
    await town.town.app.received(once)

    async def read(unit: Unit) -> int:
        return len(await rows("select seq from motion_ledger where row_text like '%ballot%'"))

    assert await town.town.app.database.unit(read) == 1


async def test_a_clock_that_is_set_back_changes_nothing(town: Stairwell) -> None:
    await opened(town)
    await town.moves("+2d")
    await votes(town, "王阿姨", "赞成")
    town.town.clock.move_to(town.town.clock() - timedelta(days=3))
    await votes(town, "刘大爷", "反对")

    assert "2/16户已投" in town.card("3号楼", "表1") and await is_whole(town)
    await town.moves("+45d")
    assert await is_whole(town)
    town.town.clock.move_to(town.town.clock() - timedelta(days=40))
    assert "已经结束" in await town.taps("小陈", "ballot:1:yes", at="3号楼")


async def test_a_receipt_that_was_not_sent_before_a_crash_is_sent_after_it(
    town: Stairwell,
) -> None:
    await opened(town)
    number = await seat_number(town, "王阿姨")
    app = town.town.app
    await app.router.receive(tap(town, "王阿姨", f"cast:1:yes:{number}:0"))
    assert "回执" not in town.sees("王阿姨")

    await town.moves("+2m")
    await app.delivery.start()
    await app.delivery.drain()
    assert "已计入：3-2-501 赞成" in town.sees("王阿姨") and await is_whole(town)
