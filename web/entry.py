"""Entry 签到页: what the QR code at a meeting opens; a resident checks in with one tap."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.meetings import Meeting
from handlers.telling import Teller
from handlers.wording import Speaker
from storage.database import Database
from storage.unit import Unit
from web.forms import Limiter, NotTaken, is_own_page, new_delivery, posted
from web.join import plain_code
from web.pages import back_to, page, plain
from web.rooms import guest, house_speaker
from web.sessions import Cookie, form_token, is_form_token
from web.talk import Talk, Voice, private_chat


class Entry:
    """Routes of the check-in."""

    def __init__(
        self, database: Database, talk: Talk, limiter: Limiter, *, is_secure: bool
    ) -> None:
        self._database = database
        self._talk = talk
        self._limiter = limiter
        self._cookie = Cookie(is_secure=is_secure)

    def routes(self) -> list[BaseRoute]:
        """Paths of these pages."""
        return [Route("/in/{code}", self.look), Route("/in/{code}", self.enter, methods=["POST"])]

    async def look(self, request: Request) -> Response:
        """Tell which meeting it is; looking checks nobody in."""
        return await self._looked(request)

    async def _looked(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        token = self._cookie.token_of(request)

        async def work(unit: Unit) -> Response:
            found = await unit.meetings.entered_by(plain_code(request.path_params["code"]))
            who = await guest(unit, token)
            if who is None:
                return plain(await house_speaker(unit), "entry_stranger", 403)
            if found is None or not who.actor.sees(found.path):
                return plain(who.speaker, "entry_closed", 404)
            return page(
                "entry.html",
                who.speaker,
                status,
                words=await _told(unit, found, who.speaker),
                who=who.actor.name,
                delivery=new_delivery(),
                token=form_token(token),
                wrong=wrong,
            )

        return await self._database.read(work)

    async def enter(self, request: Request) -> Response:
        """Check in; the answer stands in one's own chat."""
        token = self._cookie.token_of(request)
        try:
            form = await posted(request)
            who = await self._database.read(lambda unit: guest(unit, token))
            if who is None or not is_form_token(token, form.fields.get("token", "")):
                raise NotTaken("foreign", 403)
            if not is_own_page(request):
                raise NotTaken("foreign", 403)
            self._limiter.count(who.account)
            voice = Voice(who.account, private_chat(who.account), who.actor.name)
            code = plain_code(request.path_params["code"])
            await self._talk.hear(voice, f"签到 {code}", form.delivery)
        except NotTaken as error:
            return await self._looked(request, error.key, error.status)
        return back_to("/chat")


async def _told(unit: Unit, meeting: Meeting, speaker: Speaker) -> list[str]:
    """What the page says: which meeting, when and where."""
    local = Teller(unit, await unit.places.community(meeting.community_id)).speaker(speaker.lang)
    facts = {"kind": meeting.kind, "at": meeting.starts_at, "venue": meeting.venue}
    return local.text("meeting.entry_page", facts).split("\n")
