"""Forwarding 转发: short texts with a link, for the groups in WeChat where no bot may be."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.forwards import Forward, Forwarded, open_until
from domain.issues import OPEN, Issue
from domain.meetings import Meeting, MeetingState
from domain.moments import Moment
from domain.people import Ability, Actor, Grant, Role
from domain.places import Place, ancestors
from domain.polls import Poll, PollState
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask
from handlers.forward_kinds import LinkToken, ThingLabel
from handlers.messages import COPY, Button, Reply, Row, Series, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, command, press
from storage.unit import Unit

_SHOWN: Final = 3
"""Lines of one sort in a day's text: it has to stay short."""
_LONGEST: Final = 24
"""Characters of what somebody typed, within a text that is forwarded."""
_TOKEN_BYTES: Final = 8
"""Of chance in a link; it opens what the building's group reads, for a while."""


@command("转发", "forward", may=Ability.FORWARD, section="office", where="private")
async def forward(ask: Ask, what: ThingLabel | None = None) -> Reply:
    """A short text with a link, to be copied into a WeChat group; without a label, today's."""
    if what is None:
        return await _day_here(ask)
    kind, number = what[0], what[1:]
    if kind == "p":
        return await _poll(ask, await ask.poll(number))
    if kind == "m":
        return await _meeting(ask, await ask.meeting(number))
    return await _issue(ask, await ask.issue(number))


def forward_row(viewer: Actor | None, thing: Issue | Poll | Meeting) -> tuple[Row, ...]:
    """The button on the card of somebody who answers for the place; none for others."""
    if viewer is None or not viewer.can(Ability.FORWARD, at=thing.path):
        return ()
    letter = {Issue: "i", Poll: "p", Meeting: "m"}[type(thing)]
    return ((button(forward, "button.forward", what=letter + carried(thing)),),)


async def _poll(ask: Ask, poll: Poll) -> Reply:
    if poll.state is not PollState.OPEN:
        raise Refusal("poll_over", label=poll.label)
    facts = {
        "question": Typed(shortened(poll.question, 2 * _LONGEST)),
        "options": Series(tuple(shortened(option, 12) for option in poll.options[:6])),
        "more": Words("forward.more", {"count": len(poll.options)}) if poll.options[6:] else "",
        "at": poll.closes_at,
    }
    return await _told(ask, _Thing(Forwarded.POLL, poll.id, poll.path, poll.closes_at), facts)


async def _meeting(ask: Ask, meeting: Meeting) -> Reply:
    if meeting.state is not MeetingState.CALLED:
        raise Refusal("forward_no_meeting", label=meeting.label)
    starts_at, ends_at = meeting.span
    facts = {
        "kind": meeting.kind,
        "at": starts_at,
        "venue": Typed(shortened(meeting.venue, _LONGEST)),
        "topic": Typed(shortened(meeting.topic_line, 2 * _LONGEST)),
    }
    return await _told(ask, _Thing(Forwarded.MEETING, meeting.id, meeting.path, ends_at), facts)


async def _issue(ask: Ask, issue: Issue) -> Reply:
    if issue.state not in OPEN:
        raise Refusal("forward_no_issue", label=issue.label)
    text = Typed(shortened(issue.text, 2 * _LONGEST)) if issue.text else Words("issue.only_photo")
    facts: dict[str, object] = {"text": text, "state": issue.state}
    return await _told(ask, _Thing(Forwarded.ISSUE, issue.id, issue.path, None), facts)


async def _day_here(ask: Ask) -> Reply:
    place = await _day_place(ask.unit, ask.actor)
    lines = await day_lines(ask.unit, place)
    if not lines:
        return Reply("forward.nothing")
    thing = _Thing(Forwarded.DAY, place.id, place.path, None)
    return await _told(ask, thing, {"on": Moment(ask.now, has_hour=False), "lines": lines})


async def _day_place(unit: Unit, actor: Actor) -> Place:
    """What somebody answers for; the widest of it where it is several places."""
    paths = sorted(g.path for g in actor.grants if g.allows(Ability.FORWARD, g.path))
    return await unit.places.get(ancestors(paths[0])[-1])


async def day_row(unit: Unit, actor: Actor) -> tuple[Row, ...]:
    """The digest's button for the day's text; none where there is nothing to forward."""
    if not actor.can(Ability.FORWARD) or not await day_lines(unit, await _day_place(unit, actor)):
        return ()
    return ((button(forward, "button.forward_today"),),)


async def day_lines(unit: Unit, place: Place) -> list[Words]:
    """What is worth telling of a place's day, the next to end first; empty for nothing."""
    day = await _day(unit, place)
    return [
        *(Words("forward.poll_line", _of_poll(poll)) for poll in day.polls),
        *(Words("forward.meeting_line", _of_meeting(meeting)) for meeting in day.meetings),
        *(
            Words("forward.issue_line", {"text": Typed(shortened(issue.text, _LONGEST))})
            for issue in day.issues
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Day:
    polls: Sequence[Poll]
    meetings: Sequence[Meeting]
    issues: Sequence[Issue]


async def _day(unit: Unit, place: Place) -> _Day:
    """What is open at, above or below a place; of issues those that several neighbours share."""
    onlooker = Actor(0, "", None, (Grant(Role.RESIDENT, place.id, place.path, place.path),))
    meetings = await unit.meetings.coming_for(onlooker)
    issues = await unit.issues.listed(onlooker, [place.path])
    return _Day(
        (await unit.polls.open_for(onlooker))[:_SHOWN],
        [m for m in meetings if m.state is MeetingState.CALLED][:_SHOWN],
        [i for i in issues if i.is_common and i.state in OPEN and i.text][:_SHOWN],
    )


def _of_poll(poll: Poll) -> dict[str, object]:
    return {"question": Typed(shortened(poll.question, _LONGEST)), "at": poll.closes_at}


def _of_meeting(meeting: Meeting) -> dict[str, object]:
    venue = Typed(shortened(meeting.venue, _LONGEST))
    return {"kind": meeting.kind, "at": meeting.span[0], "venue": venue}


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: Forwarded
    id: int
    path: str
    ends_at: datetime | None


async def _told(ask: Ask, thing: _Thing, facts: dict[str, object]) -> Reply:
    """The text with its link, and a button that copies it."""
    if not ask.actor.can(Ability.FORWARD, at=thing.path):
        raise await ask.not_allowed(Words("button.forward"), Ability.FORWARD, at=thing.path)
    place = await ask.unit.places.get(ancestors(thing.path)[-1])
    until = open_until(thing.ends_at, ask.now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = Forward(token, ask.tenant.id, thing.kind, thing.id, until)
    made = await ask.unit.forwards.open(made, by=ask.actor.id, now=ask.now)
    facts = {**facts, "place": place.name, "link": ask.links.forwarded(made.token)}
    copy = Button(Words("button.copy"), COPY)
    return Reply(f"forward.{thing.kind}", facts, ((copy,),), is_private=True)


@press("fwd", may=Ability.SEE_ISSUES)
async def open_forwarded(ask: Ask, token: LinkToken) -> Reply | None:
    """Show what a link opens to whoever came through it, as far as it concerns them."""
    found = await ask.unit.forwards.find(token, ask.now)
    things = await _opened(ask.unit, found) if found is not None else []
    mine = [(kind, thing.id) for kind, thing in things if ask.actor.sees(thing.path)]
    if not mine or not ask.chat.is_private:
        raise Refusal("forward_closed")
    for kind, subject_id in mine:
        await ask.tell.card(ask.chat, kind, subject_id, viewer=ask.actor)
    return None


async def _opened(unit: Unit, found: Forward) -> list[tuple[str, Issue | Poll | Meeting]]:
    """Kind of card and thing, of all that a link opens."""
    if found.kind is Forwarded.DAY:
        day = await _day(unit, await unit.places.get(found.subject_id))
        return [
            *(("poll", poll) for poll in day.polls),
            *(("meeting", meeting) for meeting in day.meetings),
            *(("issue", issue) for issue in day.issues),
        ]
    if found.kind is Forwarded.POLL:
        return [("poll", await unit.polls.by_id(found.subject_id))]
    if found.kind is Forwarded.MEETING:
        return [("meeting", await unit.meetings.by_id(found.subject_id))]
    return [("issue", await unit.issues.by_id(found.subject_id))]


async def read(unit: Unit, found: Forward) -> Words:
    """What stands behind a link, for everybody who has it: no more than the group's card says."""
    if found.kind is Forwarded.DAY:
        place = await unit.places.get(found.subject_id)
        lines = await day_lines(unit, place) or [Words("forward.nothing")]
        return Words("forward.page", {"place": place.name, "lines": lines})
    return (await REGISTRY.cards[found.kind](unit, found.subject_id, None)).words
