"""Laws of issues 报事的规矩: whatever anybody tries, in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.issues import (
    MOVES,
    OPEN,
    Issue,
    Party,
    State,
    Step,
    accepted,
    amended,
    declined,
    dispatched,
    escalated,
    expired,
    finished,
    group_steps,
    is_visible,
    moved,
    needs_verifying,
    parties,
    reopened,
    seconded,
    steps_for,
)
from domain.likeness import ALIKE_FROM, likeliest, likeness
from domain.people import Actor, Grant, Role
from domain.refusal import Refusal

START = datetime(2026, 11, 21, 4, tzinfo=UTC)
HOUSE = "/1/2/3/4/"
LEVELS = ["/1/2/3/4/", "/1/2/3/", "/1/2/", "/1/"]


def resident(number: int, household: int, squads: frozenset[int] = frozenset()) -> Actor:
    grant = Grant(Role.RESIDENT, household, f"{HOUSE}9/{household}/", HOUSE)
    return Actor(number, f"p{number}", None, (grant,), squads)


def official(number: int, role: Role, path: str) -> Actor:
    return Actor(number, f"p{number}", None, (Grant(role, 1, path, path),))


REPORTER, NEIGHBOUR, THIRD = resident(1, 101), resident(2, 102), resident(3, 103)
SQUADDIE = resident(4, 104, frozenset({7}))
HEAD = official(5, Role.BUILDING_HEAD, HOUSE)
GRID_WORKER = official(6, Role.GRID_WORKER, "/1/2/3/")
COMMITTEE = official(7, Role.COMMITTEE, "/1/2/")
STREET = official(8, Role.STREET_STAFF, "/1/")
FOREIGNER = Actor(9, "p9", None, (Grant(Role.RESIDENT, 201, "/1/2/3/5/9/201/", "/1/2/3/5/"),))
STRANGER = Actor(10, "p10", None)
EVERYBODY = [
    REPORTER, NEIGHBOUR, THIRD, SQUADDIE, HEAD, GRID_WORKER, COMMITTEE, STREET, FOREIGNER, STRANGER
]  # fmt: skip


def new(**facts: object) -> Issue:
    issue = Issue(1, 2, 1, 4, HOUSE, HOUSE, REPORTER.id, "灯坏了", State.REPORTED, START, START)
    return issue._replace(**facts)  # type: ignore[arg-type]


def above(issue: Issue) -> str:
    return LEVELS[min(LEVELS.index(issue.level_path) + 1, len(LEVELS) - 1)]


def taken(issue: Issue, step: Step, by: Actor, now: datetime, to: Actor | None) -> Issue:
    """The step through the function that the handlers call."""
    simple = {
        Step.SECOND: seconded,
        Step.ACCEPT: accepted,
        Step.DECLINE: declined,
        Step.FINISH: finished,
        Step.REOPEN: reopened,
    }
    if step in simple:
        return simple[step](issue, by=by, now=now)
    if step is Step.DISPATCH:
        handler_id, squad_id = (to.id, None) if to else (None, 7)
        return dispatched(issue, squad_id=squad_id, handler_id=handler_id, by=by, now=now)
    if step is Step.ESCALATE:
        return escalated(issue, above(issue), by=by, now=now)
    if step is Step.AMEND:
        return amended(issue, "灯又坏了", by=by, now=now)
    return moved(issue, step, by=by, now=now)


tries = st.lists(
    st.tuples(
        st.sampled_from(sorted(MOVES)),
        st.sampled_from(EVERYBODY),
        st.one_of(st.none(), st.sampled_from(EVERYBODY)),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(tries, st.booleans())
def test_whatever_is_tried_the_rules_hold(
    run: list[tuple[Step, Actor, Actor | None]], is_for_household: bool
) -> None:
    issue = new(household_id=102 if is_for_household else None)
    for hour, (step, by, to) in enumerate(run):
        now = START + timedelta(hours=hour)
        shown = step in steps_for(issue, parties(issue, by))
        try:
            after = taken(issue, step, by, now, to)
        except Refusal as refusal:
            assert not shown, (step, refusal.key)
            continue
        assert shown, step
        check(issue, after, step, by)
        issue = after


def check(before: Issue, after: Issue, step: Step, by: Actor) -> None:
    move = MOVES[step]
    assert before.state in move.when
    assert after.state is (move.to or before.state)
    assert after.changed_at >= before.changed_at
    assert is_visible(before, by)
    if step is Step.VERIFY:
        assert by.id != before.handler_id
        assert by.id == before.reporter_id or by.id in before.seconders or by.households
    if step is Step.SECOND:
        assert after.seconders == before.seconders | {by.id} and by.id not in before.seconders
        assert by.id != before.reporter_id
    else:
        assert after.seconders == before.seconders
    if after.state is State.ACCEPTED:
        assert after.handler_id is not None
    if after.state is State.DISPATCHED:
        assert (after.handler_id is None) != (after.squad_id is None)
    if after.state in OPEN:
        assert after.finished_at is None
    assert after.path == before.path and after.reporter_id == before.reporter_id
    assert len(after.level_path) <= len(before.level_path)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(tries)
def test_the_groups_buttons_are_steps_that_somebody_there_may_take(
    run: list[tuple[Step, Actor, Actor | None]],
) -> None:
    issue = new()
    for hour, (step, by, to) in enumerate(run):
        try:
            issue = taken(issue, step, by, START + timedelta(hours=hour), to)
        except Refusal:
            continue
        for shown in group_steps(issue):
            assert issue.state in MOVES[shown].when
            assert MOVES[shown].by & {Party.NEIGHBOUR, Party.REPORTER, Party.SECONDER}


def test_every_state_has_a_way_in_and_every_open_one_a_way_out() -> None:
    reached = {move.to for move in MOVES.values() if move.to} | {State.REPORTED, State.UNCONFIRMED}
    assert reached == set(State)
    for state in OPEN:
        assert any(state in move.when and move.to is not None for move in MOVES.values())


@pytest.mark.parametrize("state", sorted(set(State) - {State.FINISHED}))
def test_only_what_waits_is_closed_by_silence(state: State) -> None:
    assert not needs_verifying(new(state=state, finished_at=START), START)


def test_silence_closes_the_finish_that_it_followed_and_no_other() -> None:
    later = new(state=State.FINISHED, finished_at=START + timedelta(days=1))

    assert not needs_verifying(later, START)
    assert needs_verifying(later, START + timedelta(days=1))
    assert expired(later, now=START).state is State.UNCONFIRMED


def test_dispatching_to_nobody_or_to_both_is_a_bug() -> None:
    for squad_id, handler_id in ((None, None), (7, 1)):
        with pytest.raises(ValueError, match="dispatch"):
            dispatched(new(), squad_id=squad_id, handler_id=handler_id, by=HEAD, now=START)


def test_who_belongs_elsewhere_sees_nothing() -> None:
    assert [a.id for a in EVERYBODY if is_visible(new(), a)] == [1, 2, 3, 4, 5, 6, 7, 8]
    given_away = new(state=State.DISPATCHED, handler_id=FOREIGNER.id)
    assert is_visible(given_away, FOREIGNER)


SAME = [
    ("五楼灯坏了", "5楼的灯又不亮了"),
    ("三楼楼道灯坏了", "3楼楼道的灯不亮"),
    ("电梯坏了", "电梯又坏了！"),
    ("车棚的门需要修", "车棚门坏了"),
]
OTHER = [
    ("五楼灯坏了", "六楼灯坏了"),
    ("五楼灯坏了", "电梯停了"),
    ("下水道堵了", "楼道堆物"),
    ("", "灯坏了"),
    ("🙂", "🙃"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_lamp_reads_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE_FROM


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_matter_does_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE_FROM


@settings(derandomize=True, deadline=None, database=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)


def test_a_closed_report_is_no_duplicate() -> None:
    assert likeliest("灯坏了", [new(state=State.VERIFIED)]) is None
    assert likeliest("灯坏了", [new()]) == new()
    assert likeliest("灯坏了", []) is None
