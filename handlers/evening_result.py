"""Result of asking everybody 选定日子: what a poll's end means for the meeting it was about."""

from domain.meetings import MeetingState
from domain.polls import Poll, PollState
from handlers.telling import Teller
from storage.outbox import Priority
from storage.unit import Unit


async def poll_changed(unit: Unit, tell: Teller, poll: Poll, *, by: int | None) -> None:
    """A poll was ended or called off; where it asked for an evening, the convener sees it.

    At once where it was their own doing, else at a polite hour.
    """
    meeting_id = await unit.evenings.meeting_of(poll.id)
    if meeting_id is None:
        return
    meeting = await unit.meetings.by_id(meeting_id)
    await tell.refresh("evenings", meeting.id)
    if meeting.state is MeetingState.CHOOSING and poll.state is PollState.CLOSED:
        priority = Priority.ANSWER if by == meeting.author_id else Priority.REMINDER
        await tell.person_card(meeting.author_id, "evenings", meeting.id, priority)
