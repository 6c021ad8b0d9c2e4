"""Kill during a vote 投票时断电: ``kill -9`` before a ballot is stored, or before its receipt."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from bot.clock import HeldClock
from bot.dialog import Town
from bot.example import seed
from domain.audit import audited
from domain.ledger import export_line
from handlers.messages import Incoming, Press
from storage.database import Database
from storage.sqlite import SqliteDriver
from storage.unit import Unit
from tests.conftest import NOON, Stairwell
from tests.dialogs.voting import announced, with_roll


def town_at(path: Path) -> Town:
    """The example neighbourhood in a file."""
    clock = HeldClock(NOON)
    return Town(Database(SqliteDriver(path), clock), clock)


def ballot(number: int) -> Incoming:
    """王阿姨 confirms her ballot; always the same delivery."""
    press = Press(f"cast:1:yes:{number}:0", "王阿姨|d1")
    return Incoming("memory", "d1", "@王阿姨", True, "王阿姨", "王阿姨", press=press)


def vote_and_die(path: str, number: int, is_stored: bool) -> None:
    """Take the ballot, and be killed before its receipt is sent, or before it is stored."""
    asyncio.run(_vote_and_die(Path(path), number, is_stored))


async def _vote_and_die(path: Path, number: int, is_stored: bool) -> None:
    town = town_at(path)
    await town.open()
    if not is_stored:  # in the middle of the unit, when all is written and nothing is committed
        seal = Unit.seal

        async def sealed(unit: Unit) -> None:
            await seal(unit)
            os.kill(os.getpid(), signal.SIGKILL)

        pytest.MonkeyPatch().setattr(Unit, "seal", sealed)
    await town.app.router.receive(ballot(number))
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("is_stored", [True, False])
async def test_a_ballot_is_counted_once_and_its_receipt_arrives(
    tmp_path: Path, is_stored: bool
) -> None:
    path = tmp_path / "vote.db"
    number = await _prepared(path)
    child = multiprocessing.get_context("forkserver").Process(
        target=vote_and_die, args=(str(path), number, is_stored)
    )
    child.start()
    await asyncio.to_thread(child.join, 60)
    assert child.exitcode == -signal.SIGKILL

    town = town_at(path)
    await town.open()
    await town.app.delivery.drain()
    await town.app.received(ballot(number))  # the platform brings again what was not acknowledged
    await town.app.delivery.drain()
    told = [bubble.shown.text for bubble in town.screen.chats["@王阿姨"]]
    counted, is_whole = await town.app.database.unit(_counted)
    await town.close()

    assert sum("已计入：3-2-501 赞成" in text for text in told) == 1
    assert counted == 1 and is_whole


async def _prepared(path: Path) -> int:
    """An open vote; 王阿姨's number on its roll."""
    town = town_at(path)
    await town.open()
    await town.app.database.unit(lambda unit: seed(unit, town.screen.name))
    stairwell = Stairwell(town)
    await with_roll(stairwell)
    await announced(stairwell)
    seats = await town.app.database.unit(lambda unit: unit.seats.of(1))
    await town.close()
    return next(seat.number for seat in seats if "3-2-501" in seat.entry.flats)


async def _counted(unit: Unit) -> tuple[int, bool]:
    """How many took part, and whether the ledger says the same."""
    motion = await unit.motions.by_id(1)
    found = audited(export_line(*row) for row in await unit.motions.ledger(1))
    return motion.took_part.heads, not found.flaws and found.tallies == await unit.ballots.tallies(
        motion
    )
