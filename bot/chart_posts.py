"""Chart posts 图表: a post's chart becomes a stored picture, once, however often it is sent."""

import asyncio

from msgspec.structs import replace

from bot.charts import drawn
from handlers.messages import packed, unpacked
from storage.database import Database
from storage.outbox import Post
from storage.photos import StoredPhoto
from storage.unit import Unit


async def with_chart(database: Database, post: Post) -> Post:
    """A post whose chart is drawn, on a thread, into a picture; any other as it is.

    The stored post names the picture from then on.
    """
    if '"chart"' not in post.body:
        return post
    shown = unpacked(post.body)
    picture = await asyncio.to_thread(drawn, shown.chart) if shown.chart else None
    if picture is None:
        return post
    content = StoredPhoto(picture.mime, picture.content)

    async def kept(unit: Unit) -> str:
        photo_id = await unit.photos.add(content, community_id=None, person_id=None, now=unit.now)
        shown.photo, shown.chart = photo_id, None
        body = packed(shown)
        await unit.outbox.reword(post, body)
        return body

    return replace(post, body=await database.unit(kept))
