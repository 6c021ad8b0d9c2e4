"""Hours 时段: the community's own day and its quiet night 夜间免打扰."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


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
