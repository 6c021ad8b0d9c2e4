"""Meeting card 会议卡: when, where, who comes, and what can be tapped now."""

from domain.meetings import Meeting
from domain.people import Actor
from handlers.meeting_calling import about
from handlers.messages import Reply, Row, Typed, Words
from handlers.registry import card
from storage.unit import Unit


@card("meeting")
async def meeting_card(unit: Unit, meeting_id: int, viewer: Actor | None) -> Reply:
    """A meeting as it stands; lines and buttons come from small functions, one a subject."""
    meeting = await unit.meetings.by_id(meeting_id)
    place = await unit.places.get(meeting.place_id)
    lines = [about(meeting.topic_line)]
    facts = {
        "label": meeting.label,
        "kind": meeting.kind,
        "state": meeting.state,
        "at": meeting.starts_at or Words("meeting.no_date"),
        "venue": Typed(meeting.venue),
        "place": place.name,
        "lines": [line for line in lines if line is not None],
    }
    return Reply("meeting.card", facts, tuple(_buttons(meeting)))


def _buttons(meeting: Meeting) -> list[Row]:
    return []
