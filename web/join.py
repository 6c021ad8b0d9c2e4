"""Join 入住: a household's own link or QR code, which is spent like any other one-time code."""

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.people import Role
from domain.text import cleaned
from handlers.people import code_hash
from handlers.telling import Teller
from handlers.wording import Speaker
from storage.database import Database
from storage.unit import Unit
from web.forms import Limiter, NotTaken, is_own_page, new_delivery, posted
from web.pages import back_to, page, plain
from web.rooms import guest, house_speaker
from web.sessions import Cookie, form_token, is_form_token, new_account, new_token, token_hash
from web.talk import Talk, Voice, private_chat

MAX_NAME: Final = 20
JOINS_A_MINUTE: Final = 60
"""From one network address; a whole building may sit behind one."""
_LINK: Final = re.compile(r"[A-Za-z0-9_-]{6,30}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open code as its page shows it; ``speaker`` alone where the code is not open."""

    speaker: Speaker
    community: str = ""
    place: str = ""
    is_open: bool = False


async def invitation(unit: Unit, code: str) -> Invitation:
    """What a code invites to, without using it up; wrong, used and old codes look the same."""
    found = await unit.joining.open_code(code_hash(plain_code(code)), unit.now)
    if found is None:
        return Invitation(await house_speaker(unit))
    if found.place_id is None:
        return Invitation(await house_speaker(unit), is_open=True)
    place = await unit.places.get(found.place_id)
    community = await unit.places.community(place.community_id) if place.community_id else None
    speaker = Teller(unit, community).speaker(None)
    name = (await unit.places.get(community.id)).name if community else ""
    role = "" if found.purpose == "join" else speaker.text(f"role.{Role(found.purpose).value}", {})
    return Invitation(speaker, name, f"{place.name}{role}", is_open=True)


def plain_code(code: str) -> str:
    """A code as it is stored: dashes and small letters do not matter."""
    return "".join(c for c in code[:40] if c.isascii() and c.isalnum()).upper()


class Join:
    """Routes of the invitation."""

    def __init__(self, database: Database, talk: Talk, *, is_secure: bool) -> None:
        self._database = database
        self._talk = talk
        self._limiter = Limiter(JOINS_A_MINUTE)
        self._cookie = Cookie(is_secure=is_secure)

    def routes(self) -> list[BaseRoute]:
        """Paths of these pages."""
        return [Route("/j/{code}", self.ask), Route("/j/{code}", self.join, methods=["POST"])]

    async def ask(self, request: Request) -> Response:
        """Ask for a name and consent; looking at the page uses nothing up."""
        return await self._asked(request)

    async def _asked(self, request: Request, wrong: str = "", status: int = 200) -> Response:
        code = request.path_params["code"]
        found = await self._database.read(lambda unit: invitation(unit, code))
        if not found.is_open:
            return plain(found.speaker, "join_closed", 404)
        token = self._cookie.token_of(request)
        who = await self._database.read(lambda unit: guest(unit, token))
        if who is None:  # whatever it brought along, somebody else may know it
            token = new_token()
        response = page(
            "join.html",
            found.speaker,
            status,
            invitation=found,
            name=who.actor.name if who else "",
            delivery=new_delivery(),
            token=form_token(token),
            wrong=wrong,
        )
        # The browser gets its token here and becomes somebody with it below, so that a second
        # tap on the button finds the session that the first one opened.
        self._cookie.keep(response, token)
        return response

    async def join(self, request: Request) -> Response:
        """Become an account and say the code, as one would in any chat."""
        try:
            return await self._joined(request)
        except NotTaken as error:
            return await self._asked(request, error.key, error.status)

    async def _joined(self, request: Request) -> Response:
        self._limiter.count(request.client.host if request.client else "")
        form = await posted(request)
        token = self._cookie.token_of(request)
        is_ours = is_form_token(token, form.fields.get("token", ""))
        if not token or not is_ours or not is_own_page(request):
            raise NotTaken("foreign", 403)
        known = await self._database.read(lambda unit: guest(unit, token))
        code = plain_code(request.path_params["code"])
        found = await self._database.read(lambda unit: invitation(unit, code))
        if not found.is_open:
            return _onward(request) if known else plain(found.speaker, "join_closed", 404)
        if known is None and "consent" not in form.fields:
            raise NotTaken("consent")
        name = known.actor.name if known else cleaned(form.fields.get("name", ""))[:MAX_NAME]
        if not name:
            raise NotTaken("name")
        account = known.account if known else await self._opened(token)
        if account is not None:
            voice = Voice(account, private_chat(account), name)
            await self._talk.press(voice, f"code:{code}:1", form.delivery)
        return await self._arrived(request, token, found)

    async def _opened(self, token: str) -> str | None:
        """A session for that browser; None where a second tap was faster."""
        account, hashed = new_account(), token_hash(token)
        is_new = await self._database.unit(
            lambda unit: unit.webchat.open_session(hashed, account, unit.now)
        )
        return account if is_new else None

    async def _arrived(self, request: Request, token: str, found: Invitation) -> Response:
        """On to what brought them; whoever lost a race for the same code is nobody again."""
        who = await self._database.read(lambda unit: guest(unit, token))
        if who is not None and who.actor.is_stranger:
            await self._database.unit(lambda unit: unit.webchat.close_session(token_hash(token)))
            return plain(found.speaker, "join_closed", 404)
        return _onward(request)


def _onward(request: Request) -> Response:
    """To what was forwarded, if somebody came because of that; else to the chat."""
    then = request.query_params.get("then", "")
    return back_to(f"/f/{then}" if _LINK.fullmatch(then) else "/chat")
