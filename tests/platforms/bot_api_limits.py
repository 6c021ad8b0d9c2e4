"""Published limits 限额: 30 messages a second, 1 into a chat, 20 a minute into a group."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

PER_SECOND: Final = 30
PER_CHAT_SECOND: Final = 1
PER_GROUP_MINUTE: Final = 20


class Limits:
    """Counts messages by a clock that may be handed in (seconds)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all: deque[float] = deque()
        self._chats: dict[int, deque[float]] = defaultdict(deque)
        self.refused = 0

    def take(self, chat_id: int) -> int:
        """Count a message; 0 where it may go, else the seconds after which it may."""
        now = self._clock()
        chat = self._chats[chat_id]
        _forget(self._all, now - 1)
        _forget(chat, now - 60)
        last_second = [at for at in chat if at > now - 1]
        waits = [
            self._all[0] + 1 - now if len(self._all) >= PER_SECOND else 0,
            last_second[0] + 1 - now if len(last_second) >= PER_CHAT_SECOND else 0,
            chat[0] + 60 - now if chat_id < 0 and len(chat) >= PER_GROUP_MINUTE else 0,
        ]
        if max(waits) > 0:
            self.refused += 1
            return max(1, math.ceil(max(waits)))
        self._all.append(now)
        chat.append(now)
        return 0


def _forget(instants: deque[float], before: float) -> None:
    while instants and instants[0] <= before:
        instants.popleft()
