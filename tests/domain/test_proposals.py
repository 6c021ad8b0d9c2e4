"""Proposals 四议: the table of moves as laws."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.people import Actor, Grant, Role
from domain.proposal_stages import Mark, Stage, stages
from domain.proposals import (
    MOVES,
    Proposal,
    ProposalState,
    ProposalStep,
    Stake,
    moved,
    stakes,
    steps_for,
)
from domain.refusal import Refusal

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
HERE = "/1/2/3/"
AUTHOR = 1
ROLES = (*Role, None)


def proposal(state: ProposalState = ProposalState.PROPOSED) -> Proposal:
    return Proposal(1, 2, 1, 3, HERE, AUTHOR, "扶手", NOW, NOW, state=state)


def actor(number: int, role: Role | None, path: str = HERE) -> Actor:
    grants = (Grant(role, 3, path, path),) if role else ()
    return Actor(number, "甲", None, grants)


actors = st.builds(
    actor, st.integers(1, 4), st.sampled_from(ROLES), st.sampled_from((HERE, "/1/2/4/"))
)
states = st.sampled_from(ProposalState)
seconders = st.frozensets(st.integers(2, 4))


@given(actors, states, seconders, st.sampled_from((HERE, "/1/2/")))
def test_the_buttons_are_just_what_is_legal(
    who: Actor, state: ProposalState, behind: frozenset[int], path: str
) -> None:
    here = replace(proposal(state), seconders=behind, path=path)
    legal = set()
    for step in MOVES:
        try:
            moved(here, step, by=who, now=NOW)
        except Refusal:
            continue
        legal.add(step)

    assert legal == set(steps_for(here, stakes(here, who)))


@given(states, st.frozensets(st.sampled_from(Stake)))
def test_what_follows_by_itself_is_nobodys_button(
    state: ProposalState, who: frozenset[Stake]
) -> None:
    by_itself = {step for step, move in MOVES.items() if not move.by}

    assert not by_itself & set(steps_for(proposal(state), who))


@given(actors, states)
def test_a_step_never_changes_what_was_proposed(who: Actor, state: ProposalState) -> None:
    here = proposal(state)
    for step in steps_for(here, stakes(here, who)):
        after = moved(here, step, by=who, now=NOW + timedelta(days=1))

        same = replace(after, state=here.state, changed_at=here.changed_at)
        assert same == here


def test_every_state_can_be_reached_and_the_ends_are_ends() -> None:
    reached = {ProposalState.PROPOSED} | {m.to for m in MOVES.values() if m.to}
    left = {state for move in MOVES.values() for state in move.when}

    assert reached == set(ProposalState)
    assert set(ProposalState) - left == {
        ProposalState.REJECTED,
        ProposalState.EVALUATED,
        ProposalState.WITHDRAWN,
        ProposalState.DECLINED,
        ProposalState.DROPPED,
    }


def test_nobody_is_behind_twice_and_strangers_do_nothing() -> None:
    here = proposal()

    assert ProposalStep.SECOND not in steps_for(here, frozenset({Stake.NEIGHBOUR, Stake.AUTHOR}))
    assert steps_for(here, stakes(here, actor(9, None))) == ()


@given(states, st.booleans(), st.booleans(), st.booleans())
def test_the_line_of_stages_is_in_order(
    state: ProposalState, is_voting: bool, is_small: bool, was_talked: bool
) -> None:
    here = replace(
        proposal(state),
        poll_id=1 if is_small else None,
        talked_at=NOW if was_talked else None,
    )
    found = stages(here, is_voting=is_voting and not is_small)
    marks = [mark for _, mark in found]
    order = [Mark.BEHIND, Mark.NOW, Mark.ENDED, Mark.AHEAD]

    assert marks == sorted(marks, key=order.index)
    assert found[0] == (Stage.PROPOSE, Mark.BEHIND)
    assert marks.count(Mark.NOW) + marks.count(Mark.ENDED) == (
        0 if state is ProposalState.EVALUATED else 1
    )
    assert (Mark.AHEAD in marks) <= (Mark.NOW in marks)
