"""App 装配: the only place that builds objects and wires them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.apology import Apology
from bot.clockwork import Alarm, Clockwork
from bot.forecasting import Forecasting, Source
from bot.outbox import Delivery
from bot.platforms.base import Choosy, Platform
from handlers.ask import Links
from handlers.messages import ChatEvent, Incoming
from handlers.registry import loaded
from handlers.router import Handled, Router
from storage.database import Database
from storage.faults import Fault, StorageFault

FINISH_WITHIN_S: Final = 3.0
"""How long a stop waits for units, and then for posts; what is left goes after the next start."""

Observe = Callable[[str, Handled, float | None], None]
"""Told of every unit (``message``, ``event``, ``deadline`` or ``forecast``), how it ended, and its
seconds."""


class App:
    """One running program: database, router, delivery, clockwork and the platforms."""

    def __init__(
        self,
        database: Database,
        platforms: Sequence[Platform],
        *,
        base_url: str = "http://127.0.0.1:8080",
        weather: Source | None = None,
    ) -> None:
        self.database = database
        self.platforms = {platform.name: platform for platform in platforms}
        self.router = Router(database, loaded(), Links(base_url))
        for platform in platforms:
            if isinstance(platform, Choosy):
                platform.concerns = self.router.concerns
        self.delivery = Delivery(database, self.platforms, self.router.changed)
        self.alarm = Alarm(database, self.router, self.fired)
        self.clockwork = Clockwork(database)
        self.forecasting = (
            Forecasting(database, self.router, weather, self.forecast) if weather else None
        )
        self.observe: Observe = lambda kind, handled, seconds: None
        self.fault: tuple[Fault, float] | None = None
        self._apology = Apology(self.platforms)
        self._inside = 0
        self._is_closing = False
        self._all_out = asyncio.Event()

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock that every unit reads."""
        return self.database.clock

    async def open(self) -> None:
        """Make ready to receive: schema, unanswered questions, unsent posts."""
        await self.database.open()
        await self.router.start()
        await self.delivery.start()

    async def received(self, incoming: Incoming | ChatEvent) -> None:
        """Handle one delivery; when this returns it is stored and may be acknowledged.

        Raises:
            StorageFault: Nothing was stored; the platform brings it again later.
        """
        if self._is_closing:
            raise StorageFault(Fault.CLOSED, self.database.driver.where)
        self._inside += 1
        try:
            await self._received(incoming)
        except StorageFault as fault:
            self.fault = fault.fault, time.monotonic()
            if isinstance(incoming, Incoming):
                await self._apology.tell(incoming)
            raise
        finally:
            self._inside -= 1
            if not self._inside:
                self._all_out.set()

    async def _received(self, incoming: Incoming | ChatEvent) -> None:
        begun = time.perf_counter()
        if isinstance(incoming, Incoming):
            kind, handled = "message", await self.router.receive(incoming)
        else:
            kind, handled = "event", await self.router.changed(incoming)
        self.observe(kind, handled, time.perf_counter() - begun)
        self._handled(handled)

    def fired(self, handled: Handled) -> None:
        """A due job has been done."""
        self.observe("deadline", handled, None)
        self._handled(handled)

    def forecast(self, handled: Handled) -> None:
        """A forecast came, or is known not to come."""
        self.observe("forecast", handled, None)
        self._handled(handled)

    def _handled(self, handled: Handled) -> None:
        """Send at once what a unit stored."""
        self.delivery.take(handled.posts, has_waiting=handled.has_waiting)
        if handled.has_deadline:
            self.alarm.nudge()
        if handled.wants_forecast and self.forecasting:
            self.forecasting.nudge()

    async def run(self) -> None:
        """Receive, deliver and fire until cancelled."""
        self.clockwork.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.delivery.run())
            group.create_task(self.alarm.run())
            if self.forecasting:
                group.create_task(self.forecasting.run())
            for platform in self.platforms.values():
                group.create_task(platform.run(self.received))

    async def close(self) -> None:
        """Take nothing in any more, finish what is on its way, let everything go; once."""
        if self._is_closing:
            return
        self._is_closing = True
        self.clockwork.stop()
        self.alarm.stop()
        if self.forecasting:
            self.forecasting.stop()
        if self._inside:
            self._all_out.clear()
            await asyncio.wait([asyncio.create_task(self._all_out.wait())], timeout=FINISH_WITHIN_S)
        await self.delivery.flush(FINISH_WITHIN_S)
        for platform in self.platforms.values():
            await platform.stop()
        await self.delivery.stop()
        await self.database.close()
