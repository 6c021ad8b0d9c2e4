"""Actors store 谁: a person with all roles and their places, in one question."""

from collections.abc import Sequence

from domain.people import Actor, Grant, Role
from storage.places import Places, place_columns
from storage.statement import Row


def _whole(known_by: str, tables: str, where: str) -> str:
    """SQL for a person with all roles and squads: a row for each, the person's part alike.

    ``where`` has its arguments twice, once for the roles and once for the squads.
    """
    person = f"p.id as person_id, p.name as person, p.lang, {known_by} as seen_at"
    return (
        f"select {person}, g.role, null as squad_id, l.home, {place_columns('l', 'l_')} "
        f"from {tables} left join grants g on g.person_id = p.id and g.until is null "
        f"left join places l on l.id = g.place_id where {where} "
        f"union all select {person}, null, m.squad_id, null, null, null, null, null, null "
        f"from {tables} join squad_members m on m.person_id = p.id where {where}"
    )


KNOWN = _whole(
    "i.seen_at",
    "identities i join people p on p.id = i.person_id",
    "i.platform = ? and i.address = ?",
)
"""Who uses a platform account; ``seen_at`` is when it was last seen."""
PERSON = _whole("null", "people p", "p.id = ?")
"""Who that is, by id."""


def actor_of(found: Sequence[Row], places: Places) -> Actor:
    """The person in the rows of such a question; ``places`` learns where the roles are held."""
    grants, squads = [], []
    for r in found:
        if r["role"] is not None:
            places.learn(r, "l_")
            grants.append(Grant(Role(r["role"]), r["l_id"], r["l_path"], r["home"]))
        elif r["squad_id"] is not None:
            squads.append(r["squad_id"])
    who = found[0]
    return Actor(who["person_id"], who["person"], who["lang"], tuple(grants), frozenset(squads))
