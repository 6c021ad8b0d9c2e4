"""Life of a proposal 四议过程: to a meeting, to the vote, through its tasks to the rating."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.issues import Issue, State
from domain.people import Actor
from domain.places import Place, within
from domain.polls import Poll, PollState, VoterKind
from domain.proposals import (
    MOVES,
    Proposal,
    ProposalState,
    ProposalStep,
    at_step,
    checked_text,
    moved,
)
from domain.refusal import Refusal
from domain.text import folded

AGREEING: Final = frozenset({"同意", "赞成", "支持", "yes", "agree"})
"""Options of a poll that say yes to what is proposed."""
CLOSED: Final = frozenset({State.VERIFIED, State.UNCONFIRMED, State.WITHDRAWN})
"""States of a report in which nothing more is to be done about it."""


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


def followed(proposal: Proposal, step: ProposalStep, now: datetime) -> Proposal:
    """``proposal`` after a step that nobody takes; a bug where it cannot happen."""
    if not follows(proposal, step):
        raise ValueError(f"proposal {proposal.id}: no {step} while {proposal.state}")
    return at_step(proposal, step, now)


def held(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` once the meeting is over at which it was a topic."""
    return replace(followed(proposal, ProposalStep.HOLD, now), talked_at=now)


def unlisted(proposal: Proposal, earlier: int | None, *, now: datetime) -> Proposal:
    """``proposal`` off the agenda; ``earlier`` is the meeting that talked of it before, if any."""
    after = replace(followed(proposal, ProposalStep.UNLIST, now), meeting_id=earlier)
    if proposal.talked_at is None:
        return after
    return replace(after, state=ProposalState.DELIBERATED)


def lifted(proposal: Proposal, above: Place, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` as a matter of the next level 交上一级: its neighbours second it and vote."""
    after = moved(proposal, ProposalStep.LIFT, by=by, now=now)
    return replace(after, place_id=above.id, path=above.path)


def put_to_vote(proposal: Proposal, motion_id: int, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` once the text to be voted on is fixed and announced 动议."""
    after = moved(proposal, ProposalStep.MOVE, by=by, now=now)
    return replace(after, motion_id=motion_id, moved_at=now)


def returned(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` after a vote that was called off, or told nothing: still deliberated."""
    after = followed(proposal, ProposalStep.RETURN, now)
    return replace(after, motion_id=None, moved_at=None)


def resolved(proposal: Proposal, *, passes: bool, now: datetime) -> Proposal:
    """``proposal`` once its vote is counted 决议."""
    step = ProposalStep.PASS if passes else ProposalStep.REJECT
    return replace(followed(proposal, step, now), resolved_at=now)


def check_resolves(proposal: Proposal, poll: Poll) -> None:
    """Whether a poll may resolve a proposal: a household's one vote, on this, ended.

    Raises:
        Refusal: ``resolve_open``, ``resolve_persons``, ``resolve_elsewhere`` or
            ``resolve_before``.
    """
    facts = {"label": proposal.label, "poll": poll.label}
    if poll.state is not PollState.CLOSED:
        raise Refusal("resolve_open", **facts)
    if poll.manner.voter is not VoterKind.HOUSEHOLD:
        raise Refusal("resolve_persons", **facts)
    if not within(proposal.path, poll.path):
        raise Refusal("resolve_elsewhere", **facts)
    if poll.opened_at < proposal.proposed_at:
        raise Refusal("resolve_before", **facts)


def agreeing_option(poll: Poll) -> int | None:
    """The one option that says yes by its very word; None where somebody has to say which."""
    found = [n for n, option in enumerate(poll.options) if folded(option) in AGREEING]
    return found[0] if len(found) == 1 else None


def poll_passes(poll: Poll, option: int) -> bool:
    """Whether more than half of the households that voted chose ``option``."""
    if not 0 <= option < len(poll.votes):
        raise Refusal("poll_no_option")
    return 2 * poll.votes[option] > poll.voters


def polled(proposal: Proposal, poll: Poll, option: int, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` resolved by a poll of the households, which is no formal vote."""
    moved(proposal, ProposalStep.RESOLVE, by=by, now=now)
    check_resolves(proposal, poll)
    after = resolved(proposal, passes=poll_passes(poll, option), now=now)
    return replace(after, poll_id=poll.id)


def is_carried_out(tasks: Collection[Issue]) -> bool:
    """Whether every task is closed, and at least one of them was done."""
    states = {task.state for task in tasks}
    return bool(states - {State.WITHDRAWN}) and states <= CLOSED


def assigned(proposal: Proposal, *, by: Actor, now: datetime) -> Proposal:
    """``proposal`` with one more task 办理; what was done already is under way again."""
    return replace(moved(proposal, ProposalStep.ASSIGN, by=by, now=now), done_at=None)


def after_task(proposal: Proposal, tasks: Collection[Issue]) -> ProposalStep | None:
    """What follows from how its tasks stand: all done, or one that was sent back."""
    step = ProposalStep.FINISH if is_carried_out(tasks) else ProposalStep.RESUME
    return step if follows(proposal, step) else None


def finished(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` carried out; those behind it are asked from now on."""
    return replace(followed(proposal, ProposalStep.FINISH, now), done_at=now)


def resumed(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` under way again, since a task was not in order after all."""
    return replace(followed(proposal, ProposalStep.RESUME, now), done_at=None)


def evaluators(
    proposal: Proposal, tasks: Iterable[Issue], runners: Collection[int] = ()
) -> frozenset[int]:
    """Who says how it turned out: those behind it, never whoever did the work.

    ``runners`` are those who spent its money, where it had any.
    """
    workers = {task.handler_id for task in tasks if task.handler_id is not None}
    return proposal.behind - workers - frozenset(runners)


def is_settled(tasks: Collection[Issue]) -> bool:
    """Whether nothing is left to be done where money alone carried it out, or tasks besides."""
    return all(task.state in CLOSED for task in tasks)


def is_dropped(tasks: Iterable[Issue]) -> bool:
    """Whether a project that gets no money is at its end: nobody does, or did, anything for it."""
    return all(task.state is State.WITHDRAWN for task in tasks)


def dropped(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` that had passed and is not carried out after all 不办了."""
    return followed(proposal, ProposalStep.DROP, now)


def check_evaluates(proposal: Proposal, asked: Collection[int], by: Actor, now: datetime) -> None:
    """Refuse who is not behind it, did the work themselves, or comes too late."""
    moved(proposal, ProposalStep.EVALUATE, by=by, now=now)
    if by.id not in asked:
        raise Refusal("issue_own_work", label=proposal.label)


def evaluated(proposal: Proposal, *, now: datetime) -> Proposal:
    """``proposal`` at its end; who has not answered by now is counted as silent."""
    return replace(followed(proposal, ProposalStep.CLOSE, now), evaluated_at=now)
