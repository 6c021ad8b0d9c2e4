"""Request 请求: the library's ``BaseRequest`` on aiohttp, its answers left undecoded.

What most calls are, some JSON there and back, goes over kept ``Line`` s, unless a proxy is needed.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.platforms.telegram.line import CONNECT_TIMEOUT_S, Line

READ_TIMEOUT_S: Final = 20.0
MAX_CONNECTIONS: Final = 100

_JSON: Final = {"Content-Type": "application/json"}


class _Envelope(msgspec.Struct):
    """What every answer of the Bot API is wrapped in; the result is left as it came."""

    ok: bool = False
    result: msgspec.Raw = msgspec.Raw(b"null")
    description: str = ""
    parameters: dict[str, Any] | None = None


_ENVELOPE: Final = msgspec.json.Decoder(_Envelope)


class AiohttpRequest(BaseRequest):
    """Sends requests over one pool of connections, opened with the first request."""

    def __init__(self, api_url: str) -> None:
        self._url = api_url
        self._proxy = _proxy_for(api_url)
        self._session: aiohttp.ClientSession | None = None
        self._line = None if self._proxy else Line(api_url)

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take, where a call does not say."""
        return READ_TIMEOUT_S

    async def initialize(self) -> None:
        """Open the pool; again after ``shutdown`` is allowed."""
        if self._session is None or self._session.closed:
            pool = aiohttp.TCPConnector(limit=MAX_CONNECTIONS, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(
                connector=pool, proxy=self._proxy, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the pool and the lines."""
        if self._line is not None:
            self._line.close()
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; status and body.

        Raises:
            TimedOut: No answer in time; whether it was done nobody knows.
            NetworkError: The connection could not be made, or broke off.
        """
        limit = read_timeout if isinstance(read_timeout, int | float) else READ_TIMEOUT_S
        return await self._requested(method, url, limit, _body(request_data))

    async def call(self, path: str, fields: Mapping[str, Any], limit_s: float) -> msgspec.Raw:
        """Call the method at ``path`` (``/bot…/sendMessage``) without files; its result, undecoded.

        The library's way to here costs half as much as the call itself.

        Raises:
            TelegramError: As the library sorts refusals.
        """
        body = msgspec.json.encode(fields)
        if self._line is None:
            sent = {"data": body, "headers": _JSON}
            status, payload = await self._requested("POST", self._url + path, limit_s, sent)
        else:
            with _faults():
                status, payload = await self._line.post(path, body, limit_s)
        if status != 200:
            await _Refusal(status, payload).post(path)
        found = self.parse_json_payload(payload)
        if not found["ok"]:  # something on the way that answers for the Bot API
            raise TelegramError("Invalid server response")
        result: msgspec.Raw = found["result"]
        return result

    async def _requested(
        self, method: str, url: str, limit_s: float, body: Mapping[str, Any]
    ) -> tuple[int, bytes]:
        await self.initialize()
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=limit_s, connect=CONNECT_TIMEOUT_S)
        with _faults():
            async with self._session.request(method, url, timeout=timeout, **body) as answer:
                return answer.status, await answer.read()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The envelope; its ``result`` stays bytes, decoded by whoever knows what to expect."""
        try:
            envelope = _ENVELOPE.decode(payload)
        except msgspec.MsgspecError as error:
            raise TelegramError("Invalid server response") from error
        return {
            "ok": envelope.ok,
            "result": envelope.result,
            "description": envelope.description,
            "parameters": envelope.parameters,
        }


class _Refusal(AiohttpRequest):
    """An answer that is here already, for the library to raise what it means."""

    def __init__(self, status: int, payload: bytes) -> None:
        self._answer = status, payload

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """The answer."""
        return self._answer


@contextmanager
def _faults() -> Iterator[None]:
    """Faults of the network as the library calls them."""
    try:
        yield
    except TimeoutError as error:
        raise TimedOut from error
    except (aiohttp.ClientError, OSError) as error:
        # The class alone: the message would tell the address, and with it the token.
        raise NetworkError(type(error).__name__) from None


def _proxy_for(url: str) -> str | None:
    """The environment's proxy for that host, read once.

    With ``trust_env`` aiohttp reads it, and ``.netrc``, at each request and on a thread, which
    costs several times as much as the request.
    """
    parts = urlsplit(url)
    is_direct = parts.hostname is None or bool(proxy_bypass(parts.hostname))
    return None if is_direct else getproxies().get(parts.scheme)


def _body(data: RequestData | None) -> Mapping[str, Any]:
    """Parameters as JSON, or as a form where files go with them."""
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": msgspec.json.encode(data.parameters), "headers": _JSON}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


async def fetched(request: BaseRequest, url: str, limit_s: float) -> bytes:
    """The bytes at ``url``; raises what ``do_request`` raises, or NetworkError for a refusal."""
    async with asyncio.timeout(limit_s + 1):
        status, content = await request.do_request(url, "GET", read_timeout=limit_s)
    if status != 200:
        raise NetworkError(f"status {status}")
    return content
