"""Settling 了结: posts that arrived are noted together, as many as come while others are noted."""

import asyncio
from typing import Final

from storage.database import Database
from storage.faults import StorageFault
from storage.outbox import Post

MAX_TOGETHER: Final = 64

_Arrival = tuple[Post, str | None, "asyncio.Future[None]"]


class Settler:
    """Notes arrivals, one unit at a time; nobody waits for others to arrive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._arrived: list[_Arrival] = []
        self._noting: asyncio.Task[None] | None = None

    def note(self, post: Post, ref: str | None) -> "asyncio.Future[None]":
        """Note that ``post`` arrived as ``ref``; done once it is stored.

        Raises:
            StorageFault: It could not be noted now.
        """
        loop = asyncio.get_running_loop()
        noted: asyncio.Future[None] = loop.create_future()
        self._arrived.append((post, ref, noted))
        if self._noting is None:
            self._noting = loop.create_task(self._note_all())
        return noted

    async def _note_all(self) -> None:
        try:
            while self._arrived:
                taken = self._arrived[:MAX_TOGETHER]
                del self._arrived[:MAX_TOGETHER]
                await self._note(taken)
        finally:
            self._noting = None

    async def _note(self, taken: list[_Arrival]) -> None:
        """Store some arrivals; each alone where they break for a reason of their own."""
        arrived = [(post, ref) for post, ref, _ in taken]
        try:
            await self._database.unit(lambda unit: unit.outbox.settle_all(arrived))
        except Exception as error:
            if len(taken) > 1 and not isinstance(error, StorageFault):
                for one in taken:
                    await self._note([one])
                return
            for _, _, noted in taken:
                if not noted.done():
                    noted.set_exception(error)
            return
        for _, _, noted in taken:
            if not noted.done():
                noted.set_result(None)
