"""Steps store 里程碑: what a project said is done, put off, or was not done after all."""

from datetime import date, datetime

from domain.journal import Entry, Facts
from domain.projects import Milestone, Project, ProjectStep, Undone
from storage.journal import Journal
from storage.statement import Row, Statement, instant, instant_or_none, row, rows, stored, value


class ProjectSteps:
    """Repository of the steps of projects; whoever writes holds the project."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def of(self, proposal_id: int) -> list[Milestone]:
        """The steps of a project, in their order."""
        found = await rows(
            "select * from project_milestones where proposal_id = ? order by number", proposal_id
        )
        return [_milestone(r) for r in found]

    async def reach(self, project: Project, milestone: Milestone, *, by: int) -> None:
        """Store that a step is done."""
        if milestone.done_at is None:
            raise ValueError(f"milestone {milestone.id} is not done")
        await Statement(
            "update project_milestones set done_at = ?, done_by = ?, note = ?, photo_id = ? "
            "where id = ?",
            stored(milestone.done_at),
            by,
            milestone.note,
            milestone.photo_id,
            milestone.id,
        )
        after: Facts = {"milestone": milestone.number}
        self._note(project, ProjectStep.REACH, by, milestone.done_at, {}, after)

    async def unreach(self, project: Project, undone: Undone, *, by: int) -> None:
        """Store that a step was not done after all."""
        await Statement(
            "insert into project_undone (proposal_id, number, done_at, done_by, note, photo_id, "
            "undone_at, undone_by, why) select proposal_id, number, done_at, done_by, note, "
            "photo_id, ?, ?, ? from project_milestones where id = ?",
            stored(undone.at),
            by,
            undone.why,
            undone.step.id,
        )
        await Statement(
            "update project_milestones set done_at = null, done_by = null, note = '', "
            "photo_id = null where id = ?",
            undone.step.id,
        )
        before: Facts = {"milestone": undone.step.number, "done_at": stored(undone.done_at)}
        after: Facts = {"milestone": undone.step.number}
        self._note(project, ProjectStep.UNREACH, by, undone.at, before, after)

    async def undone(self, proposal_id: int) -> list[Undone]:
        """Steps that were said to be done and taken back, the oldest first."""
        found = await rows(
            "select m.id, u.number, m.title, m.due_on, m.share_fen, u.done_at, u.note, u.photo_id, "
            "u.why, u.undone_at from project_undone u join project_milestones m "
            "on m.proposal_id = u.proposal_id and m.number = u.number "
            "where u.proposal_id = ? order by u.id",
            proposal_id,
        )
        return [Undone(_milestone(r), r["why"], instant(r["undone_at"])) for r in found]

    async def postpone(
        self, project: Project, milestone: Milestone, *, by: int, now: datetime
    ) -> None:
        """Store a later day of a step."""
        was = await value("select due_on from project_milestones where id = ?", milestone.id)
        due_on = milestone.due_on.isoformat()
        await Statement(
            "update project_milestones set due_on = ? where id = ?", due_on, milestone.id
        )
        before: Facts = {"milestone": milestone.number, "due_on": str(was)}
        after: Facts = {"milestone": milestone.number, "due_on": due_on}
        self._note(project, ProjectStep.POSTPONE, by, now, before, after)

    async def by_id(self, milestone_id: int) -> tuple[int, Milestone]:
        """The id of the proposal, and the step; for the program itself."""
        found = await row("select * from project_milestones where id = ?", milestone_id)
        if found is None:
            raise ValueError(f"no milestone {milestone_id}")
        return found["proposal_id"], _milestone(found)

    def _note(
        self,
        project: Project,
        step: ProjectStep,
        by: int,
        now: datetime,
        before: Facts,
        after: Facts,
    ) -> None:
        entry = Entry(now, by, "project", project.proposal_id, step, before, after)
        self._journal.note(project.community_id, entry)


def _milestone(found: Row) -> Milestone:
    return Milestone(
        number=found["number"],
        title=found["title"],
        due_on=date.fromisoformat(found["due_on"]),
        share_fen=found["share_fen"],
        id=found["id"],
        done_at=instant_or_none(found["done_at"]),
        note=found["note"],
        photo_id=found["photo_id"],
    )
