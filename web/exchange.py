"""Exchange 收发: what every chat page does: post a form, look for news, be kept live."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from handlers.wording import Speaker
from storage.database import Database
from storage.faults import StorageFault
from storage.photos import StoredPhoto
from storage.unit import Unit
from web.forms import NotTaken, Posted, new_delivery
from web.live import Hub, answers_in
from web.pages import HEADERS, PHOTO_HEADERS
from web.view import News, Outcome, View, news

KEEP_ALIVE_S: Final = 15.0
ANSWER_WAIT_S: Final = 0.7
"""How long a browser without script waits for the answer, so that its next page shows it."""
CLOCK: Final = "clock"
"""Name under which the hub wakes pages that show a clock."""

ViewOf = Callable[[Unit], Awaitable[View | None]]


def is_scripted(request: Request) -> bool:
    """Whether our script posted this, and takes JSON for an answer."""
    return request.headers.get("x-requested-with") == "XMLHttpRequest"


def taken(is_ok: bool = True, note: str = "", status: int = 200) -> Response:
    """Answer for the script: the id for the next form, and what to say if it was not taken."""
    facts = {"ok": is_ok, "note": note, "delivery": new_delivery()}
    return JSONResponse(facts, status, headers={"Cache-Control": "no-store"})


def refused(speaker: Speaker, error: NotTaken) -> Response:
    """The same for a form that was not taken in."""
    return taken(False, speaker.text(f"web.refused.{error.key}", {}), error.status)


def untaken(speaker: Speaker, error: NotTaken, form: Posted) -> Outcome:
    """The same for a browser without script, which gets back what was typed."""
    note = speaker.text(f"web.refused.{error.key}", {})
    return Outcome(note, form.fields.get("text", ""), error.status)


async def answered(hub: Hub, names: list[str], work: Awaitable[None], *, waits: bool) -> None:
    """Do ``work``; for a browser without script, wait a moment for what it leads to."""
    with hub.listening([answers_in(name) for name in names]) as woken:
        await work
        if waits:
            try:
                await asyncio.wait_for(woken.wait(), ANSWER_WAIT_S)
            except TimeoutError:
                return


class Watch:
    """What one browser looks at: news on request, or live over an open connection."""

    def __init__(self, database: Database, hub: Hub, view_of: ViewOf, account: str) -> None:
        self._database = database
        self._hub = hub
        self._view_of = view_of
        self._account = account

    async def news(self, request: Request) -> Response:
        """What changed since the page last looked."""
        found = await self._changed(stamps_in(request.url.query))
        if found is None:
            return taken(False, status=403)
        return JSONResponse(found[0], headers={"Cache-Control": "no-store"})

    async def live(self, request: Request) -> Response:
        """The same, as it happens."""
        if not self._hub.has_room(self._account):
            return taken(False, status=429)
        asked = request.headers.get("last-event-id") or request.url.query
        view = await self._database.read(self._viewed)
        if view is None:
            return taken(False, status=403)
        headers = {**HEADERS, "X-Accel-Buffering": "no"}
        stream = self._stream([*view.addresses, CLOCK], stamps_in(asked))
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _stream(self, names: list[str], stamps: Mapping[str, int]) -> AsyncIterator[str]:
        with self._hub.page(self._account), self._hub.listening(names) as woken:
            yield "retry: 3000\n\n"
            while not self._hub.is_closing:
                woken.clear()
                try:
                    found = await self._changed(stamps)
                except StorageFault:
                    return  # the browser comes back by itself
                if found is None:
                    return
                facts, stamps = found
                yield _event("news", facts, stamps)
                try:
                    await asyncio.wait_for(woken.wait(), KEEP_ALIVE_S)
                except TimeoutError:
                    continue

    async def _changed(
        self, stamps: Mapping[str, int]
    ) -> tuple[dict[str, object], dict[str, int]] | None:
        async def work(unit: Unit) -> tuple[View, News, dict[str, int]] | None:
            view = await self._view_of(unit)
            return None if view is None else (view, *await news(unit, view, stamps))

        found = await self._database.read(work)
        if found is None:
            return None
        view, changed, reached = found
        return {**asdict(changed), "clock": view.clock}, reached

    async def _viewed(self, unit: Unit) -> View | None:
        return await self._view_of(unit)


def _event(name: str, facts: Mapping[str, object], stamps: Mapping[str, int]) -> str:
    data = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return f"id: {urlencode(stamps)}\nevent: {name}\ndata: {data}\n\n"


def stamps_in(query: str) -> dict[str, int]:
    """Panel → change, as the page's script writes them (``me=12&g1=5``)."""
    return {key: int(text) for key, text in parse_qsl(query) if text.isdecimal() and len(text) < 16}


def photo_response(photo: StoredPhoto | None) -> Response:
    """A picture, or a file to be downloaded; absent and forbidden look the same."""
    if photo is None:
        return Response(status_code=404)
    kept = {} if photo.is_picture else {"Content-Disposition": "attachment"}
    return Response(photo.content, media_type=photo.mime, headers={**PHOTO_HEADERS, **kept})
