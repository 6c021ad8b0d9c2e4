"""Holds 留存: how long a vote keeps the names of its voters, and whether they are its own."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from domain.ledger import Entitled, canonical
from domain.motions import Motion, MotionState, VoteSettings

ENDED: Final = (MotionState.CLOSED, MotionState.CANCELLED)


def held_until(motion: Motion, settings: VoteSettings) -> datetime:
    """When the names of a vote are taken out: so many days after its result is final."""
    final_at = motion.final_at or motion.closes_at + settings.publicity(motion.preset)
    return final_at + timedelta(days=settings.hold_days)


def is_past(motion: Motion, settings: VoteSettings, now: datetime) -> bool:
    """Whether a vote has ended so long ago that its names have had their time."""
    return motion.state in ENDED and held_until(motion, settings) <= now


def names_line(entry: Entitled) -> str:
    """Who an entry is, as it is handed out beside the ledger."""
    return canonical({"voter": entry.number, **entry.words})


def read_names(lines: Iterable[str]) -> list[Entitled]:
    """Who entries are, from lines like those; raises ValueError, KeyError or TypeError."""
    found = [json.loads(line) for line in lines]
    return [Entitled(f["voter"], tuple(f["flats"]), f["name"], 0, f["salt"]) for f in found]


def renamed(entries: Iterable[Entitled], texts: Iterable[str]) -> list[int]:
    """Numbers of entries whose words are not those that the ledger's rows have sealed."""
    voters = [row for row in map(json.loads, texts) if row["kind"] == "voter"]
    sealed = {row["voter"]: row["who"] for row in voters if "who" in row}
    return [e.number for e in entries if e.salt and sealed.get(e.number) != e.seal]
