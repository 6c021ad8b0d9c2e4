"""Storm 齐到: five thousand reminders due at one instant, and ``kill -9`` in the middle of them.

The real program over the fake Bot API, its pace taken off. Killed once while it reminds, and
started again; nobody may be forgotten, nobody told twice but those whose message was on the wire.
"""

import asyncio
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bench.contestants.ours_reminders import TOKEN
from bench.race import OURS, ROOT
from bench.reports import Desk
from bench.telegram import fake_bot_api
from bot.clock import HeldClock
from domain.people import Role
from domain.places import PlaceKind
from storage.database import Database
from storage.deadlines import LEASE
from storage.sqlite import SqliteDriver
from storage.statement import stored, value
from storage.unit import Unit

NOON: Final = datetime(2026, 11, 21, 4, tzinfo=UTC)
DUE: Final = 5_000
OTHERS: Final = 95_000
FIRST_PERSON: Final = 10_000
GOAL_BLOCKED_MS: Final = 10.0
OVER_WITHIN_S: Final = 60.0


def storm(*, rounds: int = 7) -> dict[str, Any]:
    """Longest time for which the event loop was blocked, and who was not reminded, or twice."""
    found = [_round() for _ in range(min(rounds, 3))]
    blocked = [each["blocked_ms"] for each in found]
    return {
        "reminders": DUE,
        "deadlines": DUE + OTHERS,
        "lost": [each["lost"] for each in found],
        "twice": [each["twice"] for each in found],
        "seconds": [round(each["seconds"], 1) for each in found],
        "blocked_ms": blocked,
        "goal_blocked_ms": GOAL_BLOCKED_MS,
        "is_met": max(blocked) <= GOAL_BLOCKED_MS and not any(each["lost"] for each in found),
    }


def _round() -> dict[str, float]:
    with fake_bot_api() as port, tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        path = Path(folder, "storm.db")
        asyncio.run(_prepared(path))
        desk = Desk(port, TOKEN)
        begun = time.perf_counter()
        before = _run(desk, [str(port), str(path), NOON.isoformat()], until=DUE // 2)
        # The deadlines that the killed process had claimed are free again once their lease is over.
        later = (NOON + LEASE + timedelta(seconds=1)).isoformat()
        after = _run(desk, [str(port), str(path), later], until=DUE)
        seconds = time.perf_counter() - begun
        people, sent = _reached(desk), asyncio.run(desk.sent())
    return {
        "lost": DUE - people,
        "twice": sent - people,
        "seconds": seconds,
        "blocked_ms": max(*before, *after),
    }


def _run(desk: Desk, arguments: list[str], *, until: int) -> list[float]:
    """Start, let the instant come, and ``kill -9`` once so many people were reached."""
    command = [str(OURS), "-m", "bench.contestants.ours_reminders", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdout.readline()
        process.stdin.write("go\n")
        process.stdin.flush()
        give_up_at = time.monotonic() + OVER_WITHIN_S
        while _reached(desk) < until and time.monotonic() < give_up_at:
            time.sleep(0.05)
        process.kill()
        return [float(line) for line in process.stdout.read().split()]


def _reached(desk: Desk) -> int:
    """How many people have been told something."""
    return int(asyncio.run(desk.asked("reached"))[0])


async def _prepared(path: Path) -> None:
    database = Database(SqliteDriver(path), HeldClock(NOON))
    await database.open()
    await database.unit(_seeded)
    await database.close()


async def _seeded(unit: Unit) -> None:
    """Issues that were finished three days ago, and much that is due later."""
    community = await unit.places.add(PlaceKind.COMMUNITY, "睦邻社区")
    await unit.places.open_community(community, zone="Asia/Shanghai", lang="zh")
    building = await unit.places.add(PlaceKind.BUILDING, "0号楼", community)
    worker = await unit.people.add("赵师傅", unit.now)
    finished = stored(unit.now - timedelta(days=3))
    for number in range(DUE):
        home = await unit.places.add(PlaceKind.HOUSEHOLD, f"0-1-{number + 1}", building)
        person = await unit.people.add(f"邻居{number}", unit.now)
        account = str(FIRST_PERSON + number)
        await unit.people.identify(person, "telegram", account, unit.now)
        await unit.people.reachable_at("telegram", account, account)
        await unit.people.grant(person, Role.RESIDENT, home.id, by=None, now=unit.now)
        issue_id = await value(
            "insert into issues (community_id, number, place_id, path, level_path, reporter_id, "
            "text, state, handler_id, reported_at, changed_at, finished_at, version) "
            "values (?, ?, ?, ?, ?, ?, ?, 'finished', ?, ?, ?, ?, 1) returning id",
            community.id,
            number + 1,
            building.id,
            building.path,
            building.path,
            person,
            "五楼的灯又不亮了",
            worker,
            finished,
            finished,
            finished,
        )
        await unit.deadlines.set("issue.remind", issue_id, NOON, {"finished_at": finished})
    for number in range(OTHERS):
        at = NOON + timedelta(hours=1, minutes=number % 10_000)
        await unit.deadlines.set("issue.expire", number % DUE + 1, at, {"finished_at": finished})
