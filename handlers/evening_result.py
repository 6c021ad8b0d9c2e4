"""Result of asking everybody 选定日子: what a poll's end means for the meeting it was about."""

from domain.meetings import MeetingState
from domain.polls import Poll, PollState
from handlers.telling import Teller
from storage.unit import Unit


async def poll_changed(unit: Unit, tell: Teller, poll: Poll) -> None:
    """A poll was ended or called off; where it asked for an evening, the convener sees it."""
    meeting_id = await unit.evenings.meeting_of(poll.id)
    if meeting_id is None:
        return
    meeting = await unit.meetings.by_id(meeting_id)
    await tell.refresh("evenings", meeting.id)
    if meeting.state is MeetingState.CHOOSING and poll.state is PollState.CLOSED:
        await tell.person_card(meeting.author_id, "evenings", meeting.id)
