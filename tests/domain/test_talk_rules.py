"""Topics, minutes, decisions and ratings: laws that hold whatever neighbours do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import decisions, minutes, ratings, topics
from domain.decisions import UNSETTLED, Decision, Standing
from domain.issues import OPEN, Issue, State, agreed
from domain.meetings import Meeting, MeetingKind, MeetingState
from domain.minutes import Minutes
from domain.people import Actor, Grant, Role
from domain.ratings import FEWEST_SHOWN, Rating
from domain.refusal import Refusal
from domain.topics import Topic, TopicState

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
HOME = "/1/2/3/4/"
days = st.integers(-40, 40).map(lambda n: timedelta(days=n))
issues = st.builds(
    lambda state, due: Issue(
        id=1,
        community_id=2,
        number=1,
        place_id=4,
        path=HOME,
        level_path=HOME,
        reporter_id=1,
        text="",
        state=state,
        reported_at=NOW,
        changed_at=NOW,
        due_at=NOW + due,
    ),
    st.sampled_from(State),
    days,
)
made = st.builds(
    lambda n, meeting, issue, at: Decision(n, meeting, None, "", None, 1, NOW + at, issue),
    st.integers(1, 10**6),
    st.integers(1, 4),
    issues,
    days,
)
listed = st.lists(
    st.builds(
        lambda author, behind, state: Topic(
            id=0,
            community_id=2,
            meeting_id=1,
            number=0,
            author_id=author,
            text="",
            proposed_at=NOW,
            state=state,
            seconders=frozenset(behind) - {author},
        ),
        st.integers(1, 5),
        st.sets(st.integers(1, 9)),
        st.sampled_from(TopicState),
    ),
    max_size=12,
).map(lambda found: [numbered(topic, n) for n, topic in enumerate(found, 1)])


def numbered(topic: Topic, number: int) -> Topic:
    return Topic(
        number,
        topic.community_id,
        topic.meeting_id,
        number,
        topic.author_id,
        topic.text,
        topic.proposed_at,
        topic.state,
        seconders=topic.seconders,
    )


def somebody(person_id: int, role: Role = Role.RESIDENT) -> Actor:
    path = f"{HOME}9/" if role is Role.RESIDENT else HOME
    return Actor(person_id, "", None, (Grant(role, 9, path, HOME),))


def meeting(state: MeetingState = MeetingState.CALLED, author: int = 1) -> Meeting:
    starts_at = NOW - timedelta(hours=3)
    return Meeting(
        id=1,
        community_id=2,
        number=1,
        place_id=4,
        path=HOME,
        author_id=author,
        kind=MeetingKind.EVENING_TALK,
        venue="凉亭",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        state=state,
    )


@given(listed)
def test_the_agenda_holds_every_open_topic_once_by_falling_seconds(found: list[Topic]) -> None:
    order = topics.in_order(found)
    counts = [len(topic.seconders) for topic in order]

    assert counts == sorted(counts, reverse=True)
    assert {t.number for t in order} == {t.number for t in found if t.state is TopicState.OPEN}
    assert len(order) == len({topic.number for topic in order})


@given(listed, st.integers(1, 9))
def test_a_second_never_moves_a_topic_down(found: list[Topic], person_id: int) -> None:
    waiting = topics.in_order(found)
    for place, topic in enumerate(waiting):
        if not topics.can_second(topic, somebody(person_id)):
            continue
        after = topics.seconded(topic, by=somebody(person_id))
        others = [other for other in waiting if other.number != topic.number]

        assert list(topics.in_order([after, *others])).index(after) <= place
        assert not topics.can_second(after, somebody(person_id))


@given(listed, st.integers(1, 9))
def test_nobody_is_counted_for_their_own_topic(found: list[Topic], person_id: int) -> None:
    for topic in found:
        if topic.author_id == person_id:
            with pytest.raises(Refusal):
                topics.seconded(topic, by=somebody(person_id))


@given(st.lists(made, max_size=15, unique_by=lambda one: one.id))
def test_no_decision_that_is_still_open_is_forgotten(found: list[Decision]) -> None:
    kept = decisions.carried_over(found, NOW)

    unsettled = {one.id for one in found if decisions.standing(one.issue, NOW) in UNSETTLED}
    assert unsettled <= {one.id for one in kept} <= {one.id for one in found}
    order = [list(Standing).index(decisions.standing(one.issue, NOW)) for one in kept]
    assert order == sorted(order)


@given(st.lists(made, min_size=1, max_size=15, unique_by=lambda one: one.id))
def test_all_of_the_latest_meeting_comes_back(found: list[Decision]) -> None:
    latest = max(found, key=lambda one: (one.decided_at, one.id)).meeting_id

    kept = {one.id for one in decisions.carried_over(found, NOW)}
    assert {one.id for one in found if one.meeting_id == latest} <= kept


@given(issues)
def test_only_what_was_verified_is_done_and_only_what_is_open_is_late(issue: Issue) -> None:
    stands = decisions.standing(issue, NOW)

    assert (stands is Standing.DONE) == (issue.state is State.VERIFIED)
    assert (stands in UNSETTLED) == (issue.state in OPEN)
    assert (stands is Standing.OVERDUE) == issue.is_overdue(NOW)


@given(issues)
def test_a_meeting_hands_on_what_is_open_and_nothing_else(issue: Issue) -> None:
    due_at = NOW + timedelta(days=7)
    if issue.state in OPEN:
        after = agreed(issue, squad_id=3, handler_id=None, due_at=due_at, now=NOW)
        assert (after.state, after.due_at, after.squad_id) == (State.DISPATCHED, due_at, 3)
        return
    with pytest.raises(Refusal):
        agreed(issue, squad_id=3, handler_id=None, due_at=due_at, now=NOW)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
)
def test_what_is_due_on_a_day_is_due_until_its_end(at: datetime, zone: str) -> None:
    here = ZoneInfo(zone)
    due_at = decisions.due_at_end_of(at.replace(tzinfo=UTC), here)

    assert due_at.astimezone(here).date() == at.replace(tzinfo=UTC).astimezone(here).date()
    assert due_at.astimezone(here).hour == 23 and due_at.astimezone(here).minute == 59
    warned = decisions.warn_at(due_at, here)
    assert warned.astimezone(here).date() == due_at.astimezone(here).date() and warned < due_at


@given(st.lists(st.sampled_from(Rating), max_size=12))
def test_ratings_are_numbers_only_from_three_on(given_: list[Rating]) -> None:
    counted = ratings.tally(given_)

    assert (counted is None) == (len(given_) < FEWEST_SHOWN)
    if counted is not None:
        assert sum(counted.values()) == len(given_)
        assert counted == ratings.tally(reversed(given_))


@pytest.mark.parametrize(
    ("who", "writes"),
    [
        (somebody(1), True),
        (somebody(2), True),
        (somebody(3), False),
        (somebody(4, Role.BUILDING_HEAD), True),
        (somebody(5, Role.PROPERTY), False),
    ],
    ids=["convener", "scribe", "neighbour", "head", "property"],
)
def test_who_writes_the_minutes(who: Actor, writes: bool) -> None:
    held = meeting(MeetingState.HELD)

    assert minutes.is_writer(held, Minutes(1, scribe_id=2), who) is writes


@pytest.mark.parametrize(
    ("state", "now", "can"),
    [
        (MeetingState.CALLED, NOW - timedelta(hours=4), False),
        (MeetingState.CALLED, NOW - timedelta(hours=3), True),
        (MeetingState.HELD, NOW, True),
        (MeetingState.CANCELLED, NOW, False),
    ],
)
def test_minutes_are_written_from_the_start_on(
    state: MeetingState, now: datetime, can: bool
) -> None:
    assert minutes.can_write(meeting(state), now) is can


def test_only_a_change_after_publishing_is_a_correction() -> None:
    written = Minutes(1)
    assert minutes.changed(written).corrections == 0

    public = minutes.published(written, meeting(), is_empty=False, now=NOW)
    assert minutes.changed(public).corrections == 1
    with pytest.raises(Refusal, match="minutes_public"):
        minutes.published(public, meeting(), is_empty=False, now=NOW)
