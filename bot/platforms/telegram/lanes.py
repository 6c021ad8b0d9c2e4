"""Lanes 队列: updates of one chat one after the other, different chats beside each other."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from bot.platforms.telegram.wire import Update
from storage.faults import StorageFault

log = logging.getLogger("mulin.telegram")

MAX_BESIDE: Final = 128
"""Chats handled at once; the database shares its commits among about as many."""
TRIES: Final = 3
FIRST_WAIT_S: Final = 0.2
LONGEST_WAIT_S: Final = 30.0

Handle = Callable[[Update], Awaitable[None]]


class Lanes:
    """Hands each update to ``handle``; its future is done once it is stored, or passed over."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._lanes: dict[int, deque[tuple[Update, asyncio.Future[None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MAX_BESIDE)
        self._is_stopping = asyncio.Event()

    def put(self, update: Update) -> asyncio.Future[None]:
        """Queue an update behind those of its chat."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        chat = update.chat_id
        if chat is None:
            future.set_result(None)
            return future
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = deque()
            task = asyncio.create_task(self._run(chat, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append((update, future))
        return future

    async def stop(self) -> None:
        """Finish what is being handled; what is queued is given back unhandled."""
        self._is_stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, chat: int, lane: deque[tuple[Update, asyncio.Future[None]]]) -> None:
        async with self._room:
            while lane and not self._is_stopping.is_set():
                update, future = lane[0]
                is_stored = await self._stored(update)
                lane.popleft()
                if future.done():
                    continue
                if is_stored:
                    future.set_result(None)
                else:
                    future.cancel()
        for _, future in lane:
            future.cancel()
        del self._lanes[chat]

    async def _stored(self, update: Update) -> bool:
        """Handle one update until it is stored; False where we are stopped before that.

        A database that is away is waited for. An update that breaks the program each time is
        passed over after a few tries, or nobody in that chat would be heard again.
        """
        tries, wait = 0, FIRST_WAIT_S
        while True:
            try:
                await self._handle(update)
                return True
            except StorageFault as fault:
                log.error("storage", extra={"event": "receive_storage", "fault": str(fault)})
            except Exception as error:
                tries += 1
                log.error("receiving failed", exc_info=error, extra={"event": "receive_bug"})
                if tries >= TRIES:
                    return True
            if await self._stops_within(wait):
                return False
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _stops_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._is_stopping.wait()
        except TimeoutError:
            return False
        return True
