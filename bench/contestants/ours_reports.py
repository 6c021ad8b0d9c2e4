"""Mulin itself: Telegram by long polling, SQLite on disk, every card sent and settled."""

import asyncio
import logging
import sys
from pathlib import Path

from bench import fake_api
from bench.contestant import play
from bench.reports import Desk
from bot.app import App
from bot.clock import system_clock
from bot.garbage import look_less_often
from bot.pauses import keep_pauses_short
from bot.platforms.base import Pace
from bot.platforms.telegram import TelegramPlatform
from domain.people import Role
from domain.places import Place, PlaceKind
from storage.database import Database
from storage.photos import StoredPhoto
from storage.sqlite import SqliteDriver
from storage.statement import value
from storage.unit import Unit

TOKEN = "3:ours"
BUILDINGS_PER_GRID = 20


class OursReports:
    """The wired program; only the platform's pace is taken off, as it is for the others."""

    def __init__(self, port: int, path: str) -> None:
        self._desk = Desk(port, TOKEN)
        self._database = Database(SqliteDriver(Path(path)), system_clock)
        url = f"http://127.0.0.1:{port}"
        telegram = TelegramPlatform(TOKEN, load_photo=_no_photo, api_url=url, pace=Pace())
        self._app = App(self._database, [telegram])
        self._wanted = 0

    async def open(self) -> None:
        """Make the town and poll."""
        await self._app.open()
        await self._database.unit(town)
        look_less_often()
        keep_pauses_short()
        self._running = asyncio.create_task(self._app.run())

    async def run(self, count: int) -> None:
        """Have reports come in; over when every card is sent and settled."""
        self._wanted += count
        await self._desk.load(count)
        while self._app.delivery.sent < self._wanted:  # noqa: ASYNC110 (it tells nobody)
            await asyncio.sleep(0.002)

    async def done(self) -> int:
        """Messages that arrived, if as many are stored and none waits."""

        async def asked(unit: Unit) -> int:
            if await value("select count(*) from outbox"):
                return -1
            return int(await value("select count(*) from issues"))

        return min(await self._desk.sent(), await self._database.read(asked))

    async def close(self) -> None:
        """Stop as the program does."""
        await self._app.close()
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)


async def _no_photo(photo_id: int) -> StoredPhoto | None:
    return None


async def town(unit: Unit) -> None:
    """A community with a building, its head and a neighbour behind each group."""
    community = await unit.places.add(PlaceKind.COMMUNITY, "睦邻社区")
    await unit.places.open_community(community, zone="Asia/Shanghai", lang="zh")
    grid = community
    for group in range(fake_api.GROUPS):
        if group % BUILDINGS_PER_GRID == 0:
            name = f"第{group // BUILDINGS_PER_GRID}网格"
            grid = await unit.places.add(PlaceKind.GRID, name, community)
        await _building(unit, group, grid)


async def _building(unit: Unit, group: int, grid: Place) -> None:
    building = await unit.places.add(PlaceKind.BUILDING, f"{group}号楼", grid)
    home = await unit.places.add(PlaceKind.HOUSEHOLD, f"{group}-1-101", building)
    chat = await unit.chats.met("telegram", str(fake_api.chat_id_of(group)), is_private=False)
    await unit.chats.bind(chat.id, building, None)
    resident = await unit.people.add(f"邻居{group}", unit.now)
    await unit.people.identify(resident, "telegram", str(fake_api.user_id_of(group)), unit.now)
    await unit.people.grant(resident, Role.RESIDENT, home.id, by=None, now=unit.now)
    head = await unit.people.add(f"楼长{group}", unit.now)
    await unit.people.grant(head, Role.BUILDING_HEAD, building.id, by=None, now=unit.now)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    play(OursReports(int(sys.argv[1]), sys.argv[2]))
