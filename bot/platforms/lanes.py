"""Lanes 队列: deliveries of one lane one after the other, different lanes beside each other."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from storage.faults import StorageFault

log = logging.getLogger("mulin.lanes")

MAX_BESIDE: Final = 128
"""Lanes handled at once; the database shares its commits among about as many."""
TRIES: Final = 3
FIRST_WAIT_S: Final = 0.2
LONGEST_WAIT_S: Final = 30.0
ALBUM_WAIT_S: Final = 1.0
"""How long the first photo of an album waits for the others, which are updates of their own."""


class Delivered(Protocol):
    """What a platform delivers: an update, a callback."""

    @property
    def lane(self) -> tuple[object, object] | None:
        """What it keeps its order with; None for what happened nowhere."""

    @property
    def album(self) -> str:
        """The album that it is a photo of, empty for none."""


Update = TypeVar("Update", bound=Delivered)
Handle = Callable[[Sequence[Update]], Awaitable[None]]
"""Handles one update, or the several that make up an album."""


class _Item(Generic[Update]):
    """What is handled as one: an update, or the photos of an album."""

    __slots__ = ("future", "is_begun", "updates")

    def __init__(self, update: Update) -> None:
        self.updates = [update]
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_begun = False

    @property
    def album(self) -> str:
        """The album's id, empty where it is none."""
        return self.updates[0].album


class Lanes(Generic[Update]):
    """Hands each update to ``handle``; its future is done once it is stored, or passed over."""

    def __init__(self, handle: Handle[Update]) -> None:
        self._handle = handle
        self._lanes: dict[tuple[object, object], deque[_Item[Update]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MAX_BESIDE)
        self._is_stopping = asyncio.Event()

    def put(self, update: Update) -> asyncio.Future[None]:
        """Queue an update behind those of its lane."""
        item, key = _Item(update), update.lane
        if key is None:
            item.future.set_result(None)
            return item.future
        lane = self._lanes.get(key)
        if lane and item.album and lane[-1].album == item.album and not lane[-1].is_begun:
            lane[-1].updates.append(update)
            return lane[-1].future
        if lane is None:
            lane = self._lanes[key] = deque()
            task = asyncio.create_task(self._run(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append(item)
        return item.future

    async def stop(self) -> None:
        """Finish what is being handled; what is queued is given back unhandled."""
        self._is_stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, key: tuple[object, object], lane: deque[_Item[Update]]) -> None:
        async with self._room:
            while lane and not self._is_stopping.is_set():
                item = lane[0]
                is_stored = await self._stored(item)
                lane.popleft()
                if item.future.done():
                    continue
                if is_stored:
                    item.future.set_result(None)
                else:
                    item.future.cancel()
        for item in lane:
            item.future.cancel()
        del self._lanes[key]

    async def _stored(self, item: _Item[Update]) -> bool:
        """Handle one item until it is stored; False where we are stopped before that.

        A database that is away is waited for. An update that breaks the program each time is
        passed over after a few tries, or nobody in that chat would be heard again.
        """
        if item.album and await self._stops_within(ALBUM_WAIT_S):
            return False
        item.is_begun = True
        tries, wait = 0, FIRST_WAIT_S
        while True:
            try:
                await self._handle(item.updates)
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
