"""Notes 记录: what was said of each topic, in one question each; and who writes it down."""

from dataclasses import replace

from domain import minutes as rules
from domain.meetings import Meeting, check_convener
from domain.people import Ability
from domain.refusal import Refusal
from domain.topics import LONGEST_TOPIC, MOST_TOPICS, Topic, in_order
from handlers.ask import Ask
from handlers.kinds import Id, PersonName
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Row, Typed, Words
from handlers.minutes import minutes, note_button, note_change, written_by
from handlers.namesakes import called, which_one
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, command, press
from handlers.topic_kinds import Line, TopicWords, meeting_name, topic_of
from handlers.topics import add_topic


@press("note", may=Ability.SEE_ISSUES)
async def note(ask: Ask, topic: Id, words: Line | None = None) -> Reply:
    """Write down what was said of a topic; once more corrects it."""
    found, meeting = await topic_of(ask, topic)
    await written_by(ask, carried(meeting))
    if not ask.chat.is_private:  # the desk stands in private, and so do its questions
        return Reply("only_private", is_brief=True)
    if not words:
        asked = Words("ask.note.words", {"text": Typed(found.text)})
        return await ask.question(note, {"topic": topic}, "words", asked)
    await ask.unit.topics.write(found, rules.checked_note(words), ask.actor, ask.now)
    await note_change(ask, meeting)
    return Reply("minutes.noted", {"text": Typed(found.text)}, await next_rows(ask, meeting, found))


async def next_rows(ask: Ask, meeting: Meeting, topic: Topic | None) -> tuple[Row, ...]:
    """What comes next: something to be done about this topic, the next topic, or the whole."""
    number = carried(meeting)
    decide = button(
        REGISTRY.commands["decide"].handler, number=number, topic=topic.id if topic else None
    )
    topics = in_order(await ask.unit.topics.of(meeting))
    left = [t for t in topics if not t.words and (topic is None or t.id != topic.id)]
    rows: tuple[Row, ...] = ((decide,),)
    if left:
        rows = (*rows, (note_button(left[0], "button.note_next"),))
    return (*rows, (button(minutes, "button.whole", number=number),))


@press("noteadd", may=Ability.SEE_ISSUES)
async def add(ask: Ask, number: MeetingNumber, words: TopicWords) -> Reply:
    """Something that came up on the spot 现场议题."""
    found, _ = await written_by(ask, number)
    if not ask.chat.is_private:
        return Reply("only_private", is_brief=True)
    if len(words) > LONGEST_TOPIC:
        raise Refusal("topic_long", length=len(words), most=LONGEST_TOPIC)
    if len(in_order(await ask.unit.topics.of(found))) >= MOST_TOPICS:
        raise Refusal("topics_many", label=found.label, most=MOST_TOPICS)
    topic = await add_topic(ask, found, words)
    asked = Words("ask.note.words", {"text": Typed(topic.text)})
    return await ask.question(note, {"topic": topic.id}, "words", asked)


@command("请人记录", "scribe", may=Ability.CALL_MEETING, section="talk", where="private")
async def scribe(ask: Ask, number: MeetingNumber, person: PersonName) -> Reply:
    """Ask somebody to write the minutes."""
    found = await ask.meeting(number)
    check_convener(found, ask.actor)
    written = await ask.unit.minutes.of(found)
    people = await called(ask, person, found.community_id)
    if len(people) > 1:
        return await which_one(ask, scribe, {"number": number}, "person", people)
    who = await ask.unit.people.actor(people[0]) if people else None
    if who is None or not who.sees(found.path):
        raise Refusal("person_unknown", name=Typed(person))
    after = replace(written, scribe_id=who.id)
    await ask.unit.minutes.save(found, after, "scribe", by=ask.actor.id, now=ask.now)
    facts = {"name": Typed(who.name), "meeting": meeting_name(found)}
    row = (button(minutes, "button.desk", number=carried(found)),)
    await ask.tell.person(who.id, Reply("minutes.told_scribe", facts, (row,)))
    return Reply("minutes.scribe", facts)
