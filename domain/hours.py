"""Hours 时段: the community's own day and its quiet night 夜间免打扰."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SENDING_TAKES: Final = timedelta(minutes=10)
"""So long before the night a word to many has to begin its way."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A community's zone and its quiet hours, local time; equal ends mean no quiet hours."""

    zone: ZoneInfo
    quiet_from: time = time(22)
    quiet_until: time = time(7)

    def is_quiet(self, now: datetime) -> bool:
        """Whether ``now`` lies in the quiet hours, which may span midnight."""
        at, start, end = now.astimezone(self.zone).time(), self.quiet_from, self.quiet_until
        return start <= at < end if start <= end else at >= start or at < end

    def polite_at(self, now: datetime) -> datetime:
        """The first instant from ``now`` on at which an unasked message may arrive."""
        if not self.is_quiet(now):
            return now
        local = now.astimezone(self.zone)
        morning = local.replace(
            hour=self.quiet_until.hour, minute=self.quiet_until.minute, second=0, microsecond=0
        )
        if morning <= local:
            morning = morning + timedelta(days=1)
        return morning.astimezone(now.tzinfo)

    def last_polite_at(self, now: datetime) -> datetime:
        """The last instant up to ``now`` at which an unasked message may be sent."""
        if not self.is_quiet(now):
            return now
        local = now.astimezone(self.zone)
        evening = local.replace(
            hour=self.quiet_from.hour, minute=self.quiet_from.minute, second=0, microsecond=0
        )
        if evening > local:
            evening = evening - timedelta(days=1)
        return (evening - SENDING_TAKES).astimezone(now.tzinfo)
