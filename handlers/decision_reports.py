"""Reports of decisions 议定成报事: the topic's own report where there is one, else a new one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain import issues as rules
from domain.issues import OPEN, Issue, State, Step
from domain.meetings import Meeting
from domain.topics import Topic
from handlers.ask import Ask
from handlers.decision_owners import Owner, Where
from handlers.issue_deadlines import set_due
from handlers.issue_telling import save, told


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed: ``what`` ``owner`` does until ``due_at``, about a topic if there was one."""

    what: str
    owner: Owner
    due_at: datetime
    topic: Topic | None


async def report_of(ask: Ask, meeting: Meeting, agreed: Agreed) -> Issue:
    """The report that carries out what was agreed, dispatched and with its day."""
    known = await _known(ask, meeting, agreed.topic)
    if known is None:
        topic = agreed.topic
        behind = {topic.author_id, *topic.seconders} if topic else set()
        return await new_report(ask, meeting, agreed, behind)
    issue = await _taken_on(ask, known, agreed)
    await set_due(ask.unit, issue, ask.tenant.hours.zone)
    return issue


async def _known(ask: Ask, meeting: Meeting, topic: Topic | None) -> Issue | None:
    """The open report that the topic was taken from, unless it carries out another decision."""
    if topic is None or topic.issue_id is None:
        return None
    taken = {decision.issue.id for decision in await ask.unit.minutes.decided_at(meeting)}
    issue = await ask.unit.issues.by_id(topic.issue_id)
    return issue if issue.state in OPEN and issue.id not in taken else None


async def _taken_on(ask: Ask, issue: Issue, agreed: Agreed) -> Issue:
    owner = agreed.owner
    after = rules.agreed(
        issue,
        squad_id=owner.squad_id,
        handler_id=owner.handler_id,
        due_at=agreed.due_at,
        now=ask.now,
    )
    await save(ask, after, Step.AGREE, remark=agreed.what)
    if issue.handler_id is not None and issue.handler_id not in {owner.handler_id, ask.actor.id}:
        await ask.tell.person(issue.handler_id, told("taken_away", after, who=owner.words))
    return await ask.unit.issues.by_id(issue.id)


async def new_report(ask: Ask, where: Where, agreed: Agreed, behind: Collection[int]) -> Issue:
    """A report of that place, dispatched and with its day; those ``behind`` it verify it later."""
    owner = agreed.owner
    issue = Issue(
        id=0,
        community_id=where.community_id,
        number=await ask.unit.places.next_number(where.community_id, "issue"),
        place_id=where.place_id,
        path=where.path,
        level_path=where.path,
        reporter_id=ask.actor.id,
        text=agreed.what,
        state=State.REPORTED,
        reported_at=ask.now,
        changed_at=ask.now,
        seconders=frozenset(behind) - {ask.actor.id},
    )
    issue = rules.agreed(
        issue,
        squad_id=owner.squad_id,
        handler_id=owner.handler_id,
        due_at=agreed.due_at,
        now=ask.now,
    )
    issue = await ask.unit.issues.add(issue, source=None)
    await set_due(ask.unit, issue, ask.tenant.hours.zone)
    return issue
