"""Actors store 谁: a person with all roles and their places, in one question."""

from collections.abc import Sequence
from typing import Final

from domain.people import Actor, Grant, Role
from storage.places import PLACE, Places
from storage.statement import Part, columns, members

WHOLE: Final = f"n.id, n.name, n.lang, g.role, l.home, s.squad_id, {columns('l', PLACE)}"
"""Columns of a person ``n``, a row for each role in each squad."""
GRANTED: Final = (
    "left join grants g on g.person_id = n.id and g.until is null "
    "left join places l on l.id = g.place_id "
    "left join squad_members s on s.person_id = n.id"
)
"""Where these come from."""
_ROLES: Final = members(Role)
PERSON: Final = f"select {WHOLE} from people n {GRANTED} where n.id = ?"
"""Who that is, by id."""


def actor_of(found: Sequence[Part], places: Places) -> Actor:
    """The person in the rows of such a question; ``places`` learns where the roles are held."""
    grants: dict[tuple[str, int], Grant] = {}
    squads: set[int] = set()
    for _, _, _, role, home, squad_id, *at in found:
        if role is not None:
            place = places.learn(at)
            grants[role, place.id] = Grant(_ROLES[role], place.id, place.path, home)
        if squad_id is not None:
            squads.add(squad_id)
    person_id, name, lang = found[0][:3]
    return Actor(person_id, name, lang, tuple(grants.values()), frozenset(squads))
