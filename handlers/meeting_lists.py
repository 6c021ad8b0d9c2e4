"""Lists of meetings 会议列表: what is to come here, and each one's card."""

from collections.abc import Sequence

from msgspec.structs import replace

from domain.meetings import Meeting
from domain.people import Ability
from domain.text import shortened
from handlers.ask import Ask
from handlers.meeting_kinds import MeetingNumber
from handlers.meeting_telling import is_of_here
from handlers.messages import Reply, Typed, Words
from handlers.numbers import carried
from handlers.registry import button, command, press
from storage.outbox import Priority


@command(
    "会议列表",
    "会议",
    "开会",
    "几点开会",
    "什么时候开会",
    "meetings",
    may=Ability.SEE_ISSUES,
    section="meetings",
    everyday=("会议", "开会", "几点开会", "什么时候开会"),
)
async def list_meetings(ask: Ask) -> Reply:
    """Meetings to come that concern the asker."""
    mine = await ask.unit.meetings.coming_for(ask.actor)
    if not mine:
        return Reply("meeting.none")
    found = [meeting for meeting in mine if is_of_here(ask, meeting)]
    return _listed(found) if found else replace(_listed(mine), is_private=True)


def _listed(found: Sequence[Meeting]) -> Reply:
    lines = [
        Words(
            "meeting.line",
            {
                "label": meeting.label,
                "kind": meeting.kind,
                "at": meeting.starts_at or Words("meeting.no_date"),
                "venue": Typed(shortened(meeting.venue, 12)),
            },
        )
        for meeting in found
    ]
    rows = tuple(
        (
            button(
                show_meeting,
                Words("meeting.name", {"label": meeting.label, "kind": meeting.kind}),
                number=carried(meeting),
            ),
        )
        for meeting in found
    )
    return Reply("meeting.list", {"lines": lines}, rows)


@press("showmeeting", may=Ability.SEE_ISSUES)
async def show_meeting(ask: Ask, number: MeetingNumber) -> Reply | None:
    """A meeting's card; a group sees what concerns its own place."""
    found = await ask.meeting(number)
    if not is_of_here(ask, found):
        is_sent = await ask.tell.person_card(ask.actor.id, "meeting", found.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "meeting", found.id, viewer=viewer, thread=ask.incoming.thread)
    return None
