"""Web chat platform 网页聊天: our own pages as a chat platform; no token, no account needed."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from bot.pictures import NotAPicture, without_exif
from bot.platforms.base import Pace, Received
from bot.sheets import sheet_of
from handlers.messages import Picture, Shown, packed, unpacked
from storage.database import Database
from storage.faults import StorageFault
from storage.outbox import Post
from storage.unit import Unit
from storage.webchat import PLATFORM, WebMessage
from web.entry import Entry
from web.forms import Limiter
from web.forward import Forwarded
from web.household import Household
from web.join import Join
from web.live import Hub, answers_in
from web.pages import static_files
from web.talk import Talk
from web.view import NOTE_LASTS

FLEETING_LASTS: Final = timedelta(minutes=10)
"""How long a page shows a receipt of a secret ballot; then nobody can read it here any more."""
NOTES_DROPPED_EVERY_S: Final = 10.0
"""How long a passing note may stay in the database after it was shown."""


class WebChatPlatform:
    """Messages are rows that a page shows; a page that is reloaded shows the same.

    ``has_home`` is put out by the example neighbourhood, which has a first page of its own.
    """

    name = PLATFORM
    edits = True

    def __init__(self, database: Database, *, base_url: str = "http://127.0.0.1:8080") -> None:
        self.pace = Pace()
        self.has_home = True
        self.hub = Hub()
        self.talk = Talk(database, self.hub, _cleaned, sheet_of)
        self._database = database
        self._stopped = asyncio.Event()
        self._noted: dict[str, datetime] = {}
        is_secure = urlsplit(base_url).scheme == "https"
        self._household = Household(database, self.hub, self.talk, Limiter(), is_secure=is_secure)
        self._join = Join(database, self.talk, is_secure=is_secure)
        self._entry = Entry(database, self.talk, Limiter(), is_secure=is_secure)
        self._forwarded = Forwarded(database, self.talk, Limiter(), is_secure=is_secure)

    async def run(self, received: Received) -> None:
        """Take in what pages post and drop notes that were shown, until stopped."""
        self.talk.received = received
        while not self._stopped.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(NOTES_DROPPED_EVERY_S):
                    await self._stopped.wait()
            await self.drop_notes()
            await self.erase()

    async def drop_notes(self) -> None:
        """Forget passing notes that were shown long enough; they are nobody's record."""
        now = self._database.clock()
        old = [address for address, at in self._noted.items() if now - at >= NOTE_LASTS]
        if not old:
            return
        with suppress(StorageFault):  # the next round, or the night, takes them
            await self._database.unit(lambda unit: unit.webchat.drop_notes(old, now - NOTE_LASTS))
            self._noted = {a: at for a, at in self._noted.items() if now - at < NOTE_LASTS}

    async def erase(self) -> None:
        """Take away fleeting words whose time is over; after a restart too."""

        async def work(unit: Unit) -> None:
            for message in due:
                body = packed(Shown(unpacked(message.body).fleeting))
                await unit.webchat.erase(message.id, message.address, body)

        with suppress(StorageFault):  # the next round
            due = await self._database.read(lambda unit: unit.webchat.to_erase(unit.now))
            if due:
                await self._database.unit(work)
            for message in due:
                self.hub.wake(message.address, answers_in(message.address))

    async def stop(self) -> None:
        """Take nothing in any more and let every live page go."""
        self.talk.received = None
        self.hub.close()
        self._stopped.set()

    async def send(self, post: Post) -> str | None:
        """Store a message where its page finds it, and wake the pages that are open."""
        shown = unpacked(post.body)
        if post.kind == "toast":
            await self._note(post, shown)
            return None
        if post.kind == "edit" and post.ref is not None and post.ref.isdecimal():
            message_id = int(post.ref)
            await self._database.unit(
                lambda unit: unit.webchat.show(message_id, post.address, post.body, shown.file_id)
            )
            self.hub.wake(post.address, answers_in(post.address))
            return post.ref

        async def told(unit: Unit) -> int | None:
            erase_at = unit.now + FLEETING_LASTS if shown.fleeting else None
            message = WebMessage(
                post.address,
                "told",
                post.body,
                unit.now,
                photo_id=shown.file_id,
                erase_at=erase_at,
            )
            return await unit.webchat.add(message)

        new_id = await self._database.unit(told)
        self.hub.wake(post.address, answers_in(post.address))
        return str(new_id)

    async def _note(self, post: Post, shown: Shown) -> None:
        """A passing note, for whoever tapped and nobody else."""
        account = (post.ref or "").partition("|")[0]
        address = f"@{account}"
        if not shown.text or not account:
            return

        async def noted(unit: Unit) -> None:
            await unit.webchat.note(WebMessage(address, "toast", post.body, unit.now))

        await self._database.unit(noted)
        self._noted[address] = self._database.clock()
        self.hub.wake(address, answers_in(address))

    def is_group(self, address: str) -> bool:
        """Private chats start with an ``@``."""
        return not address.startswith("@")

    def routes(self) -> Sequence[BaseRoute]:
        """Residents' pages, invitations, style and script."""
        home = self._household.home_routes() if self.has_home else []
        pages = [*self._household.routes(), *self._join.routes(), *self._forwarded.routes()]
        pages += self._entry.routes()
        return [*home, *pages, static_files()]

    def state(self) -> str:
        """Fine as long as pages are taken in."""
        return "ok" if self.talk.received is not None else "stopped"


async def _cleaned(content: bytes) -> Picture | None:
    try:
        return await without_exif(content)
    except NotAPicture:
        return None
