"""Roll store 表决名册: owners, what they own, and who in the chat is which owner."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from domain.journal import Entry, Facts
from domain.places import Place
from domain.roll import Holding, Owner, OwnerKind, Roll, RollSettings, Use, roll_of
from storage.doors import Doors
from storage.journal import Journal
from storage.places import below_any
from storage.statement import AT_ONCE, Row, Statement, marks, row, rows, stored, value

T = TypeVar("T")


class Rolls:
    """Repository of the roll; every change of it makes its ``version`` grow and is journaled."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.doors = Doors(journal)

    async def settings(self, community_id: int) -> RollSettings:
        """What the community agreed on; the default where nobody has a roll yet."""
        found = await row(
            "select counts_garages, version from rolls where community_id = ?", community_id
        )
        if found is None:
            return RollSettings()
        return RollSettings(bool(found["counts_garages"]), found["version"])

    async def of(self, place: Place) -> Roll:
        """What counts at and below ``place``; empty where no roll was imported."""
        if place.community_id is None:
            return Roll()
        where, bounds = below_any("h.path", [place.path])
        held = await rows(
            f"select h.* from holdings h where {where} and h.community_id = ? order by h.id",
            *bounds,
            place.community_id,
        )
        owned = await rows(
            "select o.* from owners o where exists (select 1 from holdings h "
            f"where h.owner_id = o.id and {where}) and o.community_id = ?",
            *bounds,
            place.community_id,
        )
        settings = await self.settings(place.community_id)
        return roll_of(settings, map(_owner, owned), map(_holding, held))

    async def holdings(self, community_id: int) -> list[Holding]:
        """All holdings of a community, whether they count or not."""
        found = await rows(
            "select * from holdings where community_id = ? order by id", community_id
        )
        return [_holding(r) for r in found]

    async def owners(self, community_id: int) -> list[Owner]:
        """All owners of a community."""
        found = await rows("select * from owners where community_id = ? order by id", community_id)
        return [_owner(r) for r in found]

    # Changing it

    async def add_owners(self, community_id: int, owners: Sequence[Owner]) -> dict[int, int]:
        """Store owners; the id that each was given here → the id that it has now."""
        ids: dict[tuple[str, str], int] = {}
        for some in _parted(owners):
            found = await rows(
                "insert into owners (community_id, name, mark, kind) values "
                f"{_groups(4, some)} returning id, name, mark",
                *(a for o in some for a in (community_id, o.name, o.mark, o.kind)),
            )
            ids |= {(r["name"], r["mark"]): r["id"] for r in found}
        return {owner.id: ids[owner.key] for owner in owners}

    async def add_holdings(self, community_id: int, holdings: Sequence[Holding]) -> None:
        """Store holdings of owners who are stored; their own ids are made here."""
        for some in _parted(holdings):
            await Statement(
                "insert into holdings (community_id, owner_id, place_id, path, name, use, "
                f"area_hundredths) values {_groups(7, some)}",
                *(
                    a
                    for h in some
                    for a in (
                        community_id,
                        h.owner_id,
                        h.place_id,
                        h.path,
                        h.name,
                        h.use,
                        h.area_hundredths,
                    )
                ),
            )

    async def change_holdings(self, holdings: Sequence[Holding]) -> None:
        """Store another owner, use or area of holdings that are there."""
        for holding in holdings:
            await Statement(
                "update holdings set owner_id = ?, use = ?, area_hundredths = ? where id = ?",
                holding.owner_id,
                holding.use,
                holding.area_hundredths,
                holding.id,
            )

    async def change_kind(self, owner_id: int, kind: OwnerKind) -> None:
        """Store that an owner is a person, an organisation or the developer."""
        await Statement("update owners set kind = ? where id = ?", kind, owner_id)

    async def remove_holdings(self, holding_ids: Sequence[int]) -> None:
        """Take holdings off the roll."""
        for some in _parted(holding_ids):
            await Statement(f"delete from holdings where id in ({marks(some)})", *some)

    async def drop_idle_owners(self, community_id: int) -> None:
        """Forget owners who own nothing any more, and who they were in the chat."""
        idle = (
            "select o.id from owners o where o.community_id = ? and not exists "
            "(select 1 from holdings h where h.owner_id = o.id)"
        )
        await Statement(f"delete from owner_people where owner_id in ({idle})", community_id)
        await Statement(f"delete from owners where id in ({idle})", community_id)

    async def changed(
        self, community_id: int, facts: Facts, *, by: int | None, now: datetime
    ) -> int:
        """Note that the roll is another one from now on; its new version.

        The row is locked by it until the unit ends, so that two imports come one after the other.
        """
        version = await value(
            "insert into rolls (community_id, counts_garages, version) values (?, 0, 1) "
            "on conflict (community_id) do update set version = rolls.version + 1 "
            "returning version",
            community_id,
        )
        entry = Entry(
            now, by, "roll", community_id, "change", {}, {**facts, "version": int(version)}
        )
        self._journal.note(community_id, entry)
        return int(version)

    async def count_garages(
        self, community_id: int, counts: bool, *, by: int | None, now: datetime
    ) -> None:
        """Let garages and storerooms count from now on, or not."""
        await self.changed(community_id, {"counts_garages": int(counts)}, by=by, now=now)
        await Statement(
            "update rolls set counts_garages = ? where community_id = ?", int(counts), community_id
        )

    # Who is who

    async def link(self, owner_id: int, person_id: int, *, by: int | None, now: datetime) -> bool:
        """Let somebody act for an owner; whether that is new."""
        found = await rows(
            "insert into owner_people (owner_id, person_id, linked_by, at) values (?, ?, ?, ?) "
            "on conflict (owner_id, person_id) do nothing returning owner_id",
            owner_id,
            person_id,
            by,
            stored(now),
        )
        if found:
            await self._note_link(owner_id, person_id, "link", by, now)
        return bool(found)

    async def unlink(self, owner_id: int, person_id: int, *, by: int | None, now: datetime) -> bool:
        """Let somebody act for an owner no more; whether they did."""
        found = await rows(
            "delete from owner_people where owner_id = ? and person_id = ? returning owner_id",
            owner_id,
            person_id,
        )
        if found:
            await self._note_link(owner_id, person_id, "unlink", by, now)
        return bool(found)

    async def _note_link(
        self, owner_id: int, person_id: int, verb: str, by: int | None, now: datetime
    ) -> None:
        community_id = await value("select community_id from owners where id = ?", owner_id)
        entry = Entry(now, by, "owner", owner_id, verb, {}, {"person": person_id})
        self._journal.note(int(community_id), entry)

    async def owners_of(self, person_id: int, community_id: int) -> list[Owner]:
        """For whom somebody may act in a community."""
        found = await rows(
            "select o.* from owners o join owner_people l on l.owner_id = o.id "
            "where l.person_id = ? and o.community_id = ? order by o.id",
            person_id,
            community_id,
        )
        return [_owner(r) for r in found]

    async def people_of(self, owner_ids: Sequence[int]) -> dict[int, list[int]]:
        """Owner's id → ids of those who may act for them; without those who have nobody."""
        found: dict[int, list[int]] = {}
        for some in _parted(owner_ids):
            for r in await rows(
                "select owner_id, person_id from owner_people "
                f"where owner_id in ({marks(some)}) order by person_id",
                *some,
            ):
                found.setdefault(r["owner_id"], []).append(r["person_id"])
        return found

    async def owner_of(self, place_id: int) -> Owner | None:
        """Whose a household's flat or shop is; None where the roll does not know it."""
        found = await row(
            "select o.* from owners o join holdings h on h.owner_id = o.id "
            "where h.place_id = ? and h.use in (?, ?) order by h.id limit 1",
            place_id,
            Use.FLAT,
            Use.SHOP,
        )
        return _owner(found) if found is not None else None


def _parted(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _groups(width: int, items: Sequence[object]) -> str:
    """``(?,?),(?,?)``: the values of several rows."""
    return ",".join([f"({','.join('?' * width)})"] * len(items))


def _owner(found: Row) -> Owner:
    return Owner(found["id"], found["name"], OwnerKind(found["kind"]), found["mark"])


def _holding(found: Row) -> Holding:
    return Holding(
        id=found["id"],
        owner_id=found["owner_id"],
        place_id=found["place_id"],
        path=found["path"],
        name=found["name"],
        use=Use(found["use"]),
        area_hundredths=found["area_hundredths"],
    )
