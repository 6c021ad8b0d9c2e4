"""Visits store 走访: who went to see a household, when, and what comes next; staff only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.statement import (
    Row,
    inserted,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    stored_or_none,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit; ``note`` is what the matter needs, nothing about persons."""

    id: int
    survey_id: int
    household_id: int
    person_id: int
    at: datetime
    note: str
    next_at: datetime | None = None


class Visits:
    """Repository of visits."""

    async def add(self, visit: Visit) -> int:
        """Store a visit; its id."""
        return await inserted(
            "insert into survey_visits (survey_id, household_id, person_id, at, note, "
            "next_at) values (?, ?, ?, ?, ?, ?)",
            visit.survey_id,
            visit.household_id,
            visit.person_id,
            stored(visit.at),
            visit.note,
            stored_or_none(visit.next_at),
        )

    async def by_id(self, visit_id: int) -> Visit | None:
        """A visit, or None where it was deleted."""
        found = await row("select * from survey_visits where id = ?", visit_id)
        return _visit(found) if found is not None else None

    async def of(self, survey_id: int, household_id: int) -> list[Visit]:
        """Visits at one household, the newest first; five."""
        found = await rows(
            "select * from survey_visits where survey_id = ? and household_id = ? "
            "order by id desc limit 5",
            survey_id,
            household_id,
        )
        return [_visit(r) for r in found]

    async def last(self, survey_id: int, household_ids: Sequence[int]) -> dict[int, Visit]:
        """Household → its newest visit, for those that were visited."""
        found = await rows(
            "select * from survey_visits where survey_id = ? "
            f"and household_id in ({marks(household_ids)}) order by id",
            survey_id,
            *household_ids,
        )
        return {r["household_id"]: _visit(r) for r in found}


def _visit(found: Row) -> Visit:
    return Visit(
        id=found["id"],
        survey_id=found["survey_id"],
        household_id=found["household_id"],
        person_id=found["person_id"],
        at=instant(found["at"]),
        note=found["note"],
        next_at=instant_or_none(found["next_at"]),
    )
