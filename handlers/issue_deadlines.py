"""Deadlines of issues 报事期限: what the clock does when nobody verifies."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from domain import issues as rules
from domain.decisions import warn_at
from domain.issues import OPEN, Issue, State, Step
from handlers.ask import Tick
from handlers.issue_card import said
from handlers.issue_telling import concerned, told, verify_question, workers
from handlers.proposal_results import task_changed
from handlers.registry import due
from storage.unit import Unit


@due("issue.remind")
async def remind_verifiers(tick: Tick, issue_id: int, facts: Mapping[str, str]) -> None:
    """Ask once more, after three days of silence."""
    issue = await tick.unit.issues.by_id(issue_id)
    if not rules.needs_verifying(issue, datetime.fromisoformat(facts["finished_at"])):
        return
    tell = await tick.tell(issue.community_id)
    if await tell.puts_off("issue.remind", issue_id, facts):
        return
    await tell.people(await concerned(tick.unit, issue), verify_question(issue, None))


@due("issue.expire")
async def close_unconfirmed(tick: Tick, issue_id: int, facts: Mapping[str, str]) -> None:
    """Close it as unconfirmed after seven days; silence is not satisfaction."""
    issue = await tick.unit.issues.by_id(issue_id)
    if not rules.needs_verifying(issue, datetime.fromisoformat(facts["finished_at"])):
        return
    tell = await tick.tell(issue.community_id)
    if await tell.puts_off("issue.expire", issue_id, facts):
        return
    issue = rules.expired(issue, now=tick.unit.now)
    await tick.unit.issues.save(issue, Step.EXPIRE, by=None)
    await tell.refresh("issue", issue.id)
    await task_changed(tick.unit, tell, issue)
    question = told("unconfirmed", issue, Step.REOPEN, Step.VERIFY)
    await tell.people(await concerned(tick.unit, issue), question)


async def set_due(unit: Unit, issue: Issue, zone: tzinfo) -> None:
    """Let whoever has the issue be reminded on the morning of its last day; earlier ones drop."""
    await unit.deadlines.drop("issue.due", issue.id)
    at = warn_at(issue.due_at, zone) if issue.due_at else unit.now
    if at > unit.now:
        await unit.deadlines.set("issue.due", issue.id, at)


@due("issue.due")
async def remind_worker(tick: Tick, issue_id: int, facts: Mapping[str, str]) -> None:
    """Remind whoever has it that today is the day that was agreed."""
    issue = await tick.unit.issues.by_id(issue_id)
    if issue.state not in OPEN or issue.due_at is None:
        return
    tell = await tick.tell(issue.community_id)
    if await tell.puts_off("issue.due", issue_id, facts):
        return
    step = Step.ACCEPT if issue.state is State.DISPATCHED else Step.FINISH
    await tell.people(
        await workers(tick.unit, issue), told("due", issue, step, text=said(issue, 60))
    )
