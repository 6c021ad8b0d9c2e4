"""Rooms 房间: who a browser is, and which chats it may look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from domain.people import Ability, Actor, Grant, Role
from domain.places import Place, ancestors, within
from handlers.messages import Words
from handlers.registry import REGISTRY
from handlers.telling import Teller
from handlers.wording import Speaker
from storage.unit import Unit
from storage.webchat import PLATFORM
from web.sessions import form_token, token_hash
from web.talk import private_chat
from web.view import Panel, View

QUICK: Final = ("issue", "mine", "list", "help")
QUICK_STAFF: Final = ("todo", "issue", "list", "help")


def sees_group(actor: Actor, place: Place) -> bool:
    """Whether a place's group concerns somebody: their building's, or one that they answer for."""
    return any(
        grant.home == place.path
        if grant.role is Role.RESIDENT
        else within(place.path, grant.path) or place.path == grant.home
        for grant in actor.grants
    )


@dataclass(frozen=True, slots=True)
class Guest:
    """Who looks: their account, who that is, and what they may look at."""

    account: str
    actor: Actor
    speaker: Speaker
    community: str
    groups: tuple[tuple[str, Place], ...]


async def guest(unit: Unit, token: str) -> Guest | None:
    """Whoever holds that token, or None."""
    session = await unit.webchat.session(token_hash(token)) if token else None
    person_id = await unit.webchat.person(session.account) if session else None
    if session is None or person_id is None:
        return None
    actor = await unit.people.actor(person_id)
    ids = {found for g in actor.grants if (found := await _community_id(unit, g)) is not None}
    community = await unit.places.community(min(ids)) if ids else None
    known = await unit.webchat.groups(sorted(ids))
    groups = [(address, place) for address, place in known if sees_group(actor, place)]
    return Guest(
        account=session.account,
        actor=actor,
        speaker=Teller(unit, community).speaker(actor.lang),
        community=(await unit.places.get(community.id)).name if community else "",
        groups=tuple(groups),
    )


async def _community_id(unit: Unit, grant: Grant) -> int | None:
    return (await unit.places.get(ancestors(grant.home)[-1])).community_id


def view_for(now: datetime, who: Guest, token: str, tab: str = "me") -> View:
    """What that guest's page shows."""
    return View(
        speaker=who.speaker,
        now=now,
        panels=(_own_panel(who), *(_group_panel(who, *group) for group in who.groups)),
        photos="/photo",
        back=f"/chat?{urlencode({'tab': tab})}",
        live="/chat/live",
        news="/chat/news",
        tabs="/chat?tab=",
        tab=tab,
        token=form_token(token),
    )


def _own_panel(who: Guest) -> Panel:
    return Panel(
        key="me",
        address=private_chat(who.account),
        account=who.account,
        title=who.speaker.text("web.tab.me", {}),
        action="/chat",
        quick=quick_buttons(who.actor, who.speaker),
        hint=who.speaker.text("web.hint.me", {}),
    )


def _group_panel(who: Guest, address: str, place: Place) -> Panel:
    """A group's cards; their buttons work, but nobody writes to a whole building from here."""
    title = who.speaker.text("web.tab.group", {"place": place.name})
    return Panel(f"g{place.id}", address, who.account, title, "/chat")


def quick_buttons(actor: Actor, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """Label and call of what this person does most."""
    has_duty = actor.squads or actor.can(Ability.DISPATCH_ISSUE)
    codes = QUICK_STAFF if has_duty else QUICK
    commands = [REGISTRY.commands[code] for code in codes]
    return tuple(
        (speaker.say(Words(f"button.{found.code}")), found.code)
        for found in commands
        if actor.can(found.may)
    )


def lacks_group(who: Guest) -> list[int]:
    """Buildings of a resident that have no web group yet."""
    known = {place.path for _, place in who.groups}
    homes = [g.home for g in who.actor.grants if g.role is Role.RESIDENT and g.home not in known]
    return sorted({ancestors(home)[-1] for home in homes})


async def open_groups(unit: Unit, building_ids: list[int]) -> None:
    """Give these buildings a web group, in which the cards of the building are shown."""
    for place_id in building_ids:
        place = await unit.places.get(place_id)
        chat = await unit.chats.met(PLATFORM, f"building-{place.id}", is_private=False)
        if chat.place_id is None:
            await unit.chats.bind(chat.id, place, None)


async def house_speaker(unit: Unit) -> Speaker:
    """Somebody who speaks to whoever is not known yet: the language of the house."""
    known = await unit.places.communities()
    community = await unit.places.community(known[0].id) if known else None
    return Teller(unit, community).speaker(None)
