"""Held timing 手拨的钟: nothing that sleeps by it wakes before the test moves it."""

import asyncio
import heapq
from itertools import count


class HeldTiming:
    """A ``Timing`` that stands still. ``asked`` are all waits that were asked for, in order."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._now = 1000.0
        self._count = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._count), future))
        await future

    def waits(self, seconds: float) -> bool:
        """Whether somebody sleeps for exactly so long."""
        return any(
            abs(at - self._now - seconds) < 1e-6 and not future.done()
            for at, _, future in self._sleepers
        )

    @property
    def next_in(self) -> float | None:
        """Seconds until the next sleeper wakes; None where nobody sleeps."""
        alive = [at for at, _, future in self._sleepers if not future.done()]
        return min(alive) - self._now if alive else None

    async def move(self, seconds: float) -> None:
        """Move on, waking each sleeper at its time."""
        target = self._now + seconds
        while self._sleepers and self._sleepers[0][0] <= target:
            self._now, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
            for _ in range(5):
                await asyncio.sleep(0)
        self._now = target
