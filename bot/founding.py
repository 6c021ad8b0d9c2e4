"""Founding 建库: the community that the settings describe, and the first code of its committee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from fractions import Fraction
from typing import Final

from domain.digest import Timetable
from domain.meetings import Rhythm
from domain.motions import VoteSettings
from domain.outlook import Position
from domain.people import Role
from domain.places import Place, PlaceKind, place_name
from domain.projects import MOST_ASKED_FEN
from domain.surveys import MILESTONES
from handlers.digest import plan_digests
from handlers.people import code_hash, new_code
from storage.joining import Code
from storage.unit import Unit

CODE_LIFE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Plan:
    """A community as it shall be: grids map to their buildings."""

    name: str
    street: str
    zone: str
    lang: str
    quiet_from: time
    quiet_until: time
    grids: Mapping[str, Sequence[str]]
    digests: Timetable = field(default_factory=Timetable)
    position: Position | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)
    votes: VoteSettings = field(default_factory=VoteSettings)
    milestones: Sequence[Fraction] = MILESTONES
    most_asked_fen: int = MOST_ASKED_FEN


@dataclass(frozen=True, slots=True)
class Founded:
    """``code`` is for the first of the committee, where nobody is; ``others`` are communities
    that the database has besides."""

    code: str | None
    others: tuple[str, ...]


async def found(unit: Unit, plan: Plan) -> Founded:
    """Make what is missing of ``plan``; what is there already stays as it is."""
    # Of workers that start at once the others wait here until the first one has made it.
    await unit.turns.take("founding", plan.name, timedelta(0))
    community = await _tree(unit, plan)
    others = [p.name for p in await unit.places.communities() if p.id != community.id]
    if await unit.people.holding(Role.COMMITTEE, [community.id]):
        return Founded(None, tuple(others))
    code = new_code()
    kept = Code(Role.COMMITTEE, community.id, None, None, unit.now + CODE_LIFE, None)
    await unit.joining.add_code(code_hash(code), kept)
    return Founded(f"{code[:4]}-{code[4:]}", tuple(others))


async def _tree(unit: Unit, plan: Plan) -> Place:
    street = await unit.places.add(PlaceKind.STREET, plan.street) if plan.street else None
    community = await unit.places.add(PlaceKind.COMMUNITY, plan.name, street)
    await unit.places.open_community(
        community,
        zone=plan.zone,
        lang=plan.lang,
        quiet=(plan.quiet_from, plan.quiet_until),
        digests=plan.digests,
    )
    await unit.forecasts.locate(community.id, plan.position)
    await plan_digests(unit, community.id)
    await unit.places.meet_by(community.id, plan.rhythm)
    await unit.motions.set_settings(community.id, plan.votes)
    await unit.surveys.tell_at(community.id, plan.milestones)
    await unit.projects.ask_at_most(community.id, plan.most_asked_fen)
    for grid, buildings in plan.grids.items():
        node = await unit.places.add(PlaceKind.GRID, grid, community)
        for building in buildings:
            await unit.places.add(PlaceKind.BUILDING, place_name(building), node)
    return community
