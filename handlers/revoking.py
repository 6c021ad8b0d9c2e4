"""Revoking a decision 撤销议定: what was written down wrongly is taken back while it is open."""

from typing import Final

from domain import issues as rules
from domain.decisions import Decision
from domain.issues import OPEN, Issue, Step
from domain.meetings import Meeting
from domain.people import Ability
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import CANCEL_ROW, Ask
from handlers.decisions import shown_anew
from handlers.issue_telling import save, told, workers
from handlers.kinds import Id
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Row, Typed
from handlers.minutes import desk, written_by
from handlers.registry import button, press

_ON_BUTTON: Final = 16


@press("undecide", may=Ability.SEE_ISSUES)
async def choose(ask: Ask, number: MeetingNumber) -> Reply:
    """Which of the decisions was written down wrongly."""
    meeting, _ = await written_by(ask, number)
    found = await ask.unit.minutes.decided_at(meeting)
    rows = tuple(_row(number, decision) for decision in found if decision.issue.state in OPEN)
    key = "decision.which" if rows else "decision.none_open"
    return Reply(key, {"label": meeting.label}, rows, is_private=True)


def _row(number: str, decision: Decision) -> Row:
    label = Typed(f"{decision.issue.label} {shortened(decision.text, _ON_BUTTON)}")
    return (button(revoke, label, number=number, decision=decision.id),)


@press("revoke", may=Ability.SEE_ISSUES)
async def revoke(ask: Ask, number: MeetingNumber, decision: Id) -> Reply:
    """Read it back: whoever has it will be told."""
    _, found = await _found(ask, number, decision)
    yes = await ask.confirm(revoked, {"number": number, "decision": decision})
    facts = {"label": found.issue.label, "text": Typed(found.text)}
    return Reply("decision.revoke_read_back", facts, ((yes,), CANCEL_ROW))


@press("revoked", may=Ability.SEE_ISSUES, only_confirmed=True)
async def revoked(ask: Ask, number: MeetingNumber, decision: Id) -> Reply:
    """Take it back; a report that was there before the meeting waits for somebody again."""
    meeting, found = await _found(ask, number, decision)
    issue = found.issue
    topic = await ask.unit.topics.by_id(found.topic_id) if found.topic_id else None
    was_there = topic is not None and topic.issue_id == issue.id
    after = rules.unagreed(issue, was_there=was_there, now=ask.now)
    await ask.unit.minutes.remove(meeting, found, by=ask.actor.id, now=ask.now)
    await save(ask, after, Step.REVOKE)
    await _tell_workers(ask, issue)
    await shown_anew(ask, meeting, issue)
    return await desk(ask, meeting)


async def _found(ask: Ask, number: str, decision_id: int) -> tuple[Meeting, Decision]:
    meeting, _ = await written_by(ask, number)
    for decision in await ask.unit.minutes.decided_at(meeting):
        if decision.id == decision_id:
            return meeting, decision
    raise Refusal("button_stale")


async def _tell_workers(ask: Ask, issue: Issue) -> None:
    people = {*await workers(ask.unit, issue)} - {ask.actor.id}
    await ask.tell.people(people, told("revoked", issue))
