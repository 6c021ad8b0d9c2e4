"""Deadlines of issues 报事期限: what the clock does when nobody verifies."""

from collections.abc import Mapping
from datetime import datetime

from domain import issues as rules
from domain.issues import Step
from handlers.ask import Tick
from handlers.issue_telling import concerned, told, verify_question
from handlers.registry import due


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
    question = told("unconfirmed", issue, Step.REOPEN, Step.VERIFY)
    await tell.people(await concerned(tick.unit, issue), question)
