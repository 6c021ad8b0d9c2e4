"""Topics 议题: proposed in a line or with a tap, seconded, taken back, struck by the convener."""

from domain import topics as rules
from domain.likeness import most_alike
from domain.meetings import Meeting
from domain.people import Ability
from domain.text import shortened
from domain.topics import Topic
from handlers.agenda import agenda_row, show_agenda
from handlers.ask import Ask
from handlers.kinds import Flag, FreeText, Id
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.proposal_meetings import taken_off
from handlers.registry import button, command, press
from handlers.topic_kinds import TopicWords, meeting_meant, named_meeting, shown_topic, topic_of


@command("议题", "提议题", "topic", may=Ability.REPORT_ISSUE, section="talk")
async def propose(
    ask: Ask, words: TopicWords, number: MeetingNumber | None = None, anew: Flag | None = None
) -> Reply:
    """Propose what to talk over; one that is alike is offered for seconding."""
    named, text = named_meeting(words)
    known = {"words": text, "number": number or named, "anew": anew}
    found = await meeting_meant(ask, number or named, propose, known)
    if isinstance(found, Reply):
        return found
    rules.check_takes_topics(found, ask.actor)
    if not text:
        return await ask.question(
            propose, {"number": carried(found)}, "words", Words("ask.topic.words")
        )
    return await _proposed(ask, found, text, is_anew=bool(anew))


async def _proposed(ask: Ask, meeting: Meeting, text: str, *, is_anew: bool) -> Reply:
    listed = await ask.unit.topics.of(meeting)
    waiting = rules.in_order(listed)
    twin = None if is_anew else most_alike(text, waiting, lambda topic: topic.text)
    if twin is not None:
        return await _offer_twin(ask, meeting, twin, text)
    await add_topic(ask, meeting, rules.checked_topic(text, listed, meeting, ask.actor))
    facts = {"label": meeting.label, "text": Typed(text), "count": len(waiting) + 1}
    return Reply("topic.proposed", facts, (agenda_row(meeting),), is_brief=_is_tapped(ask))


def _is_tapped(ask: Ask) -> bool:
    return ask.incoming.press is not None


async def add_topic(
    ask: Ask,
    meeting: Meeting,
    text: str,
    *,
    issue_id: int | None = None,
    proposal_id: int | None = None,
    author_id: int | None = None,
) -> Topic:
    """Put a topic on the list, by default the asker's; the meeting's card shows it."""
    topic = Topic(
        id=0,
        community_id=meeting.community_id,
        meeting_id=meeting.id,
        number=await ask.unit.places.next_number(meeting.community_id, f"topic:{meeting.id}"),
        author_id=author_id or ask.actor.id,
        text=text,
        proposed_at=ask.now,
        issue_id=issue_id,
        proposal_id=proposal_id,
    )
    topic = await ask.unit.topics.add(topic)
    await ask.tell.refresh("meeting", meeting.id)
    return topic


async def _offer_twin(ask: Ask, meeting: Meeting, twin: Topic, text: str) -> Reply:
    args = {"words": text, "number": carried(meeting), "anew": 1}
    rows: tuple[Row, ...] = ((await ask.confirm(propose, args),),)
    if rules.can_second(twin, ask.actor):
        rows = ((button(second, topic=twin.id),), *rows)
    return Reply("topic.alike", {"text": Typed(twin.text)}, rows)


@press("topicsecond", may=Ability.SECOND_ISSUE)
async def second(ask: Ask, topic: Id) -> Reply:
    """Stand behind a neighbour's topic."""
    found, meeting = await topic_of(ask, topic)
    rules.check_takes_topics(meeting, ask.actor)
    after = rules.seconded(found, by=ask.actor)
    await ask.unit.topics.second(after, ask.actor, ask.now)
    await ask.tell.refresh("meeting", meeting.id)
    facts = {"text": shown_topic(after, 20), "count": len(after.seconders)}
    return Reply("topic.seconded", facts, is_brief=True)


@press("topicback", may=Ability.REPORT_ISSUE)
async def withdraw(ask: Ask, topic: Id) -> Reply:
    """Take one's own topic back."""
    found, meeting = await topic_of(ask, topic)
    rules.check_takes_topics(meeting, ask.actor)
    await ask.unit.topics.take_off(rules.withdrawn(found, by=ask.actor), ask.actor, ask.now)
    await taken_off(ask.unit, ask.tell, found)
    await ask.tell.refresh("meeting", meeting.id)
    return Reply("topic.withdrawn", {"text": shown_topic(found, 20)}, is_brief=True)


@press("topicsout", may=Ability.CALL_MEETING)
async def choose_to_strike(ask: Ask, number: MeetingNumber) -> Reply:
    """Which topic shall be struck 删去."""
    meeting = await ask.meeting(number)
    waiting = rules.in_order(await ask.unit.topics.of(meeting))
    rows = tuple((button(strike, shown_topic(topic, 20), topic=topic.id),) for topic in waiting)
    key = "topic.which_to_strike" if rows else "topic.none"
    return Reply(key, {"label": meeting.label}, rows, is_private=True)


@press("topicstrike", may=Ability.CALL_MEETING)
async def strike(ask: Ask, topic: Id, why: FreeText) -> Reply:
    """Take a topic off the list; its author is told why."""
    found, meeting = await topic_of(ask, topic)
    after = rules.struck(found, meeting, by=ask.actor)
    await ask.unit.topics.take_off(after, ask.actor, ask.now, why)
    await taken_off(ask.unit, ask.tell, found, why)
    await ask.tell.refresh("meeting", meeting.id)
    facts = {"label": meeting.label, "text": Typed(found.text), "why": Typed(shortened(why, 200))}
    if found.author_id != ask.actor.id:
        await ask.tell.person(found.author_id, Reply("topic.told_struck", facts))
    return await show_agenda(ask, meeting)
