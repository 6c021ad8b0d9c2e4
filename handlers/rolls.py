"""The roll 名册: what is on it, whether garages count, and who in the chat is which owner."""

from typing import Final

from domain.people import Ability
from domain.places import Place, PlaceKind, flat_name
from domain.refusal import Refusal
from domain.roll import Owner, Roll, area_words, fingerprint
from domain.text import shortened
from handlers.ask import Ask
from handlers.kinds import Flag, Flat, Id, PersonName
from handlers.messages import Reply, Typed, Words
from handlers.namesakes import called, which_one
from handlers.offices import reachable_place
from handlers.registry import button, command, press
from handlers.roll_import import keeper_of

SHOWN_UNLISTED: Final = 5
"""Names of households that the roll lacks; a phone shows no more."""


@command("名册", "roll", may=Ability.KEEP_ROLL, section="roll", where="private", everyday=("roll",))
async def show_roll(ask: Ask) -> Reply:
    """What counts: owners, households, area, and the fingerprint that stands for them."""
    return await _card(ask, await keeper_of(ask))


async def _card(ask: Ask, community: Place) -> Reply:
    roll = await ask.unit.roll.of(community)
    if not roll.settings.version:
        return Reply("roll.none")
    counts = roll.settings.counts_garages
    label = "button.roll_garages_out" if counts else "button.roll_garages_in"
    rows = ((button(count_garages, label, counts=int(not counts)),),)
    unlisted = await ask.unit.roll.doors.unlisted(community)
    return Reply("roll.card", _facts(community, roll, unlisted), rows, is_private=True)


def _facts(community: Place, roll: Roll, unlisted: list[Place]) -> dict[str, object]:
    names = "、".join(place.name for place in unlisted[:SHOWN_UNLISTED])
    missing = {"count": len(unlisted), "names": names}
    return {
        "place": community.name,
        "owners": roll.heads,
        "households": len(roll.households),
        "area": area_words(roll.area_hundredths),
        "garages": Words("roll.garages_in" if roll.settings.counts_garages else "roll.garages_out"),
        "unlisted": Words("roll.unlisted", missing) if unlisted else None,
        "version": roll.settings.version,
        "fingerprint": fingerprint(roll)[:16],
    }


@press("rollgarages", may=Ability.KEEP_ROLL)
async def count_garages(ask: Ask, counts: Flag) -> Reply:
    """Let garages and storerooms count, or not."""
    community = await keeper_of(ask)
    settings = await ask.unit.roll.settings(community.id)
    if settings.counts_garages == bool(counts):
        raise Refusal("button_stale")
    await ask.unit.roll.count_garages(community.id, bool(counts), by=ask.actor.id, now=ask.now)
    return await _card(ask, community)


@command(
    "认证业主",
    "owner",
    may=Ability.ADMIT_RESIDENT,
    section="roll",
    where="private",
    everyday=("owner",),
)
async def link_owner(ask: Ask, person: PersonName, flat: Flat) -> Reply:
    """Say that somebody in the chat is the owner of a flat; read back before it counts."""
    home = await reachable_place(ask, flat_name(flat) or flat, Ability.ADMIT_RESIDENT)
    owner = await _owner_of(ask, home)
    people = await called(ask, person, ask.tenant.id)
    if not people:
        raise Refusal("person_unknown", name=Typed(shortened(person, 20)))
    if len(people) > 1:
        return await which_one(ask, link_owner, {"flat": flat}, "person", people)
    who = await ask.unit.people.actor(people[0])
    yes = button(linked, "yes.linked", person=who.id, home=home.id, owner=owner.id)
    facts = {"name": Typed(who.name), "flat": home.name, "owner": Typed(owner.name)}
    return Reply("roll.link_read_back", facts, ((yes,),), is_private=True)


@press("linked", may=Ability.ADMIT_RESIDENT)
async def linked(ask: Ask, person: Id, home: Id, owner: Id) -> Reply:
    """Let somebody act for the owner; stale where the flat was sold meanwhile."""
    place = await ask.unit.places.get(home)
    found = await ask.unit.roll.owner_of(place.id)
    is_stale = found is None or found.id != owner or place.community_id is None
    if is_stale or not ask.actor.can(Ability.ADMIT_RESIDENT, at=place.path):
        raise Refusal("button_stale")
    if not await ask.unit.people.belongs(person, place.community_id or 0):
        raise Refusal("button_stale")
    await ask.unit.roll.link(owner, person, by=ask.actor.id, now=ask.now)
    who = await ask.unit.people.actor(person)
    facts = {"name": Typed(who.name), "flat": place.name}
    await ask.tell.person(who.id, Reply("roll.linked_you", facts))
    return Reply("roll.linked", facts, is_private=True)


@command("取消业主", "unowner", may=Ability.ADMIT_RESIDENT, section="roll", where="private")
async def unlink_owner(ask: Ask, person: PersonName, flat: Flat) -> Reply:
    """Say that somebody in the chat is no longer the owner of a flat."""
    home = await reachable_place(ask, flat_name(flat) or flat, Ability.ADMIT_RESIDENT)
    owner = await _owner_of(ask, home)
    people = await called(ask, person, ask.tenant.id)
    if len(people) > 1:
        return await which_one(ask, unlink_owner, {"flat": flat}, "person", people)
    facts = {"name": Typed(shortened(person, 20)), "flat": home.name}
    is_gone = bool(people) and await ask.unit.roll.unlink(
        owner.id, people[0], by=ask.actor.id, now=ask.now
    )
    if not is_gone:
        raise Refusal("owner_not_linked", **facts)
    return Reply("roll.unlinked", facts, is_private=True)


async def _owner_of(ask: Ask, home: Place) -> Owner:
    found = await ask.unit.roll.owner_of(home.id) if home.kind is PlaceKind.HOUSEHOLD else None
    if found is None:
        raise Refusal("flat_not_on_roll", flat=home.name)
    return found
