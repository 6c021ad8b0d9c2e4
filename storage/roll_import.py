"""Import store 导入: a sheet that waits for its yes, and a whole plan stored in one unit."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from domain.places import Place, PlaceKind
from domain.refusal import Refusal
from domain.roll import Holding, Owner
from domain.roll_entries import Entry
from domain.roll_plan import Known, Plan
from domain.sheets import Sheet
from storage.places import PLACES, Places, below_any, place_of
from storage.roll import Rolls
from storage.statement import row, rows, stored, value

_IDS: Final = 2**53


class RollImports:
    """Repository of imports."""

    def __init__(self, places: Places, rolls: Rolls) -> None:
        self._places = places
        self._rolls = rolls

    # A sheet that was sent

    async def keep(self, sheet: Sheet, community_id: int, person_id: int, now: datetime) -> int:
        """Keep a sheet until its sender says yes; one of each person; its id.

        The id is random, since a button of an older sheet must not mean this one.
        """
        await self.drop(person_id)
        body = json.dumps([sheet.rows, sheet.merged, sheet.others], ensure_ascii=False)
        return int(
            await value(
                "insert into roll_sheets (id, community_id, person_id, name, body, at) "
                "values (?, ?, ?, ?, ?, ?) returning id",
                secrets.randbelow(_IDS),
                community_id,
                person_id,
                sheet.name,
                body,
                stored(now),
            )
        )

    async def kept(self, sheet_id: int, person_id: int) -> tuple[Sheet, int] | None:
        """A sheet that this person sent, and its community; None where it is gone."""
        found = await row(
            "select * from roll_sheets where id = ? and person_id = ?", sheet_id, person_id
        )
        if found is None:
            return None
        cells, merged, others = json.loads(found["body"])
        sheet = Sheet(found["name"], tuple(map(tuple, cells)), tuple(merged), tuple(others))
        return sheet, found["community_id"]

    async def drop(self, person_id: int) -> None:
        """Forget what somebody sent."""
        await rows("delete from roll_sheets where person_id = ?", person_id)

    # Comparing and storing

    async def known(self, community: Place) -> Known:
        """What is stored of a community."""
        where, bounds = below_any("path", [community.path])
        found = await rows(
            f"{PLACES} where kind in (?, ?) and {where} order by id",
            PlaceKind.GRID,
            PlaceKind.BUILDING,
            *bounds,
        )
        buildings: dict[str, list[Place]] = {}
        for place in map(place_of, found):
            if place.kind is PlaceKind.BUILDING:
                buildings.setdefault(place.name, []).append(place)
        return Known(
            community=community,
            version=(await self._rolls.settings(community.id)).version,
            grids={p.name: p for p in map(place_of, found) if p.kind is PlaceKind.GRID},
            buildings=buildings,
            owners={owner.id: owner for owner in await self._rolls.owners(community.id)},
            holdings=tuple(await self._rolls.holdings(community.id)),
        )

    async def store(self, community: Place, plan: Plan, *, by: int | None, now: datetime) -> None:
        """Make the roll what ``plan`` says; all of it in this unit.

        Raises:
            ValueError: Something blocks it; a bug, the handler checks first.
            Refusal: ``roll_changed``: the roll is not the one that it was compared with.
        """
        if plan.is_blocked:
            raise ValueError(f"plan for community {community.id} is blocked")
        facts = {
            "added": len(plan.added),
            "changed": len(plan.changed),
            "removed": len(plan.removed),
        }
        version = await self._rolls.changed(community.id, facts, by=by, now=now)
        if version != plan.version + 1:
            raise Refusal("roll_changed")
        places = await self._tree(community, plan)
        owners = await self._owners(community.id, plan)
        await self._rolls.remove_holdings([holding.id for holding in plan.removed])
        await self._rolls.change_holdings(
            [
                _held(c.entry, c.holding.id, owners, c.holding.place_id, c.holding.path)
                for c in plan.changed
            ]
        )
        added = [(entry, places[_place_key(entry)]) for entry in plan.added]
        await self._rolls.add_holdings(
            community.id, [_held(entry, 0, owners, at.id, at.path) for entry, at in added]
        )
        await self._rolls.drop_idle_owners(community.id)

    async def _owners(self, community_id: int, plan: Plan) -> dict[tuple[str, str], int]:
        """Owner's name and mark → id; new ones are made, others get their kind."""
        stored_ones = await self._rolls.owners(community_id)
        ids = {owner.key: owner.id for owner in stored_ones}
        kinds = {owner.key: owner.kind for owner in stored_ones}
        wanted = {(entry.owner, entry.mark): entry.owner_kind for entry in plan.entries}
        new = [
            Owner(-number, name, kind, mark)
            for number, ((name, mark), kind) in enumerate(wanted.items(), 1)
            if (name, mark) not in ids
        ]
        made = await self._rolls.add_owners(community_id, new)
        for key, kind in wanted.items():
            if kinds.get(key, kind) is not kind:
                await self._rolls.change_kind(ids[key], kind)
        return ids | {owner.key: made[owner.id] for owner in new}

    # The tree of places

    async def _tree(self, community: Place, plan: Plan) -> dict[tuple[str, str], Place]:
        """Where each entry that is added lies; what the tree lacks is made, level by level."""
        for building, grid in plan.new_buildings.items():
            at = await self._places.add(PlaceKind.GRID, grid, community)
            await self._places.add(PlaceKind.BUILDING, building, at)
        found = {("", ""): community}
        buildings = (await self._buildings(community)) | {"": community}
        for name, place in buildings.items():
            found[name, ""] = place
        homes = [entry for entry in plan.added if entry.entrance]
        doors = await self._places.add_many(
            PlaceKind.ENTRANCE,
            sorted({(buildings[e.building], e.entrance) for e in homes}, key=_by_name),
        )
        flats = await self._places.add_many(
            PlaceKind.HOUSEHOLD,
            [(doors[buildings[e.building].id, e.entrance], e.name) for e in homes],
        )
        for entry in homes:
            door = doors[buildings[entry.building].id, entry.entrance]
            found[_place_key(entry)] = flats[door.id, entry.name]
        return found

    async def _buildings(self, community: Place) -> dict[str, Place]:
        """Name → building; of two with one name the first."""
        where, bounds = below_any("path", [community.path])
        found = await rows(
            f"{PLACES} where kind = ? and {where} order by id desc",
            PlaceKind.BUILDING,
            *bounds,
        )
        return {place.name: place for place in map(place_of, found)}


def _place_key(entry: Entry) -> tuple[str, str]:
    """A household by its building and name; a garage lies in its building, or in the estate."""
    return entry.building, entry.name if entry.entrance else ""


def _by_name(item: tuple[Place, str]) -> tuple[int, str]:
    return item[0].id, item[1]


def _held(
    entry: Entry, holding_id: int, owners: Mapping[tuple[str, str], int], at: int, path: str
) -> Holding:
    return Holding(
        id=holding_id,
        owner_id=owners[entry.owner, entry.mark],
        place_id=at,
        path=path,
        name=entry.name,
        use=entry.use,
        area_hundredths=entry.area_hundredths,
    )
