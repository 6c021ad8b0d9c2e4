"""Due days 期限: given with a decision, or later by whoever dispatches."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from domain import decisions as rules
from domain import issues
from domain.issues import Step
from domain.moments import Question, moment_of
from domain.people import Ability
from domain.refusal import Refusal
from domain.text import shortened
from handlers.agenda import day
from handlers.ask import Ask
from handlers.issue_deadlines import set_due
from handlers.issue_telling import done, save, told, workers
from handlers.kinds import IssueNumber
from handlers.messages import Button, Reply, Typed, Words
from handlers.moments import asking, setting_of
from handlers.registry import Handler, command
from handlers.topic_kinds import Line

_SPANS: Final = {"week": "一周后", "fortnight": "两周后", "month": "一个月后"}
"""Days that are offered; any other may be typed."""


@command("期限", "duedate", may=Ability.DISPATCH_ISSUE, section="duty")
async def due_date(ask: Ask, number: IssueNumber, until: Line | None = None) -> Reply:
    """Say until when a report is to be done; whoever has it is told."""
    issue = await ask.issue(number)
    due_at = await day_meant(ask, due_date, {"number": number}, until)
    if isinstance(due_at, Reply):
        return due_at
    issue = issues.postponed(issue, due_at, by=ask.actor, now=ask.now)
    await save(ask, issue, Step.POSTPONE)
    await set_due(ask.unit, issue, ask.tenant.hours.zone)
    people = {*await workers(ask.unit, issue)} - {ask.actor.id}
    await ask.tell.people(people, told("postponed", issue, at=day(due_at)))
    return done("postponed", issue, at=day(due_at))


async def day_meant(
    ask: Ask, handler: Handler, known: Mapping[str, Any], until: str | None
) -> datetime | Reply:
    """The end of the day that was said; the question ``until`` where it is none yet.

    Raises:
        Refusal: ``no_day``, ``due_past`` or ``due_far``.
    """
    if not until:
        offered = [Button(Words(f"due.{key}"), f"={span}") for key, span in _SPANS.items()]
        return await ask.question(handler, known, "until", Words("ask.until"), offered)
    answer = moment_of(until, setting_of(ask))
    if answer is None:
        raise Refusal("no_day", text=Typed(shortened(until, 20)))
    if isinstance(answer, Question):
        return await ask.question(handler, known, "until", asking(answer))
    last = rules.due_at_end_of(answer.end or answer.start, ask.tenant.hours.zone)
    return rules.checked_due(last, ask.now)
