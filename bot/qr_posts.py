"""QR posts 二维码: a post's QR code becomes a stored picture; only its platform knows its links."""

import asyncio
from typing import Protocol, runtime_checkable

from msgspec.structs import replace

from bot.platforms.base import Platform
from handlers.messages import packed, unpacked
from handlers.people import qr_code
from storage.database import Database
from storage.outbox import Post
from storage.photos import StoredPhoto
from storage.unit import Unit


@runtime_checkable
class Linked(Protocol):
    """A platform with links of its own that open our private chat with a word in them."""

    async def deep_link(self, payload: str) -> str:
        """The link that says ``payload`` (letters, digits, ``_`` and ``-``) to us."""


async def with_qr(database: Database, platform: Platform, post: Post) -> Post:
    """A post whose QR code is drawn, on a thread, into a picture; any other as it is.

    The stored post names the picture from then on.
    """
    if '"qr"' not in post.body:
        return post
    shown = unpacked(post.body)
    if shown.qr is None:
        return post
    link = shown.qr.link
    if isinstance(platform, Linked):
        link = await platform.deep_link(shown.qr.payload)
    content = StoredPhoto("image/png", await asyncio.to_thread(qr_code, link))

    async def kept(unit: Unit) -> str:
        photo_id = await unit.photos.add(content, community_id=None, person_id=None, now=unit.now)
        shown.photo, shown.qr = photo_id, None
        body = packed(shown)
        await unit.outbox.reword(post, body)
        return body

    return replace(post, body=await database.unit(kept))
