"""Fake askers 假提问: people who ask for help in private while the bot is busy with reminders."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

FIRST_PERSON: Final = 900_000


class Askers:
    """One after the other asks; nobody waits for anybody else's answer."""

    def __init__(self, push: Callable[[dict[str, Any]], None]) -> None:
        self._push = push
        self._asked_at: dict[int, float] = {}
        self._times: list[float] = []

    async def ask(self, count: int, every_s: float) -> dict[str, float]:
        """Milliseconds of the answers; who has none by the end has waited until then."""
        for number in range(count):
            person = FIRST_PERSON + number
            self._asked_at[person] = time.perf_counter()
            self._push(_question(person))
            await asyncio.sleep(every_s)
        unanswered = [time.perf_counter() - at for at in self._asked_at.values()]
        times = sorted([*self._times, *unanswered])
        return {
            "asked": count,
            "answered": len(self._times),
            "p50_ms": times[len(times) // 2] * 1_000,
            "p99_ms": times[len(times) * 99 // 100] * 1_000,
            "slowest_ms": times[-1] * 1_000,
        }

    def answered(self, chat: int) -> None:
        """A message arrived in somebody's private chat."""
        begun = self._asked_at.pop(chat, None)
        if begun is not None:
            self._times.append(time.perf_counter() - begun)


def _question(person: int) -> dict[str, Any]:
    return {
        "message": {
            "message_id": 1,
            "from": {"id": person, "is_bot": False, "first_name": "邻居"},
            "chat": {"id": person, "type": "private", "first_name": "邻居"},
            "date": 1795233600,
            "text": "/help",
            "entities": [{"offset": 0, "length": 5, "type": "bot_command"}],
        }
    }
