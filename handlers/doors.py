"""Doors 门牌: one that was mistyped once is taken out of the tree again."""

from domain.people import Ability
from domain.places import PlaceKind, flat_name
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.kinds import Flat
from handlers.messages import Reply
from handlers.offices import reachable_place
from handlers.registry import command


@command("删门牌", "dropdoor", may=Ability.ADMIT_RESIDENT, section="office", where="private")
async def drop_door(ask: Ask, flat: Flat) -> Reply:
    """Take a door in which nobody lives out of the tree; kept where votes or answers name it."""
    home = await reachable_place(ask, flat_name(flat) or flat, Ability.ADMIT_RESIDENT)
    doors, facts = ask.unit.roll.doors, {"flat": home.name}
    if home.kind is not PlaceKind.HOUSEHOLD or await doors.is_lived_in(home):
        raise Refusal("door_lived_in", **facts)
    if await doors.is_on_roll(home):
        raise Refusal("door_on_roll", **facts)
    if await doors.is_needed(home):
        return Reply("door.kept", facts)
    await doors.remove(home, by=ask.actor.id, now=ask.now)
    return Reply("door.removed", facts)
