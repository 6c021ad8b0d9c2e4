"""Journal store 留痕: appended by every save, sealed once at the end of its unit."""

import json

import msgspec

from domain.journal import GENESIS, Entry, sealed
from storage.statement import Row, Statement, instant, row, rows, stored


class Journal:
    """Rows of one unit, written together; the head row orders writers of one community."""

    def __init__(self, *, is_shared: bool) -> None:
        self._lock = " for update" if is_shared else ""
        self._pending: dict[int, list[Entry]] = {}

    def note(self, community_id: int, entry: Entry) -> None:
        """Append ``entry`` when the unit ends."""
        self._pending.setdefault(community_id, []).append(entry)

    async def seal(self) -> None:
        """Write what was noted, each row carrying the hash of the row before."""
        for community_id, entries in sorted(self._pending.items()):
            seq, head = await self._head(community_id)
            for entry in entries:
                seq += 1
                head = sealed(entry, seq, head)
                await self._insert(community_id, seq, entry, head)
            await Statement(
                "update journal_heads set seq = ?, hash = ? where community_id = ?",
                seq,
                head,
                community_id,
            )
        self._pending.clear()

    async def _head(self, community_id: int) -> tuple[int, str]:
        """Number and hash of the last row, locked: no two processes continue from one head."""
        asked = f"select seq, hash from journal_heads where community_id = ?{self._lock}"
        for seq, head in await rows(asked, community_id):
            return seq, head
        await Statement(
            "insert into journal_heads (community_id, seq, hash) values (?, 0, ?) "
            "on conflict do nothing",
            community_id,
            GENESIS,
        )
        return await self._head(community_id)

    async def _insert(self, community_id: int, seq: int, entry: Entry, head: str) -> None:
        await Statement(
            "insert into journal (community_id, seq, at, actor_id, subject, subject_id, verb, "
            "before, after, remark_id, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            community_id,
            seq,
            stored(entry.at),
            entry.actor_id,
            entry.subject,
            entry.subject_id,
            entry.verb,
            msgspec.json.encode(entry.before).decode(),
            msgspec.json.encode(entry.after).decode(),
            entry.remark_id,
            head,
        )

    async def of(self, subject: str, subject_id: int) -> list[Entry]:
        """All that happened to one thing, oldest first; what this unit notes comes last."""
        found = await rows(
            "select * from journal where subject = ? and subject_id = ? order by seq",
            subject,
            subject_id,
        )
        noted = (entry for entries in self._pending.values() for entry in entries)
        return [
            *(_entry(r) for r in found),
            *(e for e in noted if (e.subject, e.subject_id) == (subject, subject_id)),
        ]

    async def newest(self, community_id: int, count: int) -> list[Entry]:
        """The last ``count`` rows of a community, oldest first."""
        found = await rows(
            f"select * from journal where community_id = ? order by seq desc limit {int(count)}",
            community_id,
        )
        return [_entry(r) for r in reversed(found)]

    async def first_break(self, community_id: int) -> int | None:
        """Number of the first row that was changed, removed or added later; None if unbroken."""
        seq, head = 0, GENESIS
        for found in await rows(
            "select * from journal where community_id = ? order by seq", community_id
        ):
            seq, previous = seq + 1, head
            head = sealed(_entry(found), seq, previous)
            if found["seq"] != seq or found["hash"] != head:
                return seq
        last = await row("select seq, hash from journal_heads where community_id = ?", community_id)
        if last is None or (last["seq"], last["hash"]) == (seq, head):
            return None
        return seq + 1


def _entry(found: Row) -> Entry:
    return Entry(
        at=instant(found["at"]),
        actor_id=found["actor_id"],
        subject=found["subject"],
        subject_id=found["subject_id"],
        verb=found["verb"],
        before=json.loads(found["before"]),
        after=json.loads(found["after"]),
        remark_id=found["remark_id"],
    )
