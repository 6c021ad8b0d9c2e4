"""App 装配: the only place that builds objects and wires them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.clockwork import Alarm, Clockwork
from bot.outbox import Delivery
from bot.platforms.base import Choosy, Platform
from handlers.ask import Links
from handlers.messages import ChatEvent, Incoming
from handlers.registry import loaded
from handlers.router import Handled, Router
from storage.database import Database


class App:
    """One running program: database, router, delivery, clockwork and the platforms."""

    def __init__(
        self,
        database: Database,
        platforms: Sequence[Platform],
        *,
        base_url: str = "http://127.0.0.1:8080",
    ) -> None:
        self.database = database
        self.platforms = {platform.name: platform for platform in platforms}
        self.router = Router(database, loaded(), Links(base_url))
        for platform in platforms:
            if isinstance(platform, Choosy):
                platform.concerns = self.router.concerns
        self.delivery = Delivery(database, self.platforms, self.router.changed)
        self.alarm = Alarm(database, self.router, self.handled)
        self.clockwork = Clockwork(database)
        self.observe: Callable[[Handled], None] = lambda handled: None

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
        """Handle one delivery; when this returns it is stored and may be acknowledged."""
        if isinstance(incoming, Incoming):
            self.handled(await self.router.receive(incoming))
        else:
            self.handled(await self.router.changed(incoming))

    def handled(self, handled: Handled) -> None:
        """Send at once what a unit stored."""
        self.delivery.take(handled.posts, has_waiting=handled.has_waiting)
        if handled.has_deadline:
            self.alarm.nudge()
        self.observe(handled)

    async def run(self) -> None:
        """Receive, deliver and fire until cancelled."""
        self.clockwork.start()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.delivery.run())
            group.create_task(self.alarm.run())
            for platform in self.platforms.values():
                group.create_task(platform.run(self.received))

    async def close(self) -> None:
        """Take nothing in any more, finish what is on its way, let everything go."""
        self.clockwork.stop()
        self.alarm.stop()
        for platform in self.platforms.values():
            await platform.stop()
        await self.delivery.stop()
        await self.database.close()
