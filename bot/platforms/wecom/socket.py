"""Socket 长连接通道: the bot's one connection, held by one process of all at a time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from starlette.routing import BaseRoute

from bot.platforms.wecom.connection import Connection, Credentials, Offline
from bot.platforms.wecom.media import uploaded
from bot.platforms.wecom.timing import Timing, is_done_within
from bot.platforms.wecom.ways import Opening
from bot.platforms.wecom.wire import (
    GROUP,
    RESPOND,
    SEND,
    SINGLE,
    UPDATE,
    WELCOME,
    Frame,
)
from storage.database import Database
from storage.faults import StorageFault

log = logging.getLogger("mulin.wecom")

TURN_LASTS: Final = timedelta(seconds=30)
RENEW_EVERY_S: Final = 10.0
LOST_AFTER_S: Final = 25.0
"""With the database away the connection is held so long: less than a turn lasts."""

Json = dict[str, Any]


def turn_of(credentials: Credentials) -> str:
    """What the turn with that bot's connection is called in the database."""
    return f"wecom:{credentials.bot_id}"


class SocketWay:
    """Connects while it is this process's turn; any other process stands by.

    A turn is kept also in a final state (wrong secret, superseded): another process with the same
    settings would only fare the same, or fight with whoever superseded us.
    """

    has_files = True
    pushes = True

    def __init__(
        self,
        credentials: Credentials,
        database: Database,
        *,
        heard: Callable[[Frame], None],
        tell: Callable[[str], None],
        timing: Timing,
    ) -> None:
        self._credentials = credentials
        self._database = database
        self._heard = heard
        self._tell = tell
        self._timing = timing
        self._holder = uuid4().hex
        self._name = turn_of(credentials)
        self._connection: Connection | None = None
        self._renewed_at = 0.0
        self._is_stopping = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether something can be sent from here, now."""
        return self._connection is not None and self._connection.is_ready

    @property
    def has_turn(self) -> bool:
        """Whether it is this process that is, or ought to be, connected."""
        return self._connection is not None

    async def run(self) -> None:
        """Connect whenever it is our turn, until stopped."""
        while not self._is_stopping.is_set():
            if await self._took_turn():
                await self._connected()
            else:
                self._tell("standby")
                await self._pause()

    async def stop(self) -> None:
        """Let the connection and the turn go."""
        self._is_stopping.set()
        if self._connection is not None:
            await self._connection.stop()
        try:
            await self._database.unit(lambda unit: unit.turns.end(self._name, self._holder))
        except StorageFault as fault:
            log.warning("turn not ended", extra={"event": "wecom_turn", "fault": fault.fault})

    # What a way can do

    async def answer(self, opening: Opening, body: Json) -> None:
        """Answer a callback; raises Refused, Unknown, Offline."""
        cmd = WELCOME if opening.is_welcome else RESPOND
        await self._line.request(cmd, body, opening.req_id)

    async def update(self, req_id: str, body: Json) -> None:
        """Change a card for whoever tapped it; raises Refused, Unknown, Offline."""
        await self._line.request(UPDATE, body, req_id)

    async def push(self, address: str, body: Json) -> None:
        """Say something unasked; raises Refused, Unknown, Offline."""
        is_single = address.startswith("@")
        whom = {"chatid": address.removeprefix("@"), "chat_type": SINGLE if is_single else GROUP}
        await self._line.request(SEND, {**whom, **body})

    async def upload(self, kind: str, filename: str, content: bytes) -> str:
        """Bring a file over in chunks; raises Refused, Unknown, Offline."""
        return await uploaded(self._line.request, kind, filename, content)

    def routes(self) -> Sequence[BaseRoute]:
        """None: we connect, nobody calls."""
        return ()

    # Turns

    @property
    def _line(self) -> Connection:
        if self._connection is None:
            raise Offline
        return self._connection

    async def _connected(self) -> None:
        connection = self._connection = Connection(
            self._credentials, heard=self._heard, tell=self._tell, timing=self._timing
        )
        running = asyncio.create_task(connection.run())
        try:
            while not self._is_stopping.is_set() and await self._took_turn():
                await self._pause()
        finally:
            await connection.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            self._connection = None

    async def _took_turn(self) -> bool:
        """Whether it is our turn, kept for a while more."""
        try:
            is_ours = await self._database.unit(
                lambda unit: unit.turns.take(self._name, self._holder, TURN_LASTS)
            )
        except StorageFault as fault:
            log.warning("turn not kept", extra={"event": "wecom_turn", "fault": fault.fault})
            since = self._timing.now() - self._renewed_at
            return self._connection is not None and since < LOST_AFTER_S
        if is_ours:
            self._renewed_at = self._timing.now()
        return is_ours

    async def _pause(self) -> None:
        stopping = asyncio.ensure_future(self._is_stopping.wait())
        await is_done_within(self._timing, RENEW_EVERY_S, stopping)
        stopping.cancel()
