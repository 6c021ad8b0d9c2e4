"""Conventions store 公约: one door for writes, which writes the journal too."""

from dataclasses import replace
from typing import Final

from domain.conventions import Convention, ConventionState, ConventionStep
from domain.journal import Entry, Facts
from domain.people import Actor
from domain.places import ancestors
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import (
    Row,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    stored_or_none,
    value,
)

_LIVE: Final = "state in ('collecting', 'ordering', 'voting')"
_IN_FORCE: Final = "state = 'in_force'"


class Conventions:
    """Repository of conventions; lists hold only what the actor may see."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Convention:
        """The convention 约``number``.

        Raises:
            Refusal: ``convention_absent``, alike for "there is none" and "not for you".
        """
        found = await numbered("conventions", number, community_id=community_id, seen_by=seen_by)
        return _convention(found)

    async def hold(self, convention: Convention) -> Convention:
        """It as it stands now; nobody else changes it or its clauses until this unit has ended."""
        found = await row(
            "update conventions set version = version where id = ? returning *", convention.id
        )
        if found is None:
            raise ValueError(f"no convention {convention.id}")
        return _convention(found)

    async def by_id(self, convention_id: int) -> Convention:
        """The convention with that id, for the program itself; a bug if there is none."""
        return _convention(await kept("conventions", convention_id))

    async def of_motion(self, motion_id: int) -> Convention | None:
        """The convention whose clauses that vote is about."""
        found = await row("select * from conventions where motion_id = ?", motion_id)
        return _convention(found) if found is not None else None

    async def live_for(self, actor: Actor) -> list[Convention]:
        """Those that are made just now and concern somebody, the newest first; ten."""
        return await self._seen(actor, _LIVE)

    async def in_force_for(self, actor: Actor) -> list[Convention]:
        """Those in force that concern somebody, the newest first; ten."""
        return await self._seen(actor, _IN_FORCE)

    async def _seen(self, actor: Actor, which: str) -> list[Convention]:
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("path", homes)
        found = await rows(
            f"select * from conventions where {which} and ({below} "
            f"or place_id in ({marks(above)})) order by id desc limit 10",
            *bounds,
            *above,
        )
        return [_convention(r) for r in found]

    async def in_force_named(self, name: str, place_id: int) -> list[Convention]:
        """Those of that name in force at that place."""
        found = await rows(
            f"select * from conventions where {_IN_FORCE} and name = ? and place_id = ?",
            name,
            place_id,
        )
        return [_convention(r) for r in found]

    async def add(self, convention: Convention) -> Convention:
        """Store a convention whose clauses are collected; it comes back with its id."""
        new_id = await value(
            "insert into conventions (community_id, number, place_id, path, author_id, name, "
            "started_at, changed_at, closes_at, state, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) returning id",
            convention.community_id,
            convention.number,
            convention.place_id,
            convention.path,
            convention.author_id,
            convention.name,
            stored(convention.started_at),
            stored(convention.changed_at),
            stored(convention.closes_at),
            convention.state,
        )
        convention = replace(convention, id=new_id, version=1)
        after: Facts = {"number": convention.number}
        self.note(convention, ConventionStep.START, convention.author_id, after)
        return convention

    async def save(self, convention: Convention, step: ConventionStep, *, by: int | None) -> None:
        """Store what ``step`` made of ``convention``.

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        saved = await rows(
            "update conventions set state = ?, changed_at = ?, closes_at = ?, motion_id = ?, "
            "voted_at = ?, version = version + 1 where id = ? and version = ? returning id",
            convention.state,
            stored(convention.changed_at),
            stored(convention.closes_at),
            convention.motion_id,
            stored_or_none(convention.voted_at),
            convention.id,
            convention.version,
        )
        if not saved:
            raise Conflict("conventions", convention.id)
        after: Facts = {
            "state": convention.state.value,
            "closes_at": stored(convention.closes_at),
            "motion_id": convention.motion_id,
        }
        self.note(convention, step, by, after)

    def note(
        self,
        convention: Convention,
        step: ConventionStep,
        by: int | None,
        after: Facts,
        remark_id: int | None = None,
    ) -> None:
        """Write in the journal what was done with it, or with one of its clauses."""
        entry = Entry(
            convention.changed_at, by, "convention", convention.id, step, {}, after, remark_id
        )
        self._journal.note(convention.community_id, entry)


def _convention(found: Row) -> Convention:
    return Convention(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        name=found["name"],
        started_at=instant(found["started_at"]),
        changed_at=instant(found["changed_at"]),
        closes_at=instant(found["closes_at"]),
        state=ConventionState(found["state"]),
        motion_id=found["motion_id"],
        voted_at=instant_or_none(found["voted_at"]),
        version=found["version"],
    )
