"""Many hands 众手: what somebody changes while somebody else does is neither lost nor a fault."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import HeldClock
from domain.motions import Motion, MotionState, Preset
from domain.people import Role
from handlers.ask import Tick
from handlers.motion_deadlines import close_on_time
from handlers.motion_life import open_now
from storage.statement import Statement, rows, value
from storage.unit import Unit
from tests.conftest import NEEDS_POSTGRES
from tests.storage.crowds import Crowd, hung


@pytest.mark.parametrize("driver", [pytest.param("postgres", marks=NEEDS_POSTGRES)], indirect=True)
async def test_a_vote_that_is_being_extended_is_not_closed(crowd: Crowd, clock: HeldClock) -> None:
    motion = await crowd.apps[0].database.unit(_opened_vote)

    async def extended(unit: Unit) -> None:
        held = await unit.motions.hold(motion)
        later = replace(held, closes_at=held.closes_at + timedelta(days=1))
        await unit.motions.extend(later, by=motion.author_id, now=unit.now)
        await Statement("select pg_sleep(0.4)")

    extending = asyncio.ensure_future(crowd.apps[0].database.unit(extended))
    await asyncio.sleep(0.15)
    clock.move_to(motion.closes_at)

    async def closing(unit: Unit) -> None:
        await close_on_time(Tick(unit), motion.id, {})

    await crowd.apps[1].database.unit(closing)
    await extending

    after = await crowd.apps[0].database.read(lambda unit: unit.motions.by_id(motion.id))
    assert after.state is MotionState.OPEN


async def _opened_vote(unit: Unit) -> Motion:
    """A vote of all households, open for two hours."""
    community = (await unit.places.communities())[0]
    made = await unit.motions.add(
        Motion(
            0, community.id, 1, community.id, community.path, 1, "公约", "同意。", Preset.RESIDENTS,
            is_secret=False, is_binding=False, announced_at=unit.now, opens_at=unit.now,
            closes_at=unit.now + timedelta(hours=2),
        )
    )  # fmt: skip
    assert not await open_now(unit, made, by=1)
    return await unit.motions.by_id(made.id)


async def test_however_many_second_one_report_at_once_each_is_heard(crowd: Crowd) -> None:
    """The lift has stopped, and the whole building taps the same button."""
    await crowd.at_once([crowd.said("王阿姨", "报事 电梯又停了")])
    names = [f"邻居{n}" for n in range(40)]
    await crowd.apps[0].database.unit(lambda unit: _moved_in(unit, names))

    handled = await crowd.at_once([crowd.pressed(name, "second:1") for name in names])

    issue = await crowd.apps[0].database.read(lambda unit: unit.issues.by_id(1))
    assert {h.outcome for h in handled} == {"answered"}
    assert len(issue.seconders) == len(names)


async def _moved_in(unit: Unit, names: list[str]) -> None:
    """Neighbours of 王阿姨, one in each flat above hers."""
    flat = (await unit.places.named("3-2-501", below="/"))[0]
    door = await unit.places.get(flat.parent_id or 0)
    for n, name in enumerate(names):
        home = await unit.places.add(flat.kind, f"3-2-{600 + n}", door)
        person_id = await unit.people.add(name, unit.now)
        await unit.people.identify(person_id, "memory", name, unit.now)
        await unit.people.grant(person_id, Role.RESIDENT, home.id, by=None, now=unit.now)


@pytest.mark.parametrize("driver", [pytest.param("postgres", marks=NEEDS_POSTGRES)], indirect=True)
async def test_a_card_can_be_forgotten_while_it_is_to_be_drawn_anew(crowd: Crowd) -> None:
    database, other = crowd.apps[0].database, crowd.apps[1].database
    await database.unit(lambda unit: hung(unit, is_shown=True))

    async def settled(unit: Unit) -> None:
        await Statement("delete from outbox")

    async def change(unit: Unit) -> None:
        await unit.outbox.refresh("poll", 1)
        await Statement("select pg_sleep(0.4)")

    await database.unit(settled)
    changing = asyncio.ensure_future(database.unit(change))
    await asyncio.sleep(0.15)
    await other.unit(lambda unit: unit.forgetting.card(1))
    await changing

    assert await other.unit(lambda unit: unit.cards.find(1)) is None


@pytest.mark.parametrize("driver", [pytest.param("postgres", marks=NEEDS_POSTGRES)], indirect=True)
async def test_whoever_speaks_in_two_chats_at_once_is_one_person(crowd: Crowd) -> None:
    """Else what the first of them led to, a home perhaps, is held by nobody's account."""

    async def met(unit: Unit) -> int:
        person_id = await unit.people.add("路人", unit.now)
        await unit.people.identify(person_id, "memory", "路人", unit.now)
        await Statement("select pg_sleep(0.4)")
        return person_id

    meeting = asyncio.ensure_future(crowd.apps[0].database.unit(met))
    await asyncio.sleep(0.15)
    await crowd.apps[1].router.receive(crowd.said("路人", "你好"))
    first = await meeting

    async def known(unit: Unit) -> list[int]:
        return [r["id"] for r in await rows("select id from people where name = '路人'")]

    async def speaker(unit: Unit) -> int:
        found = "select person_id from identities where address = '路人'"
        return int(await value(found))

    assert await crowd.apps[0].database.unit(known) == [first]
    assert await crowd.apps[0].database.unit(speaker) == first
