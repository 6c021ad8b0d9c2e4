"""Api 接口: calls of the Bot API through the library's ``Bot``, and what a refusal means."""

import logging
import os
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from bot.platforms.base import SendError
from bot.platforms.telegram.request import READ_TIMEOUT_S, AiohttpRequest, fetched

T = TypeVar("T")

FILE_TIMEOUT_S: Final = 60.0
UPLOAD_TIMEOUT_S: Final = 60.0

NOT_CHANGED: Final = "message is not modified"
NO_THREAD: Final = "message thread not found"
_MESSAGE_GONE: Final = ("message to edit not found", "message_id_invalid")
_GONE: Final = ("chat not found", "peer_id_invalid", "user not found", "group chat was deleted")

# The library's spans of time as such; without it each refusal for frequency warns thrice.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# At DEBUG the library logs the parameters of every call, and with them what people said.
logging.getLogger("telegram").setLevel(logging.INFO)


class Api:
    """One bot's calls; results come back typed, with the fields that we read."""

    def __init__(self, token: str, api_url: str) -> None:
        url = api_url.rstrip("/")
        self._request = AiohttpRequest(url)
        self._methods = f"/bot{quote(token, safe=':')}/"
        self._files = f"{url}/file/bot{token}/"
        self._bot = Bot(
            token,
            base_url=f"{url}/bot",
            base_file_url=f"{url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def call(
        self, method: str, result: type[T], *, limit_s: float = READ_TIMEOUT_S, **fields: Any
    ) -> T:
        """Call ``method`` and read its result as ``result``; fields that are None are left out.

        Raises:
            TelegramError: As the library sorts them.
        """
        raw = await self.raw(method, limit_s=limit_s, **fields)
        try:
            return msgspec.json.decode(raw, type=result)
        except msgspec.MsgspecError as error:
            raise TelegramError(f"{method}: unexpected result") from error

    async def raw(self, method: str, *, limit_s: float = READ_TIMEOUT_S, **fields: Any) -> Any:
        """As ``call``; the result as it came, JSON bytes."""
        given = {name: value for name, value in fields.items() if value is not None}
        if not any(isinstance(value, InputFile) for value in given.values()):
            return await self._request.call(self._methods + method, given, limit_s)
        # The Bot API reads method names in any case. In lower case the library does not take
        # the name for one of its own methods, and does not warn at each call to use that.
        return await self._bot.do_api_request(method.lower(), given, read_timeout=limit_s)

    async def fetch(self, file_path: str) -> bytes:
        """A file that somebody sent; raises TelegramError."""
        return await fetched(self._request, self._files + file_path, FILE_TIMEOUT_S)

    async def close(self) -> None:
        """Let the connections go; the next call opens new ones."""
        await self._request.shutdown()


def upload(content: bytes, mime: str, name: str = "") -> InputFile:
    """Bytes as a file that goes with a call; a picture's name is nobody's business."""
    picture = "photo.png" if mime == "image/png" else "photo.jpg"
    return InputFile(content, filename=name or picture)


def send_error(error: TelegramError, *, is_group: bool) -> SendError:
    """What a refusal means for the outbox: try again, go elsewhere, or give up."""
    if isinstance(error, RetryAfter):
        return SendError("tried_often", retry_after=waited_for(error))
    if isinstance(error, ChatMigrated):
        return SendError("gone", moved_to=str(error.new_chat_id))
    words = error.message.lower()
    if isinstance(error, Forbidden) or any(sign in words for sign in _GONE):
        return SendError("gone" if is_group else "blocked", is_permanent=True, is_chat_gone=True)
    if isinstance(error, BadRequest) or "entity too large" in words:
        is_deleted = any(sign in words for sign in _MESSAGE_GONE)
        return SendError("refused", is_permanent=True, is_message_gone=is_deleted)
    return SendError("tried_often")  # the network, a fault over there, or a token being changed


def waited_for(error: RetryAfter) -> timedelta:
    """How long the Bot API wants us to wait; the library is on its way from seconds to spans."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def says(error: TelegramError, sign: str) -> bool:
    """Whether a refusal is that one; the Bot API tells refusals apart by their words only."""
    return isinstance(error, BadRequest) and sign in error.message.lower()
