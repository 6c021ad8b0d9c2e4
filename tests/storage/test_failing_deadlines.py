"""Deadlines 期限: what cannot be done is tried ever more seldom, left at last, and told."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from handlers.ask import Tick
from handlers.registry import REGISTRY
from storage.deadlines import GIVE_UP_AFTER
from storage.statement import value
from storage.unit import Unit
from tests.conftest import Stairwell


async def broken(tick: Tick, subject_id: int, facts: Mapping[str, str]) -> None:
    tried.append(tick.unit.now.isoformat())
    raise ZeroDivisionError


tried: list[str] = []


async def test_what_always_fails_is_left_after_some_tries_and_told_once(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried.clear()
    monkeypatch.setitem(REGISTRY.due, "broken", broken)
    database, now = town.town.app.database, town.town.clock()
    await database.unit(lambda unit: unit.deadlines.set("broken", 1, now + timedelta(minutes=1)))
    await town.moves("+2d")

    assert len(tried) == GIVE_UP_AFTER
    assert tried[3] > (now + timedelta(minutes=7)).isoformat()
    assert await database.unit(lambda unit: unit.deadlines.failed()) == 1
    assert [r.message for r in caplog.records].count("deadline left") == 1


async def test_a_digest_that_fails_comes_back_the_next_day(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried.clear()
    database = town.town.app.database

    async def begun(unit: Unit) -> None:
        for community in await unit.places.communities():
            await REGISTRY.recurs["digest.daily"](unit, community.id)

    async def count(unit: Unit) -> int:
        return int(await value("select count(*) from deadlines where kind = 'digest.daily'"))

    await database.unit(begun)
    with monkeypatch.context() as patched:
        patched.setitem(REGISTRY.due, "digest.daily", broken)
        await town.moves("+1d 20:00")

    assert len(tried) >= GIVE_UP_AFTER
    assert await database.unit(count) == 1
    assert await database.unit(lambda unit: unit.deadlines.failed()) == 0
