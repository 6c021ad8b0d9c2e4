"""Turns 值守: what only one process may do at a time, and whose turn it is."""

from datetime import datetime, timedelta

from storage.statement import Statement, stored, value


class Turns:
    """Repository of turns; a turn that is not renewed ends by itself."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    async def take(self, name: str, holder: str, lasts: timedelta) -> bool:
        """Take a turn, or keep one's own; False while it is somebody else's."""
        found = await value(
            "insert into turns (name, holder, until) values (?, ?, ?) "
            "on conflict (name) do update set holder = excluded.holder, until = excluded.until "
            "where turns.holder = excluded.holder or turns.until <= ? returning 1",
            name,
            holder,
            stored(self._now + lasts),
            stored(self._now),
        )
        return found is not None

    async def is_taken(self, name: str) -> bool:
        """Whether it is anybody's turn just now."""
        found = await value(
            "select 1 from turns where name = ? and until > ?", name, stored(self._now)
        )
        return found is not None

    async def end(self, name: str, holder: str) -> None:
        """Give one's own turn back, so that another process need not wait for its end."""
        await Statement("delete from turns where name = ? and holder = ?", name, holder)
