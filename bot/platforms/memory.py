"""Memory platform 内存: shows messages to nobody but the program; for tests and played dialogs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from starlette.routing import BaseRoute

from bot.platforms.base import Pace, Received, SendError
from handlers.messages import Shown, unpacked
from storage.outbox import Post


@dataclass(slots=True)
class Bubble:
    """One message as it stands in a chat."""

    ref: str
    shown: Shown
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that appeared: ``kind`` is ``send``, ``edit`` or ``toast``."""

    kind: str
    chat: str
    account: str
    shown: Shown


@dataclass(slots=True)
class MemoryPlatform:
    """Chats as lists of bubbles; private chats are named after their person with an ``@``.

    ``blocked`` are chats that take nothing any more.
    """

    name: str = "memory"
    pace: Pace = field(default_factory=Pace)
    edits: bool = True
    chats: dict[str, list[Bubble]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    _refs: "count[int]" = field(default_factory=lambda: count(1))

    async def run(self, received: Received) -> None:
        """Nothing arrives by itself."""

    async def stop(self) -> None:
        """Nothing to stop."""

    async def send(self, post: Post) -> str | None:
        """Show a post in its chat."""
        if post.address in self.blocked:
            raise SendError("blocked", is_permanent=True, is_chat_gone=True)
        shown = unpacked(post.body)
        if post.kind == "toast":
            account = (post.ref or "").partition("|")[0]
            if shown.text:
                self.events.append(Event("toast", post.address, account, shown))
            return None
        bubbles = self.chats.setdefault(post.address, [])
        self.events.append(Event(post.kind, post.address, "", shown))
        if post.kind == "edit":
            for bubble in bubbles:
                if bubble.ref == post.ref:
                    bubble.shown, bubble.is_edited = shown, True
            return post.ref
        ref = str(next(self._refs))
        bubbles.append(Bubble(ref, shown))
        return ref

    def is_group(self, address: str) -> bool:
        """Private chats start with an ``@``."""
        return not address.startswith("@")

    def routes(self) -> Sequence[BaseRoute]:
        """No web."""
        return ()

    def state(self) -> str:
        """Always fine."""
        return "ok"
