"""Talk 说话: what a browser says or taps, kept as a bubble and given to the router."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.sheets import Sheet
from domain.text import shortened
from handlers.messages import Incoming, Picture, Press
from storage.database import Database
from storage.photos import StoredPhoto
from storage.unit import Unit
from storage.webchat import PLATFORM, WebMessage
from web.forms import NotTaken, Posted
from web.live import Hub

MAX_TEXT: Final = 20_000
"""Characters that are taken at all; the router says politely how many are too many."""
MAX_KEPT: Final = 1_200
"""Characters that a bubble keeps of what was said."""

MENTIONS: Final = ("@助手", "@bot")
"""How a neighbour in a group turns to us."""

Received = Callable[[Incoming], Awaitable[None]]
Read = Callable[[str, bytes], Awaitable[tuple[Sheet | None, str]]]
"""The sheet in a file of that name, or why there is none."""
Cleaned = Callable[[bytes], Awaitable[Picture | None]]
"""A photo without its place, time and device; None where it is none."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and where; ``name`` is only used until we know them."""

    account: str
    chat: str
    name: str = ""

    @property
    def is_private(self) -> bool:
        """Whether it is their own chat with us."""
        return self.chat == private_chat(self.account)


def private_chat(account: str) -> str:
    """The address of somebody's own chat with us."""
    return f"@{account}"


class Talk:
    """Takes in what browsers say. ``received`` is set once the program receives."""

    def __init__(self, database: Database, hub: Hub, cleaned: Cleaned, read: Read) -> None:
        self.database = database
        self.hub = hub
        self.received: Received | None = None
        self._cleaned = cleaned
        self._read = read

    async def take(self, voice: Voice, form: Posted) -> None:
        """Take in one form; when this returns it is stored and handled.

        Raises:
            NotTaken: It is empty, too large, no picture, or we are not ready yet.
        """
        call = form.fields.get("press", "")
        if call:
            await self.press(voice, call, form.delivery, form.fields.get("bubble", ""))
        elif form.sheet is not None and voice.is_private:
            await self.hand_over(voice, form.sheet, form.delivery)
        else:
            await self.say(voice, form.fields.get("text", ""), form.photos, form.delivery)

    async def say(
        self, voice: Voice, text: str, photos: Sequence[bytes] = (), delivery: str = ""
    ) -> None:
        """Somebody says something, perhaps with photos."""
        text = text.replace("\r\n", "\n").replace("\x00", "")[:MAX_TEXT]
        if not text.strip() and not photos:
            raise NotTaken("nothing")
        pictures = [await self._picture(photo) for photo in photos]
        own = f"{voice.account}:{delivery}"

        async def kept(unit: Unit) -> int | None:
            return await _keep(unit, voice, text, pictures, own)

        ref = await self.database.unit(kept)
        await self._receive(
            Incoming(
                **self._of(voice, delivery),
                text=_without_mention(text),
                ref=str(ref) if ref is not None else None,
                pictures=tuple(pictures),
                is_addressed=text.startswith(MENTIONS),
            )
        )

    async def hand_over(self, voice: Voice, file: tuple[str, bytes], delivery: str) -> None:
        """Somebody hands us a spreadsheet; its name stands in the bubble."""
        name, content = file
        sheet, unread = await self._read(name, content)
        own = f"{voice.account}:{delivery}"

        async def kept(unit: Unit) -> int | None:
            return await _keep(unit, voice, f"【{name}】", (), own)

        await self.database.unit(kept)
        await self._receive(Incoming(**self._of(voice, delivery), sheet=sheet, unread=unread))

    async def hear(self, voice: Voice, text: str, delivery: str) -> None:
        """As ``say``, but without a bubble: our own page says it for somebody (a code)."""
        await self._receive(Incoming(**self._of(voice, delivery), text=text))

    async def press(self, voice: Voice, call: str, delivery: str, bubble: str = "") -> None:
        """Somebody taps a button; what it carries may be stale or forged."""
        press = Press(call[:64], f"{voice.account}|{delivery}", bubble or None)
        await self._receive(Incoming(**self._of(voice, delivery), press=press))

    @staticmethod
    def _of(voice: Voice, delivery: str) -> dict[str, Any]:
        """Who speaks where; a delivery's id is its account's own, so that nobody can spend it."""
        return {
            "platform": PLATFORM,
            "delivery": f"{voice.account}:{delivery}",
            "chat": voice.chat,
            "is_private": voice.is_private,
            "account": voice.account,
            "name": voice.name,
        }

    async def _receive(self, incoming: Incoming) -> None:
        if self.received is None:
            raise NotTaken("starting", 503)
        await self.received(incoming)
        self.hub.wake(incoming.chat)

    async def _picture(self, content: bytes) -> Picture:
        picture = await self._cleaned(content)
        if picture is None:
            raise NotTaken("picture")
        return picture


def _without_mention(text: str) -> str:
    """``@助手 2`` answers a button like ``2``; a mention alone stays as it is."""
    mention = next((known for known in MENTIONS if text.startswith(known)), "")
    return text.removeprefix(mention).lstrip(" \u2005\u3000") or text


async def _keep(
    unit: Unit, voice: Voice, text: str, pictures: Sequence[Picture], delivery: str
) -> int | None:
    """Store the bubble, and one more for each further picture; None where it was there."""
    if await unit.webchat.is_stored(voice.chat, f"{delivery}:0"):
        return None
    kept = text if len(text) <= MAX_KEPT else shortened(text, MAX_KEPT)
    first: int | None = None
    for number, picture in enumerate(pictures or [None]):
        message = WebMessage(
            address=voice.chat,
            kind="said",
            body="" if number else kept,
            at=unit.now,
            account=voice.account,
            photo_id=await _photo(unit, voice, picture) if picture else None,
            delivery=f"{delivery}:{number}",
        )
        stored = await unit.webchat.add(message)
        first = stored if number == 0 else first
    return first


async def _photo(unit: Unit, voice: Voice, picture: Picture) -> int:
    person_id = await unit.webchat.person(voice.account)
    stored = StoredPhoto(picture.mime, picture.content)
    return await unit.photos.add(stored, community_id=None, person_id=person_id, now=unit.now)
