"""Polling 轮询: our own ``getUpdates`` loop; an update is acknowledged once it is stored."""

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Final

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms.lanes import Lanes
from bot.platforms.telegram.api import Api, waited_for
from bot.platforms.telegram.wire import ALLOWED_UPDATES, Update, updates_in

log = logging.getLogger("mulin.telegram")

POLL_S: Final = 50
"""How long the Bot API holds a request that has nothing to tell."""
MARGIN_S: Final = 10.0
LIMIT: Final = 100
PATIENCE_S: Final = 0.5
"""How long one slow update (a large photo) keeps us from looking for others."""
FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 60.0


class Unauthorized(Exception):
    """The token is refused; nothing arrives until somebody changes it."""


class Poller:
    """Asks for updates and puts them into lanes.

    The next request acknowledges all updates below its ``offset``. So the offset never passes an
    update that is not stored yet; while one is slow the others are asked for again with it, and
    those that are known already are left out.
    """

    def __init__(self, api: Api, lanes: Lanes[Update], tell: Callable[[str], None]) -> None:
        self._api = api
        self._lanes = lanes
        self._tell = tell
        self._open: dict[int, asyncio.Future[None]] = {}
        self._stored: set[int] = set()
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            Unauthorized: The token is refused.
        """
        while True:
            try:
                updates = await self._asked()
            except TelegramError as error:
                await asyncio.sleep(self._after(error))
                continue
            self._failures = 0
            self._tell("ok")
            for update in updates:
                self._take(update)
            if self._open:
                await asyncio.wait(self._open.values(), timeout=PATIENCE_S)
            self._acknowledge(has_any=bool(updates))

    async def _asked(self) -> list[Update]:
        """One request; it waits over there only where nothing is unsettled here."""
        hold = 0 if self._open else POLL_S
        raw = await self._api.raw(
            "getUpdates",
            limit_s=hold + MARGIN_S,
            offset=self._offset,
            timeout=hold,
            limit=LIMIT,
            allowed_updates=ALLOWED_UPDATES,
        )
        return updates_in(raw)

    def _take(self, update: Update) -> None:
        number = update.update_id
        if number not in self._open and number not in self._stored:
            self._open[number] = self._lanes.put(update)

    def _acknowledge(self, *, has_any: bool) -> None:
        """Move the offset behind all that is stored without a gap.

        After an empty answer everything is acknowledged, and the offset is dropped: after a quiet
        week the Bot API begins to number anew, perhaps lower.
        """
        for number, future in list(self._open.items()):
            if future.done() and not future.cancelled():
                del self._open[number]
                self._stored.add(number)
        if self._open:
            self._offset = min(self._open)
        elif has_any:
            self._offset = max(self._stored, default=-1) + 1 or None
        else:
            self._offset = None
        self._stored = {n for n in self._stored if self._offset is not None and n > self._offset}

    def _after(self, error: TelegramError) -> float:
        """Seconds to wait after a failed request: doubling, with some chance in it."""
        if isinstance(error, InvalidToken):
            raise Unauthorized from error
        if isinstance(error, RetryAfter):
            return waited_for(error).total_seconds()
        self._failures += 1
        is_conflict = isinstance(error, Conflict)
        event = "poll_conflict" if is_conflict else "poll_failed"
        words = "another program polls with this token" if is_conflict else "polling failed"
        log.warning(words, extra={"event": event, "error": type(error).__name__})
        self._tell("conflict" if is_conflict else "unreachable")
        wait: float = min(FIRST_WAIT_S * 2.0 ** min(self._failures - 1, 10), LONGEST_WAIT_S)
        return wait * random.uniform(0.5, 1.0)
