"""Clauses store 条款: every wording of each, who is behind it, in which order they stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.clauses import Clause, ClauseState, Wording
from domain.conventions import Convention, ConventionStep
from domain.journal import Facts
from domain.people import Actor
from domain.refusal import Refusal
from storage.conventions import Conventions
from storage.remarks import remarked
from storage.statement import Row, Statement, instant, rows, stored, value


class Clauses:
    """Repository of the clauses of conventions; whoever writes holds the convention."""

    def __init__(self, conventions: Conventions) -> None:
        self._conventions = conventions

    async def get(
        self, clause_id: int, *, seen_by: Actor, is_held: bool = False
    ) -> tuple[Convention, Clause]:
        """A clause and the convention that it belongs to; refuses with ``button_stale``.

        ``is_held``: it is going to be changed, see ``hold``.
        """
        found = await value("select convention_id from clauses where id = ?", clause_id)
        convention = await self._conventions.by_id(found) if found is not None else None
        if convention is None or not seen_by.sees(convention.path):
            raise Refusal("button_stale")
        if is_held:
            convention = await self._conventions.hold(convention)
        clauses = await self.of(convention.id)
        return convention, next(one for one in clauses if one.id == clause_id)

    async def of(self, convention_id: int) -> list[Clause]:
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

    async def add(self, convention: Convention, text: str, *, by: int, now: datetime) -> None:
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
        self._conventions.note(
            replace(convention, changed_at=now), ConventionStep.ADD, by, {"id": clause_id}
        )

    async def reword(self, convention: Convention, clause: Clause, new: Wording) -> None:
        """Let a clause say something else; what it said before stays."""
        await self._word(clause.id, len(clause.wordings) + 1, new)
        at = replace(convention, changed_at=new.at)
        self._conventions.note(at, ConventionStep.REWORD, new.person_id, {"id": clause.id})

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
        self._conventions.note(at, ConventionStep.SECOND, by, {"id": clause.id})

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
        self._conventions.note(convention, step, by, after, reason)

    async def arrange(
        self, convention: Convention, clauses: Sequence[Clause], *, by: int, now: datetime
    ) -> None:
        """Store the order of clauses."""
        for clause in clauses:
            await Statement(
                "update clauses set position = ? where id = ?", clause.position, clause.id
            )
        after: Facts = {"order": ",".join(str(clause.id) for clause in clauses)}
        self._conventions.note(replace(convention, changed_at=now), ConventionStep.RAISE, by, after)

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
