"""Stages 四议进度: what of a proposal is behind, under way and still to come."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.proposals import Proposal, ProposalState


class Stage(StrEnum):
    """The stages of a proposal, in order."""

    PROPOSE = "propose"
    TALK = "talk"
    MOVE = "move"
    RESOLVE = "resolve"
    CARRY_OUT = "carry_out"
    EVALUATE = "evaluate"


class Mark(StrEnum):
    """How a stage stands: ✅ behind, ▶ under way or awaited, ✗ where it ended, ○ to come."""

    BEHIND = "behind"
    NOW = "now"
    ENDED = "ended"
    AHEAD = "ahead"


_S = ProposalState
_AT: Final[Mapping[ProposalState, Stage]] = {
    _S.PROPOSED: Stage.TALK,
    _S.LISTED: Stage.TALK,
    _S.DELIBERATED: Stage.MOVE,
    _S.MOVED: Stage.MOVE,
    _S.PASSED: Stage.CARRY_OUT,
    _S.REJECTED: Stage.RESOLVE,
    _S.DONE: Stage.EVALUATE,
    _S.DROPPED: Stage.CARRY_OUT,
}
"""State → the stage that is under way, awaited, or at which it ended."""
_STOPPED: Final = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.DECLINED, _S.DROPPED})


def stage_of(proposal: Proposal, *, is_voting: bool = False) -> Stage | None:
    """The stage at which ``proposal`` is or ended; None once it was evaluated.

    ``is_voting``: whether its vote is open, the notice period over.
    """
    if proposal.state is ProposalState.MOVED and is_voting:
        return Stage.RESOLVE
    if proposal.state in {ProposalState.WITHDRAWN, ProposalState.DECLINED}:
        return Stage.TALK if proposal.talked_at is None else Stage.MOVE
    return _AT.get(proposal.state)


def stages(proposal: Proposal, *, is_voting: bool = False) -> tuple[tuple[Stage, Mark], ...]:
    """Each stage with its mark; nothing is to come of what was stopped.

    A small matter that a poll resolved 决议 was never put to the vote with notice 动议.
    """
    at = stage_of(proposal, is_voting=is_voting)
    skipped = Stage.MOVE if proposal.poll_id is not None else None
    order = [stage for stage in Stage if stage is not skipped or stage is at]
    here = order.index(at) if at is not None else len(order)
    now = Mark.ENDED if proposal.state in _STOPPED else Mark.NOW
    found = [
        (stage, Mark.BEHIND if n < here else now if n == here else Mark.AHEAD)
        for n, stage in enumerate(order)
    ]
    return tuple(found[: here + 1] if proposal.state in _STOPPED else found)
