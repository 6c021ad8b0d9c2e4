"""Apology 致歉: a word to whoever writes while nothing can be stored; at most now and then."""

import time
from collections.abc import Mapping
from typing import Final

from bot.platforms.base import Platform, SendError
from handlers.messages import Incoming, Shown, packed
from handlers.wording import DEFAULT, texts
from storage.faults import StorageFault
from storage.outbox import Post

EVERY_S: Final = 600.0
MAX_CHATS: Final = 10_000


class Apology:
    """Goes straight to the platform, since the outbox is what cannot be written."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms
        self._told: dict[tuple[str, str], float] = {}

    async def tell(self, incoming: Incoming) -> None:
        """Say once in ten minutes and chat that what was said waits, and is not lost."""
        platform = self._platforms.get(incoming.platform)
        key, now = (incoming.platform, incoming.chat), time.monotonic()
        if platform is None or now - self._told.get(key, -EVERY_S) < EVERY_S:
            return
        if len(self._told) >= MAX_CHATS:
            self._told.clear()
        self._told[key] = now
        try:
            await platform.send(_post(incoming))
        except (SendError, StorageFault):
            return  # a platform that needs the database itself has its own way to say so


def _post(incoming: Incoming) -> Post:
    body = packed(Shown(text=texts(DEFAULT)["storage_away"]))
    return Post(incoming.platform, incoming.chat, "send", body, thread=incoming.thread)
