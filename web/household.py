"""Household pages 住户页面: a resident's chat with us and the cards of their building."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from storage.database import Database
from storage.photos import StoredPhoto
from storage.unit import Unit
from web.exchange import Watch, answered, is_scripted, photo_response, refused, taken, untaken
from web.forms import Limiter, NotTaken, Posted, posted
from web.live import Hub
from web.pages import back_to, page, plain
from web.rooms import Guest, guest, house_speaker, lacks_group, open_groups, view_for
from web.sessions import Cookie, form_token, is_form_token, token_hash
from web.talk import Talk, Voice, private_chat
from web.view import FINE, Outcome, View, chat_page


class Household:
    """Routes of the residents' own pages."""

    def __init__(
        self, database: Database, hub: Hub, talk: Talk, limiter: Limiter, *, is_secure: bool
    ) -> None:
        self._database = database
        self._hub = hub
        self._talk = talk
        self._limiter = limiter
        self._cookie = Cookie(is_secure=is_secure)

    def home_routes(self) -> list[BaseRoute]:
        """The first page, where nothing else has one."""
        return [Route("/", self.home)]

    def routes(self) -> list[BaseRoute]:
        """Paths of these pages."""
        return [
            Route("/chat", self.chat),
            Route("/chat", self.post, methods=["POST"]),
            Route("/chat/news", self.news),
            Route("/chat/live", self.live),
            Route("/chat/leave", self.ask_leave),
            Route("/chat/leave", self.leave, methods=["POST"]),
            Route("/photo/{photo_id:int}", self.photo),
        ]

    async def home(self, request: Request) -> Response:
        """Send residents on to their chat; tell everybody else how to get one."""
        who = await self._guest(request)
        return back_to("/chat") if who else await self._stranger(200)

    async def chat(self, request: Request) -> Response:
        """The page of a household."""
        token = self._cookie.token_of(request)
        who = await self._guest(request)
        if who is not None:
            missing = lacks_group(who)
            await self._database.unit(lambda unit: _noted(unit, token, missing))
        return await self._page(request)

    async def _page(self, request: Request, outcome: Outcome = FINE) -> Response:
        token = self._cookie.token_of(request)
        who = await self._guest(request)
        if who is None:
            return await self._stranger(403)
        tab = request.query_params.get("tab", "me")
        facts = {"community": who.community, "name": who.actor.name}

        async def work(unit: Unit) -> Response:
            view = view_for(unit.now, who, token, tab)
            return await chat_page(unit, view, "household.html", outcome, **facts)

        response = await self._database.read(work)
        self._cookie.keep(response, token)
        return response

    async def post(self, request: Request) -> Response:
        """Something was said or tapped."""
        who = await self._guest(request)
        if who is None:
            speaker = await self._database.read(house_speaker)
            error = NotTaken("foreign", 403)
            return refused(speaker, error) if is_scripted(request) else await self._page(request)
        form = Posted({})
        try:
            self._limiter.count(who.account)
            form = await posted(request)
            await self._take(request, who, form)
        except NotTaken as error:
            if is_scripted(request):
                return refused(who.speaker, error)
            return await self._page(request, untaken(who.speaker, error, form))
        return taken() if is_scripted(request) else back_to(form.fields.get("back", "/chat"))

    async def _take(self, request: Request, who: Guest, form: Posted) -> None:
        token = self._cookie.token_of(request)
        if not is_form_token(token, form.fields.get("token", "")):
            raise NotTaken("foreign", 403)
        now = self._database.clock()
        panel = view_for(now, who, token).panel(form.fields.get("panel", ""))
        if panel is None or not (panel.hint or form.fields.get("press")):
            raise NotTaken("foreign", 403)
        voice = Voice(who.account, panel.address, who.actor.name)
        names = [panel.address, private_chat(who.account)]
        work = self._talk.take(voice, form)
        await answered(self._hub, names, work, waits=not is_scripted(request))

    async def news(self, request: Request) -> Response:
        """What changed since the page last looked."""
        return await (await self._watch(request)).news(request)

    async def live(self, request: Request) -> Response:
        """The same, as it happens."""
        return await (await self._watch(request)).live(request)

    async def photo(self, request: Request) -> Response:
        """A picture that stands in one of the guest's own chats."""
        photo_id = int(request.path_params["photo_id"])

        async def work(unit: Unit) -> StoredPhoto | None:
            who = await guest(unit, self._cookie.token_of(request))
            if who is None or photo_id >= 2**63:
                return None
            addresses = [private_chat(who.account), *(address for address, _ in who.groups)]
            is_shown = await unit.webchat.shows_photo(photo_id, addresses)
            return await unit.photos.get(photo_id) if is_shown else None

        return photo_response(await self._database.read(work))

    async def ask_leave(self, request: Request) -> Response:
        """Ask once more, since coming back takes a new invitation."""
        who = await self._guest(request)
        if who is None:
            return back_to("/")
        return page("leave.html", who.speaker, token=form_token(self._cookie.token_of(request)))

    async def leave(self, request: Request) -> Response:
        """Let this browser forget who it is."""
        try:
            form = await posted(request)
        except NotTaken:
            return back_to("/chat")
        token = self._cookie.token_of(request)
        if not is_form_token(token, form.fields.get("token", "")):
            return back_to("/chat")
        await self._database.unit(lambda unit: unit.webchat.close_session(token_hash(token)))
        response = back_to("/")
        self._cookie.drop(response)
        return response

    async def _watch(self, request: Request) -> Watch:
        token = self._cookie.token_of(request)

        async def view_of(unit: Unit) -> View | None:
            who = await guest(unit, token)
            return view_for(unit.now, who, token) if who else None

        return Watch(self._database, self._hub, view_of, token_hash(token))

    async def _guest(self, request: Request) -> Guest | None:
        return await self._database.read(lambda unit: guest(unit, self._cookie.token_of(request)))

    async def _stranger(self, status: int) -> Response:
        speaker = await self._database.read(house_speaker)
        return plain(speaker, "stranger", status)


async def _noted(unit: Unit, token: str, missing: list[int]) -> None:
    """Note that the browser is in use, and open what its building lacks."""
    await unit.webchat.touch_session(token_hash(token), unit.now)
    await open_groups(unit, missing)
