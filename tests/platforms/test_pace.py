"""Pace 节奏: what goes when; time is handed in, so that nobody waits."""

import heapq
from collections.abc import Iterable
from itertools import count

from bot.pace import EDIT_EVERY_S, SWEEP_AT, PacedQueue
from bot.platforms.base import Pace
from bot.platforms.telegram.platform import PACE
from storage.outbox import Post, Priority
from tests.platforms.bot_api_limits import Limits

_ids = count(1)


def post(
    chat: str = "1",
    priority: Priority = Priority.ANSWER,
    kind: str = "send",
    card: int | None = None,
    ref: str | None = None,
) -> Post:
    return Post("telegram", chat, kind, "", priority, id=next(_ids), card_id=card, ref=ref)


def is_group(address: str) -> bool:
    return address.startswith("-")


class Wire:
    """Sends what the queue gives, each taking ``latency`` seconds, over the published limits.

    Every timer comes ``lateness`` seconds too late.
    """

    def __init__(self, pace: Pace = PACE, latency: float = 0.08, lateness: float = 0.0) -> None:
        self.now = 0.0
        self._lateness = lateness
        self.queue = PacedQueue(pace, is_group)
        self.limits = Limits(lambda: self.now)
        self.sent: list[tuple[float, Post]] = []
        self._latency = latency
        self._on_wire: list[tuple[float, int, Post]] = []

    def put(self, posts: Iterable[Post]) -> None:
        for one in posts:
            self.queue.put(one)

    def run(self, until: float = 1e9) -> None:
        """Until nothing is held, or until that instant."""
        while self.now < until:
            found = self.queue.next(self.now)
            if isinstance(found, Post):
                refused = found.kind != "toast" and self.limits.take(int(found.address))
                assert not refused
                self.sent.append((self.now, found))
                heapq.heappush(self._on_wire, (self.now + self._latency, found.id, found))
                continue
            arrival = self._on_wire[0][0] if self._on_wire else None
            if found is None and arrival is None:
                return
            waits = [at for at in (arrival, None if found is None else self.now + found) if at]
            self.now = min(min(waits) + self._lateness, until)
            while self._on_wire and self._on_wire[0][0] <= self.now:
                self.queue.done(heapq.heappop(self._on_wire)[2], self.now)

    @property
    def order(self) -> list[int]:
        return [one.id for _, one in self.sent]


def test_two_hundred_posts_to_twenty_groups_are_never_refused() -> None:
    wire = Wire()
    wire.put(post(str(-1 - n % 20), Priority.REMINDER) for n in range(200))
    wire.run()

    assert len(wire.sent) == 200
    assert wire.limits.refused == 0
    assert wire.now < 12  # 10 a group, one a second


def test_a_thousand_private_reminders_take_little_more_than_the_ideal_time() -> None:
    wire = Wire()
    wire.put(post(str(1 + n), Priority.REMINDER) for n in range(1000))
    wire.run()

    assert wire.now < 1.1 * 1000 / 30


def test_timers_that_come_late_cost_no_time() -> None:
    wire = Wire(lateness=0.004)
    wire.put(post(str(1 + n), Priority.REMINDER) for n in range(1000))
    wire.run()

    assert wire.now < 1.1 * 1000 / 30
    assert wire.limits.refused == 0


def test_an_answer_overtakes_reminders() -> None:
    wire = Wire()
    wire.put(post(str(1 + n), Priority.REMINDER) for n in range(1000))
    wire.run(until=3.0)
    answer = post("5000")
    wire.put([answer])
    wire.run(until=4.0)

    assert next(at for at, one in wire.sent if one is answer) - 3.0 < 0.1


def test_an_answer_overtakes_cards_that_are_drawn_anew() -> None:
    """After each vote the private card of every owner is; whoever asks something does not wait."""
    wire = Wire()
    wire.put(post(str(1 + n), kind="edit", card=n, ref="1") for n in range(200))
    wire.run(until=1.0)
    answer = post("5000")
    wire.put([answer])
    wire.run(until=2.0)

    assert next(at for at, one in wire.sent if one is answer) - 1.0 < 0.1


def test_an_answer_finds_room_in_a_group_that_reminders_have_filled() -> None:
    wire = Wire()
    wire.put(post("-1", Priority.REMINDER) for _ in range(40))
    wire.run(until=30.0)
    answer = post("-1")
    wire.put([answer])
    wire.run(until=32.0)

    assert answer.id in wire.order


def test_posts_of_one_chat_keep_their_order_and_one_is_on_the_wire_at_a_time() -> None:
    queue = PacedQueue(Pace(), is_group)
    first, second = post(), post()
    queue.put(second)
    queue.put(first)

    assert queue.next(0.0) is first
    assert queue.next(0.0) is None
    queue.done(first, 1.0)
    assert queue.next(1.0) is second


def test_a_retry_goes_before_what_came_after_it() -> None:
    queue = PacedQueue(Pace(), is_group)
    first, second = post(), post()
    queue.put(first)
    queue.put(second)
    assert queue.next(0.0) is first
    queue.retry(first, 5.0, 1.0)

    assert queue.next(1.0) == 5.0
    assert queue.next(6.0) is first
    queue.done(first, 6.5)
    assert queue.next(6.5) is second


def test_a_chat_that_waits_for_a_retry_holds_up_no_other() -> None:
    queue = PacedQueue(Pace(), is_group)
    stuck, other = post("1"), post("2")
    queue.put(stuck)
    assert queue.next(0.0) is stuck
    queue.retry(stuck, 60.0, 0.0)
    queue.put(other)

    assert queue.next(0.0) is other


def test_slowing_down_stops_everything_but_passing_notes() -> None:
    queue = PacedQueue(Pace(), is_group)
    one, note = post(), post(kind="toast")
    queue.put(one)
    queue.slow_down(2.0, 10.0)
    queue.put(note)

    assert queue.next(10.0) is note
    assert queue.next(10.0) == 2.0
    assert queue.next(12.0) is one


def test_a_post_that_is_held_is_not_taken_twice() -> None:
    queue = PacedQueue(Pace(), is_group)
    one = post()
    queue.put(one)
    queue.put(one)

    assert queue.next(0.0) is one
    queue.done(one, 0.1)
    assert queue.next(0.1) is None
    assert queue.held == set()


def test_a_groups_card_is_drawn_anew_every_few_seconds_only() -> None:
    """A busy vote: after each edit the next one is claimed at once, for a minute."""
    wire = Wire()
    while wire.now < 60:
        if not wire.queue.held:
            wire.put([post("-1", kind="edit", card=7, ref="1")])
        wire.run(until=wire.now + 0.05)

    assert 60 / EDIT_EVERY_S - 1 <= len(wire.sent) <= 60 / EDIT_EVERY_S + 1


def test_an_answer_does_not_wait_for_a_card_that_may_not_be_drawn_yet() -> None:
    wire = Wire()
    wire.put([post("-1", kind="edit", card=7, ref="1")])
    wire.run()
    wire.put([post("-1", kind="edit", card=7, ref="1")])
    answer = post("-1")
    wire.put([answer])
    wire.run()

    assert wire.order[1] == answer.id
    assert wire.sent[1][0] < 1.2
    assert wire.sent[2][0] >= EDIT_EVERY_S


def test_a_card_in_private_is_drawn_as_soon_as_the_chat_takes_it() -> None:
    wire = Wire()
    wire.put([post("1", kind="edit", card=7, ref="1")])
    wire.run()
    wire.put([post("1", kind="edit", card=7, ref="1")])
    wire.run()

    assert wire.sent[1][0] < 1.2


def test_chats_that_are_done_with_are_forgotten() -> None:
    queue = PacedQueue(PACE, is_group)
    for number in range(5000):
        one = post(str(1 + number))
        queue.put(one)
        assert queue.next(100.0 * number) is one
        queue.done(one, 100.0 * number + 1.5)

    assert len(queue._lanes) <= SWEEP_AT + 1


def test_a_passing_note_that_did_not_arrive_is_not_held() -> None:
    queue = PacedQueue(PACE, is_group)
    note = post(kind="toast")
    queue.put(note)
    assert queue.next(0.0) is note
    queue.retry(note, 1.0, 0.0)

    assert queue.held == set()
    assert queue.next(9.0) is None
