"""Platforms 平台: what each of them is to the rest of the program."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from starlette.routing import BaseRoute

from handlers.messages import ChatEvent, Incoming
from storage.outbox import Post

Received = Callable[[Incoming | ChatEvent], Awaitable[None]]
"""Handles one delivery; when it returns, the delivery is stored and may be acknowledged."""


class SendError(Exception):
    """A post did not arrive.

    Attributes:
        reason: A key under ``failure`` in ``texts/``.
        is_permanent: Trying again is no use.
        retry_after: How long the platform wants us to wait; None where it did not say.
        is_chat_gone: The chat takes nothing any more (blocked, removed, deleted).
        is_message_gone: The message to be edited was deleted over there.
        moved_to: The address that the chat has now.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_permanent: bool = False,
        retry_after: timedelta | None = None,
        is_chat_gone: bool = False,
        is_message_gone: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_permanent = is_permanent
        self.retry_after = retry_after
        self.is_chat_gone = is_chat_gone
        self.is_message_gone = is_message_gone
        self.moved_to = moved_to


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a platform takes; None means as much as we like.

    Attributes:
        per_second: All messages of the bot together.
        per_chat_second: Messages into one chat in a second.
        per_group_minute: Messages into one group in a minute.
        per_chat_minute: Messages into one chat in a minute.
        per_chat_hour: Messages into one chat in an hour.
    """

    per_second: float | None = None
    per_chat_second: int | None = None
    per_group_minute: int | None = None
    per_chat_minute: int | None = None
    per_chat_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: the words under ``key`` in ``texts/`` with their facts."""

    key: str
    is_ok: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


class Platform(Protocol):
    """One chat platform: knows its wire, and nothing of what is said.

    ``edits`` tells whether a message can be changed once it is sent; where it cannot, edits are
    dropped, and what somebody needs to know has to be said anew.
    """

    name: str
    pace: Pace
    edits: bool

    async def run(self, received: Received) -> None:
        """Receive until stopped; every delivery is acknowledged only after ``received``."""

    async def send(self, post: Post) -> str | None:
        """Bring one post where it belongs; the platform's name for the message, if it has one.

        Raises:
            SendError: It did not arrive.
        """

    async def stop(self) -> None:
        """Take nothing in any more and let the wire go."""

    def is_group(self, address: str) -> bool:
        """Whether that address is a group, for the pace."""

    def routes(self) -> Sequence[BaseRoute]:
        """Paths that our web server takes in for this platform (a webhook, pages)."""

    def state(self) -> str:
        """One word for ``/healthz``: ``ok`` or what is wrong."""


@runtime_checkable
class Choosy(Protocol):
    """A platform that asks whether a message concerns us before it fetches what goes with it.

    A busy group's photos are never fetched that way. The program sets ``concerns``.
    """

    concerns: Callable[[Incoming], bool]


@runtime_checkable
class Deliberate(Protocol):
    """A platform that says for each post who sends it, when, and how much it counts.

    ``ready`` is called whenever posts can be sent again; the delivery sets it.
    """

    ready: Callable[[], None]

    def sends_here(self) -> bool:
        """Whether this process is the one that sends; the posts of others wait for it."""

    def not_before(self, post: Post, now: datetime) -> datetime:
        """The instant from which on a post may go."""

    def weight(self, post: Post) -> int:
        """How many messages a post becomes over there, for the pace."""
