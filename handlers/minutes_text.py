"""Minutes as a text 纪要全文: all that was written, in a file to keep or to print."""

from collections.abc import Sequence
from typing import Final

from domain import minutes as rules
from domain.decisions import Decision
from domain.meetings import Meeting
from domain.people import Ability
from domain.refusal import Refusal
from domain.topics import Topic, in_order
from handlers.ask import Ask
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Typed, Words
from handlers.minutes_card import corrected, decided, three_parties, title
from handlers.registry import press

MIME: Final = "text/plain; charset=utf-8"
ENCODING: Final = "utf-8-sig"
"""Old editors take a text without this mark for another encoding."""


@press("minutestext", may=Ability.SEE_ISSUES)
async def whole_text(ask: Ask, number: MeetingNumber) -> Reply:
    """The minutes in full as a file; before they are public, for whoever writes them."""
    meeting = await ask.meeting(number)
    written = await ask.unit.minutes.of(meeting)
    if not written.is_public and not rules.is_writer(meeting, written, ask.actor):
        raise Refusal("minutes_none", label=meeting.label)
    topics = in_order(await ask.unit.topics.of(meeting))
    decisions = await ask.unit.minutes.decided_at(meeting)
    speaker = ask.tell.speaker(ask.actor.lang)
    text = speaker.say(await _words(ask, meeting, topics, decisions))
    name = f"minutes-{meeting.number}.txt"
    document = await ask.keep_document(name, MIME, _lines(text).encode(ENCODING))
    return Reply("minutes.file", {"label": meeting.label}, document=document, is_private=True)


async def _words(
    ask: Ask, meeting: Meeting, topics: Sequence[Topic], decisions: Sequence[Decision]
) -> Words:
    place = await ask.unit.places.get(meeting.place_id)
    counts = await ask.unit.attendance.counts(meeting)
    written = await ask.unit.minutes.of(meeting)
    facts = {
        **title(meeting),
        "at": meeting.starts_at,
        "venue": Typed(meeting.venue),
        "place": place.name,
        "came": counts.came,
        "parties": await three_parties(ask.unit, meeting),
        "topics": [_topic(n, topic) for n, topic in enumerate(topics, 1)],
        "decisions": await decided(ask.unit, decisions),
        "corrected": corrected(written),
    }
    return Words("minutes.text", facts)


def _topic(position: int, topic: Topic) -> Words:
    words = Typed(topic.words) if topic.words else Words("minutes.not_talked")
    return Words("minutes.topic", {"n": position, "text": Typed(topic.text), "words": words})


def _lines(text: str) -> str:
    """With line ends that every editor shows."""
    return text.replace("\n", "\r\n") + "\r\n"
