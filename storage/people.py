"""People store 人: who somebody is on which platform, and their roles."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.journal import Entry, Facts
from domain.people import Actor, Role
from storage.actors import PERSON, actor_of
from storage.faults import Conflict
from storage.journal import Journal
from storage.places import Places
from storage.statement import Part, Statement, affected, inserted, marks, row, rows, stored, value

_OF_COMMUNITY = (
    "(l.community_id = c.id or (l.community_id is null "
    "and substr(c.path, 1, length(l.path)) = l.path))"
)
"""A grant's place ``l`` lies in the community ``c``, or is the street above it."""


class Reach(msgspec.Struct, frozen=True):
    """A person's private chat on one platform."""

    person_id: int
    platform: str
    address: str
    lang: str | None


class Holder(msgspec.Struct, frozen=True):
    """Somebody with a role at a very place, who can be told."""

    place_id: int
    role: Role
    person_id: int


class People:
    """Repository of persons, their identities and grants; changes of roles are journaled.

    Somebody whom a unit has read once is not asked for again, unless the unit changes them.
    """

    def __init__(self, journal: Journal, places: Places) -> None:
        self._journal = journal
        self._places = places
        self._actors: dict[int, Actor] = {}

    async def actor(self, person_id: int) -> Actor:
        """That person with all grants; a bug if there is none."""
        known = self._actors.get(person_id)
        if known is not None:
            return known
        found = await rows(PERSON, person_id)
        if not found:
            raise ValueError(f"no person {person_id}")
        return self.learn(found)

    def learn(self, found: Sequence[Part]) -> Actor:
        """Note somebody whose rows (``WHOLE``) came with another question."""
        actor = actor_of(found, self._places)
        return self._actors.setdefault(actor.id, actor)

    def changed(self, person_id: int) -> None:
        """Read somebody anew when they are next asked for: what is stored of them has changed."""
        self._actors.pop(person_id, None)

    async def join_squad(self, squad_id: int, person_id: int) -> None:
        """Make somebody a member; once is enough."""
        self.changed(person_id)
        await Statement(
            "insert into squad_members (squad_id, person_id) values (?, ?) on conflict do nothing",
            squad_id,
            person_id,
        )

    async def add(self, name: str, now: datetime) -> int:
        """A new person; their id."""
        return await inserted(
            "insert into people (name, created_at) values (?, ?)",
            name,
            stored(now),
        )

    async def identify(self, person_id: int, platform: str, address: str, now: datetime) -> None:
        """Let that platform account, which nobody has yet, be this person from now on.

        Raises:
            Conflict: They just spoke elsewhere too; the driver runs the unit again.
        """
        noted = await affected(
            "insert into identities (platform, address, person_id, seen_at) values (?, ?, ?, ?) "
            "on conflict (platform, address) do nothing",
            platform,
            address,
            person_id,
            stored(now),
        )
        if not noted:
            raise Conflict("people", person_id)

    async def reachable_at(self, platform: str, address: str, chat_address: str) -> None:
        """Note the private chat in which that account can be written to."""
        await Statement(
            "update identities set chat_address = ?, blocked_at = null "
            "where platform = ? and address = ? "
            "and (chat_address is null or chat_address <> ? or blocked_at is not null)",
            chat_address,
            platform,
            address,
            chat_address,
        )

    async def unreachable(self, platform: str, chat_address: str, now: datetime) -> None:
        """Note that this private chat takes nothing any more (blocked, left, deleted)."""
        await Statement(
            "update identities set blocked_at = ? where platform = ? and chat_address = ?",
            stored(now),
            platform,
            chat_address,
        )

    async def reach(self, person_id: int) -> Reach | None:
        """Where to write to somebody privately: where they were last seen; None if nowhere."""
        found = await row(
            "select i.person_id, i.platform, i.chat_address, p.lang from identities i "
            "join people p on p.id = i.person_id where i.person_id = ? "
            "and i.chat_address is not null and i.blocked_at is null "
            "order by i.seen_at desc, i.platform limit 1",
            person_id,
        )
        if found is None:
            return None
        return Reach(found["person_id"], found["platform"], found["chat_address"], found["lang"])

    async def in_private(self, platform: str, chat_address: str) -> int | None:
        """Whose private chat that is, or None."""
        found = await value(
            "select person_id from identities where platform = ? and chat_address = ? "
            "order by seen_at desc limit 1",
            platform,
            chat_address,
        )
        return int(found) if found is not None else None

    async def rename(self, person_id: int, name: str, now: datetime) -> None:
        """Store the name that somebody chose; that they did is journaled, the words are not."""
        self.changed(person_id)
        await Statement("update people set name = ? where id = ?", name, person_id)
        entry = Entry(now, person_id, "person", person_id, "rename", {}, {})
        held = await rows(
            "select distinct l.community_id from grants g join places l on l.id = g.place_id "
            "where g.person_id = ? and g.until is null and l.community_id is not null",
            person_id,
        )
        for r in held:
            self._journal.note(r["community_id"], entry)

    async def speak(self, person_id: int, lang: str) -> None:
        """Store the language that somebody reads."""
        self.changed(person_id)
        await Statement("update people set lang = ? where id = ?", lang, person_id)

    async def names(self, person_ids: list[int]) -> dict[int, str]:
        """Id → name."""
        found = await rows(
            f"select id, name from people where id in ({marks(person_ids)})", *person_ids
        )
        return {r["id"]: r["name"] for r in found}

    async def grant(
        self, person_id: int, role: Role, place_id: int, *, by: int | None, now: datetime
    ) -> bool:
        """Give a role at a place; whether it is new."""
        self.changed(person_id)
        found = await rows(
            "insert into grants (person_id, place_id, role, granted_by, since) "
            "values (?, ?, ?, ?, ?) on conflict (person_id, place_id, role) where until is null "
            "do nothing returning id",
            person_id,
            place_id,
            role,
            by,
            stored(now),
        )
        for new in found:
            held: Facts = {"person": person_id, "role": role, "place": place_id}
            await self._note(place_id, Entry(now, by, "grant", new["id"], "grant", {}, held))
        return bool(found)

    async def revoke(
        self, person_id: int, role: Role, place_id: int, *, by: int | None, now: datetime
    ) -> bool:
        """End a role at a place; whether it was held."""
        self.changed(person_id)
        found = await rows(
            "update grants set until = ? where person_id = ? and place_id = ? and role = ? "
            "and until is null returning id",
            stored(now),
            person_id,
            place_id,
            role,
        )
        for old in found:
            held: Facts = {"person": person_id, "role": role, "place": place_id}
            await self._note(place_id, Entry(now, by, "grant", old["id"], "revoke", held, {}))
        return bool(found)

    async def _note(self, place_id: int, entry: Entry) -> None:
        """Journal a change of roles; a street belongs to no community and has no journal."""
        community_id = await value("select community_id from places where id = ?", place_id)
        if community_id is not None:
            self._journal.note(int(community_id), entry)

    async def holding(self, role: Role, place_ids: list[int]) -> list[int]:
        """Ids of those who hold ``role`` at one of these very places."""
        found = await rows(
            "select distinct person_id from grants "
            f"where role = ? and until is null and place_id in ({marks(place_ids)}) "
            "order by person_id",
            role,
            *place_ids,
        )
        return [r["person_id"] for r in found]

    async def officers(self, place_id: int) -> list[tuple[Role, str]]:
        """Role and name of those who hold an office at that very place, the longest first."""
        found = await rows(
            "select g.role, p.name from grants g join people p on p.id = g.person_id "
            "where g.place_id = ? and g.role <> ? and g.until is null order by g.since, g.id",
            place_id,
            Role.RESIDENT,
        )
        return [(Role(r["role"]), r["name"]) for r in found]

    async def of_community(self, role: Role, community_id: int) -> list[int]:
        """Ids of those who hold ``role`` anywhere in a community."""
        found = await rows(
            "select distinct g.person_id from grants g join places p on p.id = g.place_id "
            "where g.role = ? and g.until is null and p.community_id = ? order by g.person_id",
            role,
            community_id,
        )
        return [r["person_id"] for r in found]

    async def reachable(
        self, roles: Sequence[Role], place_ids: Sequence[int]
    ) -> dict[int, list[int]]:
        """Place → ids of those who hold one of ``roles`` at that very place and can be told."""
        held: dict[int, list[int]] = {}
        for holder in await self.holders(roles, place_ids):
            here = held.setdefault(holder.place_id, [])
            if holder.person_id not in here:
                here.append(holder.person_id)
        return held

    async def holders(self, roles: Sequence[Role], place_ids: Sequence[int]) -> list[Holder]:
        """Those who hold one of ``roles`` at one of these very places and can be told."""
        found = await rows(
            "select g.place_id, g.role, g.person_id from grants g "
            f"where g.place_id in ({marks(place_ids)}) and g.role in ({marks(roles)}) "
            "and g.until is null and exists (select 1 from identities i "
            "where i.person_id = g.person_id "
            "and i.chat_address is not null and i.blocked_at is null) order by g.person_id",
            *place_ids,
            *roles,
        )
        return [Holder(place_id, Role(role), person_id) for place_id, role, person_id in found]

    async def named(self, name: str, community_id: int) -> list[int]:
        """Ids of people of that name who belong to the community, or hold an office above it."""
        found = await rows(
            "select distinct p.id from people p join grants g on g.person_id = p.id "
            "join places l on l.id = g.place_id join places c on c.id = ? "
            f"where p.name = ? and {_OF_COMMUNITY} and g.until is null order by p.id",
            community_id,
            name,
        )
        return [r["id"] for r in found]

    async def belongs(self, person_id: int, community_id: int) -> bool:
        """Whether somebody holds any role in the community, or an office above it."""
        found = await value(
            "select count(*) from grants g join places l on l.id = g.place_id "
            "join places c on c.id = ? "
            f"where g.person_id = ? and {_OF_COMMUNITY} and g.until is null",
            community_id,
            person_id,
        )
        return bool(found)

    async def staff_names(self, community_ids: Sequence[int]) -> dict[int, str]:
        """Id → name of those with an office in one of these communities, or on a street."""
        found = await rows(
            "select distinct p.id, p.name from people p join grants g on g.person_id = p.id "
            "join places l on l.id = g.place_id where g.role <> ? and g.until is null "
            f"and (l.community_id is null or l.community_id in ({marks(community_ids)}))",
            Role.RESIDENT,
            *community_ids,
        )
        return {r["id"]: r["name"] for r in found}

    async def merge(self, kept: int, other: int, now: datetime) -> None:
        """Let ``kept`` take over the accounts of ``other``, who never was anybody else."""
        self._actors.clear()
        await Statement("update identities set person_id = ? where person_id = ?", kept, other)
        await Statement("update consents set person_id = ? where person_id = ?", kept, other)
        await Statement("delete from drafts where person_id = ?", other)
        await Statement(
            "update join_requests set decided_at = ? where person_id = ? and decided_at is null",
            stored(now),
            other,
        )
