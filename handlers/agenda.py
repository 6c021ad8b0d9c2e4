"""Agenda 议程: what earlier meetings decided comes first, then the topics by their seconds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain import topics as rules
from domain.decisions import Decision, Standing, carried_over, standing
from domain.meetings import Meeting, MeetingState, is_convener
from domain.moments import Moment
from domain.people import Ability, Actor
from domain.topics import Topic
from handlers.ask import Ask
from handlers.issue_card import who_handles
from handlers.meeting_calling import about
from handlers.meeting_kinds import MeetingNumber
from handlers.meeting_telling import is_of_here
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, command
from handlers.topic_kinds import meeting_meant, shown_topic
from storage.unit import Unit

SHOWN: Final = 8
"""Topics, and decisions, that a page has room for; the rest is a number."""
_COMING: Final = frozenset({MeetingState.CHOOSING, MeetingState.CALLED})
_ON_BUTTON: Final = 8


@command("议程", "议题列表", "agenda", may=Ability.SEE_ISSUES, section="talk", everyday=("议程",))
async def agenda(ask: Ask, number: MeetingNumber | None = None) -> Reply:
    """What a meeting will talk over: the last decisions first, then the topics."""
    found = await meeting_meant(ask, number, agenda, {})
    return found if isinstance(found, Reply) else await show_agenda(ask, found)


async def show_agenda(ask: Ask, meeting: Meeting) -> Reply:
    """The agenda with what the asker can tap; in private where this group may not read of it."""
    waiting = rules.in_order(await ask.unit.topics.of(meeting))
    before = carried_over(await ask.unit.minutes.decided_before(meeting), ask.now)
    facts = {
        "label": meeting.label,
        "kind": meeting.kind,
        "about": about(meeting.topic_line),
        "decisions": await _decisions(ask.unit, before),
        "topics": _topics(waiting),
    }
    rows = _rows(ask, meeting, waiting)
    return Reply("agenda.page", facts, rows, is_private=not is_of_here(ask, meeting))


async def _decisions(unit: Unit, before: Sequence[Decision]) -> Words | None:
    if not before:
        return None
    lines = [await decision_line(unit, decision) for decision in before[:SHOWN]]
    return Words("agenda.before", {"count": len(before), "lines": lines, "more": _more(before)})


async def decision_line(unit: Unit, decision: Decision) -> Words:
    """One thing that was agreed, who has it, until when, and how it stands."""
    facts = {
        "standing": standing(decision.issue, unit.now),
        "text": Typed(decision.text),
        "who": await owner(unit, decision),
        "at": day(decision.issue.due_at),
        "label": decision.issue.label,
    }
    return Words("agenda.decision", facts)


async def owner(unit: Unit, decision: Decision) -> Words | Typed:
    """Who has it now: a party of the three, a squad or a person."""
    who = await who_handles(unit, decision.issue)
    if who is None:
        return Words("decision.nobody")
    if decision.party is None:
        return who
    return Words("decision.party", {"party": decision.party, "name": who})


def day(at: datetime | None) -> Moment | None:
    """A day that is said without its hour."""
    return Moment(at, has_hour=False) if at else None


def _topics(waiting: Sequence[Topic]) -> Words:
    if not waiting:
        return Words("agenda.no_topics")
    lines = [topic_line(n, topic) for n, topic in enumerate(waiting[:SHOWN], 1)]
    facts = {"count": len(waiting), "lines": lines, "more": _more(waiting)}
    return Words("agenda.topics", facts)


def topic_line(position: int, topic: Topic) -> Words:
    """One topic with how many stand behind it."""
    behind = Words("agenda.behind", {"count": len(topic.seconders)}) if topic.seconders else None
    return Words("agenda.topic", {"n": position, "text": Typed(topic.text), "behind": behind})


def _more(listed: Sequence[object]) -> Words | None:
    return Words("agenda.more", {"count": len(listed) - SHOWN}) if len(listed) > SHOWN else None


def _rows(ask: Ask, meeting: Meeting, waiting: Sequence[Topic]) -> tuple[Row, ...]:
    """What can be tapped: in a group for everybody, in private for the asker alone."""
    if meeting.state not in _COMING:
        return ()
    viewer = ask.actor if is_of_here(ask, meeting) and ask.chat.is_private else None
    taps = [_tap(topic, viewer) for topic in waiting[:SHOWN]]
    shown = [tap for tap in taps if tap is not None]
    rows = tuple(tuple(shown[i : i + 2]) for i in range(0, len(shown), 2))
    return (*rows, (propose_button(meeting),), *convener_rows(meeting, viewer))


def _tap(topic: Topic, viewer: Actor | None) -> Button | None:
    """Second it, or take one's own back."""
    if viewer is not None and topic.author_id == viewer.id:
        return _topic_button("topicback", topic)
    if viewer is not None and not rules.can_second(topic, viewer):
        return None
    return _topic_button("topicsecond", topic)


def _topic_button(code: str, topic: Topic) -> Button:
    label = Words(f"button.{code}_of", {"text": shown_topic(topic, _ON_BUTTON)})
    return button(REGISTRY.commands[code].handler, label, topic=topic.id)


def propose_button(meeting: Meeting) -> Button:
    """Leads to the question what to talk over."""
    return button(REGISTRY.commands["topic"].handler, number=carried(meeting))


def convener_rows(meeting: Meeting, viewer: Actor | None) -> tuple[Row, ...]:
    """What the convener does with the list: take topics from reports, strike some."""
    if viewer is None or not is_convener(meeting, viewer):
        return ()
    codes = ("topicpool", "topicsout")
    taps = (button(REGISTRY.commands[c].handler, number=carried(meeting)) for c in codes)
    return (tuple(taps),)


def agenda_row(meeting: Meeting) -> Row:
    """Leads to the agenda."""
    return (button(agenda, number=carried(meeting)),)


async def card_lines(unit: Unit, meeting: Meeting) -> list[Words]:
    """What the card of a meeting to come says: how the last decisions stand, then the topics."""
    if meeting.state not in _COMING:
        return []
    before = carried_over(await unit.minutes.decided_before(meeting), unit.now)
    waiting = rules.in_order(await unit.topics.of(meeting))
    found = [_summary(before, unit.now), _first_topics(waiting)]
    return [line for line in found if line is not None]


def _summary(before: Sequence[Decision], now: datetime) -> Words | None:
    """上次议定3件：1件过期，2件办好."""
    if not before:
        return None
    stand = [standing(decision.issue, now) for decision in before]
    counts = {
        str(one): Words(f"agenda.sum_{one}", {"count": stand.count(one)}) if one in stand else None
        for one in Standing
    }
    return Words("agenda.summary", {"total": len(before), **counts})


def _first_topics(waiting: Sequence[Topic]) -> Words | None:
    if not waiting:
        return None
    lines = [topic_line(n, topic) for n, topic in enumerate(waiting[:3], 1)]
    more = Words("agenda.more", {"count": len(waiting) - 3}) if waiting[3:] else None
    return Words("agenda.card_topics", {"lines": lines, "more": more})


def card_rows(meeting: Meeting) -> list[Row]:
    """What can be tapped below the card of a meeting to come."""
    if meeting.state not in _COMING:
        return []
    return [(propose_button(meeting), *agenda_row(meeting))]
