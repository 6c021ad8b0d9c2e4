"""Offices 任命: who holds which role where, and over which places somebody has a say."""

from domain.people import Ability, Role
from domain.places import Place, PlaceKind
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.kinds import PersonName, PlaceName, RoleName
from handlers.messages import Reply, Typed
from handlers.namesakes import called, which_one
from handlers.registry import command
from handlers.welcome import help_row


@command("任命", "appoint", may=Ability.GRANT_ROLE, section="office")
async def appoint(ask: Ask, person: PersonName, role: RoleName, place: PlaceName) -> Reply:
    """Give somebody a role at a place."""
    at = await _at(ask, role, place)
    people = await _people(ask, person)
    if len(people) > 1:
        return await which_one(ask, appoint, {"role": role, "place": place}, "person", people)
    who = await ask.unit.people.actor(people[0])
    if (Role(role) is Role.RESIDENT) != (at.kind is PlaceKind.HOUSEHOLD):
        raise Refusal("role_not_there", role=Role(role), place=at.name)
    await ask.unit.people.grant(who.id, Role(role), at.id, by=ask.actor.id, now=ask.now)
    facts = {"name": who.name, "role": Role(role), "place": at.name}
    await ask.tell.person(who.id, Reply("role_told.given_to_you", facts, (help_row(),)))
    return Reply("role_told.given", facts)


@command("免去", "dismiss", may=Ability.GRANT_ROLE, section="office")
async def dismiss(ask: Ask, person: PersonName, role: RoleName, place: PlaceName) -> Reply:
    """Take a role away."""
    at = await _at(ask, role, place)
    people = await _people(ask, person)
    if len(people) > 1:
        return await which_one(ask, dismiss, {"role": role, "place": place}, "person", people)
    who = await ask.unit.people.actor(people[0])
    facts = {"name": who.name, "role": Role(role), "place": at.name}
    if who.id == ask.actor.id:
        raise Refusal("role_own", **facts)
    revoked = await ask.unit.people.revoke(who.id, Role(role), at.id, by=ask.actor.id, now=ask.now)
    if not revoked:
        raise Refusal("role_not_held", **facts)
    await ask.tell.person(who.id, Reply("role_told.taken_from_you", facts, (help_row(),)))
    return Reply("role_told.taken", facts)


async def _people(ask: Ask, name: str) -> list[int]:
    found = await called(ask, name, ask.tenant.id)
    if not found:
        raise Refusal("person_unknown", name=Typed(name))
    return found


async def _at(ask: Ask, role: str, place: str) -> Place:
    """Where a role is given or taken: a place below the asker, or the street of their community."""
    if Role(role) is Role.STREET_STAFF:
        return await _own_street(ask, place)
    return await reachable_place(ask, place, Ability.GRANT_ROLE)


async def _own_street(ask: Ask, name: str) -> Place:
    """The street above, where it has no other community: its staff would read of these too."""
    community = await ask.unit.places.get(ask.tenant.id)
    street = (await ask.unit.places.line(community.path))[0]
    is_own = len(await ask.unit.places.communities(below=street.path)) == 1
    has_say = ask.actor.can(Ability.GRANT_ROLE, at=community.path)
    if not (street.kind is PlaceKind.STREET and street.name == name and is_own and has_say):
        raise Refusal("place_unknown", place=Typed(name))
    return street


async def reachable_place(ask: Ask, name: str, ability: Ability) -> Place:
    """The place of that name over which the asker has a say."""
    community = await ask.unit.places.get(ask.tenant.id)
    found = await ask.unit.places.named(name, below=community.path)
    mine = [place for place in found if ask.actor.can(ability, at=place.path)]
    if len(mine) != 1:
        raise Refusal("place_unknown", place=Typed(name))
    return mine[0]
