"""Outcomes 发送结果: a post arrived, is tried again, goes where its group is, or is given up."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from bot.pace import PacedQueue
from bot.platforms.base import Platform, SendError
from bot.settling import Settler
from handlers.messages import ChatChange, ChatEvent
from storage.database import Database
from storage.faults import StorageFault
from storage.outbox import Post

log = logging.getLogger("mulin.outbox")

FIRST_BACKOFF_S: Final = 1.0
LONGEST_BACKOFF_S: Final = 300.0
GIVE_UP_AFTER: Final = 100
"""Tries; with the longest back-off that is about eight hours of an unreachable platform."""
NOTE_AGAIN_S: Final = 30.0
"""The longest wait before noting is tried again while the database is away."""


class Outcomes:
    """Notes what became of posts. ``sent`` and ``failed`` are counted for the metrics.

    ``sends`` tells whether this process sends on a platform now.
    """

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        chat_changed: Callable[[ChatEvent], Awaitable[object]],
        sends: Callable[[str], bool],
        stopping: asyncio.Event,
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._chat_changed = chat_changed
        self._sends = sends
        self._stopping = stopping
        self._settler = Settler(database)
        self.sent = 0
        self.failed = 0

    async def note(self, queue: PacedQueue, post: Post, outcome: str | SendError | None) -> None:
        """Note that ``post`` arrived, with its reference there, or why it did not."""
        if isinstance(outcome, SendError):
            await self._kept(queue, post, self._missed, outcome)
        else:
            try:
                await self._kept(queue, post, self._settled, outcome)
            finally:
                self.sent += 1

    async def _kept(
        self, queue: PacedQueue, post: Post, work: Callable[..., Awaitable[None]], *more: object
    ) -> None:
        """Note what became of a post, as soon as the database lets us; then its chat goes on."""
        wait = FIRST_BACKOFF_S
        while True:
            try:
                return await work(queue, post, *more)
            except StorageFault as fault:
                log.error("not noted", extra={"event": "settle_storage", "fault": fault.fault})
            if self._stopping.is_set():
                return None
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._stopping.wait()
            wait = min(wait * 2, NOTE_AGAIN_S)

    async def _missed(self, queue: PacedQueue, post: Post, error: SendError) -> None:
        """Try again later, in the chat's order, or mark the post as undeliverable."""
        attempts = post.attempts + 1
        if post.kind == "toast":
            await self._settled(queue, post, None)
        elif not (error.is_permanent or self._sends(post.platform)):
            await self._database.unit(lambda unit: unit.outbox.let_go([post.id]))
            queue.done(post, _now())
        elif error.is_message_gone and post.kind == "edit":
            await self._database.unit(lambda unit: unit.outbox.lose_message(post))
            queue.done(post, _now())
        elif error.is_permanent or attempts >= GIVE_UP_AFTER:
            await self._given_up(queue, post, error)
        elif error.moved_to is not None:
            await self._moved(queue, post, error.moved_to)
        else:
            if error.retry_after is not None:
                queue.slow_down(min(error.retry_after.total_seconds(), 1.0), _now())
            queue.retry(_again(post), _backoff(attempts, error), _now())

    async def _settled(self, queue: PacedQueue, post: Post, ref: str | None) -> None:
        await self._settler.note(post, ref)
        queue.done(post, _now())

    async def _moved(self, queue: PacedQueue, post: Post, new_address: str) -> None:
        """Send a post where its group is now: at once, then ever later should that not help."""
        delivery = f"moved:{post.id}:{post.attempts}"
        event = ChatEvent(
            post.platform, delivery, post.address, False, ChatChange.MOVED, new_address
        )
        now: datetime = self._database.clock()
        wait = _backoff(post.attempts, SendError("gone")) if post.attempts else 0.0
        await self._chat_changed(event)
        due_at = now + timedelta(seconds=wait)
        await self._database.unit(lambda unit: unit.outbox.again(post, due_at, "moved"))
        queue.done(post, _now())

    async def _given_up(self, queue: PacedQueue, post: Post, error: SendError) -> None:
        reason = error.reason if error.is_permanent else "tried_often"
        log.warning("undeliverable", extra={"event": "undeliverable", "reason": reason})
        if error.is_chat_gone:  # first, so that a crash in between tries the post again
            is_private = not self._platforms[post.platform].is_group(post.address)
            delivery = f"gone:{post.id}"
            await self._chat_changed(
                ChatEvent(post.platform, delivery, post.address, is_private, ChatChange.REMOVED)
            )
        await self._database.unit(lambda unit: unit.outbox.give_up(post, reason))
        self.failed += 1
        queue.done(post, _now())


def _now() -> float:
    return asyncio.get_running_loop().time()


def _again(post: Post) -> Post:
    return replace(post, attempts=post.attempts + 1)


def _backoff(attempts: int, error: SendError) -> float:
    """Seconds until the next try: what the platform said, else doubling with some chance."""
    if error.retry_after is not None:
        return error.retry_after.total_seconds() + 0.1
    doubled = FIRST_BACKOFF_S * float(2 ** min(attempts - 1, 12))
    return min(doubled, LONGEST_BACKOFF_S) * random.uniform(0.8, 1.2)
