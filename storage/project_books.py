"""Open books store 账目: lines are only ever added; the sum moves in the same step."""

from dataclasses import replace
from datetime import date

from domain.journal import Entry, Facts
from domain.project_book import Spending
from domain.projects import Project, ProjectStep
from storage.journal import Journal
from storage.statement import Row, Statement, instant, row, rows, stored, value


class ProjectBooks:
    """Repository of what projects spent; whoever writes holds the project."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def of(self, proposal_id: int) -> list[Spending]:
        """All lines, the oldest first."""
        found = await rows(
            "select * from project_spendings where proposal_id = ? order by number", proposal_id
        )
        return [_spending(r) for r in found]

    async def by_press(self, proposal_id: int, press: str) -> Spending | None:
        """The line that this very press has made already."""
        found = await row(
            "select * from project_spendings where proposal_id = ? and press = ?",
            proposal_id,
            press,
        )
        return _spending(found) if found is not None else None

    async def add(
        self, project: Project, spending: Spending, step: ProjectStep, *, press: str
    ) -> Spending:
        """Store a line and move the sum; it comes back with its number."""
        number = 1 + int(
            await value(
                "select count(*) from project_spendings where proposal_id = ?", project.proposal_id
            )
        )
        spending = replace(spending, number=number)
        await Statement(
            "insert into project_spendings (proposal_id, number, fen, what, spent_on, person_id, "
            "posted_at, photo_id, strikes, press) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            project.proposal_id,
            number,
            spending.fen,
            spending.what,
            spending.spent_on.isoformat(),
            spending.person_id,
            stored(spending.posted_at),
            spending.photo_id,
            spending.strikes,
            press,
        )
        await Statement(
            "update projects set spent_fen = spent_fen + ? where proposal_id = ?",
            spending.fen,
            project.proposal_id,
        )
        self._note(project, spending, step)
        return spending

    def _note(self, project: Project, spending: Spending, step: ProjectStep) -> None:
        after: Facts = {"line": spending.number, "fen": spending.fen}
        if spending.strikes is not None:
            after = {**after, "strikes": spending.strikes}
        entry = Entry(
            spending.posted_at, spending.person_id, "project", project.proposal_id, step, {}, after
        )
        self._journal.note(project.community_id, entry)


def _spending(found: Row) -> Spending:
    return Spending(
        number=found["number"],
        fen=found["fen"],
        what=found["what"],
        spent_on=date.fromisoformat(found["spent_on"]),
        person_id=found["person_id"],
        posted_at=instant(found["posted_at"]),
        photo_id=found["photo_id"],
        strikes=found["strikes"],
    )
