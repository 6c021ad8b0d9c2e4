"""Today to forward 今天要转发的: what is worth telling of a place's day, the next to end first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.conventions import Convention, ConventionState
from domain.issues import OPEN, Issue
from domain.meetings import Meeting, MeetingKind, MeetingState
from domain.motions import Motion
from domain.notices import NEWS_FOR, Notice
from domain.people import Ability, Actor, Grant, Role
from domain.places import Place, ancestors, within
from domain.polls import Poll
from domain.proposals import OPEN as BEFORE_VOTE
from domain.proposals import Proposal
from domain.surveys import Survey
from domain.text import shortened
from handlers.forward_kinds import KINDS, LETTERS, Thing
from handlers.messages import Row, Typed, Words
from handlers.motion_matters import named
from handlers.numbers import carried
from handlers.registry import REGISTRY, button
from storage.unit import Unit

_SHOWN: Final = 6
"""Lines of a day's text: it has to stay short."""
_OFFERED: Final = 8
_NAME: Final = 12
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
    name: Words
    what: str
    """As a button of ``转发`` carries it."""


async def day_items(unit: Unit, place: Place) -> Sequence[Item]:
    """What is open at or above a place; of issues and proposals those that several share.

    What lies below is a single building's own, and not for a group of several.
    """
    found = [item for item in await _around(unit, place) if within(place.path, item.path)]
    return found[:_SHOWN]


async def offered_items(unit: Unit, actor: Actor) -> list[Item]:
    """What somebody can forward now, the next to end first."""
    items = await _around(unit, await day_place(unit, actor))
    return [item for item in items if actor.can(Ability.FORWARD, at=item.path)][:_OFFERED]


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
    conventions = await unit.conventions.live_for(onlooker)
    notices = await unit.notices.newest_for(onlooker, unit.now - NEWS_FOR)
    items = [
        *map(_notice, notices),
        *map(_poll, await unit.polls.open_for(onlooker)),
        *map(_survey, await unit.surveys.open_for(onlooker)),
        *map(_motion, await unit.motions.live_for(onlooker)),
        *(_convention(c) for c in conventions if c.state is ConventionState.COLLECTING),
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


def _item(thing: Thing, said: str, line: Words, at: datetime | None) -> Item:
    letter = LETTERS[type(thing)]
    about = said if isinstance(said, MeetingKind) else Typed(shortened(said, _NAME))
    name = Words("forward.offered", {"label": thing.label, "about": about})
    return Item(KINDS[letter], thing.id, thing.path, line, at, name, letter + carried(thing))


def _poll(poll: Poll) -> Item:
    facts = {"question": _said(poll.question), "at": poll.closes_at}
    return _item(poll, poll.question, Words("forward.poll_line", facts), poll.closes_at)


def _survey(survey: Survey) -> Item:
    facts = {"question": _said(survey.question), "at": survey.closes_at}
    return _item(survey, survey.question, Words("forward.survey_line", facts), survey.closes_at)


def _motion(motion: Motion) -> Item:
    facts = {"title": named(motion, _LONGEST), "at": motion.closes_at}
    return _item(motion, motion.title, Words("forward.motion_line", facts), motion.closes_at)


def _convention(convention: Convention) -> Item:
    facts = {"name": _said(convention.name), "at": convention.closes_at}
    line = Words("forward.convention_line", facts)
    return _item(convention, convention.name, line, convention.closes_at)


def _meeting(meeting: Meeting) -> Item:
    starts_at = meeting.span[0]
    facts = {"kind": meeting.kind, "at": starts_at, "venue": _said(meeting.venue)}
    return _item(
        meeting,
        meeting.kind,
        Words("forward.meeting_line", facts),
        starts_at,
    )


def _notice(notice: Notice) -> Item:
    line = Words("forward.notice_line", {"kind": notice.kind, "text": _said(notice.text)})
    return _item(notice, notice.text, line, notice.posted_at)


def _proposal(proposal: Proposal) -> Item:
    line = Words("forward.proposal_line", {"text": _said(proposal.text)})
    return _item(proposal, proposal.text, line, None)


def _issue(issue: Issue) -> Item:
    return _item(issue, issue.text, Words("forward.issue_line", {"text": _said(issue.text)}), None)
