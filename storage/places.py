"""Places store 地点: the tree, communities' settings, squads and counters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.digest import Timetable
from domain.hours import Hours
from domain.meetings import Rhythm
from domain.places import Place, PlaceKind, ancestors, place_name
from storage.statement import (
    AT_ONCE,
    Part,
    Row,
    Statement,
    inserted,
    inserted_or_none,
    marks,
    members,
    row,
    rows,
    value,
)


@dataclass(frozen=True, slots=True)
class Community:
    """One tenant: its place, its language, its day, and how it meets."""

    id: int
    lang: str
    hours: Hours
    digests: Timetable = field(default_factory=Timetable)
    rhythm: Rhythm = field(default_factory=Rhythm)


@dataclass(frozen=True, slots=True)
class Squad:
    """A named team 志愿队 that issues can be dispatched to."""

    id: int
    name: str
    speciality: str
    path: str


PLACE: Final = ("id", "community_id", "kind", "name", "path")
"""Columns of a place."""
COMMUNITY: Final = (
    *("place_id", "lang", "zone", "quiet_from", "quiet_until"),
    *("digest_at", "digest_weekday", "digest_day"),
    *("meeting_minutes", "meeting_reminders", "meeting_lead_days"),
)
"""Columns of a tenant."""
_KINDS: Final = members(PlaceKind)
PLACES: Final = f"select {', '.join(PLACE)} from places"
"""A question for them, as ``place_of`` takes them."""
_KINDS_AT_HOME = (PlaceKind.ENTRANCE, PlaceKind.HOUSEHOLD)


class Places:
    """Repository of the tree; a node that a unit has read once does not change in it."""

    def __init__(self) -> None:
        self._known: dict[int, Place] = {}
        self._communities: dict[int, Community] = {}

    def learn(self, found: Part) -> Place:
        """Note a place whose columns (``PLACE``) came with another question."""
        known = self._known.get(found[0])
        return known or self._known.setdefault(found[0], place_of(found))

    def learn_community(self, found: Part) -> None:
        """Note a tenant whose columns (``COMMUNITY``) came with another question."""
        self._communities.setdefault(found[0], community_of(tuple(found)))

    async def get(self, place_id: int) -> Place:
        """The place with that id; a bug if there is none."""
        known = self._known.get(place_id)
        if known is not None:
            return known
        found = await row(f"{PLACES} where id = ?", place_id)
        if found is None:
            raise ValueError(f"no place {place_id}")
        return self._known.setdefault(place_id, place_of(found))

    async def several(self, place_ids: Sequence[int]) -> list[Place]:
        """The places with these ids."""
        found = await rows(f"{PLACES} where id in ({marks(place_ids)})", *place_ids)
        return [place_of(r) for r in found]

    async def named(self, name: str, *, below: str) -> list[Place]:
        """Places of that name at or below path ``below``; ``三栋`` finds ``3号楼``."""
        found = await rows(
            f"{PLACES} where name in (?, ?) and path >= ? and path < ? order by path",
            name,
            place_name(name),
            *_below(below),
        )
        return [place_of(r) for r in found]

    async def line(self, path: str) -> list[Place]:
        """The places from the root down to ``path``, outermost first."""
        ids = ancestors(path)
        found = await rows(f"{PLACES} where id in ({marks(ids)})", *ids)
        return sorted((place_of(r) for r in found), key=lambda place: len(place.path))

    async def children(self, place_id: int) -> list[Place]:
        """The places directly below."""
        found = await rows(f"{PLACES} where parent_id = ? order by id", place_id)
        return [place_of(r) for r in found]

    async def add(self, kind: PlaceKind, name: str, parent: Place | None = None) -> Place:
        """A new place below ``parent``; the existing one if its name is taken there."""
        parent_id = parent.id if parent else None
        known = await self._below(parent_id, name)
        if known is not None:
            return place_of(known)
        community_id = parent.community_id if parent else None
        new_id = await inserted_or_none(
            "insert into places (community_id, parent_id, kind, name) values (?, ?, ?, ?) "
            "on conflict (parent_id, name) do nothing",
            community_id,
            parent_id,
            kind,
            name,
        )
        if new_id is None:  # another worker made it since we looked
            return await self.add(kind, name, parent)
        if kind is PlaceKind.COMMUNITY:
            community_id = new_id
        path = f"{parent.path if parent else '/'}{new_id}/"
        home = await self._home(kind, path, parent)
        await Statement(
            "update places set path = ?, home = ?, community_id = ? where id = ?",
            path,
            home,
            community_id,
            new_id,
        )
        return Place(new_id, community_id, kind, name, path)

    async def add_many(
        self, kind: PlaceKind, wanted: Sequence[tuple[Place, str]]
    ) -> dict[tuple[int, str], Place]:
        """Places of that name below that parent, made where they are missing.

        A few statements for thousands of them. What comes back has parent's id and name as key.
        """
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            await Statement(
                "insert into places (community_id, parent_id, kind, name) values "
                f"{','.join(['(?, ?, ?, ?)'] * len(some))} "
                "on conflict (parent_id, name) do nothing",
                *(a for at, name in some for a in (at.community_id, at.id, kind, name)),
            )
        parents = list({at.id: at for at, _ in wanted}.values())
        found: dict[tuple[int, str], Place] = {}
        for start in range(0, len(parents), AT_ONCE):
            ids = [at.id for at in parents[start : start + AT_ONCE]]
            await self._root(kind, ids)
            below = await rows(f"{PLACES} where parent_id in ({marks(ids)})", *ids)
            found |= {(at.parent_id or 0, at.name): at for at in map(place_of, below)}
        return found

    async def _root(self, kind: PlaceKind, parent_ids: Sequence[int]) -> None:
        """Give new places their paths."""
        above = "(select p.{} from places p where p.id = places.parent_id)"
        path = f"{above.format('path')} || cast(id as text) || '/'"
        home = above.format("home") if kind in _KINDS_AT_HOME else path
        await Statement(
            f"update places set path = {path}, home = {home} "
            f"where path = '' and parent_id in ({marks(parent_ids)})",
            *parent_ids,
        )

    async def _below(self, parent_id: int | None, name: str) -> Row | None:
        if parent_id is None:  # null equals nothing, not even itself
            return await row(f"{PLACES} where parent_id is null and name = ?", name)
        return await row(f"{PLACES} where parent_id = ? and name = ?", parent_id, name)

    async def _home(self, kind: PlaceKind, path: str, parent: Place | None) -> str:
        if kind not in _KINDS_AT_HOME or parent is None:
            return path
        return str(await value("select home from places where id = ?", parent.id))

    async def open_community(
        self,
        place: Place,
        *,
        zone: str,
        lang: str,
        quiet: tuple[time, time] = (time(22), time(7)),
        digests: Timetable | None = None,
    ) -> None:
        """Make ``place`` a tenant with its hours, or give it these from now on."""
        self._communities.pop(place.id, None)
        table = digests or Timetable()
        await Statement(
            "insert into communities (place_id, zone, lang, quiet_from, quiet_until, digest_at, "
            "digest_weekday, digest_day) values (?, ?, ?, ?, ?, ?, ?, ?) "
            "on conflict (place_id) do update set zone = excluded.zone, "
            "lang = excluded.lang, quiet_from = excluded.quiet_from, "
            "quiet_until = excluded.quiet_until, digest_at = excluded.digest_at, "
            "digest_weekday = excluded.digest_weekday, digest_day = excluded.digest_day",
            place.id,
            zone,
            lang,
            *(at.isoformat("minutes") for at in (*quiet, table.at)),
            table.weekday,
            table.day,
        )

    async def meet_by(self, community_id: int, rhythm: Rhythm) -> None:
        """Let a community's meetings follow these habits from now on."""
        self._communities.pop(community_id, None)
        minutes = (str(int(before.total_seconds()) // 60) for before in rhythm.reminders)
        await Statement(
            "update communities set meeting_minutes = ?, meeting_reminders = ?, "
            "meeting_lead_days = ? where place_id = ?",
            int(rhythm.lasts.total_seconds()) // 60,
            ",".join(minutes),
            rhythm.lead.days,
            community_id,
        )

    async def community(self, community_id: int) -> Community:
        """Settings of a tenant; a bug if there is none."""
        known = self._communities.get(community_id)
        if known is not None:
            return known
        found = await row(
            f"select {', '.join(COMMUNITY)} from communities where place_id = ?", community_id
        )
        if found is None:
            raise ValueError(f"no community {community_id}")
        return self._communities.setdefault(community_id, community_of(tuple(found)))

    async def communities(self, below: str = "/") -> list[Place]:
        """Tenants at or below a path, by default all."""
        found = await rows(
            f"{PLACES} where kind = 'community' and path >= ? and path < ? order by id",
            *_below(below),
        )
        return [place_of(r) for r in found]

    async def next_number(self, community_id: int, kind: str) -> int:
        """The next of a community's own numbers (报1, 报2 …); no number is given twice."""
        return int(
            await value(
                "insert into counters (community_id, kind, value) values (?, ?, 1) "
                "on conflict (community_id, kind) do update set value = counters.value + 1 "
                "returning value",
                community_id,
                kind,
            )
        )

    async def add_squad(self, name: str, speciality: str, at: Place) -> int:
        """A new squad that works at and below ``at``; its id."""
        return await inserted(
            "insert into squads (community_id, place_id, name, speciality) values (?, ?, ?, ?)",
            at.community_id,
            at.id,
            name,
            speciality,
        )

    async def squads_for(self, path: str) -> list[Squad]:
        """Squads whose place is at or above ``path``, the nearest first."""
        ids = ancestors(path)
        found = await rows(
            "select s.id, s.name, s.speciality, p.path from squads s "
            f"join places p on p.id = s.place_id where s.place_id in ({marks(ids)})",
            *ids,
        )
        squads = [Squad(r["id"], r["name"], r["speciality"], r["path"]) for r in found]
        return sorted(squads, key=lambda squad: (-len(squad.path), squad.id))

    async def squad_name(self, squad_id: int) -> str:
        """What a squad is called."""
        return str(await value("select name from squads where id = ?", squad_id))

    async def squad_members(self, squad_id: int) -> list[int]:
        """Ids of a squad's people."""
        found = await rows("select person_id from squad_members where squad_id = ?", squad_id)
        return [r["person_id"] for r in found]


def _below(path: str) -> tuple[str, str]:
    """Bounds of the paths at or below ``path``: ``0`` is the character after ``/``."""
    return path, f"{path[:-1]}0"


def below_any(column: str, paths: Sequence[str]) -> tuple[str, list[str]]:
    """SQL and arguments for "``column`` lies at or below one of ``paths``"."""
    bounds = [bound for path in paths for bound in _below(path)]
    parts = " or ".join([f"({column} >= ? and {column} < ?)"] * len(paths))
    return f"({parts or '1 = 0'})", bounds


def place_of(found: Part) -> Place:
    """The place in the columns ``PLACE``."""
    place_id, community_id, kind, name, path = found
    return Place(place_id, community_id, _KINDS[kind], name, path)


@lru_cache(maxsize=64)  # settings seldom change, and taking them apart costs more than reading them
def community_of(found: tuple[Any, ...]) -> Community:
    """The tenant in the columns ``COMMUNITY``."""
    place_id, lang, zone, quiet_from, quiet_until, digest_at, weekday, day, *meets = found
    lasts, reminders, lead_days = meets
    before = tuple(timedelta(minutes=int(part)) for part in reminders.split(",") if part)
    return Community(
        place_id,
        lang,
        Hours(ZoneInfo(zone), time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)),
        Timetable(time.fromisoformat(digest_at), weekday, day),
        Rhythm(timedelta(minutes=lasts), before, timedelta(days=lead_days)),
    )
