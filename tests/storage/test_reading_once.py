"""What a unit has read once it does not ask for again, unless the unit itself has changed it."""

from domain.people import Role
from domain.places import PlaceKind
from storage.database import Database
from storage.unit import Unit


async def test_a_unit_sees_what_it_changes_of_a_person(database: Database) -> None:
    async def changed(unit: Unit) -> list[tuple[str, str | None, int]]:
        home = await unit.places.add(PlaceKind.STREET, "和平街道")
        person_id = await unit.people.add("王阿姨", unit.now)
        seen = [await unit.people.actor(person_id)]
        await unit.people.grant(person_id, Role.STREET_STAFF, home.id, by=None, now=unit.now)
        seen.append(await unit.people.actor(person_id))
        await unit.people.revoke(person_id, Role.STREET_STAFF, home.id, by=None, now=unit.now)
        await unit.people.rename(person_id, "王芳", unit.now)
        await unit.people.speak(person_id, "en")
        seen.append(await unit.people.actor(person_id))
        await unit.mydata.erase(person_id, "已注销", unit.now)
        seen.append(await unit.people.actor(person_id))
        return [(actor.name, actor.lang, len(actor.grants)) for actor in seen]

    assert await database.unit(changed) == [
        ("王阿姨", None, 0),
        ("王阿姨", None, 1),
        ("王芳", "en", 0),
        ("已注销", None, 0),
    ]
