"""Journal 留痕: who did what, when, from what to what; each row seals the row before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from domain.instants import written

GENESIS: Final = "0" * 64
"""The hash before a community's first row."""

_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

Facts = Mapping[str, str | int | None]
"""States, ids and numbers; never somebody's words, so that these can be erased without a break."""


class Entry(NamedTuple):
    """One change. ``actor_id`` is None where the clock did it."""

    at: datetime
    actor_id: int | None
    subject: str
    subject_id: int
    verb: str
    before: Facts
    after: Facts
    remark_id: int | None = None


def sealed(entry: Entry, seq: int, previous: str) -> str:
    """SHA-256 (hex) over the row's canonical JSON and the hash of the row before it."""
    row = [
        previous,
        seq,
        written(entry.at),
        entry.actor_id,
        entry.subject,
        entry.subject_id,
        entry.verb,
        dict(entry.before),
        dict(entry.after),
        entry.remark_id,
    ]
    return hashlib.sha256(_CANONICAL.encode(row).encode()).hexdigest()
