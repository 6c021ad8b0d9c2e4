"""Doors store 门牌: which households of the tree count, and which stand there by mistake."""

from datetime import datetime
from typing import Final

from domain.journal import Entry
from domain.places import Place, PlaceKind
from storage.journal import Journal
from storage.places import PLACE, below_any, place_of
from storage.statement import Statement, columns, rows, value

_LIVED_IN: Final = "exists (select 1 from grants g where g.place_id = p.id and g.until is null)"
_ON_ROLL: Final = "exists (select 1 from holdings h where h.place_id = p.id)"
KEPT_BY: Final = (
    ("chats", "place_id"),
    ("communities", "place_id"),
    ("conventions", "place_id"),
    ("holdings", "place_id"),
    ("issues", "household_id"),
    ("issues", "place_id"),
    ("meeting_series", "place_id"),
    ("meetings", "place_id"),
    ("motion_homes", "place_id"),
    ("motions", "place_id"),
    ("notices", "place_id"),
    ("places", "parent_id"),
    ("polls", "place_id"),
    ("proposals", "place_id"),
    ("squads", "place_id"),
    ("survey_answers", "household_id"),
    ("survey_households", "household_id"),
    ("survey_visits", "household_id"),
    ("surveys", "place_id"),
)
"""Table and column of what cannot be without the place that it names."""
GOES_WITH_IT: Final = ("codes", "grants", "join_requests")
"""Tables whose rows are of no use once nobody can live there."""


class Doors:
    """Households of the tree; those that neither people nor the roll know do not count."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def counted(self, place: Place) -> list[Place]:
        """Households at and below ``place`` in which somebody lives, or which the roll names."""
        return await self._at(place, f"({_LIVED_IN} or {_ON_ROLL})")

    async def left_out(self, place: Place) -> list[Place]:
        """The others: they stand in the tree by mistake (a wrong invitation), or are empty."""
        return await self._at(place, f"not {_LIVED_IN} and not {_ON_ROLL}")

    async def unlisted(self, place: Place) -> list[Place]:
        """Households of which the roll knows nothing."""
        return await self._at(place, f"not {_ON_ROLL}")

    async def ownerless(self, place: Place) -> list[Place]:
        """Those of the ``unlisted`` in which somebody lives: the roll forgets them."""
        return await self._at(place, f"{_LIVED_IN} and not {_ON_ROLL}")

    async def _at(self, place: Place, which: str) -> list[Place]:
        where, bounds = below_any("p.path", [place.path])
        found = await rows(
            f"select {columns('p', PLACE)} from places p where p.kind = ? and {where} "
            f"and {which} order by p.name",
            PlaceKind.HOUSEHOLD,
            *bounds,
        )
        return [place_of(r) for r in found]

    async def is_lived_in(self, home: Place) -> bool:
        """Whether somebody lives there now."""
        return await self._is(_LIVED_IN, home)

    async def is_on_roll(self, home: Place) -> bool:
        """Whether the roll names it."""
        return await self._is(_ON_ROLL, home)

    async def _is(self, which: str, home: Place) -> bool:
        found = await value(f"select 1 from places p where p.id = ? and {which}", home.id)
        return bool(found)

    async def is_needed(self, home: Place) -> bool:
        """Whether a vote, an answer or anything else names it, and would be without its place."""
        by = [f"exists (select 1 from {table} where {column} = p.id)" for table, column in KEPT_BY]
        by.append("exists (select 1 from poll_voters where voter = 'h' || p.id)")
        return await self._is(f"({' or '.join(by)})", home)

    async def remove(self, home: Place, *, by: int, now: datetime) -> None:
        """Take an empty door out of the tree, with codes for it and who lived there once."""
        for table in GOES_WITH_IT:
            await Statement(f"delete from {table} where place_id = ?", home.id)
        await Statement("delete from places where id = ?", home.id)
        if home.community_id is not None:
            entry = Entry(now, by, "place", home.id, "remove", {"name": home.name}, {})
            self._journal.note(home.community_id, entry)
