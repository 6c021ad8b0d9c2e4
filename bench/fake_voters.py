"""Fake voters 假邻居: people who press, wait for their answer, and press again."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

GROUP: Final = -1_000_000_000_000
"""The chat in which all of them press."""
FIRST_PERSON: Final = 10_000
PATIENCE_S: Final = 60.0


class Voters:
    """``people`` press ``each`` buttons one after the other, all of them at the same time."""

    def __init__(
        self, people: int, each: int, calls: Sequence[str], push: Callable[[dict[str, Any]], None]
    ) -> None:
        self._calls = calls
        self._each = each
        self._push = push
        self._pressed_at: dict[str, float] = {}
        self._times: list[float] = []
        self._left = people * each
        self._over = asyncio.Event()
        self._begun = time.perf_counter()
        for person in range(people):
            self._press(person, 0)

    def _press(self, person: int, turn: int) -> None:
        query = f"{person}:{turn}"
        self._pressed_at[query] = time.perf_counter()
        self._push(press(query, person, self._calls[turn % len(self._calls)]))

    def answered(self, query: str) -> None:
        """Somebody sees that their press was taken; the next one follows at once."""
        begun = self._pressed_at.pop(query, None)
        if begun is None:
            return
        self._times.append(time.perf_counter() - begun)
        person, turn = map(int, query.split(":"))
        if turn + 1 < self._each:
            self._press(person, turn + 1)
        self._left -= 1
        if not self._left:
            self._over.set()

    async def over(self) -> dict[str, float]:
        """Milliseconds of all answers, and how many came."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._over.wait()
        except TimeoutError:
            pass
        times = sorted(self._times)
        return {
            "answered": len(times),
            "seconds": time.perf_counter() - self._begun,
            "p50_ms": times[len(times) // 2] * 1_000,
            "p99_ms": times[len(times) * 99 // 100] * 1_000,
            "slowest_ms": times[-1] * 1_000,
        }


def press(query: str, person: int, data: str) -> dict[str, Any]:
    """Somebody presses a button of a message in the group."""
    chat = {"id": GROUP, "title": "0号楼", "type": "supergroup"}
    return {
        "callback_query": {
            "id": query,
            "from": {"id": FIRST_PERSON + person, "is_bot": False, "first_name": f"邻居{person}"},
            "message": {"message_id": 1, "date": 1795233600, "chat": chat, "text": "票1"},
            "chat_instance": "1",
            "data": data,
        }
    }
