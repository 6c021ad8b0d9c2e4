"""Votes 投票: two hundred people press at once; each is counted, and answered soon.

The real program over the fake Bot API on SQLite; everybody presses again as soon as the last press
is answered. A poll with several choices, so that each press is one more vote.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.fake_voters import FIRST_PERSON, GROUP
from bench.reports import Desk
from bench.telegram import fake_bot_api
from bot.app import App
from bot.clock import system_clock
from bot.pauses import keep_pauses_short
from bot.platforms.telegram import TelegramPlatform
from domain.people import Role
from domain.places import PlaceKind
from domain.polls import Manner, Poll
from handlers.telling import Teller
from storage.database import Database
from storage.outbox import Post
from storage.photos import StoredPhoto
from storage.sqlite import SqliteDriver
from storage.unit import Unit

TOKEN: Final = "5:votes"
PEOPLE: Final = 200
EACH: Final = 10
GOAL_P99_MS: Final = 150.0
CARD_WITHIN_S: Final = 30.0


def votes(*, rounds: int = 7) -> dict[str, Any]:
    """Milliseconds from a press to its answer; every round has a database of its own."""
    found = [_round() for _ in range(rounds)]
    p99 = [each["p99_ms"] for each in found]
    return {
        "votes": PEOPLE * EACH,
        "people": PEOPLE,
        "p50_ms": round(median(each["p50_ms"] for each in found), 1),
        "p99_ms": {"median": round(median(p99), 1), "all": [round(ms, 1) for ms in p99]},
        "votes_per_second": round(median(PEOPLE * EACH / each["seconds"] for each in found)),
        "goal_p99_ms": GOAL_P99_MS,
        "is_met": median(p99) < GOAL_P99_MS,
    }


def _round() -> dict[str, float]:
    with fake_bot_api() as port, tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        return asyncio.run(_pressed(port, Path(folder, "votes.db")))


async def _pressed(port: int, path: Path) -> dict[str, float]:
    database = Database(SqliteDriver(path), system_clock)
    telegram = TelegramPlatform(TOKEN, load_photo=_no_photo, api_url=f"http://127.0.0.1:{port}")
    app = App(database, [telegram])
    await app.open()
    running = asyncio.create_task(app.run())
    app.delivery.take(await database.unit(_opened))
    keep_pauses_short()
    await app.delivery.flush(CARD_WITHIN_S)
    told: dict[str, float] = await Desk(port, TOKEN).asked("press", PEOPLE, EACH)
    counted = await database.read(_counted)
    await app.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    if told["answered"] != PEOPLE * EACH or counted != (PEOPLE, [PEOPLE] * EACH):
        raise AssertionError(f"{told['answered']} answered, {counted} counted")
    return told


async def _no_photo(photo_id: int) -> StoredPhoto | None:
    return None


async def _opened(unit: Unit) -> Sequence[Post]:
    """A building with its residents, and a poll in its group."""
    community = await unit.places.add(PlaceKind.COMMUNITY, "睦邻社区")
    await unit.places.open_community(community, zone="Asia/Shanghai", lang="zh")
    building = await unit.places.add(PlaceKind.BUILDING, "0号楼", community)
    chat = await unit.chats.met("telegram", str(GROUP), is_private=False)
    await unit.chats.bind(chat.id, building, None)
    for number in range(PEOPLE):
        home = await unit.places.add(PlaceKind.HOUSEHOLD, f"0-1-{number + 1}", building)
        person = await unit.people.add(f"邻居{number}", unit.now)
        await unit.people.identify(person, "telegram", str(FIRST_PERSON + number), unit.now)
        await unit.people.grant(person, Role.RESIDENT, home.id, by=None, now=unit.now)
    poll = Poll(
        id=0,
        community_id=community.id,
        number=await unit.places.next_number(community.id, "poll"),
        place_id=building.id,
        path=building.path,
        author_id=person,
        question="楼道里先修什么",
        options=tuple(f"第{option + 1}项" for option in range(EACH)),
        manner=Manner(most=EACH),
        opened_at=unit.now,
        closes_at=unit.now + timedelta(days=1),
    )
    poll = await unit.polls.add(poll)
    tell = Teller(unit, await unit.places.community(community.id))
    await tell.card(
        await unit.chats.met("telegram", str(GROUP), is_private=False), "poll", poll.id, viewer=None
    )
    return list(unit.outbox.fresh)


async def _counted(unit: Unit) -> tuple[int, list[int]]:
    poll = await unit.polls.by_id(1)
    return poll.voters, list(poll.votes)
