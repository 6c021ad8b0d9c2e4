"""Remarks store 留言: what somebody said about a step; the journal carries their ids only."""

from datetime import datetime

from storage.statement import inserted, stored


async def remarked(text: str, person_id: int | None, now: datetime) -> int:
    """Keep what somebody said; its id, which the journal may carry."""
    return await inserted(
        "insert into remarks (person_id, text, at) values (?, ?, ?)",
        person_id,
        text,
        stored(now),
    )
