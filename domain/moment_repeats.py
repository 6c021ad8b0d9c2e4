"""Repetition 重复: 每周四下午两点, 每月第二个周五晚7点, 每月15号."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

LAST: Final = -1
"""The last weekday or day of a month, as iCalendar counts."""
_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A rule that never holds (31 February) must end: four years and a bit hold every date there is.
_HORIZON_DAYS: Final = 1_500


class Every(StrEnum):
    """How often, in iCalendar's words."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


def local_time(on: date, minutes: int, zone: tzinfo) -> datetime:
    """The instant that stands ``minutes`` behind a day's midnight on the zone's clocks, in it.

    Where clocks skip that time it is as much later as they skip; where they show it twice, the
    first is meant.
    """
    on += timedelta(days=minutes // (24 * 60))
    hour, minute = divmod(minutes % (24 * 60), 60)
    return datetime.combine(on, time(hour, minute), zone).astimezone(UTC).astimezone(zone)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rule by which something comes again.

    Attributes:
        weekdays: 0 is Monday; with ``every`` week, or with ``nth`` in a month.
        nth: Which of the month's ``weekdays``, 1 to 5 or ``LAST``.
        day: Day of the month, 1 to 31 or ``LAST``; months without it are left out.
        month: With ``every`` year.
        minutes: From the day's midnight, beyond 24 hours after it; None for the whole day.
    """

    every: Every
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    day: int | None = None
    month: int | None = None
    minutes: int | None = None

    def at(self, minutes: int | None) -> "Repeat":
        """The same days at another time of the day."""
        return replace(self, minutes=minutes)

    def holds_on(self, on: date) -> bool:
        """Whether ``on`` is one of its days."""
        if (self.month and on.month != self.month) or (
            self.weekdays and on.weekday() not in self.weekdays
        ):
            return False
        if LAST in (self.nth, self.day):
            left = calendar.monthrange(on.year, on.month)[1] - on.day
            return left == 0 if self.day == LAST else left < 7
        if self.nth and (on.day - 1) // 7 + 1 != self.nth:
            return False
        return self.day is None or on.day == self.day

    def dates(self, since: date) -> Iterator[date]:
        """Its days from ``since`` on, for four years."""
        days = (since + timedelta(days=n) for n in range(_HORIZON_DAYS))
        return (on for on in days if self.holds_on(on))

    def next_after(self, now: datetime) -> datetime:
        """The first occurrence later than ``now``, which is aware and in the zone that is meant.

        Raises:
            ValueError: The rule names a day that never is.
        """
        if now.tzinfo is None:
            raise ValueError("now is naive")
        instant = now.astimezone(UTC)
        # From the day before: 每周五夜里2点 is still ahead early on Saturday.
        for on in self.dates(now.date() - timedelta(days=2)):
            at = local_time(on, self.minutes or 0, now.tzinfo)
            if at > instant:
                return at
        raise ValueError(f"{self} never holds")

    @property
    def rule(self) -> str:
        """The rule as iCalendar writes it (``FREQ=MONTHLY;BYDAY=2FR``); without the hour."""
        parts = [f"FREQ={self.every.value}"]
        if self.month:
            parts.append(f"BYMONTH={self.month}")
        if self.weekdays:
            nth = str(self.nth or "")
            parts.append("BYDAY=" + ",".join(nth + _CODES[day] for day in self.weekdays))
        if self.day:
            parts.append(f"BYMONTHDAY={self.day}")
        return ";".join(parts)

    @classmethod
    def read(cls, rule: str, minutes: int | None) -> "Repeat":
        """The repetition that ``rule`` wrote."""
        parts = dict(part.split("=", 1) for part in rule.split(";"))
        codes = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
        nth = codes[0][:-2] if codes else ""
        return cls(
            Every(parts["FREQ"]),
            weekdays=tuple(_CODES.index(code[-2:]) for code in codes),
            nth=int(nth) if nth else None,
            day=int(parts["BYMONTHDAY"]) if "BYMONTHDAY" in parts else None,
            month=int(parts["BYMONTH"]) if "BYMONTH" in parts else None,
            minutes=minutes,
        )
