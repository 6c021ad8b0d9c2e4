"""Conventions store 公约: one door for writes, which writes the journal too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.clauses import Clause, ClauseState, Wording
from domain.conventions import Convention, ConventionState, ConventionStep
from domain.journal import Entry, Facts
from domain.people import Actor
from domain.places import ancestors
from domain.refusal import Refusal
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.remarks import remarked
from storage.statement import (
    Row,
    Statement,
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
    """Repository of conventions and their clauses; lists hold only what the actor may see."""

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

    async def of_clause(
        self, clause_id: int, *, seen_by: Actor, is_held: bool = False
    ) -> tuple[Convention, Clause]:
        """A clause and the convention that it belongs to; refuses with ``button_stale``.

        ``is_held``: it is going to be changed, see ``hold``.
        """
        found = await row(
            "select * from conventions where id = (select convention_id from clauses where id = ?)",
            clause_id,
        )
        if found is None or not seen_by.sees(found["path"]):
            raise Refusal("button_stale")
        convention = _convention(found)
        if is_held:
            convention = await self.hold(convention)
        clauses = await self.clauses(convention.id)
        return convention, next(one for one in clauses if one.id == clause_id)

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
        self._note(convention, ConventionStep.START, convention.author_id, after)
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
        self._note(convention, step, by, after)

    # Clauses

    async def clauses(self, convention_id: int) -> list[Clause]:
        """All clauses, with every wording, in their order."""
        found = await rows(
            "select c.*, r.text as reason from clauses c left join remarks r on r.id = c.reason_id "
            "where c.convention_id = ? order by c.position, c.id",
            convention_id,
        )
        mine = "clause_id in (select id from clauses where convention_id = ?)"
        words: dict[int, list[Wording]] = {r["id"]: [] for r in found}
        for r in await rows(
            f"select * from clause_words where {mine} order by version", convention_id
        ):
            words[r["clause_id"]].append(Wording(r["text"], r["person_id"], instant(r["at"])))
        seconds: dict[int, set[int]] = {r["id"]: set() for r in found}
        for r in await rows(f"select * from clause_seconds where {mine}", convention_id):
            seconds[r["clause_id"]].add(r["person_id"])
        return [_clause(r, tuple(words[r["id"]]), frozenset(seconds[r["id"]])) for r in found]

    async def add_clause(
        self, convention: Convention, text: str, *, by: int, now: datetime
    ) -> None:
        """Store a new clause, at the end of the others."""
        last = await value(
            "select coalesce(max(position), 0) from clauses where convention_id = ?", convention.id
        )
        clause_id = await value(
            "insert into clauses (convention_id, author_id, position, state) "
            "values (?, ?, ?, ?) returning id",
            convention.id,
            by,
            last + 1,
            ClauseState.KEPT,
        )
        await self._word(clause_id, 1, Wording(text, by, now))
        self._note(replace(convention, changed_at=now), ConventionStep.ADD, by, {"id": clause_id})

    async def reword(self, convention: Convention, clause: Clause, new: Wording) -> None:
        """Let a clause say something else; what it said before stays."""
        await self._word(clause.id, len(clause.wordings) + 1, new)
        at = replace(convention, changed_at=new.at)
        self._note(at, ConventionStep.REWORD, new.person_id, {"id": clause.id})

    async def second(
        self, convention: Convention, clause: Clause, *, by: int, now: datetime
    ) -> None:
        """Note that one more neighbour is behind a clause."""
        await Statement(
            "insert into clause_seconds (clause_id, person_id, at) values (?, ?, ?) "
            "on conflict (clause_id, person_id) do nothing",
            clause.id,
            by,
            stored(now),
        )
        at = replace(convention, changed_at=now)
        self._note(at, ConventionStep.SECOND, by, {"id": clause.id})

    async def set_state(
        self, convention: Convention, clause: Clause, step: ConventionStep, *, by: int, why: str
    ) -> None:
        """Keep a clause out of the vote, for a reason, or take it in again."""
        reason = await remarked(why, by, convention.changed_at) if why else None
        await Statement(
            "update clauses set state = ?, reason_id = ? where id = ?",
            clause.state,
            reason,
            clause.id,
        )
        after: Facts = {"id": clause.id, "state": clause.state.value}
        self._note(convention, step, by, after, reason)

    async def arrange(
        self, convention: Convention, clauses: Sequence[Clause], *, by: int, now: datetime
    ) -> None:
        """Store the order of clauses."""
        for clause in clauses:
            await Statement(
                "update clauses set position = ? where id = ?", clause.position, clause.id
            )
        after: Facts = {"order": ",".join(str(clause.id) for clause in clauses)}
        self._note(replace(convention, changed_at=now), ConventionStep.RAISE, by, after)

    async def fix(self, convention: Convention, clauses: Sequence[Clause]) -> None:
        """Note which clause became which matter of the vote; an earlier vote is forgotten."""
        await Statement("update clauses set matter = 0 where convention_id = ?", convention.id)
        for number, clause in enumerate(clauses, 1):
            await Statement("update clauses set matter = ? where id = ?", number, clause.id)

    async def _word(self, clause_id: int, version: int, new: Wording) -> None:
        await Statement(
            "insert into clause_words (clause_id, version, text, person_id, at) "
            "values (?, ?, ?, ?, ?)",
            clause_id,
            version,
            new.text,
            new.person_id,
            stored(new.at),
        )

    def _note(
        self,
        convention: Convention,
        step: ConventionStep,
        by: int | None,
        after: Facts,
        remark_id: int | None = None,
    ) -> None:
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


def _clause(found: Row, wordings: tuple[Wording, ...], seconders: frozenset[int]) -> Clause:
    return Clause(
        id=found["id"],
        convention_id=found["convention_id"],
        author_id=found["author_id"],
        position=found["position"],
        wordings=wordings,
        state=ClauseState(found["state"]),
        reason=found["reason"] or "",
        matter=found["matter"],
        seconders=seconders,
    )
