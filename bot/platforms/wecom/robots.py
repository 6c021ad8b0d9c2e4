"""Robots 群机器人: the spare way for a group's notices, by the webhook of its 消息推送 robot."""

import logging
from collections import deque
from collections.abc import Mapping
from typing import Final

import aiohttp
import msgspec

from bot.platforms.wecom.reading import NAME
from bot.platforms.wecom.rendering import parts, plain
from bot.platforms.wecom.timing import Timing
from storage.database import Database
from storage.outbox import Post, Priority
from storage.unit import Unit

log = logging.getLogger("mulin.wecom")

MAX_BYTES: Final = 4096
PER_MINUTE: Final = 20
WITHIN_S: Final = 10.0


class _Told(msgspec.Struct):
    errcode: int = -1


class Robots:
    """Robots by the name of the place that their group is bound to."""

    def __init__(self, urls: Mapping[str, str], database: Database, timing: Timing) -> None:
        self._urls = urls
        self._database = database
        self._timing = timing
        self._sent: dict[str, deque[float]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def said(self, post: Post, text: str) -> bool:
        """Say a group's notice; False where there is no robot for it, or it could not."""
        is_notice = post.kind == "send" and post.priority > Priority.ANSWER
        if not is_notice or not self._urls or not text.strip():
            return False
        url = self._urls.get(await self._place(post.address), "")
        pieces = parts(plain(text), MAX_BYTES)
        if not url or not self._has_room(url, len(pieces)):
            return False
        for number, piece in enumerate(pieces):
            if not await self._posted(url, piece):
                return number > 0  # what has arrived in part is not said again
        return True

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    async def _place(self, address: str) -> str:
        async def asked(unit: Unit) -> str:
            chat = await unit.chats.at(NAME, address)
            if chat is None or chat.place_id is None:
                return ""
            return (await unit.places.get(chat.place_id)).name

        return await self._database.read(asked)

    def _has_room(self, url: str, count: int) -> bool:
        now, sent = self._timing.now(), self._sent.setdefault(url, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        if len(sent) + count > PER_MINUTE:
            return False
        sent.extend([now] * count)
        return True

    async def _posted(self, url: str, content: str) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True)
        body = {"msgtype": "markdown", "markdown": {"content": content}}
        timeout = aiohttp.ClientTimeout(total=WITHIN_S)
        try:
            async with self._session.post(url, json=body, timeout=timeout) as answer:
                told = msgspec.json.decode(await answer.read(), type=_Told)
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.MsgspecError) as error:
            # The class alone: the address is the robot's secret.
            kind = type(error).__name__
            log.warning("robot failed", extra={"event": "wecom_robot", "error": kind})
            return False
        if told.errcode:
            log.warning("robot refused", extra={"event": "wecom_robot", "code": told.errcode})
        return not told.errcode
