"""Delivery 发送: claim → send → settle, at the platform's pace, surviving whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.chart_posts import with_chart
from bot.outcomes import Outcomes
from bot.pace import PacedQueue
from bot.platforms.base import Deliberate, Platform, SendError
from bot.printout_posts import with_printout
from bot.qr_posts import with_qr
from handlers.lateness import put_off_until
from handlers.messages import ChatEvent
from handlers.redrawing import redrawn
from storage.database import Database
from storage.faults import StorageFault
from storage.moving import LEFT_BEHIND
from storage.outbox import Post
from storage.statement import instant
from storage.unit import Unit

log = logging.getLogger("mulin.outbox")

CLAIM: Final = 200
"""Posts of one platform taken from the table; at its pace that is some seconds of work."""
MAX_IN_FLIGHT: Final = 64
AT_ONCE: Final = 8
"""Posts that go out before others have their turn: whoever asks something does not wait for all."""
SAFETY_TICK_S: Final = 30.0


class Delivery:
    """Sends what units have stored."""

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        chat_changed: Callable[[ChatEvent], Awaitable[object]],
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._queues = {name: _queue(platform) for name, platform in platforms.items()}
        self._put_off: list[tuple[Post, datetime]] = []
        self._elsewhere: list[int] = []
        self._wake = {name: asyncio.Event() for name in platforms}
        self._claim_now = asyncio.Event()
        # Asking whether something is one costs as much as half a call of the Bot API.
        self._deliberate = {n: p for n, p in platforms.items() if isinstance(p, Deliberate)}
        for platform in self._deliberate.values():
            platform.ready = self._claim_now.set
        self._sending: set[asyncio.Task[None]] = set()
        self._is_running = False
        self._stopping = asyncio.Event()
        self._idle = asyncio.Event()
        self._outcomes = Outcomes(database, platforms, chat_changed, self._sends, self._stopping)

    @property
    def sent(self) -> int:
        """How many posts arrived."""
        return self._outcomes.sent

    @property
    def failed(self) -> int:
        """How many posts will never arrive."""
        return self._outcomes.failed

    def take(self, posts: Iterable[Post], *, has_waiting: bool = False) -> None:
        """Send posts that a unit of this process has just stored."""
        for post in posts:
            if post.platform in self._queues and self._goes_now(post):
                self._queues[post.platform].put(post)
                self._wake[post.platform].set()
        if has_waiting:
            self._claim_now.set()

    def _goes_now(self, post: Post) -> bool:
        """Whether a post goes from here, and now; else it is put back at the next claiming."""
        platform = self._deliberate.get(post.platform)
        if platform is None or post.kind == "toast":
            return True
        now = self._database.clock()
        not_before = platform.not_before(post, now)
        if not platform.sends_here():
            self._elsewhere.append(post.id)
        elif not_before > now:
            self._put_off.append((post, not_before))
        else:
            return True
        self._claim_now.set()
        return False

    async def start(self) -> None:
        """Free what a worker that is gone had claimed."""
        everything = not self._database.driver.is_shared
        await self._database.unit(lambda unit: unit.outbox.release(everything=everything))
        self._claim_now.set()

    async def run(self) -> None:
        """Deliver until stopped."""
        self._is_running = True
        async with asyncio.TaskGroup() as group:
            group.create_task(self._claiming())
            for name in self._platforms:
                group.create_task(self._sending_on(name))

    async def flush(self, seconds: float) -> None:
        """Wait until what is taken has been sent, at most so long; what is not stays stored."""
        self._idle.clear()
        if self._is_running and self._has_posts:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._idle.wait()

    async def stop(self) -> None:
        """Send nothing more; wait for what is on its way, and leave the rest to other workers."""
        self._stopping.set()
        for event in (*self._wake.values(), self._claim_now):
            event.set()
        await asyncio.gather(*self._sending, return_exceptions=True)
        held = [number for queue in self._queues.values() for number in queue.held]
        try:
            if held:
                await self._database.unit(lambda unit: unit.outbox.let_go(held))
        except StorageFault as fault:
            log.error("not let go", extra={"event": "stop_storage", "fault": fault.fault})

    async def drain(self) -> None:
        """Send all that is due, one after the other; for held clocks."""
        while True:
            await self._claimed()
            posts = [(name, post) for name in self._queues for post in self._ready(name)]
            if not posts:
                return
            tried = [(name, *await self._tried(name, post)) for name, post in posts]
            await asyncio.gather(*(self._noted(*each) for each in tried))

    @property
    def _has_posts(self) -> bool:
        return any(queue.held for queue in self._queues.values())

    def _ready(self, name: str) -> Iterator[Post]:
        while isinstance(post := self._queues[name].next(_now()), Post):
            yield post

    def _sends(self, name: str) -> bool:
        return name not in self._deliberate or self._deliberate[name].sends_here()

    # Claiming

    async def _claiming(self) -> None:
        ticked_at = _now()
        while not self._stopping.is_set():
            self._claim_now.clear()
            try:
                wait = await self._claimed()
            except Exception as error:
                log.error("claiming failed", exc_info=error, extra={"event": "claim_failed"})
                wait = 1.0
            # Not wait_for: before Python 3.12 it may swallow a cancellation.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._claim_now.wait()
            if _now() - ticked_at >= SAFETY_TICK_S:
                await self._tick()
                ticked_at = _now()

    async def _claimed(self) -> float:
        """Take due posts into the queues; the seconds until something is due next.

        A platform that is away fills its own queue only; it then claims no more.
        """
        room = {name: CLAIM - len(queue.held) for name, queue in self._queues.items()}
        room = {name: n for name, n in room.items() if n > 0 and self._sends(name)}
        fixed = {name for name, platform in self._platforms.items() if not platform.edits}
        posts, due = await self._database.unit(lambda unit: _claimed(unit, room, fixed))
        self.take(posts)
        await self._put_back()
        if due is None:
            return SAFETY_TICK_S
        wait = (instant(due) - self._database.clock()).total_seconds()
        return min(max(wait, 0.2), SAFETY_TICK_S)

    async def _put_back(self) -> None:
        """Put back what goes later, or from another process."""
        put_off, elsewhere = list(self._put_off), list(self._elsewhere)
        if not put_off and not elsewhere:
            return

        async def work(unit: Unit) -> None:
            for post, due_at in put_off:
                await unit.outbox.put_off(post, due_at)
            await unit.outbox.let_go(elsewhere)

        await self._database.unit(work)
        self._put_off = [late for late in self._put_off if late not in put_off]
        self._elsewhere = [number for number in self._elsewhere if number not in elsewhere]

    async def _tick(self) -> None:
        """Keep what still waits here, and free what a vanished worker had claimed."""
        held = [number for queue in self._queues.values() for number in queue.held]
        try:
            await self._database.unit(lambda unit: unit.outbox.renew(held))
            await self._database.unit(lambda unit: unit.outbox.release(everything=False))
        except Exception as error:
            log.error("tick failed", exc_info=error, extra={"event": "tick_failed"})

    # Sending

    async def _sending_on(self, name: str) -> None:
        queue, wake = self._queues[name], self._wake[name]
        room = asyncio.Semaphore(MAX_IN_FLIGHT)

        def ended(task: asyncio.Task[None]) -> None:
            self._sending.discard(task)
            room.release()

        while not self._stopping.is_set():
            wake.clear()
            found = queue.next(_now())
            if isinstance(found, Post):
                await room.acquire()
                task = asyncio.create_task(self._send(name, found))
                self._sending.add(task)
                task.add_done_callback(ended)
                if len(self._sending) % AT_ONCE == 0:
                    await asyncio.sleep(0)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(found):
                    await wake.wait()

    async def _send(self, name: str, post: Post) -> None:
        """Send one post and settle it; nothing that happens here ends the loop."""
        await self._noted(name, *await self._tried(name, post))

    async def _tried(self, name: str, post: Post) -> tuple[Post, str | SendError | None]:
        """Send one post; as it was sent, and its reference there or why it did not arrive."""
        try:
            post = await with_chart(self._database, post)
            post = await with_qr(self._database, self._platforms[name], post)
            post = await with_printout(self._database, post)
            return post, await self._platforms[name].send(post)
        except SendError as error:
            return post, error
        except StorageFault as fault:
            log.error("send failed", extra={"event": "send_storage", "fault": fault.fault})
            return post, SendError("tried_often")
        except Exception as error:
            log.error("send failed", exc_info=error, extra={"event": "send_bug", "post": post.id})
            return post, SendError("refused", is_permanent=True)

    async def _noted(self, name: str, post: Post, outcome: str | SendError | None) -> None:
        """Note what became of a post, and let what comes after it go."""
        queue = self._queues[name]
        try:
            await self._outcomes.note(queue, post, outcome)
        except Exception as error:
            log.error("not noted", exc_info=error, extra={"event": "settle_bug"})
            queue.done(post, _now())  # its row comes back once the lease has ended
        self._wake[name].set()
        self._claim_now.set()
        if not self._has_posts:
            self._idle.set()


def _queue(platform: Platform) -> PacedQueue:
    if isinstance(platform, Deliberate):
        return PacedQueue(platform.pace, platform.is_group, platform.weight)
    return PacedQueue(platform.pace, platform.is_group)


async def _claimed(
    unit: Unit, room: Mapping[str, int], fixed: Container[str]
) -> tuple[list[Post], str | None]:
    """Due posts, their cards drawn as things stand now, and when the next one is due.

    ``room`` is how many each platform takes. Dropped are edits of nothing, and on ``fixed``
    platforms all; one of a card that a group left behind shows it anew."""
    posts = []
    for platform, limit in room.items():
        for claimed in await unit.outbox.claim(platform, limit):
            if (later := await put_off_until(unit, claimed)) is not None:
                await unit.outbox.put_off(claimed, later)
                continue
            is_behind = claimed.kind == "edit" and claimed.ref == LEFT_BEHIND
            post = await unit.outbox.show_anew(claimed) if is_behind else claimed
            if post.kind == "edit" and (post.ref is None or platform in fixed):
                await unit.outbox.settle(post, None)
            elif (now := await redrawn(unit, post)) is not None:
                posts.append(now)
    return posts, await unit.outbox.next_due(list(room))


def _now() -> float:
    return asyncio.get_running_loop().time()
