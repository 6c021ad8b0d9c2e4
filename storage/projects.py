"""Projects store 微创投: the money of proposals; what writes it writes the journal too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.journal import Entry, Facts
from domain.people import Actor
from domain.places import ancestors
from domain.projects import MOST_ASKED_FEN, Grant, Milestone, Project, ProjectStep
from domain.proposals import Proposal, ProposalKind, ProposalState
from domain.refusal import Refusal
from storage.journal import Journal
from storage.places import below_any
from storage.statement import (
    Row,
    Statement,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    stored_or_none,
    value,
)

_PASSED: Final = frozenset(
    {
        ProposalState.PASSED,
        ProposalState.DONE,
        ProposalState.EVALUATED,
        ProposalState.DROPPED,
    }
)
_PAGE: Final = 50
"""So many small projects run at once at most, in the largest community."""


class Projects:
    """Repository of projects; a proposal that was loaded for somebody is the way in."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def of(self, proposal: Proposal) -> Project:
        """The money of a proposal.

        Raises:
            Refusal: ``not_a_project``: nobody asked for any.
        """
        if proposal.kind is not ProposalKind.PROJECT:
            raise Refusal("not_a_project", label=proposal.label)
        found = await row("select * from projects where proposal_id = ?", proposal.id)
        return await self._project(found, proposal)

    async def held(self, proposal: Proposal) -> Project:
        """As ``of``; nobody else touches its money until this unit has ended."""
        await Statement(
            "update projects set spent_fen = spent_fen where proposal_id = ?", proposal.id
        )
        return await self.of(proposal)

    async def is_running(self, proposal: Proposal) -> bool:
        """Whether a proposal has money that is not settled yet."""
        found = await row(
            "select 1 from projects where proposal_id = ? and granted_at is not null "
            "and settled_at is null",
            proposal.id,
        )
        return found is not None

    async def runners(self, proposal: Proposal) -> frozenset[int]:
        """Who keeps its money; nobody, where it has none."""
        if proposal.kind is not ProposalKind.PROJECT:
            return frozenset()
        return (await self.of(proposal)).runners

    async def _project(self, found: Row | None, proposal: Proposal) -> Project:
        if found is None:
            raise ValueError(f"proposal {proposal.id} has no project")
        helpers = await rows(
            "select person_id from project_helpers where proposal_id = ?", proposal.id
        )
        return Project(
            proposal_id=proposal.id,
            community_id=proposal.community_id,
            path=proposal.path,
            label=proposal.label,
            asked_fen=found["asked_fen"],
            runners=frozenset({proposal.author_id, *(r["person_id"] for r in helpers)}),
            has_passed=proposal.state in _PASSED,
            granted_fen=found["granted_fen"],
            spent_fen=found["spent_fen"],
            granted_at=instant_or_none(found["granted_at"]),
            settled_at=instant_or_none(found["settled_at"]),
        )

    async def most_asked(self, community_id: int) -> int:
        """What one project of a community may ask for, in fen."""
        found = await value(
            "select project_cap_fen from communities where place_id = ?", community_id
        )
        return MOST_ASKED_FEN if found is None else int(found)

    async def ask_at_most(self, community_id: int, fen: int) -> None:
        """Let one project of a community ask for so much from now on."""
        await Statement(
            "update communities set project_cap_fen = ? where place_id = ?", fen, community_id
        )

    async def add(
        self, proposal: Proposal, asked_fen: int, milestones: Sequence[Milestone]
    ) -> None:
        """Store what a new proposal asks for, and its steps."""
        await Statement(
            "insert into projects (proposal_id, asked_fen, granted_fen, spent_fen) "
            "values (?, ?, 0, 0)",
            proposal.id,
            asked_fen,
        )
        for milestone in milestones:
            await Statement(
                "insert into project_milestones (proposal_id, number, title, due_on, share_fen, "
                "note) values (?, ?, ?, ?, ?, '')",
                proposal.id,
                milestone.number,
                milestone.title,
                milestone.due_on.isoformat(),
                milestone.share_fen,
            )
        after: Facts = {"asked_fen": asked_fen, "milestones": len(milestones)}
        entry = Entry(
            proposal.proposed_at, proposal.author_id, "project", proposal.id, "ask", {}, after
        )
        self._journal.note(proposal.community_id, entry)

    async def save(
        self, project: Project, step: ProjectStep, *, by: int, now: datetime, why: str = ""
    ) -> None:
        """Store what a grant or the end made of the money; the project is held by this unit."""
        was = await row("select * from projects where proposal_id = ?", project.proposal_id)
        if was is None:
            raise ValueError(f"proposal {project.proposal_id} has no project")
        await Statement(
            "update projects set granted_fen = ?, granted_at = ?, settled_at = ?, settled_by = ? "
            "where proposal_id = ?",
            project.granted_fen,
            stored_or_none(project.granted_at),
            stored_or_none(project.settled_at),
            by if project.settled_at else None,
            project.proposal_id,
        )
        if step is ProjectStep.GRANT:
            await Statement(
                "insert into project_grants (proposal_id, fen, why, person_id, at) "
                "values (?, ?, ?, ?, ?)",
                project.proposal_id,
                project.granted_fen,
                why,
                by,
                stored(now),
            )
        before: Facts = {"granted_fen": was["granted_fen"]}
        after: Facts = {"granted_fen": project.granted_fen, "left_fen": project.left_fen}
        self._note(project, step, by, now, before, after)

    async def grants(self, proposal_id: int) -> list[Grant]:
        """Every sum that was granted, the first one first."""
        found = await rows(
            "select fen, why, at from project_grants where proposal_id = ? order by id", proposal_id
        )
        return [Grant(r["fen"], r["why"], instant(r["at"])) for r in found]

    async def help(self, project: Project, person_id: int, *, by: int, now: datetime) -> None:
        """Let somebody help to run it."""
        await Statement(
            "insert into project_helpers (proposal_id, person_id, named_by, at) "
            "values (?, ?, ?, ?) on conflict do nothing",
            project.proposal_id,
            person_id,
            by,
            stored(now),
        )
        self._note(project, ProjectStep.HELP, by, now, {}, {"helper": person_id})

    async def dismiss(self, project: Project, person_id: int, *, by: int, now: datetime) -> None:
        """Let somebody help no longer; what they posted stays."""
        await Statement(
            "delete from project_helpers where proposal_id = ? and person_id = ?",
            project.proposal_id,
            person_id,
        )
        self._note(project, ProjectStep.HELP, by, now, {"helper": person_id}, {})

    async def near(self, actor: Actor) -> list[int]:
        """Ids of proposals whose money is granted or waits to be, and that concern somebody or are
        kept by them; those that began last first."""
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("p.path", homes)
        found = await rows(
            "select p.id from projects r join proposals p on p.id = r.proposal_id "
            "where r.settled_at is null and (r.granted_at is not null or p.state = 'passed') "
            f"and ({below} or p.place_id in ({marks(above)}) or p.author_id = ? or exists "
            "(select 1 from project_helpers h where h.proposal_id = p.id and h.person_id = ?)) "
            f"order by coalesce(r.granted_at, p.changed_at) desc, p.id desc limit {_PAGE}",
            *bounds,
            *above,
            actor.id,
            actor.id,
        )
        return [r["id"] for r in found]

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
