"""Instants 时刻: as they are written, so that the order of texts is the order of time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1024)  # a unit writes its own instant many times
def written(at: datetime) -> str:
    """UTC text of fixed width, to the millisecond (``2026-11-21T04:00:00.000+00:00``)."""
    since = at - _EPOCH
    return f"{_second(since.days, since.seconds)}.{since.microseconds // 1000:03d}+00:00"


@lru_cache(maxsize=256)  # most of what is written lies in a few seconds
def _second(days: int, seconds: int) -> str:
    return (_EPOCH + timedelta(days, seconds)).replace(tzinfo=None).isoformat()
