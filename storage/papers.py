"""Papers store 纸票和委托: ballots on paper that two persons enter, and who votes for whom."""

from dataclasses import dataclass
from datetime import datetime

from domain.matters import Choices, choices_of, written
from storage.statement import Row, Statement, row, rows, stored, value


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot on paper. ``decided_by`` is the second person; ``outcome`` what came of it."""

    id: int
    motion_id: int
    voter: int
    choices: Choices
    photo_id: int
    entered_by: int
    decided_by: int | None = None
    outcome: str | None = None


class Papers:
    """Repository of paper ballots and proxies."""

    async def add(self, paper: Paper, now: datetime) -> int:
        """Store a paper that somebody entered; its id."""
        found = await row(
            "insert into motion_papers (motion_id, voter, choice, photo_id, entered_by, "
            "entered_at) values (?, ?, ?, ?, ?, ?) returning id",
            paper.motion_id,
            paper.voter,
            written(paper.choices),
            paper.photo_id,
            paper.entered_by,
            stored(now),
        )
        assert found is not None
        return int(found["id"])

    async def get(self, paper_id: int) -> Paper | None:
        """A paper, or None."""
        found = await row("select * from motion_papers where id = ?", paper_id)
        return _paper(found) if found is not None else None

    async def waiting(self, motion_id: int) -> list[Paper]:
        """Papers that the second person has not looked at."""
        found = await rows(
            "select * from motion_papers where motion_id = ? and decided_by is null order by id",
            motion_id,
        )
        return [_paper(r) for r in found]

    async def count_waiting(self, motion_id: int) -> int:
        """How many the second person has not looked at."""
        return int(
            await value(
                "select count(*) from motion_papers where motion_id = ? and decided_by is null",
                motion_id,
            )
        )

    async def decide(self, paper_id: int, outcome: str, *, by: int, now: datetime) -> bool:
        """Note what the second person decided; False where somebody had decided already."""
        found = await rows(
            "update motion_papers set decided_by = ?, decided_at = ?, outcome = ? "
            "where id = ? and decided_by is null returning id",
            by,
            stored(now),
            outcome,
            paper_id,
        )
        return bool(found)

    async def entrust(
        self, motion_id: int, voter: int, holder_id: int, *, photo_id: int, by: int, now: datetime
    ) -> None:
        """Let somebody vote for an entry; a later proxy takes the place of an earlier one."""
        await Statement(
            "insert into motion_proxies (motion_id, voter, holder_id, photo_id, entered_by, "
            "entered_at) values (?, ?, ?, ?, ?, ?) on conflict (motion_id, voter) do update set "
            "holder_id = excluded.holder_id, photo_id = excluded.photo_id, "
            "entered_by = excluded.entered_by, entered_at = excluded.entered_at",
            motion_id,
            voter,
            holder_id,
            photo_id,
            by,
            stored(now),
        )

    async def revoke(self, motion_id: int, voter: int) -> int | None:
        """End a proxy; the id of who held it, None where there was none."""
        found = await row(
            "delete from motion_proxies where motion_id = ? and voter = ? returning holder_id",
            motion_id,
            voter,
        )
        return int(found["holder_id"]) if found is not None else None

    async def held_by(self, motion_id: int, person_id: int) -> list[int]:
        """Entries for which somebody votes by proxy."""
        found = await rows(
            "select voter from motion_proxies where motion_id = ? and holder_id = ? order by voter",
            motion_id,
            person_id,
        )
        return [r["voter"] for r in found]


def _paper(found: Row) -> Paper:
    return Paper(
        id=found["id"],
        motion_id=found["motion_id"],
        voter=found["voter"],
        choices=choices_of(found["choice"]),
        photo_id=found["photo_id"],
        entered_by=found["entered_by"],
        decided_by=found["decided_by"],
        outcome=found["outcome"],
    )
