"""Namesakes 重名: who a typed name means; where it means several, one of them is tapped."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.people import Ability, Actor, Grant, Role
from domain.places import masked_flat
from domain.text import folded
from handlers.ask import Ask
from handlers.messages import Button, Reply, Typed, Words
from handlers.registry import Handler

_OFFERED: Final = 8
_CARRIED: Final = re.compile(r"p([0-9]{1,18})")


async def called(ask: Ask, name: str, community_id: int) -> list[int]:
    """Ids of those of the community whom a typed name, or a button's ``p12``, means."""
    carried = _CARRIED.fullmatch(name)
    if carried and await ask.unit.people.belongs(int(carried[1]), community_id):
        return [int(carried[1])]
    return await ask.unit.people.named(name, community_id)


async def which_one(
    ask: Ask, handler: Handler, known: Mapping[str, Any], slot: str, people: Sequence[int]
) -> Reply:
    """Ask which of several is meant; those who hold an office come first."""
    found = [await ask.unit.people.actor(person_id) for person_id in people]
    found.sort(key=lambda who: (_shown(who).role is Role.RESIDENT, who.id))
    offered = [await _choice(ask, who) for who in found[:_OFFERED]]
    return await ask.question(handler, known, slot, Words("ask.which_person"), offered)


async def _choice(ask: Ask, who: Actor) -> Button:
    grant = _shown(who)
    place = (await ask.unit.places.get(grant.place_id)).name
    is_staff = ask.actor.can(Ability.DISPATCH_ISSUE)  # a neighbour may write minutes too
    if grant.role is Role.RESIDENT and not (is_staff and ask.chat.is_private):
        place = masked_flat(place)
    facts = {"name": Typed(who.name), "place": place, "role": grant.role}
    return Button(Words("assignee.namesake", facts), f"=p{who.id}")


def _shown(who: Actor) -> Grant:
    """By what somebody is told apart: an office, else where they live."""
    return min(who.grants, key=lambda grant: (grant.role is Role.RESIDENT, grant.place_id))


async def is_free(ask: Ask, name: str) -> bool:
    """Whether somebody may take a name: none that reads like an id, nor that of somebody's office.

    Whoever bore the name of an officer would be told, appointed and dispatched in their place.
    """
    wanted = _bare(name)
    tenants = await ask.unit.places.communities()
    mine = [tenant.id for tenant in tenants if ask.actor.sees(tenant.path)]
    staff = await ask.unit.people.staff_names(mine)
    taken = {_bare(held) for person_id, held in staff.items() if person_id != ask.actor.id}
    return not _CARRIED.fullmatch(wanted) and wanted not in taken


def _bare(name: str) -> str:
    return "".join(folded(name).split())
