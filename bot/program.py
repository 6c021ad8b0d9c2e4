"""Program 程序: from the start of a process to its graceful end."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from starlette.routing import BaseRoute

from bot.app import App
from bot.garbage import look_less_often
from bot.pauses import keep_pauses_short
from bot.serving import WebServer, application

log = logging.getLogger("mulin.program")

END_WITHIN_S: Final = 12.0
"""A stop that takes longer is cut off; what was committed is sent after the next start."""
LINGER_S: Final = 3.0


class Program:
    """An app and its web server, until a signal comes."""

    def __init__(self, app: App, listener: socket.socket, routes: Sequence[BaseRoute] = ()) -> None:
        self.app = app
        self._web = WebServer(application(app, routes), listener)
        self._stop = asyncio.Event()

    async def run(self, opened: Callable[[], Awaitable[None]]) -> None:
        """Open, do ``opened``, and serve until SIGTERM or SIGINT; a second one ends at once.

        Raises:
            StorageFault: The database cannot be used.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled)
        await self.app.open()
        tasks: list[asyncio.Task[Any]] = []
        try:
            await opened()
            look_less_often()
            keep_pauses_short()
            tasks += map(asyncio.create_task, (self.app.run(), self._web.run(), self._stop.wait()))
            log.info("ready", extra={"event": "ready"})
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # what broke is told by whoever called us
        finally:
            await self._end(tasks)

    def _signalled(self) -> None:
        if self._stop.is_set():
            os._exit(1)
        log.info("stopping", extra={"event": "stopping"})
        self._stop.set()

    async def _end(self, tasks: list[asyncio.Task[Any]]) -> None:
        """Close everything; the tasks then end by themselves, or are ended."""
        self._stop.set()
        self._web.stop()
        try:
            await asyncio.wait_for(self.app.close(), END_WITHIN_S)
        except TimeoutError:
            log.warning("cut off", extra={"event": "cut_off"})
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LINGER_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        log.info("ended", extra={"event": "ended"})
