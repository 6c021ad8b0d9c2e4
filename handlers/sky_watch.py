"""Sky watch 看天: when the weather of a meeting outdoors is looked at."""

from domain.evenings import looks_at
from domain.meetings import Meeting, MeetingKind
from domain.weather import is_outdoors
from storage.unit import Unit

SKY = "meeting.sky"
"""The deadline at which the sky over a meeting is looked at."""


def is_under_the_sky(meeting: Meeting) -> bool:
    """Whether rain would spoil it: its place or its words say so; 坝坝会 are held in the yard."""
    if is_outdoors(meeting.venue) or "室外" in meeting.topic_line:
        return True
    return meeting.kind is MeetingKind.COURTYARD and not meeting.venue


async def watch_sky(unit: Unit, meeting: Meeting) -> None:
    """Set when the sky is looked at; for a meeting indoors never."""
    if not is_under_the_sky(meeting):
        return
    starts_at, _ = meeting.span
    community = await unit.places.community(meeting.community_id)
    for at in looks_at(starts_at, community.hours.zone):
        if at > unit.now:
            await unit.deadlines.set(SKY, meeting.id, at)
