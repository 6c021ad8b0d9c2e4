"""Verdict 表决结果: the law in exact fractions, and laws that hold for every vote."""

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.motions import TERMS, Preset
from domain.verdict import (
    HALF,
    THREE_QUARTERS,
    TWO_THIRDS,
    Choice,
    Demand,
    Measure,
    Rule,
    Share,
    Tally,
    Weight,
    counted,
    judged,
    percent,
)

ORDINARY = TERMS[Preset.ORDINARY].rule
SPECIAL = TERMS[Preset.SPECIAL].rule
ESTATE = Tally(
    roll=Weight(1152, 124_799_30),
    yes=Weight(589, 61_667_05),
    no=Weight(316, 31_782_03),
)
"""1,152 owners, 124,799.30 m²; 905 ballots, 93,449.08 m²."""

choices = st.sampled_from(Choice)
areas = st.integers(min_value=1, max_value=30_000)
owners = st.lists(st.tuples(st.none() | choices, areas), min_size=1, max_size=60)
rules = st.sampled_from([terms.rule for terms in TERMS.values()])


def tallied(found: list[tuple[Choice | None, int]]) -> Tally:
    roll = Weight(len(found), sum(area for _, area in found))
    return counted(roll, [(c, Weight(1, area)) for c, area in found if c is not None])


def test_the_estate_passes_as_ordinary_and_fails_as_special() -> None:
    assert ESTATE.took_part == Weight(905, 93_449_08)
    assert [percent(h.fraction) for h in judged(ESTATE, ORDINARY).hurdles] == [
        "78.55%",
        "74.87%",
        "65.08%",
        "65.99%",
    ]
    assert judged(ESTATE, ORDINARY).passes
    assert not judged(ESTATE, SPECIAL).passes


def test_what_is_still_needed_is_said_exactly() -> None:
    approval = judged(ESTATE, SPECIAL).hurdles[2]

    # 589 + 247 = 836 of 905 + 247 = 1,152: not even all of the silent reach three quarters.
    assert approval.demand is Demand.APPROVAL and approval.measure is Measure.HEADS
    assert Fraction(836, 1152) < Fraction(3, 4) and approval.missing is None


def test_exactly_two_thirds_are_enough_and_exactly_half_are_not() -> None:
    tally = Tally(Weight(12, 12), yes=Weight(4, 4), no=Weight(4, 4))
    turnout, _, approval, _ = judged(tally, ORDINARY).hurdles

    assert turnout.is_met and turnout.missing == 0
    assert not approval.is_met and approval.missing == 1


@pytest.mark.parametrize(
    ("share", "whole", "least"),
    [(TWO_THIRDS, 1152, 768), (HALF, 905, 453), (HALF, 906, 454), (THREE_QUARTERS, 905, 679)],
)
def test_the_least_part_that_is_enough(share: Share, whole: int, least: int) -> None:
    assert share.least(whole) == least
    assert share.is_reached(least, whole) and not share.is_reached(least - 1, whole)


@pytest.mark.parametrize("of_whole", [Fraction(4, 3), Fraction(-1, 2)])
def test_a_threshold_over_one_is_no_threshold(of_whole: Fraction) -> None:
    with pytest.raises(ValueError, match="cannot be reached"):
        Share(of_whole)


def test_more_than_all_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="cannot be reached"):
        Share(Fraction(1), is_strict=True)


def test_percent_never_makes_a_miss_look_like_a_hit() -> None:
    assert percent(Fraction(199_999, 300_000)) == "66.66%"
    assert percent(Fraction(749_999, 1_000_000)) == "74.99%"


def test_nobody_on_the_roll_passes_nothing() -> None:
    assert not judged(Tally(Weight()), ORDINARY).passes


def test_two_thirds_of_all_count_the_silent_against() -> None:
    rule = TERMS[Preset.LIFT_ALL].rule
    tally = Tally(Weight(12, 1200), yes=Weight(7, 700))

    assert [h.missing for h in judged(tally, rule).hurdles] == [1, 100]
    assert judged(Tally(Weight(12, 1200), yes=Weight(8, 800)), rule).passes


def test_a_residents_meeting_counts_households_alone() -> None:
    rule = TERMS[Preset.RESIDENTS].rule

    assert {h.measure for h in judged(ESTATE, rule).hurdles} == {Measure.HEADS}


@settings(deadline=None)
@given(owners, st.randoms(use_true_random=False), rules)
def test_order_never_matters(
    found: list[tuple[Choice | None, int]], random: Random, rule: Rule
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)

    assert judged(tallied(shuffled), rule) == judged(tallied(found), rule)


@settings(deadline=None)
@given(owners, rules)
def test_one_more_yes_never_turns_a_pass_into_a_fail(
    found: list[tuple[Choice | None, int]], rule: Rule
) -> None:
    steps = [tallied(found)]
    for i, (choice, area) in enumerate(found):
        if choice is not Choice.YES:
            found = [*found[:i], (Choice.YES, area), *found[i + 1 :]]
            steps.append(tallied(found))
    passed = [judged(tally, rule).passes for tally in steps]

    assert all(after or not before for before, after in pairwise(passed))
    assert passed[-1]


@settings(deadline=None)
@given(owners)
def test_the_sums_are_equal(found: list[tuple[Choice | None, int]]) -> None:
    tally = tallied(found)

    assert tally.took_part + tally.silent == tally.roll
    assert tally.yes + tally.no + tally.abstain == tally.took_part


@settings(deadline=None)
@given(owners, rules)
def test_what_is_missing_is_the_least_that_is_enough(
    found: list[tuple[Choice | None, int]], rule: Rule
) -> None:
    tally = tallied(found)
    for hurdle in judged(tally, rule).hurdles:
        if hurdle.missing is None:
            enough = _with_more(tally, hurdle.measure, tally.silent.by(hurdle.measure))
            assert not _met(enough, rule, hurdle.demand, hurdle.measure)
            continue
        assert _met(
            _with_more(tally, hurdle.measure, hurdle.missing), rule, hurdle.demand, hurdle.measure
        )
        if hurdle.missing:
            less = _with_more(tally, hurdle.measure, hurdle.missing - 1)
            assert not _met(less, rule, hurdle.demand, hurdle.measure)


def _with_more(tally: Tally, measure: Measure, more: int) -> Tally:
    added = Weight(more, 0) if measure is Measure.HEADS else Weight(0, more)
    return Tally(tally.roll, tally.yes + added, tally.no, tally.abstain)


def _met(tally: Tally, rule: Rule, demand: Demand, measure: Measure) -> bool:
    found = [h for h in judged(tally, rule).hurdles if (h.demand, h.measure) == (demand, measure)]
    return found[0].is_met
