"""People 入住: joining a household, one-time codes, several platforms, one's own name."""

import hashlib
import io
import secrets
from datetime import timedelta
from typing import Final

from domain.consents import needed
from domain.people import Ability, Actor, Role
from domain.places import Place, PlaceKind, flat_name
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask
from handlers.kinds import Flag, Flat, Id, NewName, OneTimeCode
from handlers.messages import Button, Reply, Typed, Words
from handlers.namesakes import is_free
from handlers.registry import REGISTRY, button, command, press
from handlers.welcome import help_row
from storage.joining import Code
from storage.photos import StoredPhoto

JOIN_CODE_LIFE: Final = timedelta(days=14)
LINK_CODE_LIFE: Final = timedelta(minutes=30)
ASKED_LATELY: Final = timedelta(days=1)
MAX_REQUESTS: Final = 3
"""Households that somebody may ask to join in a day; building heads are not to be flooded."""
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that are not mistaken for each other when read aloud; 8 of them are 40 bits."""


def new_code() -> str:
    """A fresh one-time code, 8 characters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def code_hash(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


@command(
    "登记", "我住这里", "join", may=Ability.ASK, section="people", everyday=("我住这里", "join")
)
async def join(ask: Ask, flat: Flat, agreed: Flag | None = None) -> Reply:
    """Say where one lives; the building head is asked to admit."""
    building, name = await building_of(ask, flat)
    if not await agrees(ask, agreed):
        return consent_asked(ask, button(join, "button.agree", flat=name, agreed=1))
    if any(g.role is Role.RESIDENT and g.home == building.path for g in ask.actor.grants):
        raise Refusal("already_resident", place=building.name)
    earlier = await ask.unit.joining.requests_of(ask.actor.id, ask.now - ASKED_LATELY)
    is_asked = any(
        r.decided_at is None and r.place_id == building.id and r.flat == name for r in earlier
    )
    if not is_asked and len(earlier) >= MAX_REQUESTS:
        raise Refusal("join_too_often")
    if not is_asked:
        await _ask_heads(ask, building, name)
    return Reply("join.waiting", {"place": building.name}, is_private=True)


async def _ask_heads(ask: Ask, building: Place, flat: str) -> None:
    """Ask those who know the neighbours; whoever of them taps first decides."""
    request = await ask.unit.joining.ask(ask.actor.id, building.id, flat, ask.now)
    tell = await ask.teller(building)
    roles = (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.COMMITTEE)
    facts = {"name": Typed(ask.actor.name), "flat": flat}
    yes = button(admit, request=request, yes=1)
    no = button(admit, "button.admit_not", request=request, yes=0)
    staff = await tell.staff(building.path, *roles)
    await tell.people(staff, Reply("join.asked", facts, ((yes, no),), is_once=True))


async def building_of(ask: Ask, flat: str) -> tuple[Place, str]:
    """The building and the household's short name that ``flat`` says."""
    name = flat_name(flat)
    if name is None and ask.place is not None and ask.place.kind is PlaceKind.BUILDING:
        name = flat_name(f"{ask.place.name}{flat}")
    if name is None:
        raise Refusal("flat_unclear", flat=Typed(shortened(flat, 30)))
    building = f"{name.partition('-')[0]}号楼"
    if ask.place is not None and ask.place.name == building:
        return ask.place, name
    community = await ask.unit.places.get(ask.community.id) if ask.community else None
    found = await ask.unit.places.named(building, below=community.path if community else "/")
    if len(found) != 1:
        raise Refusal("building_unknown", flat=name)
    return found[0], name


async def agrees(ask: Ask, agreed: int | None) -> bool:
    """Whether a newcomer has agreed to what joining here takes; a tap that says so is noted."""
    if not ask.actor.is_stranger:
        return True
    kinds = needed(ask.incoming.platform)
    if agreed:
        await ask.unit.consents.give(ask.actor.id, kinds, ask.now)
        return True
    return set(await ask.unit.consents.given(ask.actor.id)) >= set(kinds)


def consent_asked(ask: Ask, yes: Button) -> Reply:
    """What is kept, where, and how it is deleted again; each thing on a line of its own."""
    lines = [Words(f"consenting.{kind}") for kind in needed(ask.incoming.platform)]
    return Reply("consenting.asked", {"lines": lines}, ((yes, button(disagree)),), is_private=True)


@press("disagree", may=Ability.ASK)
async def disagree(ask: Ask) -> Reply:
    """Not to agree keeps nothing; one may come back."""
    return Reply("consenting.declined")


@press("admit", may=Ability.ADMIT_RESIDENT)
async def admit(ask: Ask, request: Id, yes: Flag) -> Reply:
    """Let somebody in, or not; whoever taps first decides."""
    asked = await ask.unit.joining.request(request)
    if asked is None:
        raise Refusal("button_stale")
    building = await ask.unit.places.get(asked.place_id)
    if not ask.actor.can(Ability.ADMIT_RESIDENT, at=building.path):
        raise Refusal("button_stale")
    if not await ask.unit.joining.decide(request, ask.now):
        raise Refusal("join_decided")
    await ask.tell.refresh_digests(building.path)
    who = await ask.unit.people.actor(asked.person_id)
    facts = {"name": who.name, "flat": asked.flat, "place": building.name}
    if not yes:
        await ask.tell.person(who.id, Reply("join.declined", facts))
        return Reply("join.you_declined", facts)
    await settle(ask, who, await household(ask, building, asked.flat), by=ask.actor)
    return Reply("join.you_admitted", facts)


async def household(ask: Ask, building: Place, flat: str) -> Place:
    """The household's node, made with its entrance where the tree lacks it."""
    entrance = await ask.unit.places.add(PlaceKind.ENTRANCE, f"{flat.split('-')[1]}单元", building)
    return await ask.unit.places.add(PlaceKind.HOUSEHOLD, flat, entrance)


async def settle(ask: Ask, who: Actor, home: Place, *, by: Actor | None) -> None:
    """Make ``who`` a resident of ``home`` and tell them what they can do now."""
    await ask.unit.people.grant(
        who.id, Role.RESIDENT, home.id, by=by.id if by else None, now=ask.now
    )
    if who.id != ask.actor.id:
        await ask.tell.person(who.id, Reply("join.admitted", {"flat": home.name}, (help_row(),)))


@command("邀请", "invite", may=Ability.ADMIT_RESIDENT, section="office", where="private")
async def invite(ask: Ask, flat: Flat) -> Reply:
    """A one-time code and link for one household, to be handed over on paper or forwarded."""
    building, name = await building_of(ask, flat)
    if not ask.actor.can(Ability.ADMIT_RESIDENT, at=building.path):
        raise Refusal("building_unknown", flat=name)
    home = await household(ask, building, name)
    code = await make_code(ask, "join", place_id=home.id, life=JOIN_CODE_LIFE)
    link = ask.links.household(code)
    facts = {
        "flat": name,
        "code": f"{code[:4]}-{code[4:]}",
        "link": link,
        "until": ask.now + JOIN_CODE_LIFE,
    }
    photo_id = await ask.unit.photos.add(
        StoredPhoto("image/png", qr_code(link)),
        community_id=building.community_id,
        person_id=ask.actor.id,
        now=ask.now,
        until=ask.now + JOIN_CODE_LIFE,
    )
    return Reply("join.invitation", facts, photo_id=photo_id, is_private=True)


def qr_code(link: str) -> bytes:
    """A link as a QR code that a phone reads from paper or from a screen; PNG."""
    import segno  # 4 MB that only invitations need

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


async def make_code(
    ask: Ask,
    purpose: str,
    *,
    life: timedelta,
    place_id: int | None = None,
    person_id: int | None = None,
) -> str:
    """A stored one-time code."""
    code = new_code()
    stored = Code(purpose, place_id, person_id, ask.actor.id, ask.now + life, None)
    await ask.unit.joining.add_code(code_hash(code), stored)
    return code


@command("邀请码", "加入", "code", may=Ability.ASK, section="people", everyday=("加入", "code"))
async def code(ask: Ask, code: OneTimeCode, agreed: Flag | None = None) -> Reply:
    """Use a one-time code: join a household, take an office, or be the same person here."""
    if await ask.unit.joining.open_code(code_hash(code), ask.now) is None:
        raise Refusal("code_unknown")
    if not await agrees(ask, agreed):
        return consent_asked(
            ask, button(REGISTRY.commands["code"].handler, "button.agree", code=code, agreed=1)
        )
    spent = await ask.unit.joining.spend_code(code_hash(code), ask.now)
    if spent is None:
        raise Refusal("code_unknown")
    if spent.purpose == "link" and spent.person_id is not None:
        return await _linked(ask, spent.person_id)
    if spent.place_id is None:
        raise Refusal("code_unknown")
    place = await ask.unit.places.get(spent.place_id)
    role = Role.RESIDENT if spent.purpose == "join" else Role(spent.purpose)
    await ask.unit.people.grant(ask.actor.id, role, place.id, by=spent.made_by, now=ask.now)
    facts = {"place": place.name, "role": Role(role)}
    return Reply("join.by_code", facts, (help_row(),), is_private=True)


@command("关联", "link", may=Ability.SEE_ISSUES, section="people", where="private")
async def link(ask: Ask) -> Reply:
    """A one-time code that makes another platform's account the same person."""
    code = await make_code(ask, "link", person_id=ask.actor.id, life=LINK_CODE_LIFE)
    return Reply("link.code", {"code": f"{code[:4]}-{code[4:]}"}, is_private=True)


async def _linked(ask: Ask, person_id: int) -> Reply:
    if person_id == ask.actor.id:
        raise Refusal("link_self")
    if not ask.actor.is_stranger:
        raise Refusal("link_taken", name=ask.actor.name)
    kept = await ask.unit.people.actor(person_id)
    await ask.unit.people.merge(kept.id, ask.actor.id, ask.now)
    return Reply("link.done", {"name": kept.name}, is_private=True)


@command("改名", "name", may=Ability.SEE_ISSUES, section="people", everyday=("name",))
async def rename(ask: Ask, name: NewName) -> Reply:
    """Choose the name that neighbours see."""
    if not await is_free(ask, name):
        raise Refusal("name_taken", name=Typed(name))
    await ask.unit.people.rename(ask.actor.id, name, ask.now)
    return Reply("renamed", {"name": Typed(name)})
