"""Texts to forward 转发的话: what is told of one thing, and until when its link opens."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain import notices, surveys
from domain.conventions import SPOKEN_OF, ConventionState
from domain.forwards import Forwarded
from domain.issues import OPEN
from domain.meetings import MeetingState
from domain.motions import Motion, MotionState
from domain.polls import PollState
from domain.proposals import LIVE
from domain.proposals import OPEN as BEFORE_VOTE
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask
from handlers.messages import Series, Typed, Words
from handlers.motion_matters import closes_words, named

_LONGEST: Final = 48
"""Characters of what somebody typed: what is forwarded has to stay short."""
_OPTIONS: Final = 6


@dataclass(frozen=True, slots=True)
class Text:
    """What is told of a thing; ``ends_at`` is None where it has no end of its own."""

    kind: Forwarded
    id: int
    path: str
    ends_at: datetime | None
    facts: Mapping[str, Any]


async def _poll(ask: Ask, number: str) -> Text:
    poll = await ask.poll(number)
    if poll.state is not PollState.OPEN:
        raise Refusal("poll_over", label=poll.label)
    more = len(poll.options) > _OPTIONS
    facts = {
        "question": _said(poll.question),
        "options": Series(tuple(shortened(option, 12) for option in poll.options[:_OPTIONS])),
        "more": Words("forward.more", {"count": len(poll.options)}) if more else "",
        "at": poll.closes_at,
    }
    return Text(Forwarded.POLL, poll.id, poll.path, poll.closes_at, facts)


async def _survey(ask: Ask, number: str) -> Text:
    survey = await ask.survey(number)
    surveys.check_open(survey, ask.now)
    facts = {"question": _said(survey.question), "at": survey.closes_at}
    return Text(Forwarded.SURVEY, survey.id, survey.path, survey.closes_at, facts)


async def _motion(ask: Ask, number: str) -> Text:
    motion = await ask.motion(number)
    if motion.state is MotionState.CANCELLED:
        raise Refusal("motion_cancelled", label=motion.label)
    if motion.state is MotionState.CLOSED:
        raise Refusal("motion_over", label=motion.label)
    facts = {
        "title": named(motion),
        "binding": Words("motion.binding" if motion.is_binding else "motion.advisory"),
        "times": _times(motion),
    }
    return Text(Forwarded.MOTION, motion.id, motion.path, motion.closes_at, facts)


def _times(motion: Motion) -> Words:
    """When one can vote."""
    if motion.state is MotionState.OPEN:
        return closes_words(motion)
    facts = {"opens": motion.opens_at, "closes": motion.closes_at}
    return Words("motion.announced_line", facts)


async def _meeting(ask: Ask, number: str) -> Text:
    meeting = await ask.meeting(number)
    if meeting.state is not MeetingState.CALLED:
        raise Refusal("forward_no_meeting", label=meeting.label)
    starts_at, ends_at = meeting.span
    facts = {
        "kind": meeting.kind,
        "at": starts_at,
        "venue": Typed(shortened(meeting.venue, _LONGEST // 2)),
        "topic": _said(meeting.topic_line),
    }
    return Text(Forwarded.MEETING, meeting.id, meeting.path, ends_at, facts)


async def _issue(ask: Ask, number: str) -> Text:
    issue = await ask.issue(number)
    if issue.state not in OPEN:
        raise Refusal("forward_no_issue", label=issue.label)
    text = _said(issue.text) if issue.text else Words("issue.only_photo")
    return Text(Forwarded.ISSUE, issue.id, issue.path, None, {"text": text, "state": issue.state})


async def _notice(ask: Ask, number: str) -> Text:
    notice = await ask.notice(number)
    notices.check_posted(notice)
    text = Typed(shortened(notice.text, 2 * _LONGEST))
    facts = {"kind": notice.kind, "text": text}
    return Text(Forwarded.NOTICE, notice.id, notice.path, None, facts)


async def _proposal(ask: Ask, number: str) -> Text:
    found = await ask.proposal(number)
    if found.state not in LIVE:
        raise Refusal("forward_no_proposal", label=found.label, state=found.state)
    facts = {
        "text": Typed(shortened(found.text, 2 * _LONGEST)),
        "state": found.state,
        "tap": Words("forward.to_second" if found.state in BEFORE_VOTE else "forward.to_look"),
    }
    return Text(Forwarded.PROPOSAL, found.id, found.path, None, facts)


async def _convention(ask: Ask, number: str) -> Text:
    found = await ask.convention(number)
    if found.state not in SPOKEN_OF:
        raise Refusal("forward_no_convention", label=found.label, state=found.state)
    is_open = found.state is ConventionState.COLLECTING
    facts = {
        "name": Typed(found.name),
        "state": found.state,
        "until": Words("forward.collected_until", {"at": found.closes_at}) if is_open else "",
        "tap": Words("forward.to_add" if is_open else "forward.to_read"),
    }
    ends_at = found.closes_at if is_open else None
    return Text(Forwarded.CONVENTION, found.id, found.path, ends_at, facts)


def _said(text: str) -> Typed:
    return Typed(shortened(text, _LONGEST))


TEXTS: Final[Mapping[str, Callable[[Ask, str], Awaitable[Text]]]] = {
    Forwarded.POLL: _poll,
    Forwarded.SURVEY: _survey,
    Forwarded.MOTION: _motion,
    Forwarded.MEETING: _meeting,
    Forwarded.ISSUE: _issue,
    Forwarded.NOTICE: _notice,
    Forwarded.PROPOSAL: _proposal,
    Forwarded.CONVENTION: _convention,
}
"""Kind → what is told of the thing with that number; refuses what is over."""
