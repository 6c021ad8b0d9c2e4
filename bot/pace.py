"""Pace 节奏: which post goes next, within what a platform takes; an answer overtakes reminders."""

import heapq
from collections import deque
from collections.abc import Callable
from typing import Final

from bot.platforms.base import Pace
from storage.outbox import Post, Priority

RESERVED_FOR_ANSWERS: Final = 5
"""Of a group's messages in a minute, so many are kept for whoever asks something."""
MARGIN_S: Final = 0.03
"""Added to every distance, since the network moves messages closer together."""


class _Lane:
    """One chat: its posts in order, and when the next one may go."""

    __slots__ = ("free_at", "is_busy", "posts", "sent")

    def __init__(self) -> None:
        self.posts: list[tuple[int, int, Post]] = []
        self.is_busy = False
        self.free_at = 0.0
        self.sent: deque[float] = deque()


class PacedQueue:
    """Posts of one platform. Instants are seconds of a monotonic clock, handed in."""

    def __init__(self, pace: Pace, is_group: Callable[[str], bool]) -> None:
        self._pace = pace
        self._is_group = is_group
        self._lanes: dict[str, _Lane] = {}
        self._ready: list[tuple[int, int, str]] = []
        self._asleep: list[tuple[float, str]] = []
        self._toasts: deque[Post] = deque()
        self._free_at = 0.0
        self.held: set[int] = set()

    def put(self, post: Post) -> None:
        """Take a post in; one that is held already is left as it is."""
        if post.id in self.held:
            return
        self.held.add(post.id)
        if post.kind == "toast":
            self._toasts.append(post)
            return
        lane = self._lanes.setdefault(post.address, _Lane())
        heapq.heappush(lane.posts, (post.priority, post.id, post))
        self._queue(post.address, lane)

    def next(self, now: float) -> Post | float | None:
        """The post that goes now; else the seconds to wait; None where nothing is held."""
        if self._toasts:
            return self._toasts.popleft()
        while self._asleep and self._asleep[0][0] <= now:
            _, address = heapq.heappop(self._asleep)
            if address in self._lanes:
                self._queue(address, self._lanes[address])
        if self._ready and self._free_at > now:
            return self._free_at - now
        while self._ready:
            _, _, address = heapq.heappop(self._ready)
            lane = self._lanes.get(address)
            if lane is None or lane.is_busy or not lane.posts:
                continue
            wait = self._wait(address, lane, now)
            if wait > 0:
                heapq.heappush(self._asleep, (now + wait, address))
                continue
            return self._taken(lane, now)
        return max(self._asleep[0][0] - now, 0.001) if self._asleep else None

    def done(self, post: Post, now: float) -> None:
        """``post`` is out of our hands; its chat's next one may follow."""
        self.held.discard(post.id)
        if post.kind != "toast":
            self._release(post.address, now)

    def retry(self, post: Post, delay: float, now: float) -> None:
        """``post`` stays first in its chat and goes again after ``delay`` seconds."""
        lane = self._lanes[post.address]
        heapq.heappush(lane.posts, (post.priority, post.id, post))
        lane.free_at = max(lane.free_at, now + delay)
        self._release(post.address, now)

    def slow_down(self, delay: float, now: float) -> None:
        """The platform refused for frequency: nothing at all goes for ``delay`` seconds."""
        self._free_at = max(self._free_at, now + delay)

    def _release(self, address: str, now: float) -> None:
        lane = self._lanes[address]
        lane.is_busy = False
        if lane.posts:
            self._queue(address, lane)
        elif lane.free_at <= now and not (lane.sent and lane.sent[-1] > now - 60):
            del self._lanes[address]

    def _queue(self, address: str, lane: _Lane) -> None:
        if lane.posts and not lane.is_busy:
            priority, number, _ = lane.posts[0]
            heapq.heappush(self._ready, (priority, number, address))

    def _wait(self, address: str, lane: _Lane, now: float) -> float:
        """Seconds until the lane's first post may go."""
        wait = lane.free_at - now
        limit = self._pace.per_group_minute
        if limit is None or not self._is_group(address):
            return wait
        while lane.sent and lane.sent[0] <= now - 60 - MARGIN_S:
            lane.sent.popleft()
        if lane.posts[0][0] > Priority.ANSWER:
            limit -= RESERVED_FOR_ANSWERS
        if len(lane.sent) >= limit:
            wait = max(wait, lane.sent[len(lane.sent) - limit] + 60 + MARGIN_S - now)
        return wait

    def _taken(self, lane: _Lane, now: float) -> Post:
        _, _, post = heapq.heappop(lane.posts)
        lane.is_busy = True
        if self._pace.per_second:
            self._free_at = max(self._free_at, now) + 1 / self._pace.per_second
        if self._pace.per_chat_second:
            lane.free_at = now + 1 / self._pace.per_chat_second + MARGIN_S
        if self._pace.per_group_minute:
            lane.sent.append(now)
        return post
