"""Telegram 平台: the Bot API by long polling or webhook, at the pace that it allows."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
from starlette.routing import BaseRoute
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.pictures import NotAPicture, without_exif
from bot.platforms.base import Finding, Pace, Received, SendError
from bot.platforms.lanes import Lanes
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.checking import findings
from bot.platforms.telegram.menu import set_menus
from bot.platforms.telegram.polling import FIRST_WAIT_S, LONGEST_WAIT_S, Poller, Unauthorized
from bot.platforms.telegram.reading import NAME, Heard, Lens
from bot.platforms.telegram.rendering import NO_PREVIEW, reply_to
from bot.platforms.telegram.sending import LoadPhoto, Sender, is_group
from bot.platforms.telegram.webhook import webhook_route, with_path
from bot.platforms.telegram.wire import ALLOWED_UPDATES, Document, Me, RemoteFile, Update
from bot.sheets import sheet_of
from domain.sheets import MAX_SHEET_BYTES
from handlers.messages import ChatEvent, Incoming
from handlers.registry import loaded
from handlers.wording import DEFAULT, texts
from storage.outbox import Post

log = logging.getLogger("mulin.telegram")

API_URL: Final = "https://api.telegram.org"
PACE: Final = Pace(per_second=27.75, per_chat_second=1, per_group_minute=20)
"""The published limits, the first one (30) with a margin."""
MAX_WEBHOOK_CONNECTIONS: Final = 40
FETCH_TRIES: Final = 3
FETCH_WAIT_S: Final = 0.5
STOP_WITHIN_S: Final = 10.0
HINT_EVERY_S: Final = 3600.0


class TelegramPlatform:
    """One bot on Telegram.

    Args:
        mode: ``polling`` (no public address needed) or ``webhook`` (``webhook_url`` and
            ``secret_token`` are needed then).
        load_photo: A stored picture by its id, for cards that show one.

    ``concerns`` tells whether a message is for us at all; pictures of others are not fetched.
    """

    name = NAME
    edits = True

    def __init__(
        self,
        token: str,
        *,
        load_photo: LoadPhoto,
        api_url: str = API_URL,
        mode: str = "polling",
        webhook_url: str = "",
        secret_token: str = "",
        pace: Pace = PACE,
    ) -> None:
        self.pace = pace
        self.concerns: Callable[[Incoming], bool] = lambda incoming: True
        self._mode = mode
        self._webhook_url = with_path(webhook_url)
        self._secret_token = secret_token
        self._api = Api(token, api_url)
        self._sender = Sender(self._api, load_photo, self._username, pace)
        self._lanes = Lanes(self._handle)
        self._received: Received | None = None
        self._lens: Lens | None = None
        self._state = "starting"
        self._receiving: asyncio.Task[None] | None = None
        self._is_stopped = asyncio.Event()
        self._on_the_wire = 0
        self._all_sent = asyncio.Event()
        self._hinted: dict[str, float] = {}

    # Receiving

    async def run(self, received: Received) -> None:
        """Receive until stopped, or until the token is refused (``state`` tells)."""
        self._received = received
        self._receiving = asyncio.create_task(self._receive())
        try:
            await asyncio.wait([self._receiving])
        finally:
            self._receiving.cancel()
        if not self._receiving.cancelled():
            self._receiving.result()

    async def _receive(self) -> None:
        try:
            await self._begin()
            if self._mode == "webhook":
                await self._is_stopped.wait()
            else:
                await Poller(self._api, self._lanes, self._tell).run()
        except (Unauthorized, InvalidToken):
            self._tell("unauthorized")
            log.error("token refused", extra={"event": "telegram_unauthorized"})

    async def _begin(self) -> None:
        """Learn who we are and how updates shall arrive; tried until Telegram answers."""
        wait = FIRST_WAIT_S
        while True:
            try:
                await self._me()
                await self._choose_way()
                self._tell("ok")
                break
            except InvalidToken:
                raise
            except TelegramError as error:
                self._tell("unreachable")
                log.warning("start failed", extra={"event": "start", "error": type(error).__name__})
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)
        try:
            await set_menus(self._api, loaded())
        except TelegramError as error:
            log.warning("menu not set", extra={"event": "menu", "error": type(error).__name__})

    async def _choose_way(self) -> None:
        if self._mode != "webhook":
            await self._api.call("deleteWebhook", bool, drop_pending_updates=False)
            return
        await self._api.call(
            "setWebhook",
            bool,
            url=self._webhook_url,
            secret_token=self._secret_token,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=MAX_WEBHOOK_CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _handle(self, updates: Sequence[Update]) -> None:
        """Hand over one update or album; returns once it is stored, or where it is not for us."""
        assert self._lens is not None and self._received is not None
        found = self._lens.read_all(updates)
        if isinstance(found, ChatEvent):
            await self._received(found)
        elif found is not None and self.concerns(found.incoming):
            if found.is_anonymous:
                await self._hint(found.incoming)
            else:
                await self._received(await self._with_files(found))

    async def _with_files(self, heard: Heard) -> Incoming:
        """The message with what goes with it; without what cannot be had, the words count."""
        if heard.incoming.is_edit:
            return heard.incoming
        if heard.sheet is not None:
            return await self._with_sheet(heard.incoming, heard.sheet)
        return await self._with_pictures(heard) if heard.file_ids else heard.incoming

    async def _with_sheet(self, incoming: Incoming, file: Document) -> Incoming:
        sheet, unread = None, "too_large"
        if file.file_size <= MAX_SHEET_BYTES:
            try:
                sheet, unread = await sheet_of(file.file_name, await self._fetched(file.file_id))
            except (TelegramError, TimeoutError) as error:
                unread = "lost"
                kind = type(error).__name__
                log.warning("sheet lost", extra={"event": "sheet_lost", "error": kind})
        return msgspec.structs.replace(incoming, sheet=sheet, unread=unread)

    async def _with_pictures(self, heard: Heard) -> Incoming:
        pictures = []
        for file_id in heard.file_ids:
            try:
                pictures.append(await without_exif(await self._fetched(file_id)))
            except (TelegramError, NotAPicture, TimeoutError) as error:
                kind = type(error).__name__
                log.warning("picture lost", extra={"event": "picture_lost", "error": kind})
        return msgspec.structs.replace(heard.incoming, pictures=tuple(pictures))

    async def _fetched(self, file_id: str) -> bytes:
        for attempt in range(FETCH_TRIES):
            try:
                remote = await self._api.call("getFile", RemoteFile, file_id=file_id)
                return await self._api.fetch(remote.file_path)
            except BadRequest:
                raise
            except TelegramError:
                if attempt == FETCH_TRIES - 1:
                    raise
            await asyncio.sleep(FETCH_WAIT_S * 2**attempt)
        raise AssertionError("unreachable")

    async def _hint(self, incoming: Incoming) -> None:
        """Tell an anonymous administrator that nobody can know who asks; now and then only."""
        now = time.monotonic()
        if now - self._hinted.get(incoming.chat, -HINT_EVERY_S) < HINT_EVERY_S:
            return
        self._hinted[incoming.chat] = now
        try:
            await self._api.raw(
                "sendMessage",
                chat_id=int(incoming.chat),
                message_thread_id=int(incoming.thread) if incoming.thread else None,
                text=texts(DEFAULT)["telegram.anonymous"],
                reply_parameters=reply_to(incoming.ref),
                link_preview_options=NO_PREVIEW,
            )
        except TelegramError as error:
            log.info("hint lost", extra={"event": "hint_lost", "error": type(error).__name__})

    # Sending

    async def send(self, post: Post) -> str | None:
        """Bring one post where it belongs; raises SendError."""
        if self._is_stopped.is_set():
            raise SendError("tried_often")
        self._on_the_wire += 1
        self._all_sent.clear()
        try:
            return await self._sender.send(post)
        finally:
            self._on_the_wire -= 1
            if not self._on_the_wire:
                self._all_sent.set()

    async def stop(self) -> None:
        """Take nothing in any more, finish what is on the wire, and let it go."""
        self._is_stopped.set()
        if self._receiving is not None:
            self._receiving.cancel()
        await self._lanes.stop()
        if self._on_the_wire:
            try:
                async with asyncio.timeout(STOP_WITHIN_S):
                    await self._all_sent.wait()
            except TimeoutError:
                log.warning("sends cut off", extra={"event": "sends_cut_off"})
        await self._api.close()

    # About us

    def is_group(self, address: str) -> bool:
        """Groups have negative ids."""
        return is_group(address)

    def routes(self) -> Sequence[BaseRoute]:
        """The webhook, where that is how updates arrive."""
        if self._mode != "webhook":
            return ()
        return (webhook_route(self._webhook_url, self._secret_token, self._ready),)

    def state(self) -> str:
        """``ok``, ``starting``, ``unreachable``, ``conflict`` or ``unauthorized``."""
        return self._state

    async def check(self) -> list[Finding]:
        """What ``check`` tells: token, privacy mode, the way updates arrive."""
        return await findings(self._api, self._mode, self._webhook_url)

    def _ready(self) -> Lanes[Update] | None:
        return self._lanes if self._lens is not None and not self._is_stopped.is_set() else None

    def _tell(self, state: str) -> None:
        if state != self._state:
            log.info("telegram %s", state, extra={"event": "telegram_state", "state": state})
        self._state = state

    async def _me(self) -> Me:
        if self._lens is None:
            self._lens = Lens(await self._api.call("getMe", Me))
        return self._lens.me

    async def deep_link(self, payload: str) -> str:
        """The link that opens our private chat and says ``/start payload`` there."""
        return f"https://t.me/{await self._username()}?start={payload}"

    async def _username(self) -> str:
        return (await self._me()).username
