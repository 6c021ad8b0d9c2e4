"""Topics 议题: what neighbours want to talk over at a meeting, and in which order it comes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.issues import OPEN, Issue
from domain.meetings import Meeting, MeetingState, check_convener, is_convener, why_not
from domain.people import Ability, Actor
from domain.places import within
from domain.proposals import Proposal
from domain.refusal import Refusal

LONGEST_TOPIC: Final = 60
"""Characters; a topic is a line, the talking is done at the meeting."""
MOST_TOPICS: Final = 20
"""Topics that wait for one meeting; an evening has room for a few."""
MOST_OF_ONE: Final = 3
"""Topics that one neighbour can have waiting for one meeting; the convener's are not counted."""


class TopicState(StrEnum):
    """Whether a topic is still to be talked over."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    STRUCK = "struck"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of one meeting.

    Attributes:
        number: Counts the topics of its meeting in the order in which they came.
        issue_id: The report that it was taken from, if it was; ``proposal_id`` the proposal.
        seconders: Who stands behind it besides its author; behind its report counts too.
        words: What the minutes 纪要 say of it; empty before they are written.
    """

    id: int
    community_id: int
    meeting_id: int
    number: int
    author_id: int
    text: str
    proposed_at: datetime
    state: TopicState = TopicState.OPEN
    issue_id: int | None = None
    proposal_id: int | None = None
    seconders: frozenset[int] = frozenset()
    words: str = ""
    version: int = 0


def check_takes_topics(meeting: Meeting, actor: Actor) -> None:
    """Neighbours of the place propose and second until the end; refuses outsiders and late ones."""
    if meeting.state not in {MeetingState.CHOOSING, MeetingState.CALLED}:
        raise Refusal(why_not(meeting), label=meeting.label)
    if not actor.can(Ability.REPORT_ISSUE, at=meeting.path):
        raise Refusal("topic_not_for_you", label=meeting.label)


def checked_topic(text: str, listed: Collection[Topic], meeting: Meeting, by: Actor) -> str:
    """``text`` if it can be put on the list.

    Raises:
        Refusal: ``topic_long``, ``topics_many`` or ``topics_enough``.
    """
    if len(text) > LONGEST_TOPIC:
        raise Refusal("topic_long", length=len(text), most=LONGEST_TOPIC)
    waiting = [topic for topic in listed if topic.state is TopicState.OPEN]
    if len(waiting) >= MOST_TOPICS:
        raise Refusal("topics_many", label=meeting.label, most=MOST_TOPICS)
    mine = [topic for topic in waiting if topic.author_id == by.id]
    if len(mine) >= MOST_OF_ONE and not is_convener(meeting, by):
        raise Refusal("topics_enough", label=meeting.label, most=MOST_OF_ONE)
    return text


def check_can_be_listed(issue: Issue, meeting: Meeting, listed: Collection[Topic]) -> None:
    """Whether an open report of the place can become a topic.

    Raises:
        Refusal: ``issue_wrong_state``, ``topic_elsewhere`` or ``topic_listed``.
    """
    if issue.state not in OPEN:
        raise Refusal("issue_wrong_state", label=issue.label, state=issue.state)
    if not within(issue.path, meeting.path):
        raise Refusal("topic_elsewhere", label=issue.label, meeting=meeting.label)
    waiting = [topic for topic in listed if topic.state is TopicState.OPEN]
    if any(topic.issue_id == issue.id for topic in waiting):
        raise Refusal("topic_listed", label=issue.label, meeting=meeting.label)
    check_room(meeting, listed)


def check_room(meeting: Meeting, listed: Collection[Topic]) -> None:
    """Refuse ``topics_many`` where an evening has no room for one more."""
    if sum(topic.state is TopicState.OPEN for topic in listed) >= MOST_TOPICS:
        raise Refusal("topics_many", label=meeting.label, most=MOST_TOPICS)


def check_proposal_can_be_listed(
    proposal: Proposal, meeting: Meeting, listed: Collection[Topic]
) -> None:
    """Whether a proposal of the place can become a topic.

    Raises:
        Refusal: ``topic_elsewhere``, ``topic_listed`` or ``topics_many``.
    """
    if not within(proposal.path, meeting.path):
        raise Refusal("topic_elsewhere", label=proposal.label, meeting=meeting.label)
    waiting = [topic for topic in listed if topic.state is TopicState.OPEN]
    if any(topic.proposal_id == proposal.id for topic in waiting):
        raise Refusal("topic_listed", label=proposal.label, meeting=meeting.label)
    check_room(meeting, listed)


def _check_open(topic: Topic) -> None:
    if topic.state is not TopicState.OPEN:
        raise Refusal("topic_gone")


def can_second(topic: Topic, actor: Actor) -> bool:
    """Whether somebody is not behind it already."""
    is_open = topic.state is TopicState.OPEN
    return is_open and actor.id != topic.author_id and actor.id not in topic.seconders


def seconded(topic: Topic, *, by: Actor) -> Topic:
    """``topic`` with one more neighbour behind it 附议; refuses ``topic_already_yours``."""
    _check_open(topic)
    if not can_second(topic, by):
        raise Refusal("topic_already_yours")
    return replace(topic, seconders=topic.seconders | {by.id})


def withdrawn(topic: Topic, *, by: Actor) -> Topic:
    """``topic`` taken back by who proposed it; refuses ``topic_not_yours``."""
    _check_open(topic)
    if topic.author_id != by.id:
        raise Refusal("topic_not_yours")
    return replace(topic, state=TopicState.WITHDRAWN)


def struck(topic: Topic, meeting: Meeting, *, by: Actor) -> Topic:
    """``topic`` taken off the list by the convener, who says why."""
    check_convener(meeting, by)
    _check_open(topic)
    return replace(topic, state=TopicState.STRUCK)


def in_order(topics: Collection[Topic]) -> Sequence[Topic]:
    """What is still to be talked over: most seconds first, of equals the one that came first."""
    waiting = (topic for topic in topics if topic.state is TopicState.OPEN)
    return sorted(waiting, key=lambda topic: (-len(topic.seconders), topic.number))
