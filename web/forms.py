"""Forms 表单: what a browser posts, taken in within limits and from our own pages only."""

import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from domain.sheets import is_sheet

MAX_BODY_BYTES: Final = 24 * 1024 * 1024
MAX_PHOTOS: Final = 4
MAX_FIELDS: Final = 20
MAX_FIELD_BYTES: Final = 64 * 1024
MAX_FILE_NAME: Final = 80
POSTS_A_MINUTE: Final = 30

_DELIVERY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class NotTaken(Exception):
    """A form that was not taken in; ``key`` stands under ``web.refused`` in ``texts/``."""

    def __init__(self, key: str, status: int = 400) -> None:
        super().__init__(key)
        self.key = key
        self.status = status


@dataclass(frozen=True, slots=True)
class Posted:
    """One form: its fields, the bytes of its photos, and a spreadsheet with its name."""

    fields: Mapping[str, str]
    photos: tuple[bytes, ...] = ()
    sheet: tuple[str, bytes] | None = None

    @property
    def delivery(self) -> str:
        """The id that the page gave to this form; raises NotTaken where it is none."""
        found = self.fields.get("delivery", "")
        if not _DELIVERY.fullmatch(found):
            raise NotTaken("foreign", 403)
        return found


def new_delivery() -> str:
    """An id for one form, so that a second tap on it changes nothing."""
    return secrets.token_urlsafe(12)


def is_own_page(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent this.

    Old browsers send neither header; the session's cookie and the form's token remain then.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin") or request.headers.get("referer")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def posted(request: Request) -> Posted:
    """The form in ``request``.

    Raises:
        NotTaken: It is too large, broken, or was not sent by one of our pages.
    """
    if not is_own_page(request):
        raise NotTaken("foreign", 403)
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        raise NotTaken("too_large", 413)
    limited = Request(request.scope, _counted(request))
    try:
        async with limited.form(
            max_files=MAX_PHOTOS, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
        ) as form:
            fields = {key: one for key, one in form.items() if isinstance(one, str)}
            files = [one for one in form.getlist("photo") if isinstance(one, UploadFile)]
            read = [(one.filename or "", await one.read()) for one in files]
    except (HTTPException, MultiPartException, ClientDisconnect, ValueError) as error:
        raise NotTaken("broken") from error
    sheets = [(name[:MAX_FILE_NAME], content) for name, content in read if is_sheet(name)]
    photos = tuple(content for name, content in read if content and not is_sheet(name))
    return Posted(fields, photos, sheets[0] if sheets else None)


def _counted(request: Request) -> Receive:
    """``request``'s body, cut off where it is longer than we take, whatever it announced."""
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY_BYTES:
            raise NotTaken("too_large", 413)
        return message

    return receive


class Limiter:
    """How often one browser may post; generous to a thumb, tiring for a script."""

    def __init__(
        self, per_minute: int = POSTS_A_MINUTE, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._seconds = seconds
        self._posts: dict[str, deque[float]] = {}

    def count(self, who: str) -> None:
        """Note one post; raises NotTaken where there were too many in the last minute."""
        now = self._seconds()
        posts = self._posts.setdefault(who, deque())
        while posts and posts[0] <= now - 60:
            posts.popleft()
        if len(posts) >= self._per_minute:
            raise NotTaken("too_often", 429)
        posts.append(now)
        if len(self._posts) > 10_000:
            self._posts = {w: p for w, p in self._posts.items() if p and p[-1] > now - 60}
