"""Reports 报事: what the contestants of the Bot API share; standard library only."""

import asyncio
import json
from typing import Any


class Desk:
    """The fake Bot API's control, for one bot."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token

    async def load(self, count: int) -> None:
        """Let ``count`` neighbours report something now."""
        await self.asked("load", count)

    async def sent(self) -> int:
        """How many messages the bot sent."""
        return int(await self.asked("sent"))

    async def asked(self, what: str, *more: int) -> Any:
        """Have the fake do something, or tell something, for this bot."""
        path = "/".join([what, self._token, *map(str, more)])
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(f"POST /{path} HTTP/1.1\r\ncontent-length: 0\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        writer.close()
        return json.loads(body)["result"]


class Countdown:
    """Waits until something happened often enough."""

    def __init__(self) -> None:
        self._left = 0
        self._over = asyncio.Event()

    def start(self, count: int) -> None:
        """Wait for ``count`` from now on."""
        self._left = count
        self._over.clear()

    def one(self) -> None:
        """It happened once."""
        self._left -= 1
        if self._left <= 0:
            self._over.set()

    async def over(self) -> None:
        """Return when it happened that often."""
        await self._over.wait()
