"""Same work 同样的活: what Mulin stores for a report, statement by statement over aiosqlite.

For the peer that does all of it: seen before, where, who, may they, likely duplicates, number,
report, card, menu, outbox, who else is to be told, journal with its chain; then the settling. The
tables are ours, and so are two rules (likeness, the journal's seal), which need no library. What
it leaves out is what no statement needs: drafts' questions, other languages, quiet hours.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiosqlite

from bench import workload
from domain.issues import State
from domain.journal import GENESIS, Entry, sealed
from domain.likeness import ALIKE_WITHIN, Near, likeliest
from domain.places import ancestors, masked_flat

LEASE = timedelta(seconds=60)
OPEN = "('accepted','dispatched','reopened','reported')"
Row = Sequence[Any]


@dataclass(frozen=True)
class Card:
    """A report's card on its way."""

    post_id: int
    card_id: int
    text: str
    buttons: list[tuple[str, str]]


class Desk:
    """Stores reports; one transaction each."""

    def __init__(self, path: str) -> None:
        self._path = path

    async def open(self) -> None:
        """Connect to a file that ``bench.town`` made."""
        self._db = await aiosqlite.connect(self._path, isolation_level=None)
        for pragma in workload.PRAGMAS:
            await self._db.execute(pragma)

    async def close(self) -> None:
        """Disconnect."""
        await self._db.close()

    async def report(
        self, delivery: str, chat: str, account: str, source: str, words: str
    ) -> Card | None:
        """Store a report; its card, or None where it was stored before or is a likely duplicate."""
        await self._db.execute("begin immediate")
        try:
            card = await self._reported(delivery, chat, account, source, words)
        except BaseException:
            await self._db.rollback()
            raise
        await self._db.commit()
        return card

    async def arrived(self, card: Card, message_id: int) -> None:
        """Note that a card was sent."""
        await self._db.execute("begin immediate")
        await self._db.execute("delete from outbox where id = ?", (card.post_id,))
        await self._db.execute(
            "update cards set ref = ? where id = ?", (str(message_id), card.card_id)
        )
        await self._db.commit()

    async def done(self) -> int:
        """Reports that are stored, if no card waits."""
        waiting = await self._one("select count(*) from outbox")
        stored = await self._one("select count(*) from issues")
        return -1 if waiting is None or waiting[0] else int(stored[0]) if stored else 0

    async def _reported(
        self, delivery: str, address: str, account: str, source: str, words: str
    ) -> Card | None:
        now = datetime.now(UTC)
        at = now.isoformat(timespec="milliseconds")
        seen = await self._one(
            "insert into inbox (platform, delivery, at) values ('telegram', ?, ?) "
            "on conflict do nothing returning 1",
            delivery,
            at,
        )
        if seen is None:
            return None
        chat = await self._one(
            "select id, place_id, community_id from chats "
            "where platform = 'telegram' and address = ?",
            address,
        )
        assert chat is not None
        chat_id, place_id, community_id = chat
        person_id, homes = await self._who(account)
        place = await self._one("select name, path from places where id = ?", place_id)
        await self._one("select * from communities where place_id = ?", community_id)
        await self._one(
            "select command from drafts where person_id = ? and chat_id = ?", person_id, chat_id
        )
        assert place is not None and homes
        if await self._is_known(place[1], words, now):
            return None
        number = await self._number(community_id)
        issue_id = await self._issue(
            (community_id, number, place_id, place[1], place[1], person_id, words, at, at, source)
        )
        text = f"报{number} · 待派单\n{words}\n📍{place[0]} · 邻居 {masked_flat(homes[0])}\n🕐{at}"
        card = await self._card(chat_id, address, community_id, issue_id, number, text, now)
        await self._others(place_id, place[1], chat_id)
        entry = Entry(
            at=now,
            actor_id=person_id,
            subject="issue",
            subject_id=issue_id,
            verb="report",
            before={},
            after={"state": "reported", "number": number},
        )
        await self._journal(community_id, entry)
        return card

    async def _who(self, account: str) -> tuple[int, list[str]]:
        """Who that is, and the households where they may report from."""
        person = await self._one(
            "select p.id, p.name, p.lang from identities i join people p on p.id = i.person_id "
            "where i.platform = 'telegram' and i.address = ?",
            account,
        )
        assert person is not None
        grants = await self._all(
            "select g.role, l.name from grants g join places l on l.id = g.place_id "
            "where g.person_id = ? and g.until is null",
            person[0],
        )
        await self._all("select squad_id from squad_members where person_id = ?", person[0])
        return person[0], [name for role, name in grants if role == "resident"]

    async def _is_known(self, path: str, words: str, now: datetime) -> bool:
        since = (now - ALIKE_WITHIN).isoformat(timespec="milliseconds")
        near = await self._all(
            f"select id, text, state from issues where path = ? and state in {OPEN} "
            "and reported_at > ? order by id desc limit 30",
            path,
            since,
        )
        found = [Near(issue_id, text, State(state)) for issue_id, text, state in near]
        return likeliest(words, found) is not None

    async def _number(self, community_id: int) -> int:
        found = await self._one(
            "insert into counters (community_id, kind, value) values (?, 'issue', 1) "
            "on conflict (community_id, kind) do update set value = counters.value + 1 "
            "returning value",
            community_id,
        )
        assert found is not None
        return int(found[0])

    async def _issue(self, values: Row) -> int:
        cursor = await self._db.execute(
            "insert into issues (community_id, number, place_id, path, level_path, reporter_id, "
            "text, reported_at, changed_at, source, state, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reported', 1)",
            tuple(values),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    async def _card(
        self,
        chat_id: int,
        address: str,
        community_id: int,
        issue_id: int,
        number: int,
        text: str,
        now: datetime,
    ) -> Card:
        found = await self._one(
            "insert into cards (chat_id, community_id, kind, subject_id) values (?, ?, 'issue', ?) "
            "on conflict (kind, subject_id, chat_id) do update set ref = null returning id",
            chat_id,
            community_id,
            issue_id,
        )
        assert found is not None
        buttons = [("附议", f"second:{community_id}.{number}")]
        await self._db.execute("delete from menus where chat_id = ? and person_id <> 0", (chat_id,))
        await self._db.execute(
            "insert into menus (chat_id, person_id, buttons, card_id) values (?, 0, ?, ?) "
            "on conflict (chat_id, person_id) do update set buttons = excluded.buttons, "
            "card_id = excluded.card_id",
            (chat_id, json.dumps([call for _, call in buttons]), found[0]),
        )
        at = now.isoformat(timespec="milliseconds")
        lease = (now + LEASE).isoformat(timespec="milliseconds")
        body = json.dumps({"text": text, "buttons": [buttons]}, ensure_ascii=False)
        cursor = await self._db.execute(
            "insert into outbox (platform, address, kind, priority, body, card_id, due_at, state, "
            "worker, lease_until, made_at) "
            "values ('telegram', ?, 'send', 0, ?, ?, ?, 'sending', 'main', ?, ?)",
            (address, body, found[0], at, lease, at),
        )
        assert cursor.lastrowid is not None
        return Card(cursor.lastrowid, found[0], text, buttons)

    async def _others(self, place_id: int, path: str, but: int) -> list[int]:
        """Who else is to be told: other groups of the place, and those who answer for it."""
        groups = await self._all(
            "select id from chats where place_id = ? and is_private = 0 and left_at is null",
            place_id,
        )
        levels = ",".join(map(str, ancestors(path)))
        staff = await self._all(
            "select distinct g.person_id from grants g join identities i "
            f"on i.person_id = g.person_id where g.place_id in ({levels}) "
            "and g.role in ('building_head', 'grid_worker', 'committee') and g.until is null "
            "and i.chat_address is not null and i.blocked_at is null"
        )
        return [row[0] for row in (*groups, *staff) if row[0] != but]

    async def _journal(self, community_id: int, entry: Entry) -> None:
        head = await self._one(
            "select seq, hash from journal_heads where community_id = ?", community_id
        )
        seq, previous = head or (0, GENESIS)
        seal = sealed(entry, seq + 1, previous)
        await self._db.execute(
            "insert into journal (community_id, seq, at, actor_id, subject, subject_id, verb, "
            "before, after, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                community_id,
                seq + 1,
                entry.at.isoformat(timespec="milliseconds"),
                entry.actor_id,
                entry.subject,
                entry.subject_id,
                entry.verb,
                json.dumps(dict(entry.before)),
                json.dumps(dict(entry.after)),
                seal,
            ),
        )
        await self._db.execute(
            "insert into journal_heads (community_id, seq, hash) values (?, ?, ?) "
            "on conflict (community_id) do update set seq = excluded.seq, hash = excluded.hash",
            (community_id, seq + 1, seal),
        )

    async def _one(self, sql: str, *args: object) -> Row | None:
        async with self._db.execute(sql, args) as cursor:
            return await cursor.fetchone()

    async def _all(self, sql: str, *args: object) -> list[Row]:
        async with self._db.execute(sql, args) as cursor:
            return list(await cursor.fetchall())
