"""Poll reminders 投票提醒: at a polite hour, and only while there is still time to vote."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.hours import Hours
from domain.polls import Manner, Poll, remind_at

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = Hours(ZONE)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


def poll(opens: str, closes: str) -> Poll:
    at = (local(opens), local(closes))
    return Poll(1, 1, 1, 1, "/1/", 1, "?", ("a", "b"), Manner(), *at)


@pytest.mark.parametrize(
    ("closes", "reminded"),
    [
        ("25T20:00", "25T17:00"),  # three hours before
        ("25T09:30", "25T07:00"),  # the morning still leaves two and a half
        ("25T08:00", "25T07:00"),
        ("25T07:30", "24T21:50"),  # the morning would leave half an hour
        ("25T02:00", "24T21:50"),
        ("25T01:00", "24T21:50"),
        ("25T00:30", "24T21:30"),
    ],
)
def test_the_silent_are_reminded_in_time_and_not_at_night(closes: str, reminded: str) -> None:
    assert remind_at(poll("21T12:00", closes), HOURS) == local(reminded)


def test_a_poll_whose_only_polite_hour_is_past_reminds_nobody() -> None:
    late = Hours(ZONE, time(22), time(12))

    assert remind_at(poll("24T21:55", "25T12:30"), late) is None


def test_a_reminder_always_leaves_an_hour() -> None:
    opens = local("21T12:00")
    for step in range(0, 24 * 60, 7):
        closes = local("25T00:00") + timedelta(minutes=step)
        one = Poll(1, 1, 1, 1, "/1/", 1, "?", ("a", "b"), Manner(), opens, closes)

        at = remind_at(one, HOURS)

        assert at is not None and not HOURS.is_quiet(at)
        assert closes - at >= timedelta(hours=1)
