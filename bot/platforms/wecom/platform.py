"""WeCom 企业微信 平台: a 智能机器人 in internal groups and private chats."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec
from starlette.routing import BaseRoute

from bot.pictures import NotAPicture, without_exif
from bot.platforms.base import Pace, Received, SendError
from bot.platforms.lanes import Lanes
from bot.platforms.wecom.aside import aside
from bot.platforms.wecom.callback import CallbackWay, Endpoint
from bot.platforms.wecom.cards import Labels
from bot.platforms.wecom.connection import Credentials
from bot.platforms.wecom.crypto import NotOurs
from bot.platforms.wecom.media import Away, Fetcher
from bot.platforms.wecom.reading import NAME, Heard, Lens
from bot.platforms.wecom.robots import Robots
from bot.platforms.wecom.sending import DrawCard, LoadPhoto, Sender, is_group
from bot.platforms.wecom.socket import SocketWay
from bot.platforms.wecom.timing import LoopTiming, Timing
from bot.platforms.wecom.ways import Waiting, Way
from bot.platforms.wecom.wire import Callback, Frame, Media, callback_in
from bot.sheets import sheet_of
from domain.sheets import is_sheet
from handlers.messages import Incoming, Picture, Shown, unpacked
from handlers.redrawing import seen_now
from handlers.wording import DEFAULT, texts
from storage.database import Database
from storage.outbox import Post
from storage.photos import StoredPhoto
from storage.unit import Unit

log = logging.getLogger("mulin.wecom")

PACE: Final = Pace(per_chat_second=2, per_chat_minute=28, per_chat_hour=980)
"""Of 30 and 1,000 that a conversation takes, replies and pushes together."""
STOP_WITHIN_S: Final = 5.0
MUTE_S: Final = 60.0
"""Without a connection for so long, groups' robots say what cannot wait."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One callback, in the lane of its chat; taps of different people do not wait."""

    callback: Callback
    req_id: str

    @property
    def lane(self) -> tuple[object, object]:
        """The chat, and for a tap the person."""
        who = self.callback.from_.userid if self.callback.card is not None else ""
        return self.callback.address, who

    @property
    def album(self) -> str:
        """Pictures of one message come in one callback."""
        return ""


@dataclass(frozen=True, slots=True)
class Options:
    """How the bot behaves: the name under which it is mentioned, cards or numbers, its pace.

    ``robots`` are webhooks of groups' robots by the place of their group, for notices when the
    bot itself cannot speak.
    """

    bot_name: str = ""
    has_cards: bool = True
    pace: Pace = PACE
    lang: str = DEFAULT
    robots: Mapping[str, str] = field(default_factory=dict)


class WeComPlatform:
    """One bot over its long connection, or at the ``Endpoint`` to which WeCom posts.

    ``concerns`` tells whether a message is for us at all; ``ready`` is called whenever posts can
    be sent again.
    """

    name = NAME
    edits = False

    def __init__(
        self,
        entry: Credentials | Endpoint,
        database: Database,
        options: Options | None = None,
        *,
        timing: Timing | None = None,
    ) -> None:
        options = options or Options()
        timing = timing or LoopTiming()
        self.pace = options.pace
        self.concerns: Callable[[Incoming], bool] = lambda incoming: True
        self.ready: Callable[[], None] = lambda: None
        self._lens = Lens(options.bot_name, self._is_command)
        self._waiting = Waiting(timing)
        self._timing = timing
        self._way = self._way_by(entry, database)
        self._sender = Sender(
            self._way,
            self._waiting,
            Labels(options.bot_name, texts(options.lang)),
            load_photo=_photos(database),
            draw=_cards(database),
            timing=timing,
            has_cards=options.has_cards,
        )
        self._robots = Robots(options.robots, database, timing)
        self._has_robots = bool(options.robots)
        self._down_at: float | None = None
        self._fetcher = Fetcher(entry.aes_key if isinstance(entry, Endpoint) else "")
        self._lanes = Lanes(self._handle)
        self._received: Received | None = None
        self._state = "starting"
        self._on_the_wire: set[asyncio.Task[object]] = set()
        self._is_stopped = asyncio.Event()

    # Receiving

    async def run(self, received: Received) -> None:
        """Receive until stopped, or until WeCom is done with us (``state`` tells)."""
        self._received = received
        await self._way.run()

    def _way_by(self, entry: Credentials | Endpoint, database: Database) -> Way:
        if isinstance(entry, Endpoint):
            return CallbackWay(entry, take=self._take, tell=self._tell, timing=self._timing)
        return SocketWay(entry, database, heard=self._heard, tell=self._tell, timing=self._timing)

    def _heard(self, frame: Frame) -> None:
        """Take a callback in; handling it never keeps the reader waiting."""
        callback = callback_in(frame.body)
        if callback is not None:
            self._take(callback, frame.headers.req_id)

    def _take(self, callback: Callback, req_id: str) -> "asyncio.Future[None] | None":
        """Queue a callback; done once it is stored, None where it is not for us."""
        if self._is_stopped.is_set() or self._lens.read(callback, req_id) is None:
            return None
        self._waiting.note(callback, req_id)
        return self._lanes.put(Arrived(callback, req_id))

    async def _handle(self, arrived: Sequence[Arrived]) -> None:
        """Hand one callback over; returns once it is stored, or where it is not for us."""
        assert self._received is not None
        for one in arrived:
            heard = self._lens.read(one.callback, one.req_id)
            if heard is not None and self.concerns(heard.incoming):
                await self._received(await self._with_files(heard))

    async def _with_files(self, heard: Heard) -> Incoming:
        """The message with what goes with it; without what cannot be had, the words count."""
        if heard.file is not None:
            return await self._with_sheet(heard.incoming, heard.file)
        return await self._with_pictures(heard) if heard.media else heard.incoming

    async def _with_sheet(self, incoming: Incoming, file: Media) -> Incoming:
        """A file is a spreadsheet by its name, which WeCom tells only with the file itself."""
        sheet, unread = None, ""
        try:
            content, name = await self._fetcher.fetched(file)
            if is_sheet(name):
                sheet, unread = await sheet_of(name, content)
        except (Away, NotOurs) as error:
            kind = type(error).__name__
            log.warning("file lost", extra={"event": "file_lost", "error": kind})
        return msgspec.structs.replace(incoming, sheet=sheet, unread=unread)

    async def _with_pictures(self, heard: Heard) -> Incoming:
        pictures: list[Picture] = []
        for media in heard.media:
            try:
                content, _ = await self._fetcher.fetched(media)
                pictures.append(await without_exif(content))
            except (Away, NotOurs, NotAPicture) as error:
                kind = type(error).__name__
                log.warning("picture lost", extra={"event": "picture_lost", "error": kind})
        return msgspec.structs.replace(heard.incoming, pictures=tuple(pictures))

    def _is_command(self, text: str) -> bool:
        """Whether a text would call a command even in a group's busy talk."""
        return self.concerns(Incoming(NAME, "", "", False, "", "", text))

    # Sending

    async def send(self, post: Post) -> str | None:
        """Bring one post where it belongs; raises SendError."""
        if self._is_stopped.is_set():
            raise SendError("tried_often")
        task: asyncio.Task[str | None] = asyncio.ensure_future(self._sent(post))
        self._on_the_wire.add(task)
        task.add_done_callback(self._on_the_wire.discard)
        return await task

    async def _sent(self, post: Post) -> str | None:
        """Send, or where that cannot be let the group's robot say it."""
        try:
            return await self._sender.send(post)
        except SendError as error:
            is_mute = not self._way.is_ready or error.reason == "no_push"
            if is_mute and await self._robots.said(post, unpacked(post.body).text):
                return None
            raise

    def sends_here(self) -> bool:
        """Only the process that is connected sends; its robots, once it is mute for a while."""
        if self._way.is_ready:
            return True
        is_long = self._down_at is not None and self._timing.now() - self._down_at >= MUTE_S
        return self._has_robots and self._way.has_turn and is_long

    def not_before(self, post: Post, now: datetime) -> datetime:
        """A few minutes off the full and the half hour, for what nobody waits for."""
        return aside(post, now)

    def weight(self, post: Post) -> int:
        """How many messages a post becomes."""
        if post.kind != "send":
            return 0
        return len(self._sender.steps(post, unpacked(post.body)))

    async def stop(self) -> None:
        """Take nothing in any more, finish what is on the wire, and let it go."""
        self._is_stopped.set()
        await self._lanes.stop()
        if self._on_the_wire:
            await asyncio.wait(set(self._on_the_wire), timeout=STOP_WITHIN_S)
        await self._way.stop()
        await self._fetcher.close()
        await self._robots.close()

    # About us

    def is_group(self, address: str) -> bool:
        """Private chats start with an ``@``."""
        return is_group(address)

    def routes(self) -> Sequence[BaseRoute]:
        """The path of the callback; the long connection needs none."""
        return self._way.routes()

    def state(self) -> str:
        """``ok``, ``standby`` (another process is connected), ``connecting``, ``unreachable``,
        ``auth_failed`` or ``superseded``."""
        return self._state

    def _tell(self, state: str) -> None:
        if state != self._state:
            log.info("wecom %s", state, extra={"event": "wecom_state", "state": state})
        self._state = state
        if state == "ok":
            self._down_at = None
            self.ready()
        elif self._down_at is None:
            self._down_at = self._timing.now()


def _photos(database: Database) -> LoadPhoto:
    async def load(photo_id: int) -> StoredPhoto | None:
        return await database.read(lambda unit: unit.photos.get(photo_id))

    return load


def _cards(database: Database) -> DrawCard:
    async def draw(card_id: int, address: str) -> Shown | None:
        async def work(unit: Unit) -> Shown | None:
            card = await unit.cards.find(card_id)
            post = Post(NAME, address, "edit", "", card_id=card_id)
            return await seen_now(unit, post, card) if card is not None else None

        return await database.read(work)

    return draw
