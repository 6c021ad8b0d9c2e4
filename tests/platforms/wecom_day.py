"""A day in WeCom: what 200 groups are told, when our pace lets it out, and what WeCom thinks."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from bot.pace import PacedQueue
from bot.platforms.wecom.aside import aside
from bot.platforms.wecom.platform import PACE
from storage.outbox import Post, Priority
from tests.platforms.fake_wecom_rules import Quota, Refused

GROUPS: Final = 200
ROUND_TRIP_S: Final = 0.3
"""Measured between 0.24 and 0.46 seconds."""
DAY_S: Final = 24 * 3600

Event = tuple[float, int, Callable[[float], None]]


@dataclass
class Day:
    """Plays posts from midnight on; instants are seconds of that day.

    ``waits`` are how long answers waited by group, ``unasked_at`` when everything else began to go.
    """

    midnight: datetime
    quota: Quota = field(default_factory=Quota)
    refusals: int = 0
    messages: int = 0
    waits: dict[str, list[float]] = field(default_factory=dict)
    unasked_at: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._queue = PacedQueue(PACE, lambda address: True, lambda post: int(post.body))
        self._events: list[Event] = []
        self._order = count()
        self._ids = count(1)
        self._put_at: dict[int, float] = {}

    def post(self, at: float, group: int, priority: Priority, weight: int = 1) -> None:
        """Something is to be said, in so many messages."""
        post = Post("wecom", f"群{group}", "send", str(weight), priority, id=next(self._ids))
        due = aside(post, self.midnight + timedelta(seconds=at))
        self._at((due - self.midnight).total_seconds(), lambda now: self._put(post, now))

    def play(self) -> int:
        """Until all is said; how many posts did not get out."""
        while self._events:
            now, _, happen = heapq.heappop(self._events)
            happen(now)
        return len(self._queue.held)

    def _at(self, at: float, happen: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (at, next(self._order), happen))

    def _put(self, post: Post, now: float) -> None:
        self._put_at[post.id] = now
        self._queue.put(post)
        self._look(now)

    def _look(self, now: float) -> None:
        """Let out all that may go now, and look again when the next may."""
        while True:
            found = self._queue.next(now)
            if found is None:
                return
            if isinstance(found, float):
                self._at(now + found, self._look)
                return
            self._send(found, now)

    def _send(self, post: Post, now: float) -> None:
        """Message after message, each with its way there and back."""
        weight = int(post.body)
        for number in range(weight):
            self._at(now + number * ROUND_TRIP_S, lambda at: self._arrive(post, at))
        self._at(now + weight * ROUND_TRIP_S, lambda at: self._done(post, at))
        if post.priority is Priority.ANSWER:
            self.waits.setdefault(post.address, []).append(now - self._put_at[post.id])
        else:
            self.unasked_at.append(self.midnight + timedelta(seconds=now))

    def _arrive(self, post: Post, now: float) -> None:
        self.messages += 1
        try:
            self.quota.count(post.address, now)
        except Refused:
            self.refusals += 1

    def _done(self, post: Post, now: float) -> None:
        self._queue.done(post, now)
        self._look(now)


def busy_day(midnight: datetime) -> Day:
    """Digests at eight, a poll at noon, answers all day, and one group that never stops."""
    chance, day = random.Random(20261121), Day(midnight)
    for group in range(GROUPS):
        day.post(8 * 3600, group, Priority.DIGEST, 2)
        day.post(12 * 3600, group, Priority.REMINDER, 2)
        day.post(19.5 * 3600, group, Priority.REMINDER)
        for _ in range(60):
            at = chance.uniform(7, 22) * 3600
            day.post(at, group, Priority.ANSWER, chance.choice((1, 1, 1, 2)))
    for group in range(0, GROUPS, 10):  # danger: forty people ask within a minute
        for _ in range(40):
            day.post(chance.uniform(15.0, 15.02) * 3600, group, Priority.ANSWER)
    for _ in range(2500):  # more in two hours than an hour takes
        day.post(chance.uniform(17, 19) * 3600, 7, Priority.ANSWER)
    return day
