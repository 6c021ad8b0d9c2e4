"""Deadlines 期限: what is to happen at an instant, as rows; no timer remembers anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.statement import Row, Statement, affected, instant, rows, stored, value

LEASE = timedelta(seconds=60)
LONGEST_LEASE = timedelta(hours=1)
GIVE_UP_AFTER = 10
"""Tries; with growing leases that is about four hours, after which a row is left as it is."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that is due. ``kind`` names the handler that does it."""

    id: int
    kind: str
    subject_id: int
    facts: Mapping[str, str]
    due_at: datetime
    attempts: int = 0

    @property
    def is_last_try(self) -> bool:
        """Whether nobody tries again should this fail."""
        return self.attempts >= GIVE_UP_AFTER


class Deadlines:
    """Repository of deadlines."""

    def __init__(self, now: datetime, *, is_shared: bool) -> None:
        self._now = now
        self._is_shared = is_shared
        self.changed = False

    async def set(
        self, kind: str, subject_id: int, due_at: datetime, facts: Mapping[str, str] | None = None
    ) -> None:
        """Let ``kind`` happen to the subject at ``due_at``."""
        await Statement(
            "insert into deadlines (kind, subject_id, facts, due_at) values (?, ?, ?, ?)",
            kind,
            subject_id,
            json.dumps(dict(facts or {})),
            stored(due_at),
        )
        self.changed = True

    async def due_at(self, kind: str, subject_id: int) -> datetime | None:
        """The earliest instant at which something of that kind is due for the subject."""
        found = await value(
            "select min(due_at) from deadlines where kind = ? and subject_id = ?", kind, subject_id
        )
        return instant(found) if found else None

    async def drop(self, kind: str, subject_id: int) -> None:
        """Nothing of that kind is due for the subject any more."""
        await Statement("delete from deadlines where kind = ? and subject_id = ?", kind, subject_id)

    async def claim(self, limit: int) -> list[Deadline]:
        """Take up to ``limit`` due rows for a minute, in one statement."""
        skip = " for update skip locked" if self._is_shared else ""
        now = stored(self._now)
        found = await rows(
            "update deadlines set lease_until = ?, attempts = attempts + 1 where id in "
            "(select id from deadlines where due_at <= ? "
            f"and attempts < {GIVE_UP_AFTER} and (lease_until is null or lease_until <= ?) "
            f"order by due_at, id limit {limit}{skip}) returning *",
            stored(self._now + LEASE),
            now,
            now,
        )
        return sorted((_deadline(r) for r in found), key=lambda due: (due.due_at, due.id))

    async def done(self, deadline: Deadline) -> bool:
        """Take the row away with what it caused; False if that happened already."""
        return await affected("delete from deadlines where id = ?", deadline.id) > 0

    async def put_off(self, deadline: Deadline) -> None:
        """Try what failed again, each time after twice as long."""
        wait = min(LEASE * 2 ** (deadline.attempts - 1), LONGEST_LEASE)
        await Statement(
            "update deadlines set lease_until = ? where id = ?",
            stored(self._now + wait),
            deadline.id,
        )

    async def failed(self) -> int:
        """How many were tried so often that they are left alone."""
        return int(await value("select count(*) from deadlines where attempts >= ?", GIVE_UP_AFTER))

    async def next_due(self) -> str | None:
        """The earliest instant at which something is due, as it is stored."""
        found = await value(
            "select min(case when lease_until > due_at then lease_until else due_at end) "
            "from deadlines where attempts < ?",
            GIVE_UP_AFTER,
        )
        return str(found) if found else None


def _deadline(found: Row) -> Deadline:
    return Deadline(
        id=found["id"],
        kind=found["kind"],
        subject_id=found["subject_id"],
        facts=json.loads(found["facts"] or "{}"),
        due_at=instant(found["due_at"]),
        attempts=found["attempts"],
    )
