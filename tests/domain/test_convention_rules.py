"""Rules of conventions 公约: the table of moves, and the order of clauses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clauses import (
    Clause,
    ClauseState,
    Wording,
    checked_clause,
    in_force,
    kept,
    matters,
    raised,
)
from domain.conventions import (
    MOVES,
    Convention,
    ConventionState,
    ConventionStep,
    Stake,
    checked_end,
    steps_for,
)
from domain.matters import MOST_MATTERS
from domain.refusal import Refusal

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
MADE = Convention(1, 1, 1, 1, "/1/", 7, "楼道公约", NOW, NOW, NOW + timedelta(days=7))


def clause(number: int, text: str = "", state: ClauseState = ClauseState.KEPT) -> Clause:
    return Clause(number, 1, 7, number, (Wording(text or f"第{number}样", 7, NOW),), state)


CLAUSES = st.lists(st.sampled_from(ClauseState), max_size=12).map(
    lambda states: [clause(n, state=state) for n, state in enumerate(states, 1)]
)


@given(CLAUSES, st.data())
def test_raising_a_clause_keeps_all_of_them_and_moves_one_up(
    clauses: list[Clause], data: st.DataObject
) -> None:
    if not kept(clauses):
        return
    one = data.draw(st.sampled_from(kept(clauses)))
    was = [other.id for other in kept(clauses)]
    now = [other.id for other in kept(raised(clauses, one))]

    assert sorted(now) == sorted(was)
    assert now.index(one.id) == max(was.index(one.id) - 1, 0)


@given(st.sampled_from(ConventionState), st.sets(st.sampled_from(Stake)), st.booleans())
def test_nobody_is_offered_what_the_table_bars(
    state: ConventionState, who: set[Stake], has_clause: bool
) -> None:
    about = clause(1) if has_clause else None
    for step in steps_for(replace(MADE, state=state), frozenset(who), about):
        move = MOVES[step]

        assert state in move.when and who & move.by and not who & move.never
        assert (move.of is not None) == has_clause


def test_what_follows_from_clock_or_vote_is_nobodys_step() -> None:
    last = {ConventionStep.PASS, ConventionStep.REJECT, ConventionStep.RETURN}
    everybody = frozenset(Stake)

    for state in ConventionState:
        assert not last & set(steps_for(replace(MADE, state=state), everybody))


def test_a_collection_is_ended_or_extended_by_who_leads_it_as_long_as_it_runs() -> None:
    both = {ConventionStep.END, ConventionStep.EXTEND}

    for state in ConventionState:
        for stake in Stake:
            taken = both & set(steps_for(replace(MADE, state=state), frozenset({stake})))
            is_theirs = stake is Stake.LEADER and state is ConventionState.COLLECTING
            assert taken == (both if is_theirs else set())


def test_a_clause_is_short_new_and_there_is_room() -> None:
    with pytest.raises(Refusal, match="too_long"):
        checked_clause("长" * 121, [])
    with pytest.raises(Refusal, match="clause_known"):
        checked_clause("第1样", [clause(1)])
    assert checked_clause("第1样", [clause(1, state=ClauseState.WITHDRAWN)])
    with pytest.raises(Refusal, match="clauses_many"):
        checked_clause("又一样", [clause(n) for n in range(60)])


def test_as_many_clauses_go_to_the_vote_as_it_takes() -> None:
    assert len(matters([clause(n) for n in range(MOST_MATTERS)], "约1")) == MOST_MATTERS
    with pytest.raises(Refusal, match="clauses_too_many"):
        matters([clause(n) for n in range(MOST_MATTERS + 1)], "约1")
    with pytest.raises(Refusal, match="clauses_none"):
        matters([clause(1, state=ClauseState.LEFT_OUT)], "约1")


def test_a_long_clause_has_a_short_title_and_its_whole_text() -> None:
    long, short = matters([clause(1, "楼道" * 40), clause(2, "不堆物")], "约1")

    assert len(long.title) == 40 and long.body == "楼道" * 40
    assert short.title == "不堆物" and short.body == ""


def test_what_passed_is_in_force_in_the_order_of_the_vote() -> None:
    voted = [replace(clause(n), matter=4 - n) for n in (1, 2, 3)]

    assert [one.id for one in in_force([*voted, clause(9)], [True, False, True])] == [3, 1]


def test_an_end_that_cannot_be_is_refused() -> None:
    assert checked_end(NOW + timedelta(days=7), NOW)
    with pytest.raises(Refusal, match="close_past"):
        checked_end(NOW, NOW)
    with pytest.raises(Refusal, match="close_far"):
        checked_end(NOW + timedelta(days=93), NOW)
