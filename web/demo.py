"""Demo page 示例页: be anybody in the example neighbourhood, watch the others, move the clock."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.people import Role
from handlers.wording import Speaker
from storage.database import Database
from storage.photos import StoredPhoto
from storage.unit import Unit
from web.exchange import (
    CLOCK,
    Watch,
    answered,
    is_scripted,
    photo_response,
    refused,
    taken,
    untaken,
)
from web.forms import Limiter, NotTaken, Posted, posted
from web.live import Hub
from web.pages import back_to, page
from web.rooms import quick_buttons
from web.talk import Talk, Voice, private_chat
from web.view import FINE, Outcome, Panel, View, chat_page

MORNING: Final = 8
"""The hour to which "tomorrow morning" moves the clock."""
LEAPS: Final = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "3d": timedelta(days=3)}
STARRING: Final = 4
"""So many of the cast stand first, with a word on what they do in the story."""

Forward = Callable[[timedelta], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody whom a visitor can be. ``group`` is the address of the group they are in."""

    name: str
    role: Role
    place: str
    group: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The example neighbourhood: who is in it, its groups, its zone, and how its clock moves.

    The first ones of ``cast`` carry the story; their parts are told under ``web.demo.parts``.
    """

    cast: Sequence[Character]
    groups: Sequence[str]
    zone: ZoneInfo
    forward: Forward

    def character(self, name: str) -> Character | None:
        """Who goes by that name."""
        return next((one for one in self.cast if one.name == name), None)


class DemoPages:
    """Routes of the example neighbourhood. There is nothing to protect: everybody is anybody."""

    def __init__(self, database: Database, hub: Hub, talk: Talk, stage: Stage) -> None:
        self._database = database
        self._hub = hub
        self._talk = talk
        self._stage = stage
        self._limiter = Limiter()
        self._leaps: deque[str] = deque(maxlen=100)  # so that a double tap leaps once

    def routes(self) -> list[BaseRoute]:
        """Paths of these pages, the first one among them."""
        return [
            Route("/", self.choose),
            Route("/as/{who}", self.show),
            Route("/as/{who}", self.post, methods=["POST"]),
            Route("/as/{who}/news", self.news),
            Route("/as/{who}/live", self.live),
            Route("/clock", self.clock, methods=["POST"]),
            Route("/demo/photo/{photo_id:int}", self.photo),
        ]

    def _speaker(self, lang: str | None = None) -> Speaker:
        return Speaker(lang, self._stage.zone)

    async def choose(self, request: Request) -> Response:
        """Let the visitor choose who they are."""
        speaker = self._speaker()
        cast = list(self._stage.cast)
        return page(
            "demo_choose.html",
            speaker,
            starring=cast[:STARRING],
            others=cast[STARRING:],
            clock=speaker.moment(self._database.clock()),
            url=_page_of,
        )

    async def show(self, request: Request) -> Response:
        """The page of whom the visitor is."""
        return await self._page(request)

    async def _page(self, request: Request, outcome: Outcome = FINE) -> Response:
        me = self._stage.character(request.path_params["who"])
        if me is None:
            return back_to("/")
        look, tab = self._look(request, me), request.query_params.get("tab", "me")
        facts = {
            "me": me,
            "look": look,
            "stage": self._stage,
            "is_person": self._stage.character(look) is not None,
            "url": _page_of,
        }

        async def work(unit: Unit) -> Response:
            view = await self._view(unit, me, look, tab)
            return await chat_page(unit, view, "demo.html", outcome, **facts)

        return await self._database.read(work)

    def _look(self, request: Request, me: Character) -> str:
        """Whom or which group the visitor looks at besides; the grid worker unless they say."""
        asked = request.query_params.get("look", "")
        if asked in self._stage.groups or self._stage.character(asked):
            return asked
        return next(one.name for one in self._stage.cast[1:] if one.name != me.name)

    async def _view(self, unit: Unit, me: Character, look: str, tab: str = "me") -> View:
        lang = await self._lang(unit, me.name)
        speaker = self._speaker(lang)
        base, query = f"/as/{quote(me.name)}", urlencode({"look": look})
        panels = [
            await self._private(unit, speaker, me, "me"),
            self._group(speaker, me, me.group, "group"),
        ]
        other = self._stage.character(look)
        if other is not None:
            panels.append(await self._private(unit, speaker, other, "look"))
        else:
            panels.append(self._group(speaker, me, look, "look"))
        return View(
            speaker=speaker,
            now=unit.now,
            panels=tuple(panels),
            photos="/demo/photo",
            back=f"{base}?{query}&{urlencode({'tab': tab})}",
            tabs=f"{base}?{query}&tab=",
            tab=tab,
            live=f"{base}/live?{query}",
            news=f"{base}/news?{query}",
            clock=speaker.moment(unit.now),
        )

    async def _private(self, unit: Unit, speaker: Speaker, who: Character, key: str) -> Panel:
        person_id = await unit.webchat.person(who.name)
        actor = await unit.people.actor(person_id) if person_id else None
        is_me = key == "me"
        title = "web.tab.me" if is_me else "web.demo.look"
        return Panel(
            key=key,
            address=private_chat(who.name),
            account=who.name,
            title=speaker.text(title, {"name": who.name}),
            action=f"/as/{quote(who.name)}",
            quick=quick_buttons(actor, speaker) if actor else (),
            hint=speaker.text("web.hint.me" if is_me else "web.demo.hint", {"name": who.name}),
        )

    def _group(self, speaker: Speaker, who: Character, group: str, key: str) -> Panel:
        """A group: one's own to take part in, any other one to look at."""
        is_own = key == "group"
        return Panel(
            key=key,
            address=group,
            account=who.name,
            title=speaker.text("web.tab.group", {"place": group}),
            action=f"/as/{quote(who.name)}" if is_own else "",
            hint=speaker.text("web.hint.group", {}) if is_own else "",
        )

    async def _lang(self, unit: Unit, name: str) -> str | None:
        person_id = await unit.webchat.person(name)
        return (await unit.people.actor(person_id)).lang if person_id else None

    async def post(self, request: Request) -> Response:
        """Something was said or tapped."""
        form = Posted({})
        try:
            form = await posted(request)
            await self._take(request, form)
        except NotTaken as error:
            if is_scripted(request):
                return refused(self._speaker(), error)
            return await self._page(request, untaken(self._speaker(), error, form))
        return taken() if is_scripted(request) else back_to(form.fields.get("back", "/"))

    async def _take(self, request: Request, form: Posted) -> None:
        who = self._stage.character(request.path_params["who"])
        if who is None:
            raise NotTaken("foreign", 403)
        self._limiter.count(who.name)
        is_group = form.fields.get("panel") == "group"
        voice = Voice(who.name, who.group if is_group else private_chat(who.name), who.name)
        work = self._talk.take(voice, form)
        names = [voice.chat, private_chat(who.name)]
        await answered(self._hub, names, work, waits=not is_scripted(request))

    async def news(self, request: Request) -> Response:
        """What changed since the page last looked."""
        return await self._watch(request).news(request)

    async def live(self, request: Request) -> Response:
        """The same, as it happens."""
        return await self._watch(request).live(request)

    def _watch(self, request: Request) -> Watch:
        me = self._stage.character(request.path_params["who"])

        async def view_of(unit: Unit) -> View | None:
            return await self._view(unit, me, self._look(request, me)) if me else None

        return Watch(self._database, self._hub, view_of, me.name if me else "")

    async def clock(self, request: Request) -> Response:
        """Move the clock forward; what is due on the way fires at its time."""
        try:
            form = await posted(request)
            if form.delivery not in self._leaps:
                self._leaps.append(form.delivery)
                await self._stage.forward(
                    LEAPS.get(form.fields.get("by", "")) or self._until_morning()
                )
        except NotTaken:
            return back_to("/")
        self._hub.wake(CLOCK)
        return back_to(form.fields.get("back", "/"))

    def _until_morning(self) -> timedelta:
        local = self._database.clock().astimezone(self._stage.zone)
        morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return morning - local if morning > local else morning + timedelta(days=1) - local

    async def photo(self, request: Request) -> Response:
        """A picture that stands in one of the example's chats."""
        photo_id = int(request.path_params["photo_id"])
        addresses = [private_chat(one.name) for one in self._stage.cast] + [*self._stage.groups]

        async def work(unit: Unit) -> StoredPhoto | None:
            if photo_id >= 2**63 or not await unit.webchat.shows_photo(photo_id, addresses):
                return None
            return await unit.photos.get(photo_id)

        return photo_response(await self._database.read(work))


def _page_of(who: str, look: str = "", tab: str = "") -> str:
    """Address of somebody's page."""
    query = {key: text for key, text in (("look", look), ("tab", tab)) if text}
    return f"/as/{quote(who)}" + (f"?{urlencode(query)}" if query else "")
