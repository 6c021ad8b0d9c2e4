"""People 入住: joining a household, one-time codes, roles, several platforms, one's own name."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from domain.people import Ability, Actor, Role
from domain.places import Place, PlaceKind, flat_name
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.kinds import FreeText, Id, OneTimeCode, PersonName, PlaceName, RoleName
from handlers.messages import Reply
from handlers.registry import button, command, press
from handlers.welcome import help_row
from storage.people import Code

JOIN_CODE_LIFE: Final = timedelta(days=14)
LINK_CODE_LIFE: Final = timedelta(minutes=30)
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that are not mistaken for each other when read aloud; 8 of them are 40 bits."""


def new_code() -> str:
    """A fresh one-time code, 8 characters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def code_hash(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


@command("登记", "我住这里", "join", may=Ability.ASK, section="people")
async def join(ask: Ask, flat: FreeText) -> Reply:
    """Say where one lives; the building head is asked to admit."""
    building, name = await building_of(ask, flat)
    if any(g.role is Role.RESIDENT and g.home == building.path for g in ask.actor.grants):
        raise Refusal("already_resident", place=building.name)
    request = await ask.unit.people.ask_to_join(ask.actor.id, building.id, name, ask.now)
    tell = await ask.teller(building)
    heads = await tell.staff(building.path, Role.BUILDING_HEAD, Role.GRID_WORKER)
    facts = {"name": ask.actor.name, "flat": name}
    yes = button(admit, request=request, yes=1)
    no = button(admit, "button.admit_not", request=request, yes=0)
    await tell.people(heads, Reply("join.asked", facts, ((yes, no),)))
    return Reply("join.waiting", {"place": building.name}, is_private=True)


async def building_of(ask: Ask, flat: str) -> tuple[Place, str]:
    """The building and the household's short name that ``flat`` says."""
    name = flat_name(flat)
    if name is None and ask.place is not None and ask.place.kind is PlaceKind.BUILDING:
        name = flat_name(f"{ask.place.name}{flat}")
    if name is None:
        raise Refusal("flat_unclear", flat=flat[:30])
    if ask.place is not None and ask.place.name == f"{name.partition('-')[0]}号楼":
        return ask.place, name
    found = await ask.unit.places.named(f"{name.partition('-')[0]}号楼", below="/")
    if len(found) != 1:
        raise Refusal("building_unknown", flat=name)
    return found[0], name


@press("admit", may=Ability.ADMIT_RESIDENT)
async def admit(ask: Ask, request: Id, yes: Id) -> Reply:
    """Let somebody in, or not; whoever taps first decides."""
    asked = await ask.unit.people.join_request(request)
    if asked is None:
        raise Refusal("button_stale")
    building = await ask.unit.places.get(asked.place_id)
    if not ask.actor.can(Ability.ADMIT_RESIDENT, at=building.path):
        raise Refusal("button_stale")
    if not await ask.unit.people.decide(request, ask.now):
        raise Refusal("join_decided")
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


@command("邀请", "invite", may=Ability.ADMIT_RESIDENT, section="duty", where="private")
async def invite(ask: Ask, flat: FreeText) -> Reply:
    """A one-time code and link for one household, to be handed over on paper or forwarded."""
    building, name = await building_of(ask, flat)
    if not ask.actor.can(Ability.ADMIT_RESIDENT, at=building.path):
        raise Refusal("building_unknown", flat=name)
    home = await household(ask, building, name)
    code = await make_code(ask, "join", place_id=home.id, life=JOIN_CODE_LIFE)
    facts = {
        "flat": name,
        "code": f"{code[:4]}-{code[4:]}",
        "link": ask.links.household(code),
        "until": ask.now + JOIN_CODE_LIFE,
    }
    return Reply("join.invitation", facts, is_private=True)


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
    await ask.unit.people.add_code(code_hash(code), stored)
    return code


@command("邀请码", "加入", "code", may=Ability.ASK, section="people")
async def code(ask: Ask, code: OneTimeCode) -> Reply:
    """Use a one-time code: join a household, take an office, or be the same person here."""
    spent = await ask.unit.people.spend_code(code_hash(code), ask.now)
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


@command("改名", "name", may=Ability.SEE_ISSUES, section="people")
async def rename(ask: Ask, name: PersonName) -> Reply:
    """Choose the name that neighbours see."""
    await ask.unit.people.rename(ask.actor.id, name[:20])
    return Reply("renamed", {"name": name[:20]})


@command("任命", "appoint", may=Ability.GRANT_ROLE, section="duty")
async def appoint(ask: Ask, person: PersonName, role: RoleName, place: PlaceName) -> Reply:
    """Give somebody a role at a place."""
    who, at = await _person(ask, person), await reachable_place(ask, place, Ability.GRANT_ROLE)
    await ask.unit.people.grant(who.id, Role(role), at.id, by=ask.actor.id, now=ask.now)
    facts = {"name": who.name, "role": Role(role), "place": at.name}
    await ask.tell.person(who.id, Reply("role_told.given_to_you", facts, (help_row(),)))
    return Reply("role_told.given", facts)


@command("免去", "dismiss", may=Ability.GRANT_ROLE, section="duty")
async def dismiss(ask: Ask, person: PersonName, role: RoleName, place: PlaceName) -> Reply:
    """Take a role away."""
    who, at = await _person(ask, person), await reachable_place(ask, place, Ability.GRANT_ROLE)
    facts = {"name": who.name, "role": Role(role), "place": at.name}
    revoked = await ask.unit.people.revoke(who.id, Role(role), at.id, by=ask.actor.id, now=ask.now)
    if not revoked:
        raise Refusal("role_not_held", **facts)
    return Reply("role_told.taken", facts)


async def _person(ask: Ask, name: str) -> Actor:
    found = await ask.unit.people.named(name, ask.tenant.id)
    if len(found) != 1:
        raise Refusal("person_many" if found else "person_unknown", name=name)
    return await ask.unit.people.actor(found[0])


async def reachable_place(ask: Ask, name: str, ability: Ability) -> Place:
    """The place of that name over which the asker has a say."""
    community = await ask.unit.places.get(ask.tenant.id)
    found = await ask.unit.places.named(name, below=community.path)
    mine = [place for place in found if ask.actor.can(ability, at=place.path)]
    if len(mine) != 1:
        raise Refusal("place_unknown", place=name)
    return mine[0]
