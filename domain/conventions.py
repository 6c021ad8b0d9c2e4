"""Conventions 公约: clauses collected from residents, voted one by one, in force where passed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.matters import MOST_MATTERS, Matter
from domain.motions import LONGEST_TITLE
from domain.people import Ability, Actor
from domain.refusal import Refusal
from domain.text import shortened

LONGEST_CLAUSE: Final = 120
"""Characters: a clause is a sentence that everybody can keep in mind."""
MOST_CLAUSES: Final = 60
"""Clauses that one collection takes; staff choose and join them before the vote."""
LONGEST_COLLECTION: Final = timedelta(days=92)


class ConventionState(StrEnum):
    """Where a convention stands."""

    COLLECTING = "collecting"
    ORDERING = "ordering"
    VOTING = "voting"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


SPOKEN_OF: Final = frozenset(
    {
        ConventionState.COLLECTING,
        ConventionState.ORDERING,
        ConventionState.VOTING,
        ConventionState.IN_FORCE,
    }
)
"""Neighbours have something to do with it, or keep to it: it is worth telling of."""


class ClauseState(StrEnum):
    """Whether a clause goes to the vote."""

    KEPT = "kept"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"


class ConventionStep(StrEnum):
    """What can be done with a convention or one of its clauses; also the verb in the journal."""

    START = "start"
    ADD = "add"
    SECOND = "second"
    RAISE = "raise"
    REWORD = "reword"
    LEAVE_OUT = "leave_out"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"
    EXTEND = "extend"
    END = "end"
    PUT = "put"
    CANCEL = "cancel"
    PASS = "pass"
    REJECT = "reject"
    RETURN = "return"
    REPLACE = "replace"


class Stake(StrEnum):
    """What somebody is to a convention, or to one clause of it."""

    NEIGHBOUR = "neighbour"
    LEADER = "leader"
    AUTHOR = "author"
    SECONDER = "seconder"


@dataclass(frozen=True, slots=True)
class Convention:
    """What neighbours agree on for ``path``.

    Attributes:
        author_id: Who began to collect its clauses.
        closes_at: Until when clauses come in.
        motion_id: The vote on its clauses; ``voted_at`` when that ended.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    name: str
    started_at: datetime
    changed_at: datetime
    closes_at: datetime
    state: ConventionState = ConventionState.COLLECTING
    motion_id: int | None = None
    voted_at: datetime | None = None
    version: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"约{self.number}"


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


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table of moves; ``to`` None leaves the state, ``never`` bars whatever else.

    ``of`` is the state of the clause that a step is about; None where it is about none. Nobody
    may take a step whose ``by`` is empty: it follows from the clock or from a vote.
    """

    by: frozenset[Stake]
    when: frozenset[ConventionState]
    to: ConventionState | None = None
    of: ClauseState | None = None
    never: frozenset[Stake] = frozenset()


def _move(
    by: Collection[Stake],
    when: Collection[ConventionState],
    to: ConventionState | None = None,
    of: ClauseState | None = None,
    never: Collection[Stake] = (),
) -> Move:
    return Move(frozenset(by), frozenset(when), to, of, frozenset(never))


_S, _P, _C = ConventionState, ConventionStep, ClauseState
_EARLY: Final = (_S.COLLECTING, _S.ORDERING)
_LEADER: Final = (Stake.LEADER,)

MOVES: Final[Mapping[ConventionStep, Move]] = {
    _P.ADD: _move([Stake.NEIGHBOUR, Stake.LEADER], [_S.COLLECTING]),
    _P.PUT: _move(_LEADER, [_S.ORDERING], _S.VOTING),
    _P.EXTEND: _move(_LEADER, [_S.COLLECTING]),
    _P.END: _move(_LEADER, [_S.COLLECTING], _S.ORDERING),
    _P.CANCEL: _move(_LEADER, _EARLY, _S.CANCELLED),
    _P.SECOND: _move([Stake.NEIGHBOUR], _EARLY, of=_C.KEPT, never=[Stake.AUTHOR, Stake.SECONDER]),
    _P.RAISE: _move(_LEADER, _EARLY, of=_C.KEPT),
    _P.REWORD: _move(_LEADER, _EARLY, of=_C.KEPT),
    _P.LEAVE_OUT: _move(_LEADER, _EARLY, of=_C.KEPT),
    _P.TAKE_BACK: _move(_LEADER, _EARLY, of=_C.LEFT_OUT),
    _P.WITHDRAW: _move([Stake.AUTHOR], [_S.COLLECTING], of=_C.KEPT),
    _P.PASS: _move([], [_S.VOTING], _S.IN_FORCE),
    _P.REJECT: _move([], [_S.VOTING], _S.REJECTED),
    _P.RETURN: _move([], [_S.VOTING], _S.ORDERING),
    _P.REPLACE: _move([], [_S.IN_FORCE], _S.REPLACED),
}
"""Who may do what, from which state, to which."""


def stakes(convention: Convention, actor: Actor, clause: Clause | None = None) -> frozenset[Stake]:
    """What ``actor`` is to ``convention``, and to ``clause``."""
    found = {
        Stake.NEIGHBOUR: actor.can(Ability.SECOND_ISSUE, at=convention.path),
        Stake.LEADER: actor.can(Ability.OPEN_MOTION, at=convention.path),
        Stake.AUTHOR: clause is not None and clause.author_id == actor.id,
        Stake.SECONDER: clause is not None and actor.id in clause.seconders,
    }
    return frozenset(stake for stake, holds in found.items() if holds)


def steps_for(
    convention: Convention, who: frozenset[Stake], clause: Clause | None = None
) -> tuple[ConventionStep, ...]:
    """Steps that ``who`` may take now with it, or with a clause of it; the buttons shown."""
    state = clause.state if clause else None
    return tuple(
        step
        for step, move in MOVES.items()
        if move.of is state
        and convention.state in move.when
        and who & move.by
        and not who & move.never
    )


def check(
    step: ConventionStep, convention: Convention, actor: Actor, clause: Clause | None = None
) -> None:
    """Refuse a step that may not be taken.

    Raises:
        Refusal: ``convention_wrong_state``, ``clause_wrong_state``, ``clause_already_yours`` or
            ``convention_not_yours``.
    """
    move, who = MOVES[step], stakes(convention, actor, clause)
    if convention.state not in move.when:
        raise Refusal("convention_wrong_state", label=convention.label, state=convention.state)
    if clause is not None and clause.state is not move.of:
        raise Refusal("clause_wrong_state", label=convention.label, state=clause.state)
    if who & move.never:
        raise Refusal("clause_already_yours", label=convention.label)
    if not who & move.by:
        raise Refusal("convention_not_yours", label=convention.label)


def moved(
    convention: Convention, step: ConventionStep, now: datetime, *, by: Actor | None = None
) -> Convention:
    """``convention`` after ``step``, taken by somebody, or by the clock or a vote."""
    if by is not None:
        check(step, convention, by)
    elif convention.state not in MOVES[step].when:
        raise Refusal("convention_wrong_state", label=convention.label, state=convention.state)
    return replace(convention, state=MOVES[step].to or convention.state, changed_at=now)


def extended(
    convention: Convention, closes_at: datetime, *, by: Actor, now: datetime
) -> Convention:
    """``convention`` whose clauses come in for longer; never shorter, it is ended for that.

    Raises:
        Refusal: As ``check``; ``convention_not_longer``, or as ``checked_end``.
    """
    after = moved(convention, ConventionStep.EXTEND, now, by=by)
    if closes_at <= convention.closes_at:
        raise Refusal("convention_not_longer", label=convention.label, at=convention.closes_at)
    return replace(after, closes_at=checked_end(closes_at, now))


def ended(convention: Convention, *, by: Actor | None, now: datetime) -> Convention:
    """``convention`` once no more clauses come in: at its time, or earlier by somebody."""
    after = moved(convention, ConventionStep.END, now, by=by)
    return replace(after, closes_at=min(now, convention.closes_at))


# Clauses


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


def checked_end(closes_at: datetime, now: datetime) -> datetime:
    """``closes_at`` if clauses may come in until then; refuses with ``close_past``/``_far``."""
    if closes_at <= now:
        raise Refusal("close_past", at=closes_at)
    if closes_at - now > LONGEST_COLLECTION:
        raise Refusal("close_far", at=closes_at)
    return closes_at


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
