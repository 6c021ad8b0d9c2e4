"""Digests 日报: a thousand grid workers, a hundred thousand issues; how long until all is ready.

Measured from the instant at which the digests are due until every one of them stands in the
outbox, on each database. Ten communities with a hundred grids each, a hundred issues a grid.
"""

import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4

from bot.clock import HeldClock
from bot.clockwork import Alarm
from domain.people import Role
from domain.places import Place, PlaceKind
from handlers.ask import Links
from handlers.digest import plan_digests
from handlers.registry import loaded
from handlers.router import Router
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from storage.sqlite import SqliteDriver
from storage.statement import Statement, rows, stored, value
from storage.unit import Unit

EVENING: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
COMMUNITIES: Final = 10
GRIDS: Final = 100
"""In each community; every grid has its worker."""
ISSUES: Final = 100
"""In each grid."""
GOAL_S: Final = 5.0
STATES: Final = ("reported", "dispatched", "accepted", "finished", *["verified"] * 6)
"""Of ten issues; the sixth part and more of a grown table is settled."""


def sqlite(*, rounds: int = 7) -> dict[str, Any]:
    """Seconds on SQLite, FULL."""
    with tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        driver = SqliteDriver(Path(folder, "digests.db"))
        return {"digests_sqlite": asyncio.run(_measured(driver, rounds))}


def postgres(*, rounds: int = 7) -> dict[str, Any]:
    """Seconds on the server that ``MULIN_TEST_POSTGRES`` names; nothing without it."""
    url = os.environ.get("MULIN_TEST_POSTGRES", "")
    if not url:
        return {"digests_postgres": "MULIN_TEST_POSTGRES names no server"}
    return {"digests_postgres": asyncio.run(_on_postgres(url, rounds))}


async def _on_postgres(url: str, rounds: int) -> dict[str, Any]:
    import asyncpg

    schema = f"bench_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(url)
    await connection.execute(f"create schema {schema}")
    try:
        return await _measured(PostgresDriver(url, schema), rounds)
    finally:
        await connection.execute(f"drop schema {schema} cascade")
        await connection.close()


async def _measured(driver: Driver, rounds: int) -> dict[str, Any]:
    clock = HeldClock(EVENING)
    database = Database(driver, clock)
    await database.open()
    for number in range(COMMUNITIES):
        await database.unit(partial(_community, number))
    seconds = [await _morning(database, clock) for _ in range(rounds)]
    await database.close()
    return {
        "workers": COMMUNITIES * GRIDS,
        "issues": COMMUNITIES * GRIDS * ISSUES,
        "seconds": {"median": round(median(seconds), 2), "all": [round(s, 2) for s in seconds]},
        "goal_s": GOAL_S,
        "is_met": max(seconds) < GOAL_S,
    }


async def _morning(database: Database, clock: HeldClock) -> float:
    """The next day's digests; what lay in the outbox is thrown away before."""
    await database.unit(_emptied)
    clock.move_to(clock() + timedelta(days=1))
    router = Router(database, loaded(), Links("http://127.0.0.1"))
    begun = time.perf_counter()
    await Alarm(database, router, lambda handled: None).fire()
    seconds = time.perf_counter() - begun
    made = await database.read(_made)
    if made != COMMUNITIES * GRIDS:
        raise AssertionError(f"{made} digests")
    return seconds


async def _emptied(unit: Unit) -> None:
    await Statement("delete from outbox")


async def _made(unit: Unit) -> int:
    return int(await value("select count(*) from outbox where kind = 'send'"))


async def _community(number: int, unit: Unit) -> None:
    community = await unit.places.add(PlaceKind.COMMUNITY, f"{number}社区")
    await unit.places.open_community(community, zone="Asia/Shanghai", lang="zh")
    resident = await unit.people.add(f"邻居{number}", unit.now)
    for grid in range(GRIDS):
        await _grid(unit, community, grid, resident)
    await plan_digests(unit, community.id)


async def _grid(unit: Unit, community: Place, number: int, reporter: int) -> None:
    """A grid with its worker and its issues, of the last hundred days."""
    grid = await unit.places.add(PlaceKind.GRID, f"第{number}网格", community)
    worker = await unit.people.add(f"网格员{number}", unit.now)
    account = f"{community.id}-{number}"
    await unit.people.identify(worker, "memory", account, unit.now)
    await unit.people.reachable_at("memory", account, f"@{account}")
    await unit.people.grant(worker, Role.GRID_WORKER, grid.id, by=None, now=unit.now)
    for issue in range(ISSUES):
        at = stored(unit.now - timedelta(days=ISSUES - issue, hours=issue % 20))
        await rows(
            "insert into issues (community_id, number, place_id, path, level_path, reporter_id, "
            "text, state, reported_at, changed_at, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) returning id",
            community.id,
            number * ISSUES + issue + 1,
            grid.id,
            grid.path,
            grid.path,
            reporter,
            f"{issue}楼的灯又不亮了",
            STATES[issue % len(STATES)],
            at,
            at,
        )
