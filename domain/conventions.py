"""Conventions 公约: collected from residents, voted clause by clause, in force where passed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.clauses import Clause, ClauseState
from domain.people import Ability, Actor
from domain.refusal import Refusal

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


def checked_end(closes_at: datetime, now: datetime) -> datetime:
    """``closes_at`` if clauses may come in until then; refuses with ``close_past``/``_far``."""
    if closes_at <= now:
        raise Refusal("close_past", at=closes_at)
    if closes_at - now > LONGEST_COLLECTION:
        raise Refusal("close_far", at=closes_at)
    return closes_at


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
