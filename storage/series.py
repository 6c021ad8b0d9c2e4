"""Series store 定期会议: repetitions of meetings, and which occurrence is called next."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.journal import Entry
from domain.meeting_series import Series
from domain.meetings import MeetingKind
from domain.moments import Repeat
from storage.journal import Journal
from storage.statement import Statement, affected, inserted, instant, row, stored


class SeriesStore:
    """Repository of series."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def add(self, series: Series, now: datetime) -> Series:
        """Store a new series; it comes back with its id."""
        series_id = await inserted(
            "insert into meeting_series (community_id, place_id, path, author_id, kind, venue, "
            "topic_line, rule, minutes, last_minutes, next_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            series.community_id,
            series.place_id,
            series.path,
            series.author_id,
            series.kind,
            series.venue,
            series.topic_line,
            series.repeat.rule,
            series.repeat.minutes or 0,
            int(series.lasts.total_seconds()) // 60,
            stored(series.next_at),
        )
        series = replace(series, id=series_id)
        self._note(series, "begin", series.author_id, now)
        return series

    async def by_id(self, series_id: int) -> Series:
        """The series with that id; a bug if there is none."""
        found = await row("select * from meeting_series where id = ?", series_id)
        if found is None:
            raise ValueError(f"no series {series_id}")
        return Series(
            id=found["id"],
            community_id=found["community_id"],
            place_id=found["place_id"],
            path=found["path"],
            author_id=found["author_id"],
            kind=MeetingKind(found["kind"]),
            venue=found["venue"],
            topic_line=found["topic_line"],
            repeat=Repeat.read(found["rule"], found["minutes"]),
            lasts=timedelta(minutes=found["last_minutes"]),
            next_at=instant(found["next_at"]),
            is_stopped=found["stopped_at"] is not None,
        )

    async def go_on(self, series: Series) -> None:
        """Store which occurrence is called next."""
        await Statement(
            "update meeting_series set next_at = ? where id = ?", stored(series.next_at), series.id
        )

    async def stop(self, series: Series, *, by: int | None, now: datetime) -> bool:
        """Call no more meetings of it; whether that is news."""
        stopped = await affected(
            "update meeting_series set stopped_at = ? where id = ? and stopped_at is null",
            stored(now),
            series.id,
        )
        if stopped:
            self._note(series, "stop", by, now)
        return stopped > 0

    def _note(self, series: Series, verb: str, by: int | None, now: datetime) -> None:
        after = {"rule": series.repeat.rule} if verb == "begin" else {}
        entry = Entry(now, by, "series", series.id, verb, {}, after)
        self._journal.note(series.community_id, entry)
