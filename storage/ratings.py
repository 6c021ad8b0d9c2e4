"""Ratings store 满意度: one answer a person, counted without names."""

from datetime import datetime

from domain.attendance import Answer
from domain.meetings import Meeting
from domain.ratings import Rating
from storage.statement import Statement, rows, stored


class Ratings:
    """Repository of how those who were there found a meeting."""

    async def took_part(self, meeting: Meeting) -> list[int]:
        """Ids of those who checked in or had signed up to come: who is asked, each once."""
        found = await rows(
            "select person_id from meeting_check_ins where meeting_id = ? "
            "union select person_id from meeting_answers where meeting_id = ? and answer = ? "
            "order by person_id",
            meeting.id,
            meeting.id,
            Answer.YES,
        )
        return [r["person_id"] for r in found]

    async def rate(self, meeting: Meeting, person_id: int, rating: Rating, now: datetime) -> None:
        """Store how somebody found it; the last word counts."""
        await Statement(
            "insert into meeting_ratings (meeting_id, person_id, rating, at) values (?, ?, ?, ?) "
            "on conflict (meeting_id, person_id) do update set rating = excluded.rating, "
            "at = excluded.at",
            meeting.id,
            person_id,
            rating,
            stored(now),
        )

    async def of(self, meeting: Meeting) -> list[Rating]:
        """What was answered, in no order that would tell by whom."""
        found = await rows(
            "select rating from meeting_ratings where meeting_id = ? order by rating", meeting.id
        )
        return [Rating(r["rating"]) for r in found]
