"""Rolls 名册: ten thousand households from a spreadsheet, read, looked through and stored.

Measured from the file's bytes until the roll is committed, on each database, and once more for
a second import that changes a hundred of them.
"""

import asyncio
import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from bot.clock import HeldClock
from bot.sheets import read_sheet, write_xlsx
from domain.places import Place, PlaceKind
from domain.roll_plan import planned
from domain.roll_reading import read_roll
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from storage.sqlite import SqliteDriver
from storage.unit import Unit

HOUSEHOLDS: Final = 10_000
A_BUILDING: Final = 100
GOAL_S: Final = 10.0
HEAD: Final = ("网格", "楼栋", "单元", "房号", "业主", "面积", "用途")


def sqlite(*, rounds: int = 7) -> dict[str, Any]:
    """Seconds on SQLite, FULL."""
    with tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        driver = SqliteDriver(Path(folder, "roll.db"))
        return {"roll_sqlite": asyncio.run(_measured(driver))}


def postgres(*, rounds: int = 7) -> dict[str, Any]:
    """Seconds on the server that ``MULIN_TEST_POSTGRES`` names; nothing without it."""
    url = os.environ.get("MULIN_TEST_POSTGRES", "")
    if not url:
        return {"roll_postgres": "MULIN_TEST_POSTGRES names no server"}
    return {"roll_postgres": asyncio.run(_on_postgres(url))}


async def _on_postgres(url: str) -> dict[str, Any]:
    import asyncpg

    schema = f"bench_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(url)
    await connection.execute(f"create schema {schema}")
    try:
        return await _measured(PostgresDriver(url, schema))
    finally:
        await connection.execute(f"drop schema {schema} cascade")
        await connection.close()


def estate(changed: int = 0) -> bytes:
    """A workbook with a hundred flats in each building; ``changed`` of them were sold."""
    rows = []
    for n in range(HOUSEHOLDS):
        building, flat = divmod(n, A_BUILDING)
        owner = f"新业主{n}" if n < changed else f"业主{n // 2 if n % 10 == 1 else n}"
        door = f"{flat // 4 + 1}{flat % 4 + 1:02d}"
        grid, area = f"第{building // 10 + 1}网格", 60 + n % 9_000 / 100
        rows.append((grid, f"{building + 1}号楼", "1单元", door, owner, area, "住宅"))
    return write_xlsx((HEAD, *rows), "名册")


async def _measured(driver: Driver) -> dict[str, Any]:
    database = Database(driver, HeldClock(datetime(2026, 11, 21, 4, tzinfo=UTC)))
    await database.open()
    try:
        community = await database.unit(_founded)
        first = await _brought(database, community, estate())
        second = await _brought(database, community, estate(100))
    finally:
        await database.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"first": first, "second": second, "goal_s": GOAL_S, "memory_mb": memory}


async def _founded(unit: Unit) -> Place:
    community = await unit.places.add(PlaceKind.COMMUNITY, "大社区")
    await unit.places.open_community(community, zone="Asia/Shanghai", lang="zh")
    return community


async def _brought(database: Database, community: Place, content: bytes) -> dict[str, Any]:
    begun = time.perf_counter()
    reading = read_roll(read_sheet("名册.xlsx", content))
    read = time.perf_counter()

    async def work(unit: Unit) -> tuple[int, int]:
        plan = planned(reading, await unit.roll_imports.known(community))
        await unit.roll_imports.store(community, plan, by=None, now=unit.now)
        return len(plan.added), len(plan.changed)

    added, changed = await database.unit(work)
    done = time.perf_counter()
    seconds = {"read_s": round(read - begun, 2), "stored_s": round(done - read, 2)}
    return {"added": added, "changed": changed, **seconds, "all_s": round(done - begun, 2)}
