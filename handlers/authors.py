"""Authors 谁说的: who stands on a card, for each reader."""

from domain.people import Actor, Role
from domain.places import Place, masked_flat, within
from handlers.messages import Typed, Words
from storage.unit import Unit


async def author_words(
    unit: Unit, person_id: int, path: str, *, is_told: bool, for_whom: Place | None = None
) -> Words:
    """A neighbour by the masked flat, by name and door for a reader who ``is_told``.

    Whoever holds an office and lives nowhere here spoke in office: by role and name, for everybody.
    ``for_whom`` is the household for which something was reported.
    """
    who = await unit.people.actor(person_id)
    homes = [g.place_id for g in who.grants if g.role is Role.RESIDENT]
    home = for_whom or (await unit.places.get(homes[0]) if homes else None)
    office = None if home else _office(who, path)
    if office is not None:
        return Words("author.staff", {"role": office, "name": Typed(who.name)})
    flat = home.name if home else ""
    if is_told:
        key = "author.named_for" if for_whom else "author.named"
        return Words(key, {"name": Typed(who.name), "flat": flat})
    return Words("author.neighbour", {"flat": masked_flat(flat)}) if flat else Words("author.gone")


def _office(who: Actor, path: str) -> Role | None:
    """In what office somebody speaks at ``path``: one that reaches it before any other."""
    held = [g for g in who.grants if g.role is not Role.RESIDENT]
    held.sort(key=lambda grant: (not within(path, grant.path), grant.place_id))
    return held[0].role if held else None
