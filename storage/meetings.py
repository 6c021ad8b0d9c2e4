"""Meetings store 会议: what was called for when and where; every change is journaled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from domain.journal import Entry, Facts
from domain.meetings import Meeting, MeetingKind, MeetingState
from domain.people import Actor
from domain.places import ancestors
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import (
    Row,
    Statement,
    affected,
    inserted,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    stored_or_none,
    value,
)

_LISTED: Final = 10


class Meetings:
    """Repository of meetings."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Meeting:
        """The meeting 会``number``.

        Raises:
            Refusal: ``meeting_absent``, alike for "there is none" and "not for you".
        """
        found = await numbered("meetings", number, community_id=community_id, seen_by=seen_by)
        return _meeting(found)

    async def by_id(self, meeting_id: int) -> Meeting:
        """The meeting with that id, for the program itself; a bug if there is none."""
        return _meeting(await kept("meetings", meeting_id))

    async def add(self, meeting: Meeting, now: datetime, *, by_clock: bool = False) -> Meeting:
        """Store a new meeting; it comes back with its id and its name for calendars."""
        uid = meeting.uid or uuid4().hex
        meeting_id = await inserted(
            "insert into meetings (community_id, number, place_id, path, author_id, kind, venue, "
            "topic_line, starts_at, ends_at, state, series_id, sequence, uid, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            meeting.community_id,
            meeting.number,
            meeting.place_id,
            meeting.path,
            meeting.author_id,
            meeting.kind,
            meeting.venue,
            meeting.topic_line,
            stored_or_none(meeting.starts_at),
            stored_or_none(meeting.ends_at),
            meeting.state,
            meeting.series_id,
            meeting.sequence,
            uid,
        )
        added = replace(meeting, id=meeting_id, uid=uid, version=1)
        after = {"number": added.number, **_facts(added)}
        by = None if by_clock else added.author_id
        self._note(added, Entry(now, by, "meeting", added.id, "call", {}, after))
        return added

    async def save(self, meeting: Meeting, verb: str, *, by: int | None, now: datetime) -> Meeting:
        """Store a meeting that was changed; it comes back with its new version.

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        was = await self.by_id(meeting.id)
        saved = await affected(
            "update meetings set venue = ?, topic_line = ?, starts_at = ?, ends_at = ?, "
            "state = ?, sequence = ?, version = version + 1 "
            "where id = ? and version = ?",
            meeting.venue,
            meeting.topic_line,
            stored_or_none(meeting.starts_at),
            stored_or_none(meeting.ends_at),
            meeting.state,
            meeting.sequence,
            meeting.id,
            meeting.version,
        )
        if not saved:
            raise Conflict("meetings", meeting.id)
        entry = Entry(now, by, "meeting", meeting.id, verb, _facts(was), _facts(meeting))
        self._note(meeting, entry)
        return replace(meeting, version=meeting.version + 1)

    async def entry_code(self, meeting: Meeting, new: str) -> str:
        """The code that checks people in at the place; ``new`` where there is none yet."""
        await Statement(
            "update meetings set entry_token = ? where id = ? and entry_token is null",
            new,
            meeting.id,
        )
        return str(await value("select entry_token from meetings where id = ?", meeting.id))

    async def entered_by(self, code: str) -> Meeting | None:
        """The meeting with that code, or None."""
        found = await row("select * from meetings where entry_token = ?", code)
        return _meeting(found) if found is not None else None

    async def hold(self, community_id: int) -> None:
        """Let nobody else fix a meeting's time in that community until this unit has ended."""
        await Statement(
            "update counters set value = value where community_id = ? and kind = 'meeting'",
            community_id,
        )

    async def around(self, place_id: int, since: datetime, until: datetime) -> list[Meeting]:
        """Called meetings of a place that are under way between two instants."""
        found = await rows(
            "select * from meetings where place_id = ? and state = 'called' "
            "and starts_at < ? and ends_at > ? order by starts_at",
            place_id,
            stored(until),
            stored(since),
        )
        return [_meeting(r) for r in found]

    async def beside(self, path: str, since: datetime, until: datetime) -> list[Meeting]:
        """Called meetings above or below a place that are under way between two instants."""
        below, bounds = below_any("path", [path])
        above = sorted(set(ancestors(path)))
        found = await rows(
            "select * from meetings where state = 'called' and starts_at < ? and ends_at > ? "
            f"and ({below} or place_id in ({marks(above)})) and path <> ? order by starts_at, id",
            stored(until),
            stored(since),
            *bounds,
            *above,
            path,
        )
        return [_meeting(r) for r in found]

    async def coming_in(self, community_id: int, since: datetime, until: datetime) -> list[Meeting]:
        """A community's called meetings that begin between two instants, the first one first."""
        found = await rows(
            "select * from meetings where community_id = ? and state = 'called' "
            "and starts_at >= ? and starts_at < ? order by starts_at",
            community_id,
            stored(since),
            stored(until),
        )
        return [_meeting(r) for r in found]

    async def coming_for(self, actor: Actor) -> list[Meeting]:
        """Meetings to come that concern somebody, the next first, undated ones last; ten."""
        homes = sorted({grant.home for grant in actor.grants})
        order = "case when starts_at is null then 1 else 0 end, starts_at"
        return await self._concerning(homes, "state in ('choosing', 'called')", order)

    async def held_at(self, place_id: int, before: datetime) -> list[Meeting]:
        """A place's meetings that were held before then, the latest first; ten at most."""
        found = await rows(
            "select * from meetings where place_id = ? and state = 'held' and ends_at < ? "
            f"order by starts_at desc limit {_LISTED}",
            place_id,
            stored(before),
        )
        return [_meeting(r) for r in found]

    async def begun_for(self, actor: Actor, now: datetime) -> list[Meeting]:
        """Meetings under way or held that concern somebody, the latest first; ten at most."""
        homes = sorted({grant.home for grant in actor.grants})
        begun = f"state in ('called', 'held') and starts_at <= '{stored(now)}'"
        return await self._concerning(homes, begun, "starts_at desc")

    async def _concerning(self, homes: Sequence[str], condition: str, order: str) -> list[Meeting]:
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("path", homes)
        found = await rows(
            f"select * from meetings where {condition} and ({below} "
            f"or place_id in ({marks(above)})) order by {order}, id limit {_LISTED}",
            *bounds,
            *above,
        )
        return [_meeting(r) for r in found]

    def _note(self, meeting: Meeting, entry: Entry) -> None:
        self._journal.note(meeting.community_id, entry)


def _facts(meeting: Meeting) -> Facts:
    """What the journal keeps of a meeting: never the words that somebody typed."""
    return {
        "state": meeting.state,
        "starts_at": stored_or_none(meeting.starts_at),
        "ends_at": stored_or_none(meeting.ends_at),
        "sequence": meeting.sequence,
    }


def _meeting(found: Row) -> Meeting:
    return Meeting(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        kind=MeetingKind(found["kind"]),
        venue=found["venue"],
        starts_at=instant_or_none(found["starts_at"]),
        ends_at=instant_or_none(found["ends_at"]),
        state=MeetingState(found["state"]),
        topic_line=found["topic_line"],
        series_id=found["series_id"],
        sequence=found["sequence"],
        uid=found["uid"],
        version=found["version"],
    )
