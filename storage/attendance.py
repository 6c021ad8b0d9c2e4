"""Attendance store 报名: one answer a person, one confirmation a party, one check-in a person."""

from collections.abc import Sequence
from datetime import datetime

from domain.attendance import SIGNED_UP, Answer, Counts
from domain.journal import Entry
from domain.meetings import Meeting
from domain.people import Role
from storage.journal import Journal
from storage.statement import Statement, marks, rows, stored, value


class Attendance:
    """Repository of who comes to a meeting, and who came."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def answer(self, meeting: Meeting, person_id: int, said: Answer, now: datetime) -> None:
        """Store what somebody says; the last word counts."""
        await Statement(
            "insert into meeting_answers (meeting_id, person_id, answer, at) values (?, ?, ?, ?) "
            "on conflict (meeting_id, person_id) do update set answer = excluded.answer, "
            "at = excluded.at",
            meeting.id,
            person_id,
            said,
            stored(now),
        )

    async def answer_of(self, meeting: Meeting, person_id: int) -> Answer | None:
        """What somebody said last, None if nothing."""
        found = await value(
            "select answer from meeting_answers where meeting_id = ? and person_id = ?",
            meeting.id,
            person_id,
        )
        return Answer(found) if found else None

    async def counts(self, meeting: Meeting) -> Counts:
        """How many gave each answer, and how many came."""
        found = await rows(
            "select answer, count(*) as persons from meeting_answers where meeting_id = ? "
            "group by answer",
            meeting.id,
        )
        said = {r["answer"]: r["persons"] for r in found}
        came = await value(
            "select count(*) from meeting_check_ins where meeting_id = ?", meeting.id
        )
        return Counts(
            said.get(Answer.YES, 0), said.get(Answer.MAYBE, 0), said.get(Answer.NO, 0), int(came)
        )

    async def signed_up(self, meeting: Meeting) -> list[int]:
        """Ids of those who come or may come, and whom it still concerns: people move away."""
        found = await rows(
            "select a.person_id from meeting_answers a where a.meeting_id = ? "
            f"and a.answer in ({marks(SIGNED_UP)}) and exists "
            "(select 1 from grants g join places p on p.id = g.place_id "
            "where g.person_id = a.person_id and g.until is null "
            "and (p.home like ? or ? like p.home || '%')) order by a.person_id",
            meeting.id,
            *SIGNED_UP,
            f"{meeting.path}%",
            meeting.path,
        )
        return [r["person_id"] for r in found]

    async def confirm(
        self, meeting: Meeting, parties: Sequence[Role], person_id: int, now: datetime
    ) -> None:
        """These parties come; who said it first is kept."""
        for party in parties:
            new = await rows(
                "insert into meeting_parties (meeting_id, party, person_id, at) "
                "values (?, ?, ?, ?) on conflict (meeting_id, party) do nothing returning party",
                meeting.id,
                party,
                person_id,
                stored(now),
            )
            if new:
                self._note(meeting, "confirm", party, person_id, now)

    async def withdraw(self, meeting: Meeting, person_id: int, now: datetime) -> bool:
        """Somebody who confirmed for a party does not come after all; whether they had."""
        gone = await rows(
            "delete from meeting_parties where meeting_id = ? and person_id = ? returning party",
            meeting.id,
            person_id,
        )
        for r in gone:
            self._note(meeting, "withdraw", r["party"], person_id, now)
        return bool(gone)

    async def ask_parties_again(self, meeting: Meeting) -> list[int]:
        """What was confirmed holds no more; ids of those who had confirmed."""
        gone = await rows(
            "delete from meeting_parties where meeting_id = ? returning person_id", meeting.id
        )
        return sorted({r["person_id"] for r in gone})

    async def confirmed(self, meeting: Meeting) -> dict[Role, int]:
        """Parties that come → who said so."""
        found = await rows(
            "select party, person_id from meeting_parties where meeting_id = ?", meeting.id
        )
        return {Role(r["party"]): r["person_id"] for r in found}

    async def check_in(self, meeting: Meeting, person_id: int, now: datetime) -> bool:
        """Somebody is there; whether that is news."""
        return bool(
            await rows(
                "insert into meeting_check_ins (meeting_id, person_id, at) values (?, ?, ?) "
                "on conflict (meeting_id, person_id) do nothing returning person_id",
                meeting.id,
                person_id,
                stored(now),
            )
        )

    async def there(self, meeting: Meeting) -> list[int]:
        """Ids of those who checked in."""
        found = await rows(
            "select person_id from meeting_check_ins where meeting_id = ? order by person_id",
            meeting.id,
        )
        return [r["person_id"] for r in found]

    def _note(self, meeting: Meeting, verb: str, party: str, person_id: int, now: datetime) -> None:
        entry = Entry(now, person_id, "meeting", meeting.id, verb, {}, {"party": party})
        self._journal.note(meeting.community_id, entry)
