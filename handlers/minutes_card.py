"""Minutes card 纪要卡: what neighbours read of a meeting, on one phone screen."""

from collections.abc import Sequence
from typing import Final

from domain import topics as rules
from domain.attendance import PARTIES
from domain.decisions import Decision
from domain.meetings import Meeting
from domain.minutes import Minutes
from domain.people import Actor
from domain.text import shortened
from domain.topics import Topic
from handlers.agenda import day, owner
from handlers.messages import Reply, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from storage.unit import Unit

_LINES: Final = 6
"""Topics, and decisions, on the card; the rest stands in the document."""
_NOTE: Final = 60


@card("minutes")
async def minutes_card(unit: Unit, meeting_id: int, viewer: Actor | None) -> Reply:
    """The published minutes; a correction changes this card wherever it hangs."""
    meeting = await unit.meetings.by_id(meeting_id)
    written = await unit.minutes.of(meeting)
    topics = [topic for topic in rules.in_order(await unit.topics.of(meeting)) if topic.words]
    decisions = await unit.minutes.decided_at(meeting)
    facts = {
        **title(meeting),
        "topics": [_said(n, topic) for n, topic in enumerate(topics[:_LINES], 1)],
        "decisions": await decided(unit, decisions[:_LINES]),
        "more": _more(topics, decisions),
        "corrected": corrected(written),
    }
    handler = REGISTRY.commands["minutestext"].handler
    return Reply("minutes.card", facts, ((button(handler, number=carried(meeting)),),))


def corrected(written: Minutes) -> Words | None:
    """That what neighbours read was changed since."""
    if not written.corrections:
        return None
    return Words("minutes.corrected", {"count": written.corrections})


async def three_parties(unit: Unit, meeting: Meeting) -> Words:
    """Which of the three parties 三方 had confirmed."""
    confirmed = await unit.attendance.confirmed(meeting)
    words = {
        str(party): Words("meeting.confirmed" if party in confirmed else "meeting.unconfirmed")
        for party in PARTIES
    }
    return Words("meeting.parties", words)


def title(meeting: Meeting) -> dict[str, object]:
    """Which meeting it was, and on which day."""
    return {"label": meeting.label, "kind": meeting.kind, "at": day(meeting.starts_at)}


def _said(position: int, topic: Topic) -> Words:
    facts = {
        "n": position,
        "text": Typed(topic.text),
        "words": Typed(shortened(topic.words, _NOTE)),
    }
    return Words("minutes.topic", facts)


async def decided(unit: Unit, decisions: Sequence[Decision]) -> Words | None:
    """What was agreed: what, who, until when, under which number it can be followed."""
    if not decisions:
        return None
    return Words("minutes.decisions", {"lines": [await decided_line(unit, d) for d in decisions]})


async def decided_line(unit: Unit, decision: Decision) -> Words:
    """One thing that was agreed."""
    facts = {
        "text": Typed(decision.text),
        "who": await owner(unit, decision),
        "at": day(decision.issue.due_at),
        "label": decision.issue.label,
    }
    return Words("minutes.decision", facts)


def _more(topics: Sequence[Topic], decisions: Sequence[Decision]) -> Words | None:
    left = max(len(topics) - _LINES, 0) + max(len(decisions) - _LINES, 0)
    return Words("minutes.more", {"count": left}) if left else None
