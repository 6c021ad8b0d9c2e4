"""Places and hours 地点与时段: names as people write them, and the quiet night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.hours import Hours
from domain.people import ABILITIES, Ability, Actor, Grant, Role
from domain.places import ancestors, flat_name, masked_flat, place_name, same_line, within

laws = settings(derandomize=True, deadline=None, database=None, max_examples=300)
numbers = st.integers(1, 99)
paths = st.lists(st.integers(1, 12), min_size=1, max_size=6).map(
    lambda ids: "/" + "/".join(map(str, ids)) + "/"
)


@laws
@given(numbers, st.integers(1, 9), st.integers(101, 3_602))
def test_a_flat_reads_the_same_in_every_writing(building: int, entrance: int, door: int) -> None:
    name = f"{building}-{entrance}-{door}"
    for written in (
        name,
        f"{building}号楼{entrance}单元{door}室",
        f"{building}栋{entrance}单元{door}",
        f" {building} - {entrance} - {door} ",
        name.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
    ):
        assert flat_name(written) == name


@pytest.mark.parametrize("text", ["", "3号楼", "501", "3-2", "3-2-501-1", "火星", "🙂", "-1-1-1"])
def test_what_is_no_flat_is_none(text: str) -> None:
    assert flat_name(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("三栋", "3号楼"),
        ("3", "3号楼"),
        ("３号", "3号楼"),
        ("十二幢", "12号楼"),
        ("第一网格", "第一网格"),
    ],
)
def test_a_building_has_one_name(text: str, name: str) -> None:
    assert place_name(text) == name


@laws
@given(numbers)
def test_a_name_that_is_stored_is_found_by_itself(number: int) -> None:
    for name in (f"{number}号楼", f"{number}-1-101", f"{number}单元", "第一网格", "睦邻社区"):
        assert place_name(name) == name


@laws
@given(numbers, st.integers(1, 9), st.integers(101, 3_602))
def test_a_masked_flat_keeps_the_door_private(building: int, entrance: int, door: int) -> None:
    masked = masked_flat(f"{building}-{entrance}-{door}")

    assert masked.startswith(f"{building}-{entrance}-")
    assert str(door)[1:] not in masked.rpartition("-")[2]


@laws
@given(paths, paths)
def test_a_line_runs_up_or_down(one: str, other: str) -> None:
    assert same_line(one, other) == (within(one, other) or within(other, one))
    assert within(one, one)
    if within(one, other):
        assert ancestors(one)[: len(ancestors(other))] == ancestors(other)


@laws
@given(st.sampled_from(sorted(Role)), st.sampled_from(sorted(Ability)), paths, paths)
def test_nobody_reaches_beyond_their_place(
    role: Role, ability: Ability, held: str, at: str
) -> None:
    actor = Actor(1, "p", None, (Grant(role, 1, held, held),))
    if actor.can(ability, at=at) and ability is not Ability.ASK:
        assert ability in ABILITIES[role]
        assert within(at, held) or (role is Role.RESIDENT and within(held, at))


def test_a_stranger_may_only_ask() -> None:
    assert [a for a in Ability if Actor(1, "p", None).can(a)] == [Ability.ASK]


clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC)
)
zones = st.sampled_from(["Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York"])


@laws
@given(instants, zones, clock_times, clock_times)
def test_a_polite_hour_is_never_quiet_and_never_past(
    now: datetime, zone: str, start: time, end: time
) -> None:
    hours = Hours(ZoneInfo(zone), start, end)

    polite = hours.polite_at(now)

    assert polite >= now
    assert not hours.is_quiet(polite)
    assert polite - now <= timedelta(hours=25)
    if not hours.is_quiet(now):
        assert polite == now


@pytest.mark.parametrize(
    ("hour", "is_quiet"), [(21, False), (22, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_the_night_is_from_ten_to_seven(hour: int, is_quiet: bool) -> None:
    hours = Hours(ZoneInfo("Asia/Shanghai"))
    at = datetime(2026, 11, 21, hour, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert hours.is_quiet(at.astimezone(UTC)) is is_quiet
