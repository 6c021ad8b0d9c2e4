"""Roll store 表决名册: kept exactly, changed with a version, linked to people."""

from dataclasses import dataclass

from domain.places import Place, PlaceKind
from domain.roll import Holding, Owner, OwnerKind, Use, fingerprint
from storage.database import Database
from storage.doors import GOES_WITH_IT, KEPT_BY
from storage.statement import rows
from storage.unit import Unit


@dataclass(frozen=True)
class Estate:
    """A community with one building; two flats of 王秀英, one of the developer, and a garage."""

    community: Place
    building: Place
    owners: dict[int, int]


async def estate(unit: Unit) -> Estate:
    """Make it."""
    community = await unit.places.add(PlaceKind.COMMUNITY, "睦邻社区")
    await unit.places.open_community(community, zone="Asia/Shanghai", lang="zh")
    building = await unit.places.add(PlaceKind.BUILDING, "3号楼", community)
    owners = await unit.roll.add_owners(
        community.id,
        [
            Owner(1, "王秀英"),
            Owner(2, "建发公司", OwnerKind.DEVELOPER),
            Owner(3, "王秀英", mark="2"),
        ],
    )
    held = []
    for number, owner in ((501, 1), (502, 1), (601, 2)):
        home = await unit.places.add(PlaceKind.HOUSEHOLD, f"3-2-{number}", building)
        held.append(Holding(0, owners[owner], home.id, home.path, home.name, Use.FLAT, 8950))
    held.append(Holding(0, owners[3], community.id, community.path, "车位B12", Use.GARAGE, 1250))
    await unit.roll.add_holdings(community.id, held)
    await unit.roll.changed(community.id, {}, by=None, now=unit.now)
    return Estate(community, building, owners)


async def test_a_roll_is_read_as_it_was_stored(database: Database) -> None:
    async def work(unit: Unit) -> None:
        made = await estate(unit)
        roll = await unit.roll.of(made.building)

        assert roll.areas() == {made.owners[1]: 17900, made.owners[2]: 8950}
        assert len(roll.households) == 3 and roll.settings.version == 1

    await database.unit(work)


async def test_a_garage_counts_for_the_estate_where_that_is_set(database: Database) -> None:
    async def work(unit: Unit) -> None:
        made = await estate(unit)
        before = await unit.roll.of(made.community)
        await unit.roll.count_garages(made.community.id, True, by=None, now=unit.now)
        after = await unit.roll.of(made.community)

        assert (before.heads, after.heads) == (2, 3)
        assert after.settings.version == 2 and fingerprint(before) != fingerprint(after)

    await database.unit(work)


async def test_who_is_which_owner_is_kept_and_journaled(database: Database) -> None:
    async def work(unit: Unit) -> None:
        made = await estate(unit)
        person = await unit.people.add("王阿姨", unit.now)
        owner = made.owners[1]

        assert await unit.roll.link(owner, person, by=None, now=unit.now)
        assert not await unit.roll.link(owner, person, by=None, now=unit.now)
        assert [o.id for o in await unit.roll.owners_of(person, made.community.id)] == [owner]
        assert await unit.roll.people_of([owner, made.owners[2]]) == {owner: [person]}
        await unit.seal()
        assert [entry.verb for entry in await unit.journal.of("owner", owner)] == ["link"]

    await database.unit(work)


async def test_a_household_that_the_roll_does_not_know_is_found(database: Database) -> None:
    async def work(unit: Unit) -> None:
        made = await estate(unit)
        await unit.places.add(PlaceKind.HOUSEHOLD, "3-2-999", made.building)

        unlisted = await unit.roll.doors.unlisted(made.building)
        assert [place.name for place in unlisted] == ["3-2-999"]

    await database.unit(work)


async def test_an_owner_who_sold_everything_is_forgotten(database: Database) -> None:
    async def work(unit: Unit) -> None:
        made = await estate(unit)
        held = await unit.roll.holdings(made.community.id)
        await unit.roll.remove_holdings([h.id for h in held if h.owner_id == made.owners[1]])
        await unit.roll.drop_idle_owners(made.community.id)

        left = {owner.id for owner in await unit.roll.owners(made.community.id)}
        assert left == {made.owners[2], made.owners[3]}

    await database.unit(work)


async def test_every_column_that_points_to_a_place_is_accounted_for(database: Database) -> None:
    async def pointing(unit: Unit) -> set[tuple[str, str]]:
        return {(r["tab"], r["col"]) for r in await rows(_POINTING[database.driver.dialect])}

    found = {(tab, col) for tab, col in await database.read(pointing) if col != "community_id"}
    known = {*KEPT_BY, *((table, "place_id") for table in GOES_WITH_IT)}

    assert found and found <= known


_POINTING = {
    "sqlite": 'select m.name as tab, f."from" as col from sqlite_master m '
    "join pragma_foreign_key_list(m.name) f where m.type = 'table' and f.\"table\" = 'places'",
    "postgres": "select t.relname as tab, a.attname as col from pg_constraint k "
    "join pg_class t on t.oid = k.conrelid "
    "join pg_attribute a on a.attrelid = t.oid and a.attnum = any(k.conkey) "
    "where k.contype = 'f' and k.confrelid = 'places'::regclass",
}
