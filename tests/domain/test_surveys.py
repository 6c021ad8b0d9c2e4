"""Surveys 征询: laws of counting, thresholds as people write them, one answer a household."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people import Actor, Grant, Role
from domain.refusal import Refusal
from domain.survey_answers import Answer, answered, homes_in, objected, on_paper, settled, tally
from domain.surveys import (
    MILESTONES,
    RULES,
    Survey,
    SurveyState,
    Terms,
    can_remind,
    check_open,
    checked_close,
    extended,
    reached,
    rule_text,
    share_of,
    stored_rule,
)
from domain.verdict import HALF, TWO_THIRDS, Choice, judged

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
HOME = 7
choices = st.lists(st.sampled_from([*Choice, None]), min_size=1, max_size=25)
areas = st.lists(st.integers(1, 10**6), min_size=25, max_size=25)
rules = st.sampled_from(list(RULES.values()))


def given_by(said: Sequence[Choice | None]) -> list[Answer]:
    return [Answer(i, choice, NOW, 1) for i, choice in enumerate(said) if choice is not None]


def refused(key: str) -> "pytest.RaisesContext[Refusal]":  # type: ignore[name-defined]
    return pytest.raises(Refusal, match=f"^{key}$")


@given(choices, areas, st.randoms(use_true_random=False))
def test_the_order_of_answers_never_matters(
    said: list[Choice | None], sizes: list[int], chance: object
) -> None:
    asked = dict(zip(range(len(said)), sizes, strict=False))
    answers = given_by(said)
    first = tally(asked, answers)
    chance.shuffle(answers)  # type: ignore[attr-defined]

    assert tally(asked, answers) == first


@given(choices, areas, rules)
def test_one_more_yes_never_turns_pass_into_fail(
    said: list[Choice | None], sizes: list[int], rule: object
) -> None:
    asked = dict(zip(range(len(said)), sizes, strict=False))
    before = judged(tally(asked, given_by(said)), rule)  # type: ignore[arg-type]
    for i in range(len(said)):
        more = [*said[:i], Choice.YES, *said[i + 1 :]]
        after = judged(tally(asked, given_by(more)), rule)  # type: ignore[arg-type]

        assert after.passes or not before.passes


@given(choices, areas)
def test_sums_are_equal_to_all_households_and_all_area(
    said: list[Choice | None], sizes: list[int]
) -> None:
    asked = dict(zip(range(len(said)), sizes, strict=False))
    found = tally(asked, given_by(said))

    assert found.yes + found.no + found.abstain + found.silent == found.roll
    assert (found.roll.heads, found.roll.area) == (len(asked), sum(asked.values()))


@given(st.sampled_from(list(Choice)), st.sampled_from(list(Choice)))
def test_it_does_not_matter_who_of_a_household_comes_first(one: Choice, other: Choice) -> None:
    first = answered(answered(None, HOME, one, by=1, now=NOW), HOME, other, by=2, now=NOW)
    second = answered(answered(None, HOME, other, by=2, now=NOW), HOME, one, by=1, now=NOW)

    assert tally({HOME: 100}, [first]) == tally({HOME: 100}, [second])
    assert first.is_disputed == second.is_disputed == (one is not other)


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(list(Choice))), max_size=12))
def test_a_household_never_counts_twice(taps: list[tuple[int, Choice]]) -> None:
    now: Answer | None = None
    for who, choice in taps:
        try:
            now = answered(now, HOME, choice, by=who, now=NOW)
        except Refusal:
            now = settled(now, choice, by=who, now=NOW)
        found = tally({HOME: 100, 8: 50}, [now])

        assert found.took_part.heads == (0 if now.is_disputed else 1)


def test_an_objection_counts_as_silence_until_one_of_them_settles_it() -> None:
    first = answered(None, HOME, Choice.YES, by=1, now=NOW)
    disputed = objected(first, by=2)

    assert tally({HOME: 100}, [disputed]).silent.heads == 1
    with refused("survey_disputed"):
        answered(disputed, HOME, Choice.YES, by=1, now=NOW)
    agreed = settled(disputed, Choice.NO, by=2, now=NOW)
    assert tally({HOME: 100}, [agreed]).no.area == 100
    with refused("survey_settled"):
        settled(agreed, Choice.YES, by=1, now=NOW)


def test_nobody_objects_to_silence_or_to_oneself() -> None:
    with refused("survey_nothing_to_object"):
        objected(None, by=1)
    with refused("survey_own_answer"):
        objected(answered(None, HOME, Choice.YES, by=1, now=NOW), by=1)


def test_a_paper_never_overrules_what_a_household_said_itself() -> None:
    own = answered(None, HOME, Choice.YES, by=1, now=NOW)
    with refused("survey_answered_itself"):
        on_paper(own, HOME, Choice.NO, photo_id=3, by=9, now=NOW)

    paper = on_paper(None, HOME, Choice.NO, photo_id=3, by=9, now=NOW)
    assert paper.is_on_paper and objected(paper, by=1).is_disputed
    assert answered(paper, HOME, Choice.YES, by=1, now=NOW).choice is Choice.YES


def test_whoever_moved_away_has_no_household_here() -> None:
    lives = Actor(1, "王阿姨", None, (Grant(Role.RESIDENT, HOME, "/1/3/7/", "/1/3/"),))

    assert homes_in([HOME, 8], lives) == (HOME,)
    assert homes_in([HOME, 8], lives._replace(grants=())) == ()


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("2/3", Fraction(2, 3)),
        ("⅔", Fraction(2, 3)),
        ("三分之二以上", Fraction(2, 3)),
        ("８０％", Fraction(4, 5)),
        ("百分之95", Fraction(19, 20)),
        ("66.67%", Fraction(6667, 10000)),
        ("0.8", Fraction(4, 5)),
        ("90", Fraction(9, 10)),
        ("全部", Fraction(1)),
    ],
)
def test_a_threshold_is_read_as_people_write_it(text: str, share: Fraction) -> None:
    assert share_of(text).of_whole == share


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("101%", "share_out"),
        ("4/3", "share_out"),
        ("三分之四", "share_out"),
        ("0%", "share_out"),
        ("1/0", "share_unclear"),
        ("-1/2", "share_unclear"),
        ("很多", "share_unclear"),
        ("", "share_unclear"),
    ],
)
def test_a_threshold_that_cannot_be_is_refused(text: str, key: str) -> None:
    with refused(key):
        share_of(text)


@pytest.mark.parametrize("terms", list(Terms))
def test_a_rule_is_stored_and_read_back(terms: Terms) -> None:
    assert stored_rule(rule_text(RULES[terms])) == RULES[terms]


def test_more_than_half_is_more_than_half() -> None:
    assert share_of("过半") == HALF and not HALF.is_reached(1, 2) and TWO_THIRDS.is_reached(2, 3)


def test_each_milestone_is_reached_once_and_exactly() -> None:
    assert reached(15, 24, MILESTONES, []) == ()
    assert reached(16, 24, MILESTONES, []) == (Fraction(2, 3),)
    assert reached(24, 24, MILESTONES, [Fraction(2, 3)]) == MILESTONES[1:]
    assert reached(0, 0, MILESTONES, []) == ()


@given(st.integers(1, 400), st.data())
def test_milestones_are_told_in_any_course_of_events_at_most_once(
    homes: int, data: st.DataObject
) -> None:
    told: list[Fraction] = []
    for agreed in data.draw(st.lists(st.integers(0, homes), max_size=15)):
        told += reached(agreed, homes, MILESTONES, told)

    assert len(told) == len(set(told))


def survey(**changed: object) -> Survey:
    made = Survey(1, 1, 1, 3, "/1/3/", 1, "装电梯", RULES[Terms.LIFT], NOW, NOW + timedelta(days=7))
    return replace(made, **changed)  # type: ignore[arg-type]


def test_the_end_is_the_end() -> None:
    found, boss = survey(), Actor(1, "张楼长", None)
    check_open(found, found.closes_at - timedelta(seconds=1))
    with refused("survey_over"):
        check_open(found, found.closes_at)
    with refused("survey_cancelled"):
        check_open(survey(state=SurveyState.CANCELLED), NOW)
    with refused("survey_not_longer"):
        extended(found, found.closes_at, by=boss, now=NOW)
    with refused("survey_not_yours"):
        extended(found, NOW + timedelta(days=9), by=boss._replace(id=2), now=NOW)
    with refused("close_past"):
        checked_close(NOW, NOW)


def test_a_household_is_reminded_once_a_day_also_where_a_clock_is_set_back() -> None:
    assert can_remind(None, NOW) and can_remind(NOW - timedelta(days=1), NOW)
    assert not can_remind(NOW - timedelta(hours=23), NOW)
    assert not can_remind(NOW + timedelta(hours=1), NOW)
