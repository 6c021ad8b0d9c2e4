"""Turns: only one process at a time, whatever becomes of the one before."""

from datetime import timedelta

from bot.clock import HeldClock
from storage.database import Database

LASTS = timedelta(seconds=30)


async def take(database: Database, holder: str) -> bool:
    return await database.unit(lambda unit: unit.turns.take("line", holder, LASTS))


async def test_only_one_of_two_has_the_turn(database: Database) -> None:
    assert [await take(database, "one"), await take(database, "two")] == [True, False]


async def test_a_turn_that_is_renewed_is_kept(database: Database, clock: HeldClock) -> None:
    for _ in range(3):
        assert await take(database, "one")
        clock.move_to(clock() + LASTS / 2)

    assert not await take(database, "two")


async def test_a_turn_that_is_not_renewed_ends(database: Database, clock: HeldClock) -> None:
    await take(database, "one")
    clock.move_to(clock() + LASTS)

    assert [await take(database, "two"), await take(database, "one")] == [True, False]


async def test_a_turn_is_given_back_by_its_holder_only(database: Database) -> None:
    await take(database, "one")
    await database.unit(lambda unit: unit.turns.end("line", "two"))
    assert not await take(database, "two")
    await database.unit(lambda unit: unit.turns.end("line", "one"))

    assert await take(database, "two")
