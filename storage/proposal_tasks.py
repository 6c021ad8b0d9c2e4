"""Tasks and ratings of proposals 办理、评议: what carries one out, and how that was found."""

from datetime import datetime

from domain.issues import Issue
from domain.journal import Entry, Facts
from domain.proposals import Proposal
from domain.ratings import Rating
from storage.issues import Issues
from storage.journal import Journal
from storage.proposals import Proposals
from storage.statement import Statement, rows, stored, value


class ProposalTasks:
    """Repository of what carries proposals out, and of how those behind them found it."""

    def __init__(self, journal: Journal, proposals: Proposals, issues: Issues) -> None:
        self._journal = journal
        self._proposals = proposals
        self._issues = issues

    async def add(self, proposal: Proposal, issue: Issue, *, by: int, now: datetime) -> None:
        """Store that a report carries out the proposal."""
        await Statement(
            "insert into proposal_tasks (issue_id, proposal_id) values (?, ?)",
            issue.id,
            proposal.id,
        )
        after: Facts = {"issue_id": issue.id}
        entry = Entry(now, by, "proposal", proposal.id, "task", {}, after)
        self._journal.note(proposal.community_id, entry)

    async def of(self, proposal: Proposal) -> list[Issue]:
        """The reports that carry it out, in the order in which they were made."""
        found = await rows(
            "select issue_id from proposal_tasks where proposal_id = ? order by issue_id",
            proposal.id,
        )
        issues = await self._issues.by_ids([r["issue_id"] for r in found])
        return [issues[r["issue_id"]] for r in found]

    async def carried_by(self, issue: Issue) -> Proposal | None:
        """The proposal that a report carries out, if any.

        It is held: of two tasks that end at once, the second one finds all of them done.
        """
        found = await value("select proposal_id from proposal_tasks where issue_id = ?", issue.id)
        return await self._proposals.hold(found) if found is not None else None

    async def rate(self, proposal: Proposal, person_id: int, rating: Rating, now: datetime) -> None:
        """Store how somebody found it; the last word counts."""
        await Statement(
            "insert into proposal_ratings (proposal_id, person_id, rating, at) "
            "values (?, ?, ?, ?) on conflict (proposal_id, person_id) do update set "
            "rating = excluded.rating, at = excluded.at",
            proposal.id,
            person_id,
            rating,
            stored(now),
        )

    async def ratings(self, proposal: Proposal) -> list[Rating]:
        """What was answered, in no order that would tell by whom."""
        found = await rows(
            "select rating from proposal_ratings where proposal_id = ? order by rating",
            proposal.id,
        )
        return [Rating(r["rating"]) for r in found]

    async def forget_ratings(self, proposal: Proposal) -> None:
        """What was said of work that has to be done again counts no more."""
        await Statement("delete from proposal_ratings where proposal_id = ?", proposal.id)
