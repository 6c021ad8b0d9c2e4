"""Timing 计时: how the long connection waits; tests hold this clock and move it by hand."""

import asyncio
from typing import Any, Protocol


class Timing(Protocol):
    """A monotonic clock in seconds, and sleep by it."""

    def now(self) -> float:
        """Seconds since whenever."""

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""


class LoopTiming:
    """The clock of the running event loop."""

    def now(self) -> float:
        """Seconds of the loop."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds)


async def is_done_within(timing: Timing, seconds: float, *waited: "asyncio.Future[Any]") -> bool:
    """Whether one of ``waited`` is done before so many seconds have passed."""
    sleeper = asyncio.ensure_future(timing.sleep(seconds))
    try:
        await asyncio.wait([*waited, sleeper], return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeper.cancel()
    return any(future.done() for future in waited)
