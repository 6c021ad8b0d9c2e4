"""Topic pool 议题库: open reports that neighbours share become topics with the convener's tap."""

from typing import Final

from domain import topics as rules
from domain.issues import OPEN, Issue, Step
from domain.meetings import Meeting, check_convener
from domain.people import Ability
from domain.refusal import Refusal
from domain.text import shortened
from domain.topics import LONGEST_TOPIC
from handlers.agenda import agenda_row
from handlers.ask import Ask
from handlers.issue_telling import save
from handlers.kinds import IssueNumber
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import button, command, press
from handlers.topic_kinds import meeting_name, meetings_for
from handlers.topics import add_topic

_OFFERED: Final = 8


@command("列入议题", "totopic", may=Ability.CALL_MEETING, section="talk")
async def to_topic(ask: Ask, number: IssueNumber, meeting: MeetingNumber | None = None) -> Reply:
    """Put an open report on the list of a meeting to come."""
    issue = await ask.issue(number)
    found = await ask.meeting(meeting) if meeting else await _which(ask, issue)
    if isinstance(found, Reply):
        return found
    check_convener(found, ask.actor)
    rules.check_takes_topics(found, ask.actor)
    rules.check_can_be_listed(issue, found, await ask.unit.topics.of(found))
    text = shortened(issue.text, LONGEST_TOPIC) or issue.label
    await add_topic(ask, found, text, issue_id=issue.id)
    await save(ask, issue._replace(changed_at=ask.now), Step.DISCUSS, remark=found.label)
    facts = {"label": issue.label, "meeting": meeting_name(found)}
    return Reply("topic.listed", facts, (agenda_row(found),), is_brief=True)


async def _which(ask: Ask, issue: Issue) -> Meeting | Reply:
    """The one meeting to come that can take it, or the question which of several."""
    coming = await meetings_for(ask.unit, issue.path, ask.actor)
    if not coming:
        raise Refusal("topic_no_meeting_yet", label=issue.label)
    if len(coming) == 1:
        return coming[0]
    offered = [Button(meeting_name(m), f"={carried(m)}") for m in coming]
    known = {"number": carried(issue)}
    return await ask.question(to_topic, known, "meeting", Words("ask.which_meeting"), offered)


@press("topicpool", may=Ability.CALL_MEETING)
async def pool(ask: Ask, number: MeetingNumber) -> Reply:
    """Open reports of the place, those first that most neighbours share 需求入库."""
    meeting = await ask.meeting(number)
    check_convener(meeting, ask.actor)
    listed = {topic.issue_id for topic in rules.in_order(await ask.unit.topics.of(meeting))}
    found = await ask.unit.issues.listed(ask.actor, [meeting.path])
    free = [i for i in found if i.state in OPEN and i.id not in listed][:_OFFERED]
    rows = tuple(_row(issue, meeting) for issue in free)
    key = "topic.pool" if rows else "topic.pool_empty"
    return Reply(key, {"label": meeting.label}, rows, is_private=True)


def _row(issue: Issue, meeting: Meeting) -> Row:
    behind = f" +{len(issue.seconders)}" if issue.seconders else ""
    label = Typed(f"{issue.label} {shortened(issue.text, 12)}{behind}")
    return (button(to_topic, label, number=carried(issue), meeting=carried(meeting)),)
