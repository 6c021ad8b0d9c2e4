"""Clockwork 定时: fires due rows, and a handful of recurring jobs; remembers nothing itself."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from domain.holds import is_past
from handlers.router import Handled, Router
from handlers.wording import DEFAULT, texts
from storage.database import Database
from storage.statement import instant
from storage.unit import Unit

log = logging.getLogger("mulin.clockwork")

BATCH: Final = 100
SAFETY_TICK_S: Final = 30.0
KEEP_DELIVERIES: Final = timedelta(days=30)
KEEP_DRAFTS: Final = timedelta(days=2)
KEEP_FAILURES: Final = timedelta(days=30)
KEEP_SESSIONS: Final = timedelta(days=400)
"""As long as a browser keeps its cookie."""
KEEP_WEB_MESSAGES: Final = timedelta(days=180)
KEEP_NOTES: Final = timedelta(minutes=1)
"""Passing notes are dropped within seconds; these are what a crash left behind."""
KEEP_CODES: Final = timedelta(days=30)
"""After they were used, or could no longer be."""
KEEP_JOIN_REQUESTS: Final = timedelta(days=180)
KEEP_STRANGERS: Final = timedelta(days=30)
"""Who spoke to us and never joined: nobody asked them whether their name may stay."""
KEEP_ROLL_SHEETS: Final = timedelta(days=1)
"""A roll that was sent and not stored; it names owners."""
KEEP_PHOTOS: Final = timedelta(days=2)
"""Of pictures that nothing shows; a question that waits for an answer holds its own."""
KEEP_CARDS: Final = timedelta(days=180)
"""After the end of what they show."""
KEEP_LEFT_CHATS: Final = timedelta(days=180)


class Alarm:
    """Waits for the earliest deadline and has the router do what is due."""

    def __init__(
        self, database: Database, router: Router, handled: Callable[[Handled], None]
    ) -> None:
        self._database = database
        self._router = router
        self._handled = handled
        self._nudged = asyncio.Event()
        self._is_stopping = False

    def nudge(self) -> None:
        """Look again: a deadline was set, or the clock was moved."""
        self._nudged.set()

    async def run(self) -> None:
        """Fire what is due until stopped."""
        while not self._is_stopping:
            self._nudged.clear()
            try:
                await self.fire()
                wait = await self._wait()
            except Exception as error:
                log.error("alarm failed", exc_info=error, extra={"event": "alarm_failed"})
                wait = SAFETY_TICK_S
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._nudged.wait()

    def stop(self) -> None:
        """Fire nothing more."""
        self._is_stopping = True
        self._nudged.set()

    async def fire(self) -> int:
        """Do all that is due; how many deadlines that were."""
        count = 0
        while True:
            due = await self._database.unit(lambda unit: unit.deadlines.claim(BATCH))
            for handled in await asyncio.gather(*(self._router.due(one) for one in due)):
                self._handled(handled)
            count += len(due)
            if not due:  # what is done may let more be due at once
                return count

    async def next_due(self) -> datetime | None:
        """The earliest instant at which a deadline or a waiting post is due."""

        async def asked(unit: Unit) -> list[str | None]:
            return [await unit.deadlines.next_due(), await unit.outbox.next_due()]

        found = [at for at in await self._database.unit(asked) if at is not None]
        return instant(min(found)) if found else None

    async def _wait(self) -> float:
        due = await self._database.unit(lambda unit: unit.deadlines.next_due())
        if due is None:
            return SAFETY_TICK_S
        wait = (instant(due) - self._database.clock()).total_seconds()
        return min(max(wait, 0.01), SAFETY_TICK_S)


class Clockwork:
    """APScheduler as a clock only: calls what is declared here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Start calling."""
        nightly = CronTrigger(hour=19, minute=20, timezone="UTC")  # 3:20 in China
        self._scheduler.add_job(self.tidy, nightly, misfire_grace_time=None, coalesce=True)
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tidy(self) -> None:
        """Forget what is of no use any more; how long each is kept stands above."""
        for part in FORGOTTEN:
            await self._database.unit(part)


async def _forget_passing(unit: Unit) -> None:
    await unit.chats.forget_deliveries(unit.now - KEEP_DELIVERIES)
    await unit.chats.drop_drafts(unit.now - KEEP_DRAFTS)
    await unit.failures.forget(unit.now - KEEP_FAILURES)
    await unit.webchat.forget_sessions(unit.now - KEEP_SESSIONS)
    await unit.forwards.forget(unit.now)


async def _unname_votes(unit: Unit) -> None:
    """Papers go with the names, and then nothing shows their photos any more."""
    for community in await unit.places.communities():
        settings = await unit.motions.settings(community.id)
        for motion in await unit.holds.ended(community.id):
            if is_past(motion, settings, unit.now):
                await unit.holds.unname(motion, unit.now)


async def _forget_strangers(unit: Unit) -> None:
    for person_id in await unit.mydata.strangers(unit.now - KEEP_STRANGERS):
        await unit.mydata.erase(person_id, texts(DEFAULT)["mydata.gone"], unit.now)


async def _forget_kept(unit: Unit) -> None:
    now, forgetting = unit.now, unit.forgetting
    await forgetting.web_messages(now - KEEP_WEB_MESSAGES, now - KEEP_NOTES)
    await forgetting.codes(now - KEEP_CODES)
    await forgetting.join_requests(now - KEEP_JOIN_REQUESTS)
    await forgetting.roll_sheets(now - KEEP_ROLL_SHEETS)
    await forgetting.cards_of_ended(now - KEEP_CARDS)
    await forgetting.chats_left(now - KEEP_LEFT_CHATS)
    await forgetting.photos(now - KEEP_PHOTOS, now)


FORGOTTEN: Final = (_forget_passing, _unname_votes, _forget_strangers, _forget_kept)
"""What is done every night, each part in a unit of its own."""
