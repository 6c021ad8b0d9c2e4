"""Joining store 入住: one-time codes, and requests of those who say that they live there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.places import below_any
from storage.statement import (
    Row,
    Statement,
    affected,
    inserted,
    instant,
    instant_or_none,
    row,
    rows,
    stored,
)


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code: ``purpose`` is ``join`` (a household), ``link`` or ``web`` (a person)."""

    purpose: str
    place_id: int | None
    person_id: int | None
    made_by: int | None
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody says that they live there; staff admits them or not."""

    id: int
    person_id: int
    place_id: int
    flat: str
    asked_at: datetime
    decided_at: datetime | None
    name: str = ""


class Joining:
    """Repository of codes and of requests to join; what comes of them is a grant of ``People``."""

    async def add_code(self, code_hash: str, code: Code) -> None:
        """Store a one-time code by its hash; the code itself is told once and kept nowhere."""
        await Statement(
            "insert into codes (hash, purpose, place_id, person_id, made_by, expires_at) "
            "values (?, ?, ?, ?, ?, ?)",
            code_hash,
            code.purpose,
            code.place_id,
            code.person_id,
            code.made_by,
            stored(code.expires_at),
        )

    async def open_code(self, code_hash: str, now: datetime) -> Code | None:
        """A code that can still be used, without using it; None for all others."""
        found = await row(
            "select * from codes where hash = ? and used_at is null and expires_at > ?",
            code_hash,
            stored(now),
        )
        return _code(found) if found is not None else None

    async def spend_code(self, code_hash: str, now: datetime) -> Code | None:
        """Use up a code; None if it is unknown, used or past its time."""
        found = await row(
            "update codes set used_at = ? where hash = ? and used_at is null and expires_at > ? "
            "returning *",
            stored(now),
            code_hash,
            stored(now),
        )
        return _code(found) if found is not None else None

    async def ask(self, person_id: int, building_id: int, flat: str, now: datetime) -> int:
        """Store a request; its id."""
        return await inserted(
            "insert into join_requests (person_id, place_id, flat, asked_at) values (?, ?, ?, ?)",
            person_id,
            building_id,
            flat,
            stored(now),
        )

    async def requests_of(self, person_id: int, since: datetime) -> list[JoinRequest]:
        """What somebody asked to join and was not answered yet, or asked since ``since``."""
        found = await rows(
            "select * from join_requests where person_id = ? "
            "and (decided_at is null or asked_at > ?) order by id",
            person_id,
            stored(since),
        )
        return [_request(r) for r in found]

    async def request(self, request_id: int) -> JoinRequest | None:
        """That request, or None."""
        found = await row("select * from join_requests where id = ?", request_id)
        if found is None:
            return None
        return _request(found)

    async def waiting(self, paths: Sequence[str]) -> list[JoinRequest]:
        """Requests to join at or below ``paths`` on which nobody has decided, the oldest first."""
        where, bounds = below_any("p.path", paths)
        found = await rows(
            "select j.*, w.name from join_requests j join places p on p.id = j.place_id "
            f"join people w on w.id = j.person_id where j.decided_at is null and {where} "
            "order by j.id limit 50",
            *bounds,
        )
        return [replace(_request(r), name=r["name"]) for r in found]

    async def decide(self, request_id: int, now: datetime) -> bool:
        """Close a request; False if somebody else was faster."""
        decided = await affected(
            "update join_requests set decided_at = ? where id = ? and decided_at is null",
            stored(now),
            request_id,
        )
        return decided > 0


def _code(found: Row) -> Code:
    return Code(
        purpose=found["purpose"],
        place_id=found["place_id"],
        person_id=found["person_id"],
        made_by=found["made_by"],
        expires_at=instant(found["expires_at"]),
        used_at=instant_or_none(found["used_at"]),
    )


def _request(found: Row) -> JoinRequest:
    return JoinRequest(
        found["id"],
        found["person_id"],
        found["place_id"],
        found["flat"],
        instant(found["asked_at"]),
        instant_or_none(found["decided_at"]),
    )
