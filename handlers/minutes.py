"""Minutes 纪要: the desk at which they are written, publishing them, and reading them."""

from collections.abc import Sequence

from domain import minutes as rules
from domain.meetings import Meeting, is_convener
from domain.minutes import Minutes
from domain.people import Ability, Actor
from domain.refusal import Refusal
from domain.text import shortened
from domain.topics import Topic, in_order
from handlers.ask import Ask
from handlers.meeting_kinds import MeetingNumber
from handlers.meeting_telling import is_of_here
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.minutes_card import decided
from handlers.numbers import carried
from handlers.proposal_meetings import proposals_anew
from handlers.registry import REGISTRY, button, command, press
from handlers.topics import add_topic
from storage.outbox import Priority
from storage.unit import Unit

_ON_BUTTON = 12
_NOTE = 60


@command("纪要", "minutes", may=Ability.SEE_ISSUES, section="talk", everyday=("纪要",))
async def minutes(ask: Ask, number: MeetingNumber | None = None) -> Reply | None:
    """Read the minutes of a meeting; whoever writes them gets the desk to write at."""
    found = await ask.meeting(number) if number else await _latest(ask)
    written = await ask.unit.minutes.of(found)
    if rules.is_writer(found, written, ask.actor) and not _is_to_read(ask, written):
        rules.check_writer(found, written, ask.actor, ask.now)
        return await desk(ask, found)
    if not written.is_public:
        raise Refusal("minutes_none", label=found.label)
    return await _shown(ask, found)


def _is_to_read(ask: Ask, written: Minutes) -> bool:
    """In a group everybody reads; the desk stands in private."""
    return written.is_public and not ask.chat.is_private


async def _latest(ask: Ask) -> Meeting:
    """The meeting under way here, else the last one that was held."""
    for meeting in await ask.unit.meetings.begun_for(ask.actor, ask.now):
        if is_of_here(ask, meeting):
            return await ask.meeting(carried(meeting))
    raise Refusal("minutes_no_meeting")


async def _shown(ask: Ask, meeting: Meeting) -> Reply | None:
    """The published minutes as a card, which corrections reach."""
    if not is_of_here(ask, meeting):
        is_sent = await ask.tell.person_card(ask.actor.id, "minutes", meeting.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    thread = ask.incoming.thread
    await ask.tell.card(ask.chat, "minutes", meeting.id, viewer=viewer, thread=thread)
    return None


async def written_by(ask: Ask, number: str) -> tuple[Meeting, Minutes]:
    """The meeting whose minutes the asker writes; refuses everybody else."""
    found = await ask.meeting(number)
    written = await ask.unit.minutes.of(found)
    rules.check_writer(found, written, ask.actor, ask.now)
    return found, written


async def desk(ask: Ask, meeting: Meeting) -> Reply:
    """What is written so far, and a tap for each thing still to be written."""
    await _take_topic_line(ask, meeting)
    topics = in_order(await ask.unit.topics.of(meeting))
    decisions = await ask.unit.minutes.decided_at(meeting)
    written = await ask.unit.minutes.of(meeting)
    facts = {
        "label": meeting.label,
        "kind": meeting.kind,
        "state": Words("minutes.public" if written.is_public else "minutes.draft"),
        "topics": [_line(n, topic) for n, topic in enumerate(topics, 1)],
        "decisions": await decided(ask.unit, decisions),
    }
    rows = [(note_button(topic),) for topic in topics]
    number = carried(meeting)
    codes = ["noteadd", "decide", *(["scribe"] if is_convener(meeting, ask.actor) else [])]
    if decisions:
        codes.append("undecide")
    if decisions or _has_anything(topics):
        codes += ["minutestext"] if written.is_public else ["minutestext", "publish"]
    taps = [button(REGISTRY.commands[code].handler, number=number) for code in codes]
    pairs = [tuple(taps[i : i + 2]) for i in range(0, len(taps), 2)]
    return Reply("minutes.desk", facts, (*rows, *pairs), is_private=True)


async def _take_topic_line(ask: Ask, meeting: Meeting) -> None:
    """What the convener called the meeting about is a topic of it like the others."""
    topics = await ask.unit.topics.of(meeting)
    if meeting.topic_line and all(topic.text != meeting.topic_line for topic in topics):
        await add_topic(ask, meeting, meeting.topic_line, author_id=meeting.author_id)


def _line(position: int, topic: Topic) -> Words:
    words = Typed(shortened(topic.words, _NOTE)) if topic.words else Words("minutes.unwritten")
    return Words("minutes.topic", {"n": position, "text": Typed(topic.text), "words": words})


def note_button(topic: Topic, key: str = "button.note_of") -> Button:
    """Leads to the question what was said of a topic."""
    label = Words(key, {"text": Typed(shortened(topic.text, _ON_BUTTON))})
    return button(REGISTRY.commands["note"].handler, label, topic=topic.id)


async def minutes_rows(unit: Unit, meeting: Meeting, viewer: Actor | None) -> list[Row]:
    """Below a meeting's card: read them, or write them."""
    written = await unit.minutes.of(meeting)
    is_writer = viewer is not None and rules.is_writer(meeting, written, viewer)
    if is_writer and rules.can_write(meeting, unit.now):
        return [(button(minutes, "button.desk", number=carried(meeting)),)]
    return [(button(minutes, number=carried(meeting)),)] if written.is_public else []


@press("publish", may=Ability.SEE_ISSUES)
async def publish(ask: Ask, number: MeetingNumber) -> Reply:
    """Let everybody read them: one card in each group of the meeting."""
    found, written = await written_by(ask, number)
    topics = in_order(await ask.unit.topics.of(found))
    is_empty = not _has_anything(topics) and not await ask.unit.minutes.decided_at(found)
    after = rules.published(written, found, is_empty=is_empty, now=ask.now)
    await ask.unit.minutes.save(found, after, "publish", by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("meeting", found.id)
    await proposals_anew(ask.unit, ask.tell, found)
    await ask.tell.cards_below(found.path, "minutes", found.id, but=0)
    return Reply("minutes.published", {"label": found.label})


def _has_anything(topics: Sequence[Topic]) -> bool:
    return any(topic.words for topic in topics)


async def note_change(ask: Ask, meeting: Meeting) -> None:
    """Let every published card show what was changed; neighbours see that it was."""
    written = await ask.unit.minutes.of(meeting)
    if written.is_public:
        after = rules.changed(written)
        await ask.unit.minutes.save(meeting, after, "correct", by=ask.actor.id, now=ask.now)
        await ask.tell.refresh("minutes", meeting.id)
        await proposals_anew(ask.unit, ask.tell, meeting)
