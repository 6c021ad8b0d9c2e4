"""Media 图片与文件: fetched and decrypted on the way in, uploaded in chunks on the way out."""

import base64
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import aiohttp
import msgspec

from bot.platforms.wecom.connection import TOO_OFTEN, Refused, Unknown
from bot.platforms.wecom.crypto import decrypted, key_from
from bot.platforms.wecom.wire import (
    UPLOAD_CHUNK,
    UPLOAD_FINISH,
    UPLOAD_INIT,
    Frame,
    Media,
    UploadBegun,
    Uploaded,
)

FETCH_WITHIN_S: Final = 30.0
MAX_BYTES: Final = 20 * 1024 * 1024
UPLOADS_A_MINUTE: Final = 28
UPLOADS_AN_HOUR: Final = 980
"""Of 30 and 1,000 that a bot may upload."""
CHUNK_BYTES: Final = 512 * 1024
"""Before base64; the most that WeCom takes at once."""

T = TypeVar("T")

Ask = Callable[[str, Any], Awaitable[Frame]]
"""Sends one frame of that kind and gives its acknowledgement."""


class Budget:
    """How many files may be uploaded: in a minute and in an hour, with a margin."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque()

    def take(self, now: float) -> None:
        """Count an upload.

        Raises:
            Refused: As WeCom would, were it asked: too many just now.
        """
        while self._begun and self._begun[0] <= now - 3600:
            self._begun.popleft()
        in_minute = sum(at > now - 60 for at in self._begun)
        if in_minute >= UPLOADS_A_MINUTE or len(self._begun) >= UPLOADS_AN_HOUR:
            raise Refused(TOO_OFTEN)
        self._begun.append(now)


class Away(Exception):
    """A file could not be fetched. The message is a class or a status, never the address."""


class Fetcher:
    """Fetches files from WeCom's store over one pool, opened with the first of them.

    Args:
        own_key: Of the callback way, where no file has a key of its own.
    """

    def __init__(self, own_key: str = "") -> None:
        self._own_key = own_key
        self._session: aiohttp.ClientSession | None = None

    async def fetched(self, media: Media) -> tuple[bytes, str]:
        """The file as its sender had it, and its name, empty where nobody tells it.

        Raises:
            Away: It could not be had.
            NotOurs: It is not encrypted with its key.
        """
        key = key_from(media.aeskey or self._own_key)
        content, name = await self._content(media.url)
        return decrypted(key, content), name

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    async def _content(self, url: str) -> tuple[bytes, str]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(trust_env=True)
        timeout = aiohttp.ClientTimeout(total=FETCH_WITHIN_S)
        try:
            async with self._session.get(url, timeout=timeout) as answer:
                if answer.status != 200:
                    raise Away(f"status {answer.status}")
                content = await answer.content.read(MAX_BYTES + 1)
                while len(content) <= MAX_BYTES:
                    more = await answer.content.read(MAX_BYTES)
                    if not more:
                        return content, _name(answer)
                    content += more
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Away(type(error).__name__) from None
        raise Away("too large")


def _name(answer: aiohttp.ClientResponse) -> str:
    told = answer.content_disposition
    return (told.filename or "") if told is not None else ""


async def uploaded(ask: Ask, kind: str, filename: str, content: bytes) -> str:
    """Upload a file in chunks, one after the other; its name over there.

    Raises:
        Refused, Unknown, Offline: It is not there.
    """
    chunks = [content[i : i + CHUNK_BYTES] for i in range(0, len(content), CHUNK_BYTES)]
    begun = await ask(
        UPLOAD_INIT,
        {
            "type": kind,
            "filename": filename,
            "total_size": len(content),
            "total_chunks": len(chunks),
            "md5": hashlib.md5(content).hexdigest(),
        },
    )
    upload_id = _read(begun, UploadBegun).upload_id
    for number, chunk in enumerate(chunks):
        data = base64.b64encode(chunk).decode()
        body = {"upload_id": upload_id, "chunk_index": number, "base64_data": data}
        await ask(UPLOAD_CHUNK, body)
    return _read(await ask(UPLOAD_FINISH, {"upload_id": upload_id}), Uploaded).media_id


def _read(answer: Frame, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.MsgspecError as error:
        raise Unknown from error
