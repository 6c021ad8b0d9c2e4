"""Arguments about topics 议题参数: which meeting is meant, which topic, and who takes it on."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from domain.meetings import Meeting, is_convener
from domain.people import Actor
from domain.places import within
from domain.ratings import Rating
from domain.refusal import Refusal
from domain.text import MAX_WORDS, cleaned, whole_number
from domain.topics import Topic
from handlers.ask import Ask
from handlers.meeting_telling import is_of_here
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.registry import Handler
from handlers.slots import Kind
from storage.unit import Unit

_NAMED: Final = re.compile(
    r"\s*会议?\s*#?\s*(?:([0-9０-９]{1,9})(?:号(?!楼)|(?![0-9０-９号楼层单室栋幢个]))"
    r"|([一二三四五六七八九十百两]{1,9})(?:号(?!楼)|(?=[\s,，:：]|$)))"
)


def named_meeting(text: str) -> tuple[str | None, str]:
    """The meeting that a line begins with, and the rest: 会3 楼道堆物, or 楼道堆物 alone."""
    found = _NAMED.match(text)
    number = whole_number(found[1] or found[2]) if found else None
    if found is None or not number:
        return None, text.strip()
    return str(number), text[found.end() :].strip(" \n,，:：。.、")


async def meeting_meant(
    ask: Ask, number: str | None, handler: Handler, known: Mapping[str, Any]
) -> Meeting | Reply:
    """The meeting of that number; without one, the one to come here, or the question which.

    Raises:
        Refusal: ``meeting_absent``, or ``topic_no_meeting`` where none is to come.
    """
    if number:
        return await ask.meeting(number)
    coming = [m for m in await ask.unit.meetings.coming_for(ask.actor) if is_of_here(ask, m)]
    if not coming:
        raise Refusal("topic_no_meeting")
    if len(coming) > 1:
        return await ask.question(
            handler, known, "number", Words("ask.which_meeting"), _named(coming)
        )
    return await ask.meeting(carried(coming[0]))


def _named(coming: list[Meeting]) -> list[Button]:
    return [Button(meeting_name(meeting), f"={carried(meeting)}") for meeting in coming]


def meeting_name(meeting: Meeting) -> Words:
    """会3 睦邻夜话, for a line or a button."""
    return Words("meeting.name", {"label": meeting.label, "kind": meeting.kind})


async def meetings_for(unit: Unit, path: str, actor: Actor) -> list[Meeting]:
    """Meetings to come of the place of ``path``, or above it, that the actor convenes."""
    return [
        meeting
        for meeting in await unit.meetings.coming_for(actor)
        if within(path, meeting.path) and is_convener(meeting, actor)
    ]


async def topic_of(ask: Ask, topic_id: int) -> tuple[Topic, Meeting]:
    """A topic by the id on a button, and its meeting; absent and forbidden look the same."""
    topic = await ask.unit.topics.by_id(topic_id)
    if topic is None:
        raise Refusal("button_stale")
    found = await ask.unit.meetings.by_id(topic.meeting_id)
    return topic, await ask.meeting(carried(found))


def shown_topic(topic: Topic, limit: int) -> Typed:
    """A topic's words, for a line or a button."""
    words = topic.text
    return Typed(words if len(words) <= limit else f"{words[: limit - 1]}…")


def _line(text: str) -> tuple[str, str]:
    words = " ".join(cleaned(text).split())
    if len(words) > MAX_WORDS:
        raise Refusal("too_long", length=len(words), limit=MAX_WORDS)
    return words, ""


def _rating(text: str) -> tuple[str, str]:
    found = next((rating for rating in Rating if rating == text), None)
    if found is None:
        raise Refusal("unclear")
    return found.value, ""


TopicWords = Annotated[str, Kind("free_text", _line)]
"""What is to be talked over, on one line; 会3 may stand in front."""
Line = Annotated[str, Kind("free_text", _line)]
"""One line of the minutes; asked for again where it cannot be taken, so that nothing is lost."""
RatingWord = Annotated[str, Kind("rating", _rating, is_tap_only=True)]
"""``good``, ``fair`` or ``poor``, from a button."""
