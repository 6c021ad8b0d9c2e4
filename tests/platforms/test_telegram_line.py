"""Kept connections to the Bot API: what comes over them, and what breaks them."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.platforms.telegram.line import IDLE_S, Line, LineError

SOON_S = 5.0
WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Server:
    """Answers each request with what ``answers`` says, and counts its connections."""

    def __init__(self) -> None:
        self.answers: Callable[[int], bytes | None] = lambda number: WHOLE
        self.connections = 0
        self.requests: list[bytes] = []
        self.is_asked = asyncio.Event()

    async def open(self) -> str:
        """Listen; the address."""
        self._server = await asyncio.start_server(self._served, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/api"

    async def close(self) -> None:
        """Listen no more."""
        self._server.close()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                self.is_asked.set()
                answer = self.answers(len(self.requests))
                if answer is None:
                    break
                for part in answer.split(b"|"):
                    writer.write(part)
                    await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    """A server of our own."""
    found = Server()
    yield found
    await found.close()


async def test_one_connection_serves_many_requests(server: Server) -> None:
    line = Line(await server.open())

    answers = [await line.post("/bot1:x/getMe", b'{"a":1}', SOON_S) for _ in range(3)]

    assert answers == [(200, b"{}")] * 3
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST /api/bot1:x/getMe HTTP/1.1\r\nHost: 127.0.0.1:")
    assert server.requests[0].endswith(b'Content-Length: 7\r\n\r\n{"a":1}')
    line.close()


async def test_requests_at_once_go_over_connections_of_their_own(server: Server) -> None:
    line = Line(await server.open())

    answers = await asyncio.gather(*(line.post("/x", b"{}", SOON_S) for _ in range(4)))

    assert answers == [(200, b"{}")] * 4
    assert server.connections == 4
    line.close()


async def test_an_answer_in_pieces_is_put_together(server: Server) -> None:
    chunked = (
        b'HTTP/1.1 200 OK\r\ntransfer-enc|oding: chunked\r\n\r\n3\r\n{"|a\r\n4\r\n":1}\r\n0\r\n\r\n'
    )
    server.answers = lambda number: chunked
    line = Line(await server.open())

    assert await line.post("/x", b"{}", SOON_S) == (200, b'{"a":1}')
    assert await line.post("/x", b"{}", SOON_S) == (200, b'{"a":1}')
    assert server.connections == 1
    line.close()


@pytest.mark.parametrize("answer", [None, b"no HTTP at all\r\n\r\n"])
async def test_after_a_broken_answer_the_next_request_goes_well(
    server: Server, answer: bytes | None
) -> None:
    server.answers = lambda number: answer if number == 1 else WHOLE
    line = Line(await server.open())

    with pytest.raises(LineError):
        await line.post("/x", b"{}", SOON_S)

    assert await line.post("/x", b"{}", SOON_S) == (200, b"{}")
    line.close()


async def test_the_rest_of_a_late_answer_is_not_taken_for_the_next_one(server: Server) -> None:
    late = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"
    server.answers = lambda number: late if number == 1 else WHOLE
    line = Line(await server.open())
    waiting = asyncio.create_task(line.post("/x", b"{}", SOON_S))
    await server.is_asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert await line.post("/x", b"{}", SOON_S) == (200, b"{}")
    assert server.connections == 2
    line.close()


@pytest.mark.parametrize("first_limit_s", [60.0, 0.1], ids=["longer", "shorter"])
async def test_an_answer_is_waited_for_as_long_as_its_own_request_says(
    server: Server, first_limit_s: float
) -> None:
    server.answers = lambda number: b"HTTP/1.1 200" if number == 2 else WHOLE
    line = Line(await server.open())
    await line.post("/x", b"{}", first_limit_s)
    begun = asyncio.get_running_loop().time()

    with pytest.raises(TimeoutError):
        await line.post("/x", b"{}", 0.2)

    assert 0.2 <= asyncio.get_running_loop().time() - begun < SOON_S
    assert await line.post("/x", b"{}", SOON_S) == (200, b"{}")
    assert server.connections == 2
    line.close()


async def test_a_server_that_says_goodbye_is_connected_to_anew(server: Server) -> None:
    server.answers = lambda number: (
        b"HTTP/1.1 429 Too Many\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"
    )
    line = Line(await server.open())

    assert await line.post("/x", b"{}", SOON_S) == (429, b"{}")
    assert await line.post("/x", b"{}", SOON_S) == (429, b"{}")
    assert server.connections == 2
    line.close()


async def test_a_connection_that_rested_for_long_is_not_trusted(
    server: Server,
) -> None:
    line = Line(await server.open())
    await line.post("/x", b"{}", SOON_S)
    line._idle[0].idle_since -= IDLE_S + 1

    assert await line.post("/x", b"{}", SOON_S) == (200, b"{}")
    assert server.connections == 2
    line.close()


async def test_nobody_there_is_an_error_of_the_network(server: Server) -> None:
    address = await server.open()
    await server.close()

    with pytest.raises(OSError):
        await Line(address).post("/x", b"{}", SOON_S)
