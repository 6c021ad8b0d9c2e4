"""Line 线路: kept connections to one HTTP server, for small requests that go again and again.

A general client spends several times as long on such a request as the request takes. Uploads,
downloads and proxies are aiohttp's.
"""

import asyncio
import ssl
from typing import Final
from urllib.parse import urlsplit

import httptools

CONNECT_TIMEOUT_S: Final = 10.0
IDLE_S: Final = 15.0
"""A connection that was idle for longer may have been closed over there, so it is not used."""
EYEBALLS_S: Final = 0.25
"""How long IPv6 may be silent before IPv4 is tried beside it."""

Answer = tuple[int, bytes]
"""Status and body."""


class LineError(OSError):
    """The connection broke off, or what came over it is no HTTP."""


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.is_open = False
        self.idle_since = 0.0
        self._answer: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        self.is_open = True

    async def ask(self, request: bytes, limit_s: float) -> Answer:
        """Send a request; its answer, or a TimeoutError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._answer = answer
        # Half as dear as asyncio.timeout, which would interrupt the whole task.
        alarm = loop.call_later(limit_s, self._end, TimeoutError())
        self._wire.write(request)
        try:
            return await answer
        finally:
            alarm.cancel()

    def close(self) -> None:
        """Let it go, whatever is on its way."""
        self.is_open = False
        self._wire.abort()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._end(LineError(type(error).__name__))
            self.close()

    def on_body(self, part: bytes) -> None:
        """A part of the body."""
        self._parts.append(part)

    def on_message_complete(self) -> None:
        """The whole answer is here."""
        body = b"".join(self._parts)
        self._parts.clear()
        if not self._parser.should_keep_alive():
            self.close()
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_result((self._parser.get_status_code(), body))

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        self._end(LineError(type(error).__name__ if error else "closed"))

    def _end(self, error: Exception) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)


class Line:
    """Sends JSON to one server, each request over a connection that has nothing else to do."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        is_secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if is_secure else 80)
        self._ssl = ssl.create_default_context() if is_secure else None
        self._path = parts.path
        host = parts.netloc.rpartition("@")[2]
        self._head = f"Host: {host}\r\nContent-Type: application/json\r\n"
        self._idle: list[_Connection] = []

    async def post(self, path: str, body: bytes, limit_s: float) -> Answer:
        """One request; ``path`` goes behind the path of the server's address.

        Raises:
            TimeoutError: No answer in time; whether it was done nobody knows.
            OSError: The connection could not be made, or broke off.
        """
        start = f"POST {self._path}{path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}"
        request = b"%b\r\n\r\n%b" % (start.encode("ascii"), body)
        connection = self._rested() or await self._connected(min(limit_s, CONNECT_TIMEOUT_S))
        try:
            answer = await connection.ask(request, limit_s)
        except BaseException:
            connection.close()
            raise
        if connection.is_open:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        return answer

    def close(self) -> None:
        """Let the idle connections go; the next request opens new ones."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    def _rested(self) -> _Connection | None:
        """The connection that was used last, if it can still be used."""
        oldest = asyncio.get_running_loop().time() - IDLE_S
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and connection.idle_since >= oldest:
                return connection
            connection.close()
        return None

    async def _connected(self, limit_s: float) -> _Connection:
        async with asyncio.timeout(limit_s):
            _, connection = await asyncio.get_running_loop().create_connection(
                _Connection,
                self._host,
                self._port,
                ssl=self._ssl,
                happy_eyeballs_delay=EYEBALLS_S,
            )
        return connection
