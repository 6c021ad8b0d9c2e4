"""Entry 签到: checking in at a meeting with a tap."""

from domain import attendance as rules
from domain.meetings import Meeting
from domain.people import Ability
from handlers.ask import Ask
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply
from handlers.registry import press


@press("checkin", may=Ability.SEE_ISSUES)
async def check_in(ask: Ask, number: MeetingNumber) -> Reply:
    """Say that one is there: from half an hour before the start until the end."""
    found = await ask.meeting(number)
    return await let_in(ask, found)


async def let_in(ask: Ask, meeting: Meeting) -> Reply:
    """Check the asker in; once is enough."""
    rules.check_doors(meeting, ask.now)
    is_new = await ask.unit.attendance.check_in(meeting, ask.actor.id, ask.now)
    await ask.tell.refresh("meeting", meeting.id)
    key = "meeting.checked_in" if is_new else "meeting.already_in"
    return Reply(key, {"label": meeting.label}, is_brief=True)
