"""Life of a proposal 四议过程: what follows from meetings, votes, tasks and the clock, as laws."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import proposal_life as life
from domain.issues import Issue, State
from domain.people import Actor, Grant, Role
from domain.places import Place, PlaceKind
from domain.polls import Manner, Poll, PollState, VoterKind
from domain.proposal_stages import Mark, Stage, stages
from domain.proposals import Proposal, ProposalState, ProposalStep, seconded
from domain.refusal import Refusal

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
HERE = "/1/2/3/"
HEAD = Actor(9, "张楼长", None, (Grant(Role.BUILDING_HEAD, 3, HERE, HERE),))
GRID = Place(8, 2, PlaceKind.GRID, "第一网格", "/1/2/8/")
NEIGHBOUR = Actor(5, "刘大爷", None, (Grant(Role.RESIDENT, 4, f"{HERE}4/", HERE),))
PROPOSED = Proposal(1, 2, 1, 3, HERE, 1, "扶手", NOW, NOW)


def task(state: State, handler: int | None = None) -> Issue:
    return Issue(1, 2, 1, 3, HERE, HERE, 9, "装", state, NOW, NOW, handler_id=handler)


def poll(
    votes: tuple[int, ...], voters: int, options: tuple[str, ...] = ("同意", "不同意")
) -> Poll:
    return Poll(
        *(7, 2, 5, 3, HERE, 9, "装吗", options, Manner(voter=VoterKind.HOUSEHOLD), NOW, NOW),
        state=PollState.CLOSED,
        votes=votes,
        voters=voters,
    )


TASKS = st.lists(st.builds(task, st.sampled_from(State), st.sampled_from((None, 1, 5))), max_size=4)
Happening = Callable[[Proposal], Proposal]


def _tasks_were(tasks: list[Issue]) -> Happening:
    def happened(one: Proposal) -> Proposal:
        step = life.after_task(one, tasks)
        if step is ProposalStep.FINISH:
            return life.finished(one, now=NOW)
        return life.resumed(one, now=NOW) if step is ProposalStep.RESUME else one

    return happened


HAPPENINGS = st.one_of(
    st.sampled_from(
        [
            lambda one: life.listed(one, 3, by=HEAD, now=NOW),
            lambda one: life.held(one, now=NOW),
            lambda one: life.unlisted(one, None, now=NOW),
            lambda one: life.talked(one, "同意", by=HEAD, now=NOW),
            lambda one: life.put_to_vote(one, 4, by=HEAD, now=NOW),
            lambda one: life.returned(one, now=NOW),
            lambda one: life.resolved(one, passes=True, now=NOW),
            lambda one: life.resolved(one, passes=False, now=NOW),
            lambda one: life.polled(one, poll((2, 1), 3), 0, by=HEAD, now=NOW),
            lambda one: life.lifted(one, GRID, by=HEAD, now=NOW),
            lambda one: life.assigned(one, by=HEAD, now=NOW),
            lambda one: life.evaluated(one, now=NOW),
            lambda one: seconded(one, by=NEIGHBOUR, now=NOW),
        ]
    ),
    TASKS.map(_tasks_were),
)


@given(st.lists(HAPPENINGS, max_size=25))
def test_whatever_happens_no_stage_is_skipped(happenings: list[Happening]) -> None:
    one = PROPOSED
    for happening in happenings:
        try:
            one = happening(one)
        except (Refusal, ValueError):
            continue

    after_vote = {ProposalState.PASSED, ProposalState.DONE, ProposalState.EVALUATED}
    if one.state in after_vote | {ProposalState.REJECTED, ProposalState.MOVED}:
        assert one.talked_at is not None
    if one.state in after_vote | {ProposalState.REJECTED}:
        assert one.resolved_at is not None
        assert (one.motion_id is None) != (one.poll_id is None) or one.moved_at is None
    if one.state in {ProposalState.DONE, ProposalState.EVALUATED}:
        assert one.done_at is not None
    assert one.text == PROPOSED.text and one.author_id == PROPOSED.author_id
    marks = dict(stages(one))
    assert marks[Stage.PROPOSE] is Mark.BEHIND


@given(TASKS)
def test_it_is_carried_out_once_nothing_is_left_and_something_was_done(tasks: list[Issue]) -> None:
    done = [t for t in tasks if t.state in {State.VERIFIED, State.UNCONFIRMED}]
    left = [t for t in tasks if t.state not in life.CLOSED]

    assert life.is_carried_out(tasks) == (bool(done) and not left)


@given(TASKS, st.frozensets(st.integers(2, 6)))
def test_whoever_did_the_work_does_not_rate_it(tasks: list[Issue], behind: frozenset[int]) -> None:
    asked = life.evaluators(replace(PROPOSED, seconders=behind), tasks)

    assert asked <= behind | {1}
    assert not asked & {t.handler_id for t in tasks}


@given(st.integers(0, 50), st.integers(0, 50))
def test_more_than_half_passes_and_one_more_yes_never_turns_it(yes: int, no: int) -> None:
    now = life.poll_passes(poll((yes, no), yes + no), 0)

    assert now == (yes > no)
    assert now <= life.poll_passes(poll((yes + 1, no), yes + no + 1), 0)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"state": PollState.OPEN}, "resolve_open"),
        ({"state": PollState.CANCELLED}, "resolve_open"),
        ({"manner": Manner()}, "resolve_persons"),
        ({"path": "/1/2/8/"}, "resolve_elsewhere"),
        ({"path": f"{HERE}4/"}, "resolve_elsewhere"),
        ({"opened_at": NOW - timedelta(seconds=1)}, "resolve_before"),
    ],
)
def test_only_a_poll_of_these_households_resolves(changed: dict[str, object], refused: str) -> None:
    with pytest.raises(Refusal) as raised:
        life.check_resolves(PROPOSED, replace(poll((1, 0), 1), **changed))  # type: ignore[arg-type]

    assert raised.value.key == refused


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("同意", "不同意"), 0),
        (("反对", "赞成"), 1),
        (("左", "右"), None),
        (("同意", "支持"), None),
        (("Yes", "No"), 0),
    ],
)
def test_the_option_that_says_yes_is_known_by_its_word(
    options: tuple[str, ...], found: int | None
) -> None:
    assert life.agreeing_option(poll((0, 0), 0, options)) == found
