"""Forward 转发页: what a link from a WeChat group opens; residents go on to their own chat."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.forwards import Forward
from domain.text import cleaned
from handlers.forwarding import read
from handlers.telling import Teller
from handlers.wording import Speaker
from storage.database import Database
from storage.unit import Unit
from web.forms import Limiter, NotTaken, is_own_page, new_delivery, posted
from web.join import plain_code
from web.pages import back_to, page, plain
from web.rooms import Guest, guest, house_speaker
from web.sessions import Cookie, form_token, is_form_token
from web.talk import Talk, Voice, private_chat


class Forwarded:
    """Routes of what was forwarded."""

    def __init__(
        self, database: Database, talk: Talk, limiter: Limiter, *, is_secure: bool
    ) -> None:
        self._database = database
        self._talk = talk
        self._limiter = limiter
        self._cookie = Cookie(is_secure=is_secure)

    def routes(self) -> list[BaseRoute]:
        """Paths of these pages."""
        return [
            Route("/f/{token}", self.look),
            Route("/f/{token}", self.enter, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Tell what it is about; looking changes nothing, so that previews may look too."""
        return await self._looked(request)

    async def _looked(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        token = self._cookie.token_of(request)

        async def work(unit: Unit) -> Response:
            found = await unit.forwards.find(request.path_params["token"], unit.now)
            if found is None:
                return plain(await house_speaker(unit), "forward_closed", 404)
            speaker = await _speaker(unit, found)
            words = speaker.say(await read(unit, found)).split("\n")
            who = await guest(unit, token)
            return page(
                "forward.html",
                who.speaker if who else speaker,
                status,
                title=words[0],
                lines=words[1:],
                who=who.actor.name if who else "",
                delivery=new_delivery(),
                token=form_token(token) if who else "",
                wrong=wrong,
            )

        return await self._database.read(work)

    async def enter(self, request: Request) -> Response:
        """Go on: a resident to the card in their own chat, anybody else through their code."""
        try:
            form = await posted(request)
            who = await self._guest(request)
            if who is None:
                return self._through_code(request, form.fields.get("code", ""))
            self._limiter.count(who.account)
            token = self._cookie.token_of(request)
            if not is_form_token(token, form.fields.get("token", "")) or not is_own_page(request):
                raise NotTaken("foreign", 403)
            voice = Voice(who.account, private_chat(who.account), who.actor.name)
            call = f"fwd:{request.path_params['token']}"
            await self._talk.press(voice, call, form.delivery)
        except NotTaken as error:
            return await self._looked(request, error.key, error.status)
        return back_to("/chat")

    def _through_code(self, request: Request, code: str) -> Response:
        """To the page of that one-time code, which leads back here."""
        plain = plain_code(cleaned(code))
        if not plain:
            raise NotTaken("nothing")
        return back_to(f"/j/{plain}?then={request.path_params['token']}")

    async def _guest(self, request: Request) -> Guest | None:
        return await self._database.read(lambda unit: guest(unit, self._cookie.token_of(request)))


async def _speaker(unit: Unit, found: Forward) -> Speaker:
    return Teller(unit, await unit.places.community(found.community_id)).speaker(None)
