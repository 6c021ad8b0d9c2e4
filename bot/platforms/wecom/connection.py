"""Connection 长连接: subscribe, heartbeat, requests and their acknowledgements, coming back.

The library's own pings are off, since WeCom does not count them. Each way in which a connection
can end leads either to the next one or to a state that says why there is none.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from bot.platforms.wecom.timing import Timing, is_done_within
from bot.platforms.wecom.wire import (
    EVENT,
    PING,
    SUBSCRIBE,
    Frame,
    callback_in,
    frame,
    frame_in,
    new_req_id,
)

log = logging.getLogger("mulin.wecom")

# At DEBUG the library logs every frame, and with them the secret and what people said.
logging.getLogger("websockets").setLevel(logging.INFO)

WS_URL: Final = "wss://openws.work.weixin.qq.com"
PING_EVERY_S: Final = 30.0
MOST_UNANSWERED: Final = 2
"""Heartbeats without an answer, after which the connection counts as dead."""
ACK_WITHIN_S: Final = 5.0
FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
MAX_FRAME_BYTES: Final = 4 * 1024 * 1024
CLOSE_WITHIN_S: Final = 2.0
WRONG_SECRET: Final = 853000
TOO_OFTEN: Final = 45009


class Refused(Exception):
    """WeCom said no; nothing was done. ``code`` is its ``errcode``."""

    def __init__(self, code: int) -> None:
        super().__init__(f"errcode {code}")
        self.code = code


class Unknown(Exception):
    """Sent, but never acknowledged: whether it was done nobody knows."""


class Offline(Exception):
    """There is no connection; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are, and where WeCom is."""

    bot_id: str
    secret: str = field(repr=False)
    url: str = WS_URL


class Connection:
    """The one connection of a bot.

    ``heard`` is called with every callback, and must not wait. ``tell`` is told each state:
    ``connecting``, ``ok``, ``unreachable``, and the two that are final: ``auth_failed`` (wrong
    secret) and ``superseded`` (another program has connected with this bot).
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        heard: Callable[[Frame], None],
        tell: Callable[[str], None],
        timing: Timing,
    ) -> None:
        self._credentials = credentials
        self._heard = heard
        self._tell = tell
        self._timing = timing
        self._socket: ClientConnection | None = None
        self._acks: dict[str, asyncio.Future[Frame]] = {}
        self._failures = 0
        self._is_ready = False
        self._end = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether something can be sent."""
        return self._is_ready

    async def run(self) -> None:
        """Be connected until ``stop``, or until a final state."""
        while not self._end.is_set():
            self._tell("connecting")
            await self._session()
            if self._end.is_set():
                break
            self._tell("unreachable")
            wait = min(FIRST_WAIT_S * 2.0 ** min(self._failures, 10), LONGEST_WAIT_S)
            self._failures += 1
            end = asyncio.ensure_future(self._end.wait())
            await is_done_within(self._timing, wait * random.uniform(0.75, 1.0), end)
            end.cancel()

    async def stop(self) -> None:
        """Close politely and do not come back."""
        self._end.set()
        socket = self._socket
        if socket is not None:
            with suppress(OSError):
                await socket.close()

    async def request(self, cmd: str, body: Any = None, req_id: str = "") -> Frame:
        """Send one frame and wait for its acknowledgement.

        Args:
            req_id: Of the callback that is answered; without it the request has its own.

        Raises:
            Offline: Not connected.
            Refused: WeCom said no.
            Unknown: No acknowledgement came.
        """
        if not self._is_ready:
            raise Offline
        return await self._asked(cmd, body, req_id or new_req_id(cmd))

    async def _asked(self, cmd: str, body: Any, req_id: str) -> Frame:
        socket = self._socket
        if socket is None or req_id in self._acks:
            raise Offline
        ack: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._acks[req_id] = ack
        try:
            await socket.send(frame(cmd, req_id, body))
            is_done = await is_done_within(self._timing, ACK_WITHIN_S, ack)
        except ConnectionClosed:
            is_done = False
        finally:
            self._acks.pop(req_id, None)
        if not is_done or ack.cancelled():
            raise Unknown
        answer = ack.result()
        if answer.errcode:
            raise Refused(answer.errcode)
        return answer

    # One connection, from its beginning to its end

    async def _session(self) -> None:
        try:
            self._socket = await connect(
                self._credentials.url,
                ping_interval=None,
                max_size=MAX_FRAME_BYTES,
                close_timeout=CLOSE_WITHIN_S,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed) as error:
            kind = type(error).__name__
            log.warning("no connection", extra={"event": "wecom_away", "error": kind})
            return
        reader = asyncio.create_task(self._read(self._socket))
        try:
            if await self._is_subscribed():
                await self._beat(self._socket, reader)
            else:
                await self._socket.close()
        finally:
            self._is_ready = False
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            self._socket = None
            for ack in self._acks.values():
                ack.cancel()

    async def _is_subscribed(self) -> bool:
        bot = self._credentials
        body = {"bot_id": bot.bot_id, "secret": bot.secret}
        try:
            await self._asked(SUBSCRIBE, body, new_req_id(SUBSCRIBE))
        except Refused as refused:
            if refused.code == WRONG_SECRET:
                log.error("bot id or secret refused", extra={"event": "wecom_auth_failed"})
                self._finish("auth_failed")
            else:
                facts = {"event": "wecom_subscribe", "code": refused.code}
                log.warning("not subscribed", extra=facts)
            return False
        except Unknown:
            return False
        self._failures = 0
        self._is_ready = True
        self._tell("ok")
        return True

    async def _beat(self, socket: ClientConnection, reader: "asyncio.Task[None]") -> None:
        """Send heartbeats until the connection ends; one that is mute is cut off."""
        unanswered: list[asyncio.Future[Frame]] = []
        while not await is_done_within(self._timing, PING_EVERY_S, reader):
            unanswered = [ack for ack in unanswered if not ack.done()]
            if len(unanswered) >= MOST_UNANSWERED:
                log.warning("no heartbeat", extra={"event": "wecom_mute"})
                socket.transport.abort()
                return
            req_id = new_req_id(PING)
            ack: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
            self._acks[req_id] = ack
            unanswered.append(ack)
            with suppress(ConnectionClosed):
                await socket.send(frame(PING, req_id))

    async def _read(self, socket: ClientConnection) -> None:
        """Hand every frame on until the connection ends, however it ends."""
        while True:
            try:
                found = frame_in(await socket.recv())
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 0
                log.info("connection ended", extra={"event": "wecom_closed", "code": code})
                return None
            if found is None:
                log.warning("no frame", extra={"event": "wecom_frame"})
            elif not found.cmd:
                self._acknowledged(found)
            elif found.cmd == EVENT and _tells_of_another(found):
                return await self._kicked(socket)
            else:
                self._heard(found)

    def _acknowledged(self, found: Frame) -> None:
        ack = self._acks.get(found.headers.req_id)
        if ack is not None and not ack.done():
            ack.set_result(found)
            if found.headers.req_id.startswith(PING):
                del self._acks[found.headers.req_id]

    async def _kicked(self, socket: ClientConnection) -> None:
        """Somebody else has connected with our bot: to come back would be an endless fight."""
        log.error("another program uses this bot", extra={"event": "wecom_superseded"})
        self._finish("superseded")
        await socket.close()

    def _finish(self, state: str) -> None:
        self._is_ready = False
        self._end.set()
        self._tell(state)


def _tells_of_another(found: Frame) -> bool:
    callback = callback_in(found.body)
    event = callback.event if callback is not None else None
    return event is not None and event.eventtype == "disconnected_event"
