"""Meeting rules 会议规则: laws of moves, overlaps, reminders and doors."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attendance import can_answer, doors_are_open
from domain.hours import Hours
from domain.meeting_reminders import LATEST, is_for_the_group, is_of_use, reminders
from domain.meetings import (
    MOVES,
    Meeting,
    MeetingKind,
    MeetingState,
    Move,
    can_move,
    cancelled,
    check_free,
    checked_start,
    held,
    moved,
)
from domain.people import Actor
from domain.refusal import Refusal

HOURS = Hours(ZoneInfo("Asia/Shanghai"))
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
AUTHOR = Actor(7, "张楼长", None)
ahead = st.integers(1, 60 * 24 * 300).map(lambda minutes: timedelta(minutes=minutes))
lasting = st.integers(15, 720).map(lambda minutes: timedelta(minutes=minutes))
rhythms = st.lists(st.integers(1, 720).map(lambda h: timedelta(hours=h)), max_size=6)


def meeting(
    starts_at: datetime, lasts: timedelta = timedelta(hours=2), meeting_id: int = 1
) -> Meeting:
    span = (starts_at, starts_at + lasts)
    return Meeting(meeting_id, 1, 1, 3, "/1/2/3/", 7, MeetingKind.EVENING_TALK, "凉亭", *span)


def overlaps(one: Meeting, other: Meeting) -> bool:
    try:
        check_free(one, [other])
    except Refusal:
        return True
    return False


@given(ahead, lasting, ahead, lasting)
def test_two_meetings_overlap_alike_from_either_side(
    first: timedelta, long: timedelta, second: timedelta, longer: timedelta
) -> None:
    one, other = meeting(NOW + first, long, 1), meeting(NOW + second, longer, 2)

    shared = min(one.span[1], other.span[1]) > max(one.span[0], other.span[0])
    assert overlaps(one, other) == overlaps(other, one) == shared


@given(ahead, lasting)
def test_a_meeting_never_overlaps_itself_nor_what_follows_at_once(
    first: timedelta, long: timedelta
) -> None:
    one = meeting(NOW + first, long)

    assert not overlaps(one, one)
    assert not overlaps(one, meeting(one.span[1], long, 2))


@given(ahead, rhythms)
def test_every_reminder_is_polite_in_time_and_still_of_use(
    first: timedelta, before: list[timedelta]
) -> None:
    called = meeting(NOW + first)
    for how_long, at in reminders(called, before, HOURS, NOW):
        assert not HOURS.is_quiet(at)
        assert NOW < at < called.span[0] - timedelta(minutes=59)
        assert how_long in before


@given(ahead, rhythms.filter(bool), st.integers(0, 60 * 24 * 30))
def test_at_most_one_reminder_is_of_use_at_any_time_once_all_are_late(
    first: timedelta, before: list[timedelta], minutes: int
) -> None:
    called = meeting(NOW + first)
    now = called.span[0] - timedelta(minutes=minutes)
    late = [how for how in set(before) if called.span[0] - how <= now]

    assert sum(is_of_use(called, how, before, now) for how in late) <= 1
    assert not is_of_use(called, min(before), before, called.span[0] - LATEST)


@given(rhythms.filter(bool))
def test_the_group_is_told_by_exactly_one_of_the_reminders(before: list[timedelta]) -> None:
    assert sum(is_for_the_group(how, before) for how in set(before)) == 1


@given(ahead, lasting, st.integers(-60, 800))
def test_nobody_answers_after_the_start_nor_checks_in_after_the_end(
    first: timedelta, long: timedelta, minutes: int
) -> None:
    called = meeting(NOW + first, long)
    now = called.span[0] + timedelta(minutes=minutes)

    assert can_answer(called, now) == (minutes < 0)
    assert doors_are_open(called, now) == (minutes >= -30 and timedelta(minutes=minutes) < long)


@given(ahead, lasting, ahead)
def test_a_move_keeps_how_long_it_lasts_and_is_news_to_every_calendar(
    first: timedelta, long: timedelta, second: timedelta
) -> None:
    before = meeting(NOW + first, long)
    after = moved(before, NOW + second, "活动室", by=AUTHOR)

    assert after.span[1] - after.span[0] == long
    assert after.sequence > before.sequence and after.uid == before.uid
    assert cancelled(after, by=AUTHOR).sequence > after.sequence


@pytest.mark.parametrize("state", list(MeetingState))
@pytest.mark.parametrize("move", list(Move))
def test_what_is_over_stays_over(state: MeetingState, move: Move) -> None:
    if state in {MeetingState.HELD, MeetingState.CANCELLED}:
        assert all(state not in when for when, _ in MOVES.values())
    assert can_move(
        Meeting(1, 1, 1, 3, "/1/", 7, MeetingKind.JOINT, "", None, None, state), move
    ) == (state in MOVES[move][0])


def test_a_meeting_that_was_called_off_is_not_held() -> None:
    with pytest.raises(Refusal, match="meeting_cancelled"):
        held(cancelled(meeting(NOW + timedelta(days=1)), by=AUTHOR))


@given(st.integers(1, 60 * 24 * 366))
def test_no_meeting_begins_in_the_quiet_hours(minutes: int) -> None:
    at = NOW + timedelta(minutes=minutes)
    try:
        assert checked_start(at, NOW, HOURS) == at
        assert not HOURS.is_quiet(at)
    except Refusal as refusal:
        assert refusal.key == "meeting_at_night" and HOURS.is_quiet(at)
