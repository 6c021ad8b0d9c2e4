"""Estate 小区: 7,583 households voted through, from the roll to the neighbour's own count.

``python -m bench.estate [--households N] [--matters N] [--postgres URL]`` prints its figures
as JSON. Every vote is two taps through the real router, several at once; the machine's own load is
in the figures.
"""

import argparse
import asyncio
import contextlib
import io
import json
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg

from bot.app import App
from bot.clock import HeldClock
from bot.platforms.memory import MemoryPlatform
from domain.audit import audited
from domain.matters import Matter, lettered
from domain.motions import Motion, Preset
from domain.people import Role
from domain.places import PlaceKind
from domain.roll import Holding, Owner, OwnerKind, Use
from domain.verdict import Choice
from handlers import vote_verifier
from handlers.messages import Incoming, Press
from handlers.motion_export import unzipped, zipped
from handlers.motion_life import open_now
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from storage.sqlite import SqliteDriver
from storage.unit import Unit

HOUSEHOLDS = 7_583
BUILDINGS = 60
AT_ONCE = 64
SEVERAL = 20
"""Every so manieth owner has two flats."""
TURNOUT = 0.86
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
PLATFORM = MemoryPlatform().name


class Estate:
    """An estate on one database, and the seconds that each step took."""

    def __init__(
        self, database: Database, clock: HeldClock, households: int, *, matters: int = 0
    ) -> None:
        self.database = database
        self.clock = clock
        self.households = households
        self.matters = tuple(Matter(f"第{n}项", f"同意第{n}项。") for n in range(1, matters + 1))
        self.app = App(database, [MemoryPlatform()])
        self.seconds: dict[str, float] = {}
        self.votes = 0
        self.random = Random(7583)

    async def timed(self, name: str, step: Callable[[], Awaitable[Any]]) -> Any:
        """Take one step and note its seconds."""
        begun = time.perf_counter()
        found = await step()
        self.seconds[name] = round(time.perf_counter() - begun, 2)
        return found

    async def build(self) -> None:
        """Places, people, groups and roll; a unit for each building."""
        await self.database.unit(self._community)
        for building in range(1, BUILDINGS + 1):
            await self.database.unit(partial(self._building, number=building))
        await self.database.unit(self._roll)

    async def _community(self, unit: Unit) -> None:
        street = await unit.places.add(PlaceKind.STREET, "示例街道")
        place = await unit.places.add(PlaceKind.COMMUNITY, "示例小区", street)
        await unit.places.open_community(place, zone="Asia/Shanghai", lang="zh")
        person = await unit.people.add("召集人", unit.now)
        await unit.people.grant(person, Role.OWNERS_COMMITTEE, place.id, by=None, now=unit.now)

    async def _building(self, unit: Unit, number: int) -> None:
        place = (await unit.places.communities())[0]
        building = await unit.places.add(PlaceKind.BUILDING, f"{number}号楼", place)
        chat = await unit.chats.met(PLATFORM, building.name, is_private=False)
        await unit.chats.bind(chat.id, building, None)
        for flat in self._flats(number):
            home = await unit.places.add(PlaceKind.HOUSEHOLD, flat, building)
            person = await unit.people.add(flat, unit.now)
            await unit.people.identify(person, PLATFORM, flat, unit.now)
            await unit.people.reachable_at(PLATFORM, flat, f"@{flat}")
            await unit.people.grant(person, Role.RESIDENT, home.id, by=None, now=unit.now)

    def _flats(self, building: int) -> list[str]:
        count = len(range(building, self.households + 1, BUILDINGS))
        return [f"{building}-{n % 3 + 1}-{n // 3 + 101}" for n in range(count)]

    async def _roll(self, unit: Unit) -> None:
        place = (await unit.places.communities())[0]
        flats = await unit.roll.doors.counted(place)
        owned = [max(n - 1, 0) if n % SEVERAL == 1 else n for n in range(len(flats))]
        owners = [Owner(n + 1, f"业主{n}", OwnerKind.PERSON, str(n)) for n in sorted(set(owned))]
        ids = await unit.roll.add_owners(place.id, owners)
        holdings = []
        for n, home in enumerate(flats):
            area = self.random.randrange(45_00, 180_00)
            holdings.append(
                Holding(0, ids[owned[n] + 1], home.id, home.path, home.name, Use.FLAT, area)
            )
        await unit.roll.add_holdings(place.id, holdings)
        await unit.roll.changed(place.id, {}, by=None, now=unit.now)
        for n, home in enumerate(flats):
            person = (await unit.people.named(home.name, place.id))[0]
            await unit.roll.link(ids[owned[n] + 1], person, by=None, now=unit.now)

    async def open_vote(self) -> None:
        """An ordinary matter of the whole estate, its notice period over."""

        async def work(unit: Unit) -> None:
            place = (await unit.places.communities())[0]
            author = (await unit.people.named("召集人", place.id))[0]
            made = Motion(
                id=0,
                community_id=place.id,
                number=1,
                place_id=place.id,
                path=place.path,
                author_id=author,
                title="更换物业公司",
                text="同意更换物业公司，聘期三年。",
                preset=Preset.ORDINARY,
                is_secret=False,
                is_binding=True,
                announced_at=unit.now,
                opens_at=unit.now,
                closes_at=unit.now + timedelta(days=30),
                matters=self.matters,
            )
            lacks = await open_now(unit, await unit.motions.add(made), by=author)
            assert not lacks, lacks

        await self.database.unit(work)

    async def vote(self) -> None:
        """Every owner votes with two taps; some change their mind."""
        seats = await self.database.unit(lambda unit: unit.seats.of(1))
        came = [s for s in seats if self.random.random() < TURNOUT]
        await self._all([(s.number, s.entry.flats[0], 0) for s in came])
        await self._all([(s.number, s.entry.flats[0], 1) for s in came[::20]])

    async def _all(self, voters: Sequence[tuple[int, str, int]]) -> None:
        waiting = iter(voters)

        async def worker() -> None:
            for number, flat, changes in waiting:
                count = len(self.matters) or 1
                said = lettered(self.random.choices(list(Choice), weights=[7, 2, 1], k=count))
                await self._tap(flat, f"ballot:1:{said}:{number}")
                await self._tap(flat, f"cast:1:{said}:{number}:{changes}")
                self.votes += 1

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        await self.app.delivery.drain()

    async def _tap(self, who: str, call: str) -> None:
        press = Press(call, f"{who}|{uuid4().hex}")
        await self.app.received(
            Incoming(PLATFORM, uuid4().hex, f"@{who}", True, who, who, press=press)
        )

    async def close(self) -> None:
        """The clock reaches the close: all is counted and sealed."""
        self.clock.move_to(self.clock() + timedelta(days=31))
        await self.app.alarm.fire()

    async def audit(self) -> tuple[bytes, bool]:
        """Count again from the ledger alone; the export, and whether all fits."""
        motion = await self.database.unit(lambda unit: unit.motions.by_id(1))
        tallies = await self.database.unit(lambda unit: unit.ballots.tallies(motion))
        ledger = await self.database.unit(lambda unit: unit.motions.ledger(1))
        seats = await self.database.unit(lambda unit: unit.seats.of(1))
        content = zipped(ledger, [seat.entry for seat in seats])
        found = audited(unzipped(content))
        is_right = (
            not found.flaws and found.tallies == tallies and found.head == motion.closing_head
        )
        return content, is_right and all(verdict.passes for verdict in found.verdicts)


async def voted_through(driver: Driver, households: int, matters: int) -> dict[str, Any]:
    """Play the whole vote on one database; its figures."""
    clock = HeldClock(NOW)
    estate = Estate(Database(driver, clock), clock, households, matters=matters)
    await estate.app.open()
    try:
        await estate.timed("build_s", estate.build)
        await estate.timed("open_s", estate.open_vote)
        await estate.timed("vote_s", estate.vote)
        await estate.timed("close_s", estate.close)
        await estate.timed("tell_groups_s", estate.app.delivery.drain)
        content, fits = await estate.timed("audit_s", estate.audit)
        lines = unzipped(content)
        begun = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            vote_verifier.verified(lines)
        estate.seconds["verifier_s"] = round(time.perf_counter() - begun, 2)
    finally:
        await estate.app.close()
    return {
        "households": households,
        "matters": matters or 1,
        "votes": estate.votes,
        "votes_per_s": round(estate.votes / estate.seconds["vote_s"]),
        **estate.seconds,
        "ledger_rows": len(lines),
        "export_kb": round(len(content) / 1024),
        "audit_fits": fits,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


@asynccontextmanager
async def postgres(url: str) -> AsyncIterator[Driver]:
    """A passing schema."""
    name = f"bench_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(url)
    await connection.execute(f"create schema {name}")
    try:
        yield PostgresDriver(url, name)
    finally:
        await connection.execute(f"drop schema {name} cascade")
        await connection.close()


async def _main(arguments: argparse.Namespace) -> None:
    found: dict[str, Any]
    counts = (arguments.households, arguments.matters)
    if arguments.postgres:
        async with postgres(arguments.postgres) as driver:
            found = {"postgres": await voted_through(driver, *counts)}
    else:
        with tempfile.TemporaryDirectory(prefix="mulin-estate-") as folder:
            driver = SqliteDriver(Path(folder, "estate.db"))
            found = {"sqlite": await voted_through(driver, *counts)}
    print(json.dumps(found, indent=2))


def main() -> None:
    """Vote one estate through."""
    parser = argparse.ArgumentParser(prog="python -m bench.estate", description=__doc__)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--matters", type=int, default=0, help="a list of so many; 0: one alone")
    parser.add_argument("--postgres", default="", metavar="URL", help="instead of SQLite")
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
