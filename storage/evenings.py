"""Evenings store 择日: meetings without a date, polls about evenings, and rain that was told."""

from collections.abc import Sequence
from datetime import datetime

from domain.meetings import MeetingKind
from storage.statement import Statement, instant, row, rows, stored, value


class Evenings:
    """Repository of what belongs to choosing, and keeping, the evening of a meeting."""

    async def choosing(self, place_id: int, kind: MeetingKind, author_id: int) -> int | None:
        """The meeting for which somebody is choosing a date already, if there is one."""
        found = await value(
            "select max(id) from meetings where place_id = ? and kind = ? and author_id = ? "
            "and state = 'choosing'",
            place_id,
            kind,
            author_id,
        )
        return int(found) if found else None

    async def choosing_in(self, community_id: int) -> list[int]:
        """All meetings of a community whose date is being chosen."""
        found = await rows(
            "select id from meetings where community_id = ? and state = 'choosing' order by id",
            community_id,
        )
        return [r["id"] for r in found]

    async def offer(self, poll_id: int, meeting_id: int, starts: Sequence[datetime]) -> None:
        """Remember which evening each option of a poll is."""
        for position, starts_at in enumerate(starts):
            await Statement(
                "insert into evening_options (poll_id, position, meeting_id, starts_at) "
                "values (?, ?, ?, ?)",
                poll_id,
                position,
                meeting_id,
                stored(starts_at),
            )

    async def offered(self, poll_id: int) -> tuple[datetime, ...]:
        """The evenings of a poll in the order of its options; none where it is about others."""
        found = await rows(
            "select starts_at from evening_options where poll_id = ? order by position", poll_id
        )
        return tuple(instant(r["starts_at"]) for r in found)

    async def meeting_of(self, poll_id: int) -> int | None:
        """The meeting whose evening a poll asks for."""
        found = await value(
            "select meeting_id from evening_options where poll_id = ? limit 1", poll_id
        )
        return int(found) if found else None

    async def poll_of(self, meeting_id: int) -> int | None:
        """The last poll about a meeting's evening that was not called off."""
        found = await value(
            "select max(p.id) from polls p join evening_options o on o.poll_id = p.id "
            "where o.meeting_id = ? and p.state <> 'cancelled'",
            meeting_id,
        )
        return int(found) if found else None

    async def told_of_rain(self, meeting_id: int, starts_at: datetime) -> bool | None:
        """Whether rain or a clear sky was told last for that start; None where nothing was."""
        found = await row(
            "select is_rainy from meeting_skies where meeting_id = ? and starts_at = ?",
            meeting_id,
            stored(starts_at),
        )
        return bool(found["is_rainy"]) if found else None

    async def tell_of_rain(self, meeting_id: int, starts_at: datetime, *, is_rainy: bool) -> None:
        """Remember what was told."""
        await Statement(
            "insert into meeting_skies (meeting_id, starts_at, is_rainy) values (?, ?, ?) "
            "on conflict (meeting_id) do update set starts_at = excluded.starts_at, "
            "is_rainy = excluded.is_rainy",
            meeting_id,
            stored(starts_at),
            int(is_rainy),
        )
