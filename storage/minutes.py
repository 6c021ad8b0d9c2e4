"""Minutes store 纪要: who writes them, whether neighbours may read them; and what was decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.decisions import Decision
from domain.issues import Issue
from domain.journal import Entry, Facts
from domain.meetings import Meeting
from domain.minutes import Minutes
from domain.people import Role
from storage.issues import Issues
from storage.journal import Journal
from storage.statement import (
    Row,
    Statement,
    inserted,
    instant,
    instant_or_none,
    row,
    rows,
    stored,
    stored_or_none,
)


class MinutesBook:
    """Repository of minutes and decisions."""

    def __init__(self, journal: Journal, issues: Issues) -> None:
        self._journal = journal
        self._issues = issues

    async def of(self, meeting: Meeting) -> Minutes:
        """The minutes of a meeting; empty ones before anything was done about them."""
        found = await row("select * from minutes where meeting_id = ?", meeting.id)
        if found is None:
            return Minutes(meeting.id)
        return Minutes(
            meeting.id,
            found["scribe_id"],
            instant_or_none(found["published_at"]),
            found["corrections"],
        )

    async def save(
        self, meeting: Meeting, minutes: Minutes, verb: str, *, by: int, now: datetime
    ) -> None:
        """Store who writes them, that they were published, or that they were corrected."""
        was = await self.of(meeting)
        await Statement(
            "insert into minutes (meeting_id, scribe_id, published_at, corrections) "
            "values (?, ?, ?, ?) on conflict (meeting_id) do update set "
            "scribe_id = excluded.scribe_id, published_at = excluded.published_at, "
            "corrections = excluded.corrections",
            meeting.id,
            minutes.scribe_id,
            stored_or_none(minutes.published_at),
            minutes.corrections,
        )
        entry = Entry(now, by, "meeting", meeting.id, verb, _facts(was), _facts(minutes))
        self._journal.note(meeting.community_id, entry)

    async def add(self, decision: Decision) -> Decision:
        """Store what was agreed; it comes back with its id."""
        self._issues.talked_of(decision.issue.id)
        decision_id = await inserted(
            "insert into decisions (meeting_id, topic_id, issue_id, text, party, decided_by, "
            "decided_at) values (?, ?, ?, ?, ?, ?, ?)",
            decision.meeting_id,
            decision.topic_id,
            decision.issue.id,
            decision.text,
            decision.party,
            decision.decided_by,
            stored(decision.decided_at),
        )
        after: Facts = {"decision_id": decision_id, "issue_id": decision.issue.id}
        entry = Entry(
            decision.decided_at,
            decision.decided_by,
            "meeting",
            decision.meeting_id,
            "decide",
            {},
            after,
        )
        self._journal.note(decision.issue.community_id, entry)
        return replace(decision, id=decision_id)

    async def remove(self, meeting: Meeting, decision: Decision, *, by: int, now: datetime) -> None:
        """Take a decision back; the journal keeps that there was one."""
        await Statement("delete from decisions where id = ?", decision.id)
        before: Facts = {"decision_id": decision.id, "issue_id": decision.issue.id}
        entry = Entry(now, by, "meeting", meeting.id, "revoke", before, {})
        self._journal.note(meeting.community_id, entry)

    async def decided_at(self, meeting: Meeting) -> list[Decision]:
        """What a meeting decided, in the order in which it was written down."""
        found = await rows("select * from decisions where meeting_id = ? order by id", meeting.id)
        return await self._whole(found)

    async def decided_before(self, meeting: Meeting) -> list[Decision]:
        """What earlier meetings of the same place decided, the latest first; a hundred at most."""
        before = "and m.starts_at < ?" if meeting.starts_at else ""
        found = await rows(
            "select d.* from decisions d join meetings m on m.id = d.meeting_id "
            f"where m.place_id = ? and m.id <> ? {before} order by d.id desc limit 100",
            meeting.place_id,
            meeting.id,
            *([stored(meeting.starts_at)] if meeting.starts_at else []),
        )
        return await self._whole(found)

    async def meetings_showing(self, issue: Issue) -> list[int]:
        """Ids of meetings to come whose cards say how a report stands: as topic or as decision."""
        found = await rows(
            "select m.id from topics t join meetings m on m.id = t.meeting_id "
            "where t.issue_id = ? and m.state in ('choosing', 'called') "
            "union select m.id from decisions d join meetings e on e.id = d.meeting_id "
            "join meetings m on m.place_id = e.place_id "
            "where d.issue_id = ? and m.state in ('choosing', 'called')",
            issue.id,
            issue.id,
        )
        return [r["id"] for r in found]

    async def _whole(self, found: Sequence[Row]) -> list[Decision]:
        issues = await self._issues.by_ids([r["issue_id"] for r in found])
        return [_decision(r, issues[r["issue_id"]]) for r in found]


def _facts(minutes: Minutes) -> Facts:
    return {
        "scribe_id": minutes.scribe_id,
        "published_at": stored_or_none(minutes.published_at),
        "corrections": minutes.corrections,
    }


def _decision(found: Row, issue: Issue) -> Decision:
    return Decision(
        id=found["id"],
        meeting_id=found["meeting_id"],
        topic_id=found["topic_id"],
        text=found["text"],
        party=Role(found["party"]) if found["party"] else None,
        decided_by=found["decided_by"],
        decided_at=instant(found["decided_at"]),
        issue=issue,
    )
