"""What a unit has read once it does not ask for again, unless the unit itself has changed it."""

from datetime import timedelta

from domain.meetings import Meeting, MeetingKind, MeetingState
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


async def test_a_unit_sees_whom_it_lets_into_a_squad(database: Database) -> None:
    async def joined(unit: Unit) -> bool:
        street = await unit.places.add(PlaceKind.STREET, "和平街道")
        community = await unit.places.add(PlaceKind.COMMUNITY, "睦邻社区", street)
        squad_id = await unit.places.add_squad("维修队", "水电", community)
        person_id = await unit.people.add("赵师傅", unit.now)
        assert (await unit.people.actor(person_id)).squads == frozenset()
        await unit.people.join_squad(squad_id, person_id)
        return (await unit.people.actor(person_id)).squads == {squad_id}

    assert await database.unit(joined)


async def test_meetings_without_a_date_stand_behind_the_others(database: Database) -> None:
    async def listed(unit: Unit) -> list[int]:
        street = await unit.places.add(PlaceKind.STREET, "和平街道")
        person_id = await unit.people.add("王阿姨", unit.now)
        await unit.people.grant(person_id, Role.STREET_STAFF, street.id, by=None, now=unit.now)
        for number, days in enumerate((2, None, 1), 1):
            at = unit.now + timedelta(days=days) if days else None
            state = MeetingState.CALLED if at else MeetingState.CHOOSING
            await unit.meetings.add(
                Meeting(
                    id=0,
                    community_id=street.id,
                    number=number,
                    place_id=street.id,
                    path=street.path,
                    author_id=person_id,
                    kind=MeetingKind.EVENING_TALK,
                    venue="凉亭",
                    starts_at=at,
                    ends_at=at + timedelta(hours=1) if at else None,
                    state=state,
                ),
                unit.now,
            )
        coming = await unit.meetings.coming_for(await unit.people.actor(person_id))
        return [meeting.number for meeting in coming]

    assert await database.unit(listed) == [3, 1, 2]
