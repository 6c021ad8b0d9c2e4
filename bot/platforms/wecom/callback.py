"""Callback 回调通道: WeCom posts what people say; for operators who cannot hold a socket.

An answer goes back in the response itself, the next one by the callback's ``response_url``, once.
Nothing can be said unasked: no reminder, no digest, no picture.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.platforms.wecom.connection import Offline, Refused, Unknown
from bot.platforms.wecom.crypto import Envelope, NotOurs
from bot.platforms.wecom.timing import Timing, is_done_within
from bot.platforms.wecom.ways import INVALID_REQ_ID, NO_PUSH, Opening
from bot.platforms.wecom.wire import Callback, callback_in

log = logging.getLogger("mulin.wecom")

DEFAULT_PATH: Final = "/wecom"
STORED_WITHIN_S: Final = 3.0
ANSWERED_WITHIN_S: Final = 1.5
"""After it was stored; WeCom waits for five seconds in all."""
LATER_WITHIN_S: Final = 10.0
MAX_BYTES: Final = 1_000_000

Json = dict[str, Any]
Take = Callable[[Callback, str], "asyncio.Future[None] | None"]
"""Takes a callback in under that name; done once it is stored, None where it is not for us."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where WeCom posts to, and the two secrets of its admin console."""

    url: str
    token: str = field(repr=False)
    aes_key: str = field(repr=False)

    @property
    def path(self) -> str:
        """The path that we serve."""
        path = urlsplit(self.url).path
        return path if path.strip("/") else DEFAULT_PATH


class _Body(msgspec.Struct):
    encrypt: str = ""


class _Later(msgspec.Struct):
    errcode: int = 0


class CallbackWay:
    """Receives over our own web server and answers there."""

    has_files = False
    pushes = False

    def __init__(
        self, endpoint: Endpoint, *, take: Take, tell: Callable[[str], None], timing: Timing
    ) -> None:
        self._endpoint = endpoint
        self._envelope = Envelope(endpoint.token, endpoint.aes_key)
        self._take = take
        self._tell = tell
        self._timing = timing
        self._open: dict[str, asyncio.Future[Json]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._is_stopping = asyncio.Event()
        self.is_ready = False
        self.has_turn = True

    async def run(self) -> None:
        """Take callbacks in until stopped."""
        self.is_ready = True
        self._tell("ok")
        await self._is_stopping.wait()

    async def stop(self) -> None:
        """Take nothing in any more."""
        self.is_ready = False
        self._is_stopping.set()
        if self._session is not None:
            await self._session.close()

    # What a way can do

    async def answer(self, opening: Opening, body: Json) -> None:
        """Answer in the response while it is open, later by ``response_url``."""
        if not self._answered(opening.req_id, body):
            await self._later(opening, body)

    async def update(self, req_id: str, body: Json) -> None:
        """Change a card for whoever tapped it; only in the response."""
        if not self._answered(req_id, body):
            raise Refused(INVALID_REQ_ID)

    async def push(self, address: str, body: Json) -> None:
        """Nothing can be said unasked."""
        raise Refused(NO_PUSH)

    async def upload(self, kind: str, filename: str, content: bytes) -> str:
        """Nothing can be uploaded."""
        raise Refused(NO_PUSH)

    def routes(self) -> Sequence[BaseRoute]:
        """The path that the admin console names."""
        return (
            Route(self._endpoint.path, self._verify, methods=["GET"]),
            Route(self._endpoint.path, self._receive, methods=["POST"]),
        )

    # HTTP

    async def _verify(self, request: Request) -> Response:
        """Answer the admin console's question with what was encrypted in it."""
        try:
            echo = self._opened(request, request.query_params.get("echostr", ""))
        except NotOurs:
            return Response(status_code=HTTPStatus.FORBIDDEN)
        return PlainTextResponse(echo.decode("utf-8", "replace"))

    async def _receive(self, request: Request) -> Response:
        content = await _read(request)
        if content is None:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            sealed = msgspec.json.decode(content, type=_Body)
            callback = callback_in(self._opened(request, sealed.encrypt))
        except (NotOurs, msgspec.MsgspecError):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if callback is None:
            return Response()
        if not self.is_ready:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._handled(request, callback)

    async def _handled(self, request: Request, callback: Callback) -> Response:
        """Hand a callback over, wait until it is stored, and a moment for its answer."""
        req_id = secrets.token_hex(16)
        answer = self._open[req_id] = asyncio.get_running_loop().create_future()
        try:
            stored = self._take(callback, req_id)
            if stored is None:
                return Response()
            is_stored = await is_done_within(self._timing, STORED_WITHIN_S, stored)
            if not is_stored or stored.cancelled():
                return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
            await is_done_within(self._timing, ANSWERED_WITHIN_S, answer)
        finally:
            del self._open[req_id]
        return self._sealed(request, answer.result()) if answer.done() else Response()

    def _opened(self, request: Request, content: str) -> bytes:
        query = request.query_params
        signed = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        signature, timestamp, nonce = signed
        return self._envelope.opened(signature, timestamp, nonce, content)

    def _sealed(self, request: Request, body: Json) -> Response:
        timestamp = request.query_params["timestamp"]
        nonce = request.query_params["nonce"]
        content = self._envelope.sealed(msgspec.json.encode(body))
        return JSONResponse(
            {
                "encrypt": content,
                "msgsignature": self._envelope.signature(timestamp, nonce, content),
                "timestamp": int(timestamp),
                "nonce": nonce,
            }
        )

    def _answered(self, req_id: str, body: Json) -> bool:
        answer = self._open.get(req_id)
        if answer is None or answer.done():
            return False
        answer.set_result(body)
        return True

    async def _later(self, opening: Opening, body: Json) -> None:
        """The second answer, in words; the address takes one, within an hour."""
        content = body.get("stream", {}).get("content", "")
        if not opening.response_url or not content:
            raise Refused(INVALID_REQ_ID)
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True)
        said = {"msgtype": "markdown", "markdown": {"content": content}}
        timeout = aiohttp.ClientTimeout(total=LATER_WITHIN_S)
        try:
            async with self._session.post(
                opening.response_url, json=said, timeout=timeout
            ) as response:
                told = msgspec.json.decode(await response.read(), type=_Later)
        except aiohttp.ClientConnectorError:
            raise Offline from None
        except (aiohttp.ClientError, TimeoutError, msgspec.MsgspecError):
            raise Unknown from None
        if told.errcode:
            raise Refused(told.errcode)


async def _read(request: Request) -> bytes | None:
    """What was posted; None where it is more than we take, whatever it announced."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MAX_BYTES:
            return None
    return bytes(content)
