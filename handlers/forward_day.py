"""Today to forward 今天要转发的: what is worth telling of a place's day, the next to end first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.issues import OPEN, Issue
from domain.meetings import Meeting, MeetingState
from domain.motions import Motion
from domain.notices import NEWS_FOR, Notice
from domain.people import Ability, Actor, Grant, Role
from domain.places import Place, ancestors, within
from domain.polls import Poll
from domain.proposals import OPEN as BEFORE_VOTE
from domain.proposals import Proposal
from domain.surveys import Survey
from domain.text import shortened
from handlers.messages import Row, Typed, Words
from handlers.motion_matters import named
from handlers.registry import REGISTRY, button
from storage.unit import Unit

_SHOWN: Final = 6
"""Lines of a day's text: it has to stay short."""
_LONGEST: Final = 24
"""Characters of what somebody typed, within a line."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a day: its card, where it lies and its line.

    ``at`` is when it ends, of a meeting when it begins, of a notice when it was posted; None
    where there is no such time.
    """

    kind: str
    id: int
    path: str
    line: Words
    at: datetime | None


async def day_items(unit: Unit, place: Place) -> Sequence[Item]:
    """What is open at or above a place; of issues and proposals those that several share.

    What lies below is a single building's own, and not for a group of several.
    """
    found = [item for item in await _around(unit, place) if within(place.path, item.path)]
    return found[:_SHOWN]


async def days_below(unit: Unit, place: Place) -> list[Place]:
    """Places below that have a day of their own to forward."""
    paths = {
        item.path
        for item in await _around(unit, place)
        if item.path != place.path and within(item.path, place.path)
    }
    return [await unit.places.get(ancestors(path)[-1]) for path in sorted(paths)]


async def _around(unit: Unit, place: Place) -> Sequence[Item]:
    """What is open at, above or below a place, the next to end first."""
    onlooker = Actor(0, "", None, (Grant(Role.RESIDENT, place.id, place.path, place.path),))
    meetings = await unit.meetings.coming_for(onlooker)
    issues = await unit.issues.listed(onlooker, [place.path])
    proposals = await unit.proposals.live_for(onlooker)
    notices = await unit.notices.newest_for(onlooker, unit.now - NEWS_FOR)
    items = [
        *map(_notice, notices),
        *map(_poll, await unit.polls.open_for(onlooker)),
        *map(_survey, await unit.surveys.open_for(onlooker)),
        *map(_motion, await unit.motions.live_for(onlooker)),
        *(_meeting(m) for m in meetings if m.state is MeetingState.CALLED),
        *(_proposal(p) for p in proposals if p.is_shared and p.state in BEFORE_VOTE),
        *(_issue(i) for i in issues if i.is_common and i.state in OPEN and i.text),
    ]
    timed = sorted((i for i in items if i.at is not None), key=lambda i: (i.at, i.kind, i.id))
    return [*timed, *(i for i in items if i.at is None)]


async def day_place(unit: Unit, actor: Actor) -> Place:
    """What somebody answers for; the widest of it where it is several places."""
    paths = sorted(g.path for g in actor.grants if g.allows(Ability.FORWARD, g.path))
    return await unit.places.get(ancestors(paths[0])[-1])


async def day_row(unit: Unit, actor: Actor) -> tuple[Row, ...]:
    """The digest's button for the day's text; none where there is nothing to forward."""
    if not actor.can(Ability.FORWARD):
        return ()
    place = await day_place(unit, actor)
    if not await day_items(unit, place) and not await days_below(unit, place):
        return ()
    return ((button(REGISTRY.commands["forward"].handler, "button.forward_today"),),)


def _said(text: str) -> Typed:
    return Typed(shortened(text, _LONGEST))


def _poll(poll: Poll) -> Item:
    facts = {"question": _said(poll.question), "at": poll.closes_at}
    return Item("poll", poll.id, poll.path, Words("forward.poll_line", facts), poll.closes_at)


def _survey(survey: Survey) -> Item:
    line = Words(
        "forward.survey_line", {"question": _said(survey.question), "at": survey.closes_at}
    )
    return Item("survey", survey.id, survey.path, line, survey.closes_at)


def _motion(motion: Motion) -> Item:
    line = Words("forward.motion_line", {"title": named(motion, _LONGEST), "at": motion.closes_at})
    return Item("motion", motion.id, motion.path, line, motion.closes_at)


def _meeting(meeting: Meeting) -> Item:
    starts_at = meeting.span[0]
    facts = {"kind": meeting.kind, "at": starts_at, "venue": _said(meeting.venue)}
    return Item(
        "meeting", meeting.id, meeting.path, Words("forward.meeting_line", facts), starts_at
    )


def _notice(notice: Notice) -> Item:
    line = Words("forward.notice_line", {"kind": notice.kind, "text": _said(notice.text)})
    return Item("notice", notice.id, notice.path, line, notice.posted_at)


def _proposal(proposal: Proposal) -> Item:
    line = Words("forward.proposal_line", {"text": _said(proposal.text)})
    return Item("proposal", proposal.id, proposal.path, line, None)


def _issue(issue: Issue) -> Item:
    line = Words("forward.issue_line", {"text": _said(issue.text)})
    return Item("issue", issue.id, issue.path, line, None)
