"""Clauses 条款 of a convention: how they are worded, ordered, voted on and in force."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.matters import MOST_MATTERS, Matter
from domain.motions import LONGEST_TITLE
from domain.refusal import Refusal
from domain.text import shortened

LONGEST_CLAUSE: Final = 120
"""Characters: a clause is a sentence that everybody can keep in mind."""
MOST_CLAUSES: Final = 60
"""Clauses that one collection takes; staff choose and join them before the vote."""


class ClauseState(StrEnum):
    """Whether a clause goes to the vote."""

    KEPT = "kept"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a clause was worded from then on, and by whom."""

    text: str
    person_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. The first of its ``wordings`` is its author's own, the last one counts.

    Attributes:
        position: Orders the clauses; several may have the same one, then the older comes first.
        reason: Why it was left out.
        matter: Its number among the matters of the vote; 0 before.
    """

    id: int
    convention_id: int
    author_id: int | None
    position: int
    wordings: tuple[Wording, ...]
    state: ClauseState = ClauseState.KEPT
    reason: str = ""
    matter: int = 0
    seconders: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        """What it says now."""
        return self.wordings[-1].text


def checked_clause(text: str, known: Sequence[Clause]) -> str:
    """``text`` as a new clause: short, not said before, and there is room for it.

    Raises:
        Refusal: ``too_long``, ``clause_known`` or ``clauses_many``.
    """
    if len(text) > LONGEST_CLAUSE:
        raise Refusal("too_long", length=len(text), limit=LONGEST_CLAUSE)
    if any(clause.text == text and clause.state is ClauseState.KEPT for clause in known):
        raise Refusal("clause_known")
    if len(known) >= MOST_CLAUSES:
        raise Refusal("clauses_many", most=MOST_CLAUSES)
    return text


def kept(clauses: Sequence[Clause]) -> list[Clause]:
    """Those that go to the vote, in their order."""
    found = [clause for clause in clauses if clause.state is ClauseState.KEPT]
    return sorted(found, key=lambda clause: (clause.position, clause.id))


def raised(clauses: Sequence[Clause], clause: Clause) -> list[Clause]:
    """All that go to the vote, ``clause`` one place further up, with positions from 1 on."""
    ordered = kept(clauses)
    at = next(n for n, one in enumerate(ordered) if one.id == clause.id)
    if at:
        ordered[at - 1], ordered[at] = ordered[at], ordered[at - 1]
    return [replace(one, position=n) for n, one in enumerate(ordered, 1)]


def matters(clauses: Sequence[Clause], label: str) -> tuple[Matter, ...]:
    """The clauses as the matters of a vote.

    Raises:
        Refusal: ``clauses_none`` or ``clauses_too_many``.
    """
    found = kept(clauses)
    if not found:
        raise Refusal("clauses_none", label=label)
    if len(found) > MOST_MATTERS:
        raise Refusal("clauses_too_many", label=label, count=len(found), most=MOST_MATTERS)
    return tuple(Matter(shortened(one.text, LONGEST_TITLE), one.text) for one in found)


def in_force(clauses: Sequence[Clause], passed: Sequence[bool]) -> list[Clause]:
    """The clauses that passed, in the order in which they were voted on."""
    voted = sorted((one for one in clauses if one.matter), key=lambda one: one.matter)
    return [one for one in voted if passed[one.matter - 1]]
