"""Papers that wait 待核纸票: told before the close, and named to staff where they did not count."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.motions import Motion, MotionState
from domain.people import Role
from domain.places import ancestors
from handlers.ask import Tick
from handlers.messages import Reply, Row, Series, Typed, Words
from handlers.motion_life import PAPERS
from handlers.motion_matters import named
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, due
from handlers.telling import Teller
from storage.papers import Paper
from storage.unit import Unit

SECOND_EYES: Final = (
    Role.OWNERS_COMMITTEE,
    Role.COMMITTEE,
    Role.GRID_WORKER,
    Role.BUILDING_HEAD,
)
"""Who is asked to compare a paper with its photo."""
PER_PAGE: Final = 8
"""Papers of a list that fit on a phone."""


async def second_eyes(unit: Unit, motion: Motion) -> set[int]:
    """Ids of those who are asked to confirm papers of ``motion`` and can be told."""
    held = await unit.people.reachable(SECOND_EYES, ancestors(motion.path))
    return {person_id for people in held.values() for person_id in people}


@due(PAPERS)
async def remind_of_papers(tick: Tick, motion_id: int, facts: Mapping[str, str]) -> None:
    """Tell those who may confirm, and those who entered, how many papers wait before the close."""
    found = await tick.unit.motions.by_id(motion_id)
    tell = await tick.tell(found.community_id)
    waiting = await tick.unit.papers.waiting(motion_id)
    is_late = tell.polite_at() >= found.closes_at
    if found.state is not MotionState.OPEN or not waiting or is_late:
        return
    if await tell.puts_off(PAPERS, motion_id, facts):
        return
    told = await second_eyes(tick.unit, found) | {paper.entered_by for paper in waiting}
    for person_id in sorted(told):
        await tell.person(person_id, _reminder(found, waiting, person_id))


def _reminder(motion: Motion, waiting: Sequence[Paper], person_id: int) -> Reply:
    own = sum(paper.entered_by == person_id for paper in waiting)
    facts = {
        "label": motion.label,
        "title": named(motion),
        "at": motion.closes_at,
        "count": len(waiting),
        "own": Words("motion.papers_before_own", {"count": own}) if own else None,
    }
    return Reply("motion.papers_before", facts, _rows(motion) if own < len(waiting) else ())


def _rows(motion: Motion, after: int | None = None) -> tuple[Row, ...]:
    show = REGISTRY.commands["papers"].handler
    if after is None:
        return ((button(show, number=carried(motion)),),)
    return ((button(show, "button.more", number=carried(motion), after=after),),)


async def tell_uncounted(unit: Unit, tell: Teller, motion: Motion) -> None:
    """Name to staff the papers that did not count, and to those who entered them their own."""
    lost = await unit.papers.waiting(motion.id)
    if not lost:
        return
    staff = await second_eyes(unit, motion)
    await tell.people(staff, await _lost(unit, motion, lost))
    for person_id in {paper.entered_by for paper in lost} - staff:
        own = [paper for paper in lost if paper.entered_by == person_id]
        await tell.person(person_id, await _lost(unit, motion, own))


async def uncounted(unit: Unit, motion: Motion, *, after: int) -> Reply:
    """Papers of an ended vote that did not count, from the one behind ``after`` on."""
    lost = await unit.papers.waiting(motion.id)
    if not lost:
        return Reply("motion.papers_none", {"label": motion.label})
    return await _lost(unit, motion, lost, after=after)


async def _lost(unit: Unit, motion: Motion, lost: Sequence[Paper], *, after: int = 0) -> Reply:
    rest = [paper for paper in lost if paper.id > after]
    page = rest[:PER_PAGE]
    names = await unit.people.names([paper.entered_by for paper in page])
    lines = [await _line(unit, paper, names.get(paper.entered_by, "")) for paper in page]
    facts = {
        "label": motion.label,
        "title": named(motion),
        "count": len(lost),
        "lines": lines,
    }
    rows = _rows(motion, page[-1].id) if len(rest) > PER_PAGE else ()
    return Reply("motion.papers_lost", facts, rows)


async def _line(unit: Unit, paper: Paper, name: str) -> Words:
    seat = await unit.seats.get(paper.motion_id, paper.voter)
    assert seat is not None
    facts = {
        "flats": Series(seat.entry.flats),
        "name": Typed(name),
        "voted": Words("motion.papers_lost_voted") if seat.ballot else None,
    }
    return Words("motion.papers_lost_line", facts)
