"""Decisions 议定事项: what, who, until when; read back, then a report with an owner and a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain import decisions as rules
from domain.decisions import Decision
from domain.issues import Issue
from domain.meetings import Meeting
from domain.people import Ability
from domain.topics import Topic
from handlers.agenda import day
from handlers.ask import CANCEL_ROW, Ask
from handlers.decision_owners import Owner, offered_owners, owner_meant
from handlers.decision_reports import Agreed, report_of
from handlers.due_days import day_meant
from handlers.issues import cards_to_workers
from handlers.kinds import Assignee, Id
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Typed, Words
from handlers.minutes import note_change, written_by
from handlers.namesakes import which_one
from handlers.notes import next_rows
from handlers.registry import command, press
from handlers.topic_kinds import Line


@command("议定", "decide", may=Ability.SEE_ISSUES, section="talk", where="private")
async def decide(
    ask: Ask,
    number: MeetingNumber,
    what: Line | None = None,
    owner: Assignee | None = None,
    until: Line | None = None,
    topic: Id | None = None,
) -> Reply:
    """Write down what was agreed; who does it and until when is asked, then all is read back."""
    meeting, _ = await written_by(ask, number)
    known = {"number": number, "what": what, "owner": owner, "topic": topic}
    if not what:
        return await ask.question(decide, known, "what", Words("ask.decide.what"))
    rules.checked_decision(what)
    if not owner:
        offered = await offered_owners(ask, meeting)
        return await ask.question(decide, known, "owner", Words("ask.decide.owner"), offered)
    doer = await owner_meant(ask, meeting, owner)
    if len(doer.people) > 1:
        return await which_one(ask, decide, {**known, "owner": None}, "owner", doer.people)
    due_at = await day_meant(ask, decide, known, until)
    return due_at if isinstance(due_at, Reply) else await _read_back(ask, known, doer, due_at)


async def _read_back(ask: Ask, known: Mapping[str, Any], doer: Owner, due_at: datetime) -> Reply:
    yes = await ask.confirm(decided, {**known, "until": due_at.isoformat()})
    facts = {"text": Typed(known["what"]), "who": doer.words, "at": day(due_at)}
    return Reply("decision.read_back", facts, ((yes,), CANCEL_ROW))


@press("decided", may=Ability.SEE_ISSUES, only_confirmed=True)
async def decided(
    ask: Ask,
    number: MeetingNumber,
    what: Line,
    owner: Assignee,
    until: Line,
    topic: Id | None = None,
) -> Reply:
    """Make a report of it, dispatched, with its day; whoever takes it on is told."""
    meeting, _ = await written_by(ask, number)
    doer = await owner_meant(ask, meeting, owner)
    due_at = rules.checked_due(datetime.fromisoformat(until), ask.now)
    about = await _topic(ask, meeting, topic)
    issue = await report_of(ask, meeting, Agreed(what, doer, due_at, about))
    topic_id = about.id if about else None
    made = Decision(0, meeting.id, topic_id, what, doer.party, ask.actor.id, ask.now, issue)
    await ask.unit.minutes.add(made)
    await shown_anew(ask, meeting, issue)
    is_told = await cards_to_workers(ask, issue)
    key = "decision.made" if is_told else "decision.made_untold"
    facts = {"label": issue.label, "who": doer.words, "at": day(due_at)}
    return Reply(key, facts, await next_rows(ask, meeting, about))


async def shown_anew(ask: Ask, meeting: Meeting, issue: Issue) -> None:
    """Let the published minutes, and the card of the next meeting, show what changed."""
    await note_change(ask, meeting)
    await ask.tell.refresh("meeting", *await ask.unit.minutes.meetings_showing(issue))


async def _topic(ask: Ask, meeting: Meeting, topic_id: int | None) -> Topic | None:
    """The topic that it belongs to; a forged one of another meeting is none."""
    found = await ask.unit.topics.by_id(topic_id) if topic_id else None
    return found if found and found.meeting_id == meeting.id else None
