"""Rules of the digest 日报: periods, days on which it is sent, no issue forgotten or told twice."""

from dataclasses import fields
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.digest import Digest, Period, Timetable, digested
from domain.issues import Issue, State

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 31, 0, 0, tzinfo=UTC)

ages = st.timedeltas(timedelta(), timedelta(days=60))
states = st.sampled_from([state for state in State if state is not State.WITHDRAWN])


def issue(number: int, state: State, reported: timedelta, changed: timedelta) -> Issue:
    """An issue that was reported and last changed so long ago."""
    at = NOW - max(reported, changed)
    return Issue(number, 1, number, 1, "/1/", "/1/", 1, "灯", state, at, NOW - changed)


@given(st.lists(st.tuples(states, ages, ages), max_size=20), st.sampled_from(list(Period)))
def test_every_issue_stands_in_exactly_one_list(
    drawn: list[tuple[State, timedelta, timedelta]], period: Period
) -> None:
    issues = [issue(number, *each) for number, each in enumerate(drawn)]
    found = digested(issues, period, since=period.before(NOW, CHINA), now=NOW)
    told = [one.id for part in fields(Digest) for one in getattr(found, part.name)]

    assert sorted(told) == list(range(len(issues)))


def test_a_month_before_its_last_day_is_the_last_day_of_the_shorter_one() -> None:
    assert Period.MONTH.before(NOW, CHINA) == datetime(2026, 2, 28, 0, 0, tzinfo=UTC)


def test_a_month_after_december_is_january() -> None:
    new_year = datetime(2026, 12, 15, tzinfo=UTC)

    assert Period.MONTH.after(new_year, CHINA) == datetime(2027, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (Period.DAY, "2026-04-01T08:30:00+08:00"),
        (Period.WEEK, "2026-04-06T08:30:00+08:00"),
        (Period.MONTH, "2026-04-28T08:30:00+08:00"),
    ],
)
def test_each_edition_comes_at_its_next_day(period: Period, said: str) -> None:
    table = Timetable(time(8, 30), weekday=0, day=28)
    now = datetime.fromisoformat("2026-03-31T09:00:00+08:00")

    assert table.next_at(period, CHINA, now) == datetime.fromisoformat(said)


@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH])
def test_an_edition_that_nobody_wants_never_comes(period: Period) -> None:
    assert Timetable().next_at(period, CHINA, NOW) is None
