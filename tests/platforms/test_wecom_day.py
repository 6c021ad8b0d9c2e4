"""A day of 200 groups: WeCom refuses nothing for frequency, and answers hardly wait."""

from datetime import UTC, datetime

import pytest

from bot.platforms.wecom.aside import CROWDED
from tests.platforms.wecom_day import GROUPS, Day, busy_day


@pytest.fixture(scope="module")
def day() -> Day:
    played = busy_day(datetime(2026, 11, 20, 16, tzinfo=UTC))
    assert played.play() == 0
    return played


def test_nothing_is_refused_for_frequency(day: Day) -> None:
    assert day.messages > 100 * GROUPS / 2
    assert day.refusals == 0


def test_answers_hardly_wait(day: Day) -> None:
    longest = {group: max(waits) for group, waits in day.waits.items()}
    in_danger = {f"群{number}" for number in range(0, GROUPS, 10)}

    assert max(wait for group, wait in longest.items() if group not in in_danger | {"群7"}) < 3
    assert max(longest[group] for group in in_danger) < 60


def test_a_group_that_never_stops_does_not_hold_the_others_up(day: Day) -> None:
    assert max(day.waits["群7"]) > 600
    assert max(day.waits["群8"]) < 3


def test_what_nobody_asked_for_keeps_off_the_rush(day: Day) -> None:
    assert len(day.unasked_at) == 3 * GROUPS
    assert all(at.minute % 30 >= CROWDED.seconds // 60 for at in day.unasked_at)
    assert len({at.minute for at in day.unasked_at}) > 5
