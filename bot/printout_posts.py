"""Printout posts 打印件: a post's printout becomes a stored file, once."""

from msgspec.structs import replace

from bot.printing import mime_of, printed
from handlers.ask import DOCUMENT_LIFE
from handlers.messages import Document, packed, unpacked
from storage.database import Database
from storage.outbox import Post
from storage.photos import StoredPhoto
from storage.unit import Unit


async def with_printout(database: Database, post: Post) -> Post:
    """A post whose printout is made, in another process, into a file; any other as it is.

    The stored post names the file from then on, or says that there is none.
    """
    if '"printout"' not in post.body:
        return post
    shown = unpacked(post.body)
    if shown.printout is None:
        return post
    printout, content = shown.printout, await printed(shown.printout)

    async def kept(unit: Unit) -> str:
        shown.printout = None
        if content is None:
            shown.text = printout.otherwise
        else:
            file = await unit.photos.add(
                StoredPhoto(mime_of(printout), content),
                community_id=None,
                person_id=None,
                now=unit.now,
                until=unit.now + DOCUMENT_LIFE,
            )
            shown.document = Document(file, printout.name)
        body = packed(shown)
        await unit.outbox.reword(post, body)
        return body

    return replace(post, body=await database.unit(kept))
