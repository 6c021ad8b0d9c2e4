"""Calendar files 加到日历: a meeting as an ``.ics`` file that other programs open (RFC 5545)."""

from datetime import datetime
from typing import Final

from domain.meetings import Meeting, MeetingState, why_not
from domain.people import Ability
from domain.places import Place
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Words
from handlers.registry import press
from handlers.wording import Speaker

MIME: Final = "text/calendar"
_PRODUCT: Final = "-//Mulin//Meetings//ZH"


@press("meetics", may=Ability.SEE_ISSUES)
async def to_calendar(ask: Ask, number: MeetingNumber) -> Reply:
    """The meeting as a file for one's own calendar; after a change the new one replaces the old."""
    found = await ask.meeting(number)
    if found.starts_at is None:
        raise Refusal(why_not(found), label=found.label)
    place = await ask.unit.places.get(found.place_id)
    content = calendar_file(found, place, ask.tell.speaker(ask.actor.lang), ask.now)
    document = await ask.keep_document(f"meeting-{found.number}.ics", MIME, content)
    is_off = found.state is MeetingState.CANCELLED
    key = "meeting.calendar_off" if is_off else "meeting.calendar"
    return Reply(key, {"label": found.label}, document=document, is_private=True)


def calendar_file(meeting: Meeting, place: Place, speaker: Speaker, now: datetime) -> bytes:
    """The meeting as iCalendar; its times are UTC, which every calendar shows in its own zone.

    ``UID`` stays for ever and ``SEQUENCE`` grows with every change, so that a calendar takes the
    newer file for the same appointment; what was called off is taken out of it.
    """
    from icalendar import Calendar, Event  # 10 MB that a quiet building never needs

    is_off = meeting.state is MeetingState.CANCELLED
    starts_at, ends_at = meeting.span
    calendar, event = Calendar(), Event()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    event.add("uid", f"{meeting.uid}@mulin")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", _said(speaker, "meeting.summary", kind=meeting.kind, place=place.name))
    event.add("location", _said(speaker, "meeting.where", venue=meeting.venue, place=place.name))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if meeting.topic_line:
        event.add("description", meeting.topic_line)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _said(speaker: Speaker, key: str, **facts: object) -> str:
    return speaker.say(Words(key, facts))
