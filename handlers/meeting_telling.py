"""Telling of meetings 会议告知: who signed up hears of a change, each group hears it once."""

from collections.abc import Collection

from msgspec.structs import replace

from domain.attendance import PARTIES
from domain.meetings import Meeting, MeetingState
from domain.places import within
from handlers.ask import Ask
from handlers.meeting_answers import answer_row, attend
from handlers.meeting_calendar import to_calendar
from handlers.messages import Reply, Row
from handlers.numbers import carried
from handlers.registry import button
from handlers.telling import Teller


async def tell_change(
    ask: Ask, meeting: Meeting, reply: Reply, *, parties: Collection[int]
) -> Reply:
    """Tell ``reply`` privately to those who signed up, and once to every group.

    ``parties`` had confirmed for one of the three; where the meeting is still to come, they are
    asked again. What comes back is the answer to whoever made the change.
    """
    told = {*await ask.unit.attendance.signed_up(meeting), meeting.author_id} - {*parties}
    await ask.tell.people(told - {ask.actor.id}, reply)
    asked_again = reply
    if meeting.state is MeetingState.CALLED:
        row = (button(attend, number=carried(meeting)),)
        asked_again = replace(reply, buttons=(row, *reply.buttons))
    await ask.tell.people({*parties} - {ask.actor.id}, asked_again)
    await ask.tell.groups_below(meeting.path, replace(reply, buttons=()), but=ask.chat.id)
    return replace(reply, buttons=(), is_private=not is_of_here(ask, meeting))


async def invite_parties(tell: Teller, meeting: Meeting) -> None:
    """Show the meeting to the three parties 三方, each at the nearest level that can be told."""
    people = {one for party in PARTIES for one in await tell.staff(meeting.path, party)}
    for person_id in sorted(people - {meeting.author_id}):
        await tell.person_card(person_id, "meeting", meeting.id)


def is_of_here(ask: Ask, meeting: Meeting) -> bool:
    """Whether this chat may read of it; a grid's meeting concerns the groups of its buildings."""
    runs_here = ask.place is not None and within(ask.place.path, meeting.path)
    return runs_here or ask.is_of_here(meeting.path)


def rows_of_change(meeting: Meeting) -> tuple[Row, ...]:
    """Buttons under a private word about a change: come or not, and the calendar's new file."""
    again = button(to_calendar, "button.meetics_again", number=carried(meeting))
    rows = [answer_row(meeting)] if meeting.state is MeetingState.CALLED else []
    return (*rows, (again,))
