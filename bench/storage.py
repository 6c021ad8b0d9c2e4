"""Storage benchmark 存储: units of work against aiosqlite, raw sqlite3 and SQLAlchemy Core."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from bench import workload
from bench.race import OURS, PEERS, Runner, figure, race, times

POSTGRES = os.environ.get("MULIN_TEST_POSTGRES", "")


def sqlite(*, rounds: int = 7, scale: float = 1.0) -> dict[str, Any]:
    """128 units at once on SQLite, ``synchronous=FULL``; and what they could be at best."""
    with tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        path = Path(folder, "ours.db")
        workload.prepare_sqlite(str(path))
        ours = Runner("ours", OURS, "ours_units", times(25600, scale), [str(path), "128"])
        raw = _on_file("raw_sqlite", OURS, times(25600, scale), folder)
        aiosqlite = _on_file("peer_aiosqlite", PEERS, times(640, scale), folder)
        floor = _on_file("floor_units", OURS, times(25600, scale), folder)
        race([ours, aiosqlite, raw, floor], rounds)
    return {
        "units_128_vs_aiosqlite": figure(ours, aiosqlite, goal=50),
        "units_128_vs_raw_sqlite3": figure(ours, raw, goal=0.8),
        "floor_of_tasks_vs_raw_sqlite3": figure(floor, raw, goal=0.8),
    }


def _on_file(module: str, python: Path, count: int, folder: str) -> Runner:
    return Runner(module, python, module, count, [str(Path(folder, f"{module}.db"))])


def postgres(*, rounds: int = 7, scale: float = 1.0) -> dict[str, Any]:
    """16 units at once on PostgreSQL; needs ``MULIN_TEST_POSTGRES``."""
    if not POSTGRES:
        return {"units_16_vs_sqlalchemy": {"skipped": "MULIN_TEST_POSTGRES names no server"}}
    with _schema() as mine, _schema() as theirs:
        count = times(1600, scale)
        ours = Runner("ours", OURS, "ours_units", count, [POSTGRES, "16", mine])
        peer = Runner("sqlalchemy", PEERS, "peer_sqlalchemy", count, [POSTGRES, theirs])
        race([ours, peer], rounds)
    return {"units_16_vs_sqlalchemy": figure(ours, peer, goal=1.4)}


@contextmanager
def _schema() -> Iterator[str]:
    """A passing schema with the workload's tables."""
    name = f"bench_{uuid4().hex[:12]}"
    asyncio.run(_asked(f"create schema {name}; set search_path to {name}", fill=True))
    try:
        yield name
    finally:
        asyncio.run(_asked(f"drop schema {name} cascade"))


async def _asked(sql: str, *, fill: bool = False) -> None:
    connection = await asyncpg.connect(POSTGRES)
    await connection.execute(sql)
    if fill:
        await connection.execute(";".join(workload.tables("postgres")))
        insert = "insert into places (address, name) values ($1, $2)"
        await connection.executemany(insert, workload.places())
    await connection.close()
