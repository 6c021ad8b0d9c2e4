"""Small funded projects 微创投: laws of the money, whatever is posted in whatever order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import project_book as book_rules
from domain import projects as rules
from domain.people import Actor, Grant, Role
from domain.project_book import Spending
from domain.projects import Milestone, Project, ProjectStep
from domain.refusal import Refusal

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
RUNNER = Actor(1, "王阿姨", None, (Grant(Role.RESIDENT, 9, "/1/2/3/9/", "/1/2/3/"),))
HELPER = Actor(2, "刘大爷", None)
COMMITTEE = Actor(3, "孙主任", None, (Grant(Role.COMMITTEE, 1, "/1/", "/1/"),))
STRANGER = Actor(4, "钱伯", None, (Grant(Role.RESIDENT, 8, "/1/4/8/", "/1/4/"),))
ASKED = 300_000
PROJECT = Project(7, 1, "/1/2/3/", "议1", ASKED, frozenset({1, 2}))
FEN = st.integers(1, ASKED)


def running(granted_fen: int = ASKED) -> Project:
    """The project with its money."""
    return rules.granted(PROJECT, granted_fen, why="", by=COMMITTEE, now=NOW)


def line(fen: int, number: int = 0) -> Spending:
    """Something bought today."""
    return Spending(number, fen, "买花盆", TODAY, RUNNER.id, NOW)


def posted(project: Project, sums: Sequence[int]) -> tuple[Project, list[Spending], int]:
    """All that still fits, the book that it makes, and how many lines did not fit."""
    book: list[Spending] = []
    refused = 0
    for fen in sums:
        try:
            project = book_rules.spent(project, line(fen), by=HELPER, today=TODAY)
        except Refusal:
            refused += 1
        else:
            book.append(line(fen, len(book) + 1))
    return project, book, refused


@given(FEN, st.lists(FEN), st.data())
def test_what_is_left_is_always_the_grant_without_the_book(
    granted_fen: int, sums: list[int], data: st.DataObject
) -> None:
    project, book, _ = posted(running(granted_fen), sums)
    for number in data.draw(st.permutations(range(1, len(book) + 1))) if book else ():
        if data.draw(st.booleans()):
            taken = book_rules.line_to_strike(project, book, number, RUNNER)
            counter = book_rules.counter_entry(taken, "记错了", by=RUNNER.id, now=NOW)
            project = book_rules.struck(project, counter)
            book.append(replace(counter, number=len(book) + 1))

    assert project.left_fen == granted_fen - sum(one.fen for one in book)
    assert 0 <= project.left_fen <= granted_fen <= ASKED


@given(st.lists(st.integers(1, 30_000), max_size=10), st.randoms())
def test_the_order_of_what_fits_never_matters(sums: list[int], chance: Random) -> None:
    mixed = list(sums)
    chance.shuffle(mixed)

    assert posted(running(), sums)[0] == posted(running(), mixed)[0]


@given(FEN, FEN)
def test_nothing_is_spent_beyond_the_grant(granted_fen: int, fen: int) -> None:
    project, book, refused = posted(running(granted_fen), [fen])

    assert bool(refused) == (fen > granted_fen)
    assert project.spent_fen == sum(one.fen for one in book) <= granted_fen


@given(FEN)
def test_a_struck_line_leaves_everything_as_it_was(fen: int) -> None:
    before = running()
    after, book, _ = posted(before, [fen])

    counter = book_rules.counter_entry(book[0], "记错了", by=HELPER.id, now=NOW)

    assert book_rules.struck(after, counter) == before
    assert counter.fen + book[0].fen == 0 and counter.strikes == 1


def test_a_line_is_struck_once_and_its_counter_entry_never() -> None:
    project, book, _ = posted(running(), [100])
    counter = replace(book_rules.counter_entry(book[0], "记错了", by=1, now=NOW), number=2)

    for number, key in ((1, "spending_struck"), (2, "spending_struck"), (3, "spending_absent")):
        with pytest.raises(Refusal) as refused:
            book_rules.line_to_strike(project, [*book, counter], number, RUNNER)
        assert refused.value.key == key


@pytest.mark.parametrize(
    ("fen", "key"),
    [(ASKED + 1, "grant_over_asked"), (99, "grant_under_spent"), (ASKED, "grant_same")],
)
def test_another_grant_stays_between_what_is_spent_and_what_was_voted(fen: int, key: str) -> None:
    project, _, _ = posted(running(), [100])

    with pytest.raises(Refusal) as refused:
        rules.granted(project, fen, why="涨价了", by=COMMITTEE, now=NOW)

    assert refused.value.key == key


def test_another_grant_needs_a_reason() -> None:
    with pytest.raises(Refusal) as refused:
        rules.granted(running(), 100, why="", by=COMMITTEE, now=NOW)

    assert refused.value.key == "grant_meanwhile"


def test_nobody_grants_their_own_project() -> None:
    with pytest.raises(Refusal) as refused:
        rules.granted(replace(PROJECT, runners=frozenset({3})), 100, why="", by=COMMITTEE, now=NOW)

    assert refused.value.key == "project_own_grant"
    assert rules.steps_for(replace(PROJECT, runners=frozenset({3})), COMMITTEE) == (
        ProjectStep.HELP,
        ProjectStep.SETTLE,
    )


def test_without_money_or_after_the_end_nothing_is_spent() -> None:
    over = rules.settled(running(), by=RUNNER, now=NOW)

    for project, key in (
        (replace(PROJECT, has_passed=False), "project_not_passed"),
        (PROJECT, "project_not_granted"),
        (over, "project_settled"),
    ):
        with pytest.raises(Refusal) as refused:
            book_rules.spent(project, line(1), by=RUNNER, today=TODAY)
        assert refused.value.key == key


def test_only_who_runs_it_spends_and_who_funds_it_may_correct() -> None:
    with pytest.raises(Refusal) as refused:
        book_rules.spent(running(), line(1), by=COMMITTEE, today=TODAY)

    assert refused.value.key == "project_not_yours"
    assert ProjectStep.STRIKE in rules.steps_for(running(), COMMITTEE)
    assert ProjectStep.STRIKE in rules.steps_for(running(), HELPER)


@given(st.integers(0, 50), st.integers(1, 9))
def test_the_pages_of_a_book_hold_every_line_once(count: int, size: int) -> None:
    lines = [line(1, number) for number in range(1, count + 1)]
    seen: list[Spending] = []
    back: int | None = 0
    while back is not None:
        shown, back = book_rules.page_of(lines, back, size=size)
        seen = [*shown, *seen]

    assert seen == lines


def test_the_same_sum_of_the_same_day_is_noticed_unless_it_was_struck() -> None:
    _, book, _ = posted(running(), [100, 200])
    counter = replace(book_rules.counter_entry(book[0], "记错了", by=1, now=NOW), number=3)

    assert book_rules.alike(book, line(100)) == book[0]
    assert book_rules.alike([*book, counter], line(100)) is None
    assert book_rules.alike(book, replace(line(200), spent_on=TODAY - timedelta(days=1))) is None


@pytest.mark.parametrize(
    ("milestone", "key"),
    [
        (Milestone(1, "", TODAY), "milestone_unclear"),
        (Milestone(1, "买" * 31, TODAY), "too_long"),
        (Milestone(1, "买", TODAY - timedelta(days=1)), "milestone_past"),
        (Milestone(1, "买", TODAY + timedelta(days=800)), "milestone_far"),
    ],
)
def test_a_milestone_can_be_read_and_kept(milestone: Milestone, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.checked_milestone(milestone, today=TODAY)

    assert refused.value.key == key


def test_the_shares_of_the_milestones_fit_into_what_is_asked_for() -> None:
    plan = [Milestone(1, "买", TODAY, 200_000), Milestone(2, "种", TODAY, 100_000)]
    assert rules.checked_plan(plan, asked_fen=ASKED) == plan

    with pytest.raises(Refusal) as refused:
        rules.checked_plan(plan, asked_fen=ASKED - 1)

    assert refused.value.key == "milestones_dear"


def test_a_milestone_is_late_from_the_day_after_and_never_once_it_is_done() -> None:
    milestone = Milestone(1, "买", TODAY)

    assert not milestone.is_late(TODAY)
    assert milestone.is_late(TODAY + timedelta(days=1))
    done = rules.reached(running(), milestone, by=RUNNER, now=NOW)
    assert not done.is_late(TODAY + timedelta(days=1))
    with pytest.raises(Refusal):
        rules.reached(running(), done, by=RUNNER, now=NOW)


@given(st.sampled_from(list(ProjectStep)), st.sampled_from([RUNNER, HELPER, COMMITTEE, STRANGER]))
def test_a_button_is_shown_exactly_where_it_is_legal(step: ProjectStep, who: Actor) -> None:
    for project in (
        replace(PROJECT, has_passed=False),
        PROJECT,
        running(),
        rules.settled(running(), by=RUNNER, now=NOW),
    ):
        try:
            rules.check(project, step, who)
        except Refusal:
            assert step not in rules.steps_for(project, who)
        else:
            assert step in rules.steps_for(project, who)


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("买花盆 12月5日", "买花盆 12月5日"),
        ("买花盆12月5日", "买花盆 12月5日"),
        ("第2步：12月5日前买好花盆", "12月5日 买好花盆"),
        ("2. 下周五之前种花", "下周五 种花"),
        ("月底前刷墙", "月底 刷墙"),
        ("买20盆花", "买20盆花"),
    ],
)
def test_the_day_of_a_step_is_set_apart(line: str, apart: str) -> None:
    assert rules.day_apart(line) == apart


@pytest.mark.parametrize(
    ("what", "days", "rest"),
    [
        ("买花盆", 0, "买花盆"),
        ("昨天买花盆", 1, "买花盆"),
        ("买花盆 前天", 2, "买花盆"),
        ("昨天", 0, "昨天"),
        ("pots yesterday", 1, "pots"),
    ],
)
def test_the_day_of_payment_is_taken_from_the_words(what: str, days: int, rest: str) -> None:
    assert book_rules.day_in(what, today=TODAY) == (TODAY - timedelta(days=days), rest)
