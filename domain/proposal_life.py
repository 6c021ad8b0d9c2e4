"""Life of a proposal 四议过程: to a meeting, to the vote, through its tasks to the rating."""

from dataclasses import replace
from datetime import datetime

from domain.people import Actor
from domain.proposals import (
    MOVES,
    Proposal,
    ProposalState,
    ProposalStep,
    at_step,
    checked_text,
    moved,
)


def listed(proposal: Proposal, meeting_id: int, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` on the agenda of a meeting to come 商议."""
    return replace(moved(proposal, ProposalStep.LIST, by=by, now=now), meeting_id=meeting_id)


def talked(proposal: Proposal, words: str, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` talked over without a meeting; ``words`` say what came out of it."""
    after = moved(proposal, ProposalStep.TALK, by=by, now=now)
    return replace(after, meeting_id=None, talked_at=now, talk=checked_text(words))


def follows(proposal: Proposal, step: ProposalStep) -> bool:
    """Whether ``step``, which nobody takes, can happen to ``proposal`` as it stands."""
    return not MOVES[step].by and proposal.state in MOVES[step].when


def _followed(proposal: Proposal, step: ProposalStep, now: datetime) -> Proposal:
    if not follows(proposal, step):
        raise ValueError(f"proposal {proposal.id}: no {step} while {proposal.state}")
    return at_step(proposal, step, now)


def held(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` once the meeting is over at which it was a topic."""
    return replace(_followed(proposal, ProposalStep.HOLD, now), talked_at=now)


def unlisted(proposal: Proposal, earlier: int | None, *, now: datetime) -> Proposal:
    """``proposal`` off the agenda; ``earlier`` is the meeting that talked of it before, if any."""
    after = replace(_followed(proposal, ProposalStep.UNLIST, now), meeting_id=earlier)
    if proposal.talked_at is None:
        return after
    return replace(after, state=ProposalState.DELIBERATED)
