"""Proposals 四议: 提议 → 商议 → 动议 → 决议 → 办理 → 评议, and who may take which step."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.people import Ability, Actor
from domain.places import ancestors
from domain.refusal import Refusal

LONGEST_PROPOSAL: Final = 200
"""Characters: it is read on a phone, and the talking is done at the meeting."""
SHARED_FROM: Final = 3
"""From so many seconders on those who answer for the place are told."""
EVALUATE_WITHIN: Final = timedelta(days=14)


class ProposalKind(StrEnum):
    """What is proposed."""

    PROPOSAL = "proposal"
    PROJECT = "project"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    LISTED = "listed"
    DELIBERATED = "deliberated"
    MOVED = "moved"
    PASSED = "passed"
    REJECTED = "rejected"
    DONE = "done"
    EVALUATED = "evaluated"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    DROPPED = "dropped"


_S = ProposalState
OPEN: Final = frozenset({_S.PROPOSED, _S.LISTED, _S.DELIBERATED})
"""Before its text is put to the vote."""
LIVE: Final = OPEN | {_S.MOVED, _S.PASSED, _S.DONE}
"""Something is still to come."""


class ProposalStep(StrEnum):
    """What can be done with a proposal, or happens to it; also the verb in its journal."""

    PROPOSE = "propose"
    SECOND = "second"
    LIST = "list"
    TALK = "talk"
    MOVE = "move"
    RESOLVE = "resolve"
    ASSIGN = "assign"
    LIFT = "lift"
    EVALUATE = "evaluate"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    UNLIST = "unlist"
    HOLD = "hold"
    PASS = "pass"
    REJECT = "reject"
    RETURN = "return"
    FINISH = "finish"
    RESUME = "resume"
    CLOSE = "close"
    DROP = "drop"


class Stake(StrEnum):
    """What somebody is to one proposal; one person can be several."""

    AUTHOR = "author"
    SECONDER = "seconder"
    NEIGHBOUR = "neighbour"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that a resident proposes for ``path``.

    Attributes:
        meeting_id: The meeting at which it is or was deliberated, if at one.
        talk: What came out of deliberating without a meeting.
        motion_id: The owners' vote on it; ``poll_id`` the poll that resolved a small matter.
        done_at: When the last of its tasks was closed.
        reason: Why it was declined.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    text: str
    proposed_at: datetime
    changed_at: datetime
    kind: ProposalKind = ProposalKind.PROPOSAL
    state: ProposalState = ProposalState.PROPOSED
    meeting_id: int | None = None
    talked_at: datetime | None = None
    talk: str = ""
    motion_id: int | None = None
    poll_id: int | None = None
    moved_at: datetime | None = None
    resolved_at: datetime | None = None
    done_at: datetime | None = None
    evaluated_at: datetime | None = None
    reason: str = ""
    seconders: frozenset[int] = frozenset()
    version: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"议{self.number}"

    @property
    def behind(self) -> frozenset[int]:
        """Who proposed or seconded it."""
        return self.seconders | {self.author_id}

    @property
    def is_at_top(self) -> bool:
        """Whether it concerns the whole community, above which nobody votes."""
        return ancestors(self.path)[-1] == self.community_id

    @property
    def is_shared(self) -> bool:
        """Whether enough neighbours second it."""
        return len(self.seconders) >= SHARED_FROM

    @property
    def evaluate_until(self) -> datetime | None:
        """Until when those behind it say how it turned out."""
        return self.done_at + EVALUATE_WITHIN if self.done_at else None


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table of moves; ``to`` None leaves the state, ``never`` bars whatever else.

    Nobody may take a step whose ``by`` is empty: it follows from something else.
    """

    by: frozenset[Stake]
    when: frozenset[ProposalState]
    to: ProposalState | None
    never: frozenset[Stake] = frozenset()


def _move(
    by: Collection[Stake],
    when: Collection[ProposalState],
    to: ProposalState | None = None,
    never: Collection[Stake] = (),
) -> Move:
    return Move(frozenset(by), frozenset(when), to, frozenset(never))


_BEHIND: Final = (Stake.AUTHOR, Stake.SECONDER)
_P = ProposalStep

MOVES: Final[Mapping[ProposalStep, Move]] = {
    _P.SECOND: _move([Stake.NEIGHBOUR], OPEN, never=_BEHIND),
    _P.LIST: _move([Stake.LEADER], [_S.PROPOSED, _S.DELIBERATED], _S.LISTED),
    _P.TALK: _move([Stake.LEADER], OPEN, _S.DELIBERATED),
    _P.MOVE: _move([Stake.LEADER], [_S.DELIBERATED], _S.MOVED),
    _P.RESOLVE: _move([Stake.LEADER], [_S.DELIBERATED]),
    _P.LIFT: _move([Stake.LEADER], [_S.PROPOSED, _S.DELIBERATED]),
    _P.ASSIGN: _move([Stake.LEADER], [_S.PASSED, _S.DONE], _S.PASSED),
    _P.EVALUATE: _move(_BEHIND, [_S.DONE]),
    _P.WITHDRAW: _move([Stake.AUTHOR], OPEN, _S.WITHDRAWN),
    _P.DECLINE: _move([Stake.LEADER], OPEN, _S.DECLINED, never=[Stake.AUTHOR]),
    _P.UNLIST: _move([], [_S.LISTED], _S.PROPOSED),
    _P.HOLD: _move([], [_S.LISTED], _S.DELIBERATED),
    _P.PASS: _move([], [_S.MOVED, _S.DELIBERATED], _S.PASSED),
    _P.REJECT: _move([], [_S.MOVED, _S.DELIBERATED], _S.REJECTED),
    _P.RETURN: _move([], [_S.MOVED], _S.DELIBERATED),
    _P.FINISH: _move([], [_S.PASSED], _S.DONE),
    _P.RESUME: _move([], [_S.DONE], _S.PASSED),
    _P.CLOSE: _move([], [_S.DONE], _S.EVALUATED),
    _P.DROP: _move([], [_S.PASSED], _S.DROPPED),
}
"""Who may do what, from which state, to which; the last ones follow from a meeting, a vote, tasks
or the clock."""


def stakes(proposal: Proposal, actor: Actor) -> frozenset[Stake]:
    """What ``actor`` is to ``proposal``."""
    found = {
        Stake.AUTHOR: proposal.author_id == actor.id,
        Stake.SECONDER: actor.id in proposal.seconders,
        Stake.NEIGHBOUR: actor.can(Ability.SECOND_ISSUE, at=proposal.path),
        Stake.LEADER: actor.can(Ability.LEAD_PROPOSAL, at=proposal.path),
    }
    return frozenset(stake for stake, holds in found.items() if holds)


def is_visible(proposal: Proposal, actor: Actor) -> bool:
    """Whether ``actor`` may know of ``proposal`` at all."""
    return actor.sees(proposal.path) or actor.id in proposal.behind


def steps_for(proposal: Proposal, who: frozenset[Stake]) -> tuple[ProposalStep, ...]:
    """Steps that ``who`` may take now, in the order of the table; the buttons of a card."""
    return tuple(
        step
        for step, move in MOVES.items()
        if proposal.state in move.when
        and who & move.by
        and not who & move.never
        and not (step is ProposalStep.LIFT and proposal.is_at_top)
    )


def group_steps(proposal: Proposal) -> tuple[ProposalStep, ...]:
    """Buttons of a card that a whole group sees: to second it, and how it turned out."""
    return tuple(
        step
        for step in (ProposalStep.SECOND, ProposalStep.EVALUATE)
        if proposal.state in MOVES[step].when
    )


def moved(proposal: Proposal, step: ProposalStep, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` after ``by`` took ``step``; changes that need more have their own function.

    Raises:
        Refusal: ``proposal_wrong_state``, ``proposal_already_yours``, ``proposal_own``,
            ``proposal_not_behind``, ``proposal_not_yours`` or ``proposal_top_level``.
    """
    move, who = MOVES[step], stakes(proposal, by)
    if proposal.state not in move.when:
        raise Refusal("proposal_wrong_state", label=proposal.label, state=proposal.state)
    if who & move.never:
        is_second = step is ProposalStep.SECOND
        raise Refusal(
            "proposal_already_yours" if is_second else "proposal_own", label=proposal.label
        )
    if step is ProposalStep.EVALUATE and not who & move.by:
        raise Refusal("proposal_not_behind", label=proposal.label)
    if not who & move.by:
        raise Refusal("proposal_not_yours", label=proposal.label, step=step)
    if step is ProposalStep.LIFT and proposal.is_at_top:
        raise Refusal("proposal_top_level", label=proposal.label)
    return at_step(proposal, step, now)


def at_step(proposal: Proposal, step: ProposalStep, now: datetime) -> Proposal:
    """``proposal`` where ``step`` leads; who may take it has been checked."""
    return replace(proposal, state=MOVES[step].to or proposal.state, changed_at=now)


def checked_text(text: str) -> str:
    """``text`` if it is short enough to be read by everybody; refuses with ``too_long``."""
    if len(text) > LONGEST_PROPOSAL:
        raise Refusal("too_long", length=len(text), limit=LONGEST_PROPOSAL)
    return text


def seconded(proposal: Proposal, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` with one more neighbour behind it 附议."""
    after = moved(proposal, ProposalStep.SECOND, by=by, now=now)
    return replace(after, seconders=proposal.seconders | {by.id})


def declined(proposal: Proposal, why: str, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` not taken up 不采纳, for a reason that its author is told."""
    return replace(moved(proposal, ProposalStep.DECLINE, by=by, now=now), reason=why)
