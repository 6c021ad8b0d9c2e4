"""Ways 通道: what a way to WeCom can do; the long connection is one, the callback another."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol

from starlette.routing import BaseRoute

from bot.platforms.base import SendError
from bot.platforms.wecom.cards import Tap
from bot.platforms.wecom.connection import TOO_OFTEN, Offline, Refused, Unknown
from bot.platforms.wecom.timing import Timing
from bot.platforms.wecom.wire import Callback

Json = dict[str, Any]

INVALID_REQ_ID: Final = 846605
NO_PUSH: Final = -93
"""Our own: this way cannot say anything unasked."""
STREAM_EXPIRED: Final = 846608
TASK_ID_USED: Final = 42014
BAD_MEDIA: Final = 40007
TOO_LATE: Final = frozenset({INVALID_REQ_ID, STREAM_EXPIRED})
"""The callback cannot be answered any more; a message of its own still can be sent."""

_AT_ONCE: Final = frozenset({45033, 6000, -1})
_CHAT_REFUSES: Final = frozenset({93001, 93006, 93008})
ANSWERABLE_S: Final = 600.0
"""How long what somebody wrote waits for its answer; WeCom would take it for a day."""
MAX_OPEN: Final = 20
MAX_TAPS: Final = 500


@dataclass(frozen=True, slots=True)
class Opening:
    """A callback that may be answered once. ``ref`` is the message's own name."""

    req_id: str
    ref: str
    is_welcome: bool
    at: float
    response_url: str = ""


class Way(Protocol):
    """How what people say gets here, and answers, pushes and files get to WeCom.

    The latter raise ``Refused``, ``Unknown`` or ``Offline``.

    Attributes:
        has_files: Whether pictures and documents can be sent.
        pushes: Whether anything can be said unasked; else every message is an answer.
        is_ready: Whether something can be sent from here, now.
        has_turn: Whether it is this process that is, or ought to be, connected.
    """

    has_files: bool
    pushes: bool

    @property
    def is_ready(self) -> bool: ...

    @property
    def has_turn(self) -> bool: ...

    async def run(self) -> None:
        """Receive until stopped."""

    async def stop(self) -> None:
        """Let everything go."""

    def routes(self) -> Sequence[BaseRoute]:
        """Paths that our web server takes in."""

    async def answer(self, opening: Opening, body: Json) -> None:
        """Answer what somebody wrote, or their opening of the private chat."""

    async def update(self, req_id: str, body: Json) -> None:
        """Show whoever tapped how the card stands now; within five seconds."""

    async def push(self, address: str, body: Json) -> None:
        """Say something unasked."""

    async def upload(self, kind: str, filename: str, content: bytes) -> str:
        """Bring a file over; its name there, good for three days."""


class Waiting:
    """What waits for an answer: messages by chat, taps by their req_id."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._openings: dict[str, deque[Opening]] = {}
        self._taps: OrderedDict[str, Tap] = OrderedDict()

    def note(self, callback: Callback, req_id: str) -> None:
        """Remember what can be answered."""
        card = callback.card
        if card is not None:
            selected = card.selected_items.selected_item
            picked = tuple(selected[0].option_ids.option_id) if selected else ()
            question = selected[0].question_key if selected else ""
            self._taps[req_id] = Tap(card.task_id, card.card_type, picked, question)
            if len(self._taps) > MAX_TAPS:
                self._taps.popitem(last=False)
            return
        is_welcome = callback.event is not None
        opening = Opening(
            req_id, callback.msgid, is_welcome, self._timing.now(), callback.response_url
        )
        kept = self._openings.setdefault(callback.address, deque(maxlen=MAX_OPEN))
        kept.append(opening)
        if len(self._openings) > MAX_TAPS:
            del self._openings[next(iter(self._openings))]

    def tap(self, req_id: str) -> Tap | None:
        """What was tapped, once."""
        return self._taps.pop(req_id, None)

    def opening(self, address: str, ref: str | None, *, or_newest: bool) -> Opening | None:
        """The message that is answered: the one named, or the newest one; once."""
        kept = self._openings.get(address, deque())
        since = self._timing.now() - ANSWERABLE_S
        fresh = [one for one in kept if one.at >= since]
        found = next((one for one in fresh if one.ref == ref), None)
        if found is None and or_newest and fresh:
            found = fresh[-1]
        if found is not None:
            kept.remove(found)
            if not kept:
                del self._openings[address]
        return found


def send_error(error: Refused | Unknown | Offline, *, is_group: bool) -> SendError:
    """What a refusal means for the outbox: try again, give up, or nobody knows."""
    if isinstance(error, Unknown):
        return SendError("unknown", is_permanent=True)
    if isinstance(error, Offline):
        return SendError("tried_often")
    if error.code == NO_PUSH:
        return SendError("no_push", is_permanent=True)
    if error.code == TOO_OFTEN:
        return SendError("tried_often", retry_after=timedelta(minutes=1))
    if error.code in _AT_ONCE or error.code == BAD_MEDIA:
        return SendError("tried_often")
    if error.code in _CHAT_REFUSES:
        reason = "gone" if is_group else "never_spoken"
        return SendError(reason, is_permanent=True, is_chat_gone=True)
    return SendError("refused", is_permanent=True)
