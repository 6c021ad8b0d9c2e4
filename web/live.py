"""Live hub 实时: wakes the pages that look at a chat when something in it changed."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

MAX_PAGES: Final = 12
"""Pages of one person that are kept live at a time; further ones ask now and then instead."""


def answers_in(address: str) -> str:
    """The name under which the hub tells of our own words in a chat, and of nobody else's."""
    return f"{address} told"


class Hub:
    """Who looks at what, in this process; the database is the truth, this only says "look"."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._pages: Counter[str] = Counter()
        self.is_closing = False

    def wake(self, *names: str) -> None:
        """Something changed in these chats."""
        for name in names:
            for event in self._listeners.get(name, ()):
                event.set()

    @contextmanager
    def listening(self, names: Iterable[str]) -> Iterator[asyncio.Event]:
        """An event that is set when something changes in one of these chats."""
        event = asyncio.Event()
        taken = set(names)
        for name in taken:
            self._listeners.setdefault(name, set()).add(event)
        try:
            yield event
        finally:
            for name in taken:
                self._listeners[name].discard(event)
                if not self._listeners[name]:
                    del self._listeners[name]

    def close(self) -> None:
        """Let every page go; they come back by themselves once we are there again."""
        self.is_closing = True
        self.wake(*self._listeners)

    def has_room(self, account: str) -> bool:
        """Whether one more page of that person may be kept live."""
        return self._pages[account] < MAX_PAGES and not self.is_closing

    @contextmanager
    def page(self, account: str) -> Iterator[None]:
        """Count one live page of that person."""
        self._pages[account] += 1
        try:
            yield
        finally:
            self._pages[account] -= 1
            self._pages += Counter()  # drops those that are at nought
