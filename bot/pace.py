"""Pace 节奏: which post goes next, within what a platform takes; an answer overtakes reminders."""

import heapq
from collections import deque
from collections.abc import Callable
from typing import Final

from bot.platforms.base import Pace
from storage.outbox import Post, Priority

RESERVED_FOR_ANSWERS: Final = 5
"""Of a group's messages in a minute, so many are kept for whoever asks something."""
EDIT_EVERY_S: Final = 5.0
"""A group's card is drawn anew at most so often; what changes meanwhile is shown together."""
CATCH_UP_S: Final = 0.02
"""What was lost to a late timer is made up for, by less than one message's share of a second."""
MARGIN_S: Final = 0.03
"""Added to every distance, since the network moves messages closer together."""
MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0
SWEEP_AT: Final = 1_000
"""Lanes after which those that have nothing to remember are looked for and dropped."""

Queued = tuple[float, int, Post]
Order = tuple[int, bool, int]
"""Priority, whether it is an edit, number: whoever asks does not wait for cards drawn anew."""


class _Lane:
    """One chat: what it waits for, in order, and when the next one may go."""

    __slots__ = ("edited", "edits", "free_at", "is_busy", "posts", "sent")

    def __init__(self) -> None:
        self.posts: list[Queued] = []
        self.edits: list[Queued] = []
        self.is_busy = False
        self.free_at = 0.0
        self.sent: deque[float] = deque()
        self.edited: dict[int, float] = {}

    @property
    def first(self) -> Order | None:
        """The order of what goes first, None where nothing waits."""
        post = self.posts[0][2] if self.posts else None
        if self.edits and (post is None or _order(self.edits[0][2]) < _order(post)):
            post = self.edits[0][2]
        return None if post is None else _order(post)

    def is_idle(self, now: float, window: float) -> bool:
        """Whether nothing would be forgotten with it."""
        if self.is_busy or self.posts or self.edits or self.free_at > now:
            return False
        return not self.sent or self.sent[-1] <= now - window


class PacedQueue:
    """Posts of one platform. Instants are seconds of a monotonic clock, handed in.

    ``weight`` is how many messages a post becomes.
    """

    def __init__(
        self,
        pace: Pace,
        is_group: Callable[[str], bool],
        weight: Callable[[Post], int] = lambda post: 1,
    ) -> None:
        self._pace = pace
        self._is_group = is_group
        self._weight = weight
        self._window = (HOUR_S if pace.per_chat_hour else MINUTE_S) + 1
        self._limits = {is_group: _limits(pace, is_group=is_group) for is_group in (True, False)}
        self._lanes: dict[str, _Lane] = {}
        self._ready: list[tuple[Order, str]] = []
        self._asleep: list[tuple[float, str]] = []
        self._toasts: deque[Post] = deque()
        self._free_at = 0.0
        self._sweep_at = SWEEP_AT
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
        self._push(lane, post)
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
            _, address = heapq.heappop(self._ready)
            lane = self._lanes.get(address)
            if lane is None or lane.is_busy or lane.first is None:
                continue
            wait, queue = self._choice(address, lane, now)
            if wait > 0:
                heapq.heappush(self._asleep, (now + wait, address))
                continue
            return self._taken(lane, queue, now)
        return max(self._asleep[0][0] - now, 0.001) if self._asleep else None

    def done(self, post: Post, now: float) -> None:
        """``post`` is out of our hands; its chat's next one may follow."""
        self.held.discard(post.id)
        if post.kind != "toast":
            self._release(post.address, now)

    def retry(self, post: Post, delay: float, now: float) -> None:
        """``post`` stays first in its chat and goes again after ``delay`` seconds.

        A passing note does not: by then nobody waits for it.
        """
        if post.kind == "toast":
            self.done(post, now)
            return
        lane = self._lanes[post.address]
        heapq.heappush(lane.edits if post.kind == "edit" else lane.posts, _queued(post, 0.0))
        lane.free_at = max(lane.free_at, now + delay)
        self._release(post.address, now)

    def slow_down(self, delay: float, now: float) -> None:
        """The platform refused for frequency: nothing at all goes for ``delay`` seconds."""
        self._free_at = max(self._free_at, now + delay)

    def _push(self, lane: _Lane, post: Post) -> None:
        if post.kind != "edit":
            heapq.heappush(lane.posts, _queued(post, 0.0))
            return
        last = lane.edited.get(post.card_id or 0)
        spacing = EDIT_EVERY_S if self._pace.per_group_minute else 0.0
        is_spaced = last is not None and self._is_group(post.address)
        not_before = last + spacing if last is not None and is_spaced else 0.0
        heapq.heappush(lane.edits, _queued(post, not_before))

    def _release(self, address: str, now: float) -> None:
        lane = self._lanes.get(address)
        if lane is None:
            return
        lane.is_busy = False
        self._queue(address, lane)
        if len(self._lanes) > self._sweep_at:
            idle = [n for n, lane in self._lanes.items() if lane.is_idle(now, self._window)]
            for name in idle:
                del self._lanes[name]
            self._sweep_at = max(SWEEP_AT, 2 * len(self._lanes))

    def _queue(self, address: str, lane: _Lane) -> None:
        if not lane.is_busy and lane.first is not None:
            heapq.heappush(self._ready, (lane.first, address))

    def _choice(self, address: str, lane: _Lane, now: float) -> tuple[float, list[Queued]]:
        """The queue of the lane whose first post may go soonest, and the seconds until then."""
        found = []
        for queue in (lane.posts, lane.edits):
            if queue:
                not_before, _, post = queue[0]
                wait = max(self._wait(address, lane, post, now), 0.0)
                if post.kind == "edit":
                    wait = max(wait, not_before - now)
                found.append((wait, _order(post), queue))
        wait, _, queue = min(found)
        return wait, queue

    def _wait(self, address: str, lane: _Lane, post: Post, now: float) -> float:
        """Seconds until ``post`` may go into that chat."""
        wait = lane.free_at - now
        limits = self._limits[self._is_group(address)]
        if not limits:
            return wait
        while lane.sent and lane.sent[0] <= now - self._window:
            lane.sent.popleft()
        is_answer = post.priority is Priority.ANSWER and post.kind != "edit"
        for window, limit in limits:
            # Room that is left once this post has become so many messages; at least one goes.
            room = limit - (0 if is_answer else RESERVED_FOR_ANSWERS) - self._weight(post) + 1
            room = max(room, 1)
            if len(lane.sent) >= room:
                wait = max(wait, lane.sent[len(lane.sent) - room] + window + MARGIN_S - now)
        return wait

    def _taken(self, lane: _Lane, queue: list[Queued], now: float) -> Post:
        _, _, post = heapq.heappop(queue)
        lane.is_busy = True
        if post.kind == "edit":
            fresh = {card: at for card, at in lane.edited.items() if at > now - EDIT_EVERY_S}
            lane.edited = {**fresh, post.card_id or 0: now}
        if self._pace.per_second:
            self._free_at = max(self._free_at, now - CATCH_UP_S) + 1 / self._pace.per_second
        if self._pace.per_chat_second:
            lane.free_at = now + 1 / self._pace.per_chat_second + MARGIN_S
        if self._limits[self._is_group(post.address)]:
            lane.sent.extend([now] * self._weight(post))
        return post


def _limits(pace: Pace, *, is_group: bool) -> list[tuple[float, int]]:
    """Windows in seconds, and how many messages a chat takes in each."""
    per_group = pace.per_group_minute if is_group else None
    found = ((MINUTE_S, per_group), (MINUTE_S, pace.per_chat_minute))
    limits = (*found, (HOUR_S, pace.per_chat_hour))
    return [(window, limit) for window, limit in limits if limit is not None]


def _order(post: Post) -> Order:
    return post.priority, post.kind == "edit", post.id


def _queued(post: Post, not_before: float) -> Queued:
    """A post by what it is ordered: edits by when they may go, the others by priority."""
    return (not_before if post.kind == "edit" else float(post.priority), post.id, post)
