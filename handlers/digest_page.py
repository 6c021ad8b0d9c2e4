"""Digest page 日报页: the sections of an edition, each line with its button."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from domain.digest import Digest, Period, digested, tallied
from domain.issues import Issue
from domain.meetings import Meeting
from domain.moments import Moment
from domain.motions import Motion, MotionState
from domain.people import Ability, Actor
from domain.polls import Poll
from domain.proposals import Proposal
from domain.surveys import Survey
from domain.text import shortened
from handlers.forward_day import day_row
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from storage.joining import JoinRequest
from storage.unit import Unit

SHOWN: Final = 3
"""Lines of one section; the rest is a number, and a tap away in the list."""
SHOWN_HARD: Final = 5
"""Of what a meeting has to decide."""
PLACES_SHOWN: Final = 12
SILENT_AFTER: Final = timedelta(days=1)
"""From then on a newcomer's line says how long they have waited."""
_PER_ROW: Final = 3
_ANY_ZONE: Final = ZoneInfo("UTC")
"""Of an edition that shows no dates of its own, and of a reader who belongs nowhere."""
_Lines = list[Words]


@dataclass(frozen=True, slots=True)
class _Edition:
    """All that one page tells of."""

    period: Period
    since: datetime
    now: datetime
    found: Digest
    polls: Sequence[Poll]
    motions: Sequence[Motion]
    meetings: Sequence[Meeting]
    newcomers: Sequence[JoinRequest]
    silent: Sequence[tuple[Survey, int]]
    proposals: Sequence[Proposal]
    figures: _Lines


async def _page(period: Period, unit: Unit, person_id: int, viewer: Actor | None) -> Reply:
    """A reader's period; nothing to tell is one line."""
    actor = viewer or await unit.people.actor(person_id)
    edition = await _edition(unit, period, actor)
    sections = _sections(edition)
    title = _title(edition)
    if not sections:
        return Reply(f"digest.nothing.{period}", {"title": title})
    buttons = list(_buttons(edition))
    rows = tuple(tuple(buttons[i : i + _PER_ROW]) for i in range(0, len(buttons), _PER_ROW))
    if period is Period.DAY:
        rows = (*rows, *await day_row(unit, actor))
    return Reply("digest.page", {"title": title, "sections": sections}, rows)


for _period in Period:
    card(_period.card)(partial(_page, _period))


async def _edition(unit: Unit, period: Period, actor: Actor) -> _Edition:
    paths = _paths(actor, Ability.READ_DIGEST)
    is_day = period is Period.DAY
    zone = _ANY_ZONE if is_day else await _zone(unit, paths)  # a thousand mornings ask nothing
    since, until = period.before(unit.now, zone), period.after(unit.now, zone)
    issues = await (unit.issues.unsettled(paths) if is_day else unit.issues.of_period(paths, since))
    meetings = await unit.meetings.coming_for(actor)
    return _Edition(
        period=period,
        since=since,
        now=unit.now,
        found=digested(issues, period, since=since, now=unit.now),
        polls=[p for p in await unit.polls.open_for(actor) if p.closes_at <= until],
        motions=await _closing(unit, actor, until),
        meetings=[m for m in meetings if m.starts_at is not None and m.starts_at <= until],
        newcomers=await unit.joining.waiting(paths),
        silent=await unit.surveys.silent_below(_paths(actor, Ability.VISIT_HOUSEHOLD)),
        proposals=await unit.proposals.awaiting(paths, since if is_day else None),
        figures=[] if is_day else await _figures(unit, period, issues, since),
    )


async def _closing(unit: Unit, actor: Actor, until: datetime) -> list[Motion]:
    """Owners' votes that close by then; one on notice only is nobody's task yet."""
    live = await unit.motions.live_for(actor)
    return [m for m in live if m.state is MotionState.OPEN and m.closes_at <= until]


def _paths(actor: Actor, ability: Ability) -> list[str]:
    return sorted({grant.path for grant in actor.grants if grant.allows(ability, grant.path)})


async def _zone(unit: Unit, paths: Sequence[str]) -> ZoneInfo:
    if not paths:
        return _ANY_ZONE
    place = await unit.places.get(int(paths[0].strip("/").split("/")[-1]))
    if place.community_id is None:
        return _ANY_ZONE
    return (await unit.places.community(place.community_id)).hours.zone


async def _figures(unit: Unit, period: Period, issues: Sequence[Issue], since: datetime) -> _Lines:
    """What was reported and done: in all, and in the monthly edition place by place."""
    by_place: dict[int, list[Issue]] = {}
    for issue in issues:
        by_place.setdefault(issue.place_id, []).append(issue)
    lines = [_tally("digest.figures", issues, since)] if issues else []
    if period is Period.MONTH and len(by_place) > 1:
        for place_id in sorted(by_place)[:PLACES_SHOWN]:
            name = (await unit.places.get(place_id)).name
            lines.append(_tally("digest.figures_of", by_place[place_id], since, place=name))
    return lines


def _tally(key: str, issues: Sequence[Issue], since: datetime, **facts: str) -> Words:
    return Words(key, {**facts, **asdict(tallied(issues, since))})


def _title(edition: _Edition) -> Words:
    at: datetime | Moment = edition.now
    if edition.period is not Period.DAY:
        at = Moment(edition.since, has_hour=False, end=edition.now)
    return Words(f"digest.title.{edition.period}", {"at": at})


def _sections(edition: _Edition) -> _Lines:
    """Figures, then what needs somebody, then what comes."""
    ahead = "today" if edition.period is Period.DAY else "ahead"
    listed = {part.name: getattr(edition.found, part.name) for part in fields(Digest)}
    sections = [
        *edition.figures,
        *(_section(name, [_issue(i) for i in issues]) for name, issues in listed.items()),
        _section(f"meetings_{ahead}", [_meeting(m) for m in edition.meetings]),
        _section(f"polls_{ahead}", [_poll(p) for p in edition.polls]),
        _section(f"motions_{ahead}", [_motion(m) for m in edition.motions]),
        _section("silent", [_silent(*one) for one in edition.silent]),
        _section("proposals", [_proposal(p) for p in edition.proposals]),
        _section("newcomers", [_newcomer(r, edition.now) for r in edition.newcomers]),
    ]
    return [section for section in sections if section is not None]


def _section(name: str, lines: Sequence[Words]) -> Words | None:
    if not lines:
        return None
    return Words(f"digest.{name}", {"count": len(lines), "lines": list(lines[: _shown(name)])})


def _shown(name: str) -> int:
    return SHOWN_HARD if name == "hard" else SHOWN


def _issue(issue: Issue) -> Words:
    text = Typed(shortened(issue.text, 20))
    return Words("digest.issue", {"label": issue.label, "text": text, "state": issue.state})


def _poll(poll: Poll) -> Words:
    text = Typed(shortened(poll.question, 20))
    return Words("digest.poll", {"label": poll.label, "text": text, "at": poll.closes_at})


def _motion(motion: Motion) -> Words:
    text = Typed(shortened(motion.title, 20))
    return Words("digest.poll", {"label": motion.label, "text": text, "at": motion.closes_at})


def _meeting(meeting: Meeting) -> Words:
    facts = {"label": meeting.label, "kind": meeting.kind, "at": meeting.starts_at}
    return Words("digest.meeting", {**facts, "venue": Typed(meeting.venue)})


def _silent(survey: Survey, count: int) -> Words:
    text = Typed(shortened(survey.question, 20))
    facts = {"label": survey.label, "text": text, "count": count, "at": survey.closes_at}
    return Words("digest.survey", facts)


def _proposal(found: Proposal) -> Words:
    text = Typed(shortened(found.text, 20))
    return Words("digest.issue", {"label": found.label, "text": text, "state": found.state})


def _newcomer(request: JoinRequest, now: datetime) -> Words:
    facts = {"name": Typed(request.name), "flat": request.flat}
    days = (now - request.asked_at) // SILENT_AFTER
    if days < 1:
        return Words("digest.newcomer", facts)
    return Words("digest.newcomer_silent", {**facts, "days": days})


def _buttons(edition: _Edition) -> Iterator[Button]:
    """A button for each line that is shown."""
    codes = ("show", "showpoll", "showmotion", "showmeeting", "silent", "showproposal", "admit")
    show, poll, motion, meeting, silent, proposal, admit = (
        REGISTRY.commands[code].handler for code in codes
    )
    for part in fields(Digest):
        for issue in getattr(edition.found, part.name)[: _shown(part.name)]:
            yield button(show, Typed(issue.label), number=carried(issue))
    for m in edition.meetings[:SHOWN]:
        yield button(meeting, Typed(m.label), number=carried(m))
    for p in edition.polls[:SHOWN]:
        yield button(poll, Typed(p.label), number=carried(p))
    for vote in edition.motions[:SHOWN]:
        yield button(motion, Typed(vote.label), number=carried(vote))
    for survey, _ in edition.silent[:SHOWN]:
        yield button(silent, Typed(survey.label), number=carried(survey))
    for one in edition.proposals[:SHOWN]:
        yield button(proposal, Typed(one.label), number=carried(one))
    for r in edition.newcomers[:SHOWN]:
        label = Words("button.admit_name", {"name": Typed(r.name)})
        yield button(admit, label, request=r.id, yes=1)
