"""Instants as they are written."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from domain.instants import written

instants = st.datetimes(
    min_value=datetime(2, 1, 1),
    max_value=datetime(9998, 12, 31),
    timezones=st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)


@given(instants)
def test_an_instant_is_written_in_utc_to_the_millisecond(at: datetime) -> None:
    assert written(at) == at.astimezone(UTC).isoformat(timespec="milliseconds")


@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    earlier, later = sorted([one, other])

    assert written(earlier) <= written(later)
