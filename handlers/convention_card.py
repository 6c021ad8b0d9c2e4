"""Convention card 公约卡: which clauses there are; and the text of what is in force."""

from typing import Final

from domain.clauses import Clause, in_force, kept
from domain.conventions import (
    SPOKEN_OF,
    Convention,
    ConventionState,
    ConventionStep,
    stakes,
    steps_for,
)
from domain.motions import Motion
from domain.people import Actor
from domain.text import shortened
from domain.verdict import Tally
from handlers.forwarding import forward_row
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.motion_matters import passed
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from storage.unit import Unit

_LEADING: Final = {
    ConventionStep.PUT: "putclauses",
    ConventionStep.EXTEND: "extendconvention",
    ConventionStep.END: "closeconvention",
    ConventionStep.CANCEL: "cancelconvention",
}
"""Step of a leader → the command that takes it."""
SHOWN: Final = 8
"""Clauses on a card; all of them are a tap away."""
_SHOWN_TEXT: Final = 30
_S = ConventionState


@card("convention")
async def convention_card(unit: Unit, convention_id: int, viewer: Actor | None) -> Reply:
    """A convention as it stands: its clauses, how many are behind each, what comes next."""
    found = await unit.conventions.by_id(convention_id)
    clauses = await unit.clauses.of(found.id)
    vote = await voted_on(unit, found)
    if vote is not None and found.voted_at is not None:
        clauses = in_force(clauses, passed(*vote))
    else:
        clauses = kept(clauses)
    facts = {
        "label": found.label,
        "state": found.state,
        "name": Typed(found.name),
        "place": (await unit.places.get(found.place_id)).name,
        "count": len(clauses),
        "until": _until(found),
        "clauses": clause_lines(clauses),
    }
    return Reply("convention.card", facts, await _buttons(unit, found, viewer))


def _until(found: Convention) -> Words | None:
    if found.state is _S.COLLECTING:
        return Words("convention.until", {"at": found.closes_at})
    return Words("convention.ordering") if found.state is _S.ORDERING else None


def clause_lines(clauses: list[Clause]) -> list[Words]:
    """Clauses by number, shortened, with how many neighbours are behind each."""
    lines = [
        Words(
            "convention.clause",
            {
                "number": number,
                "text": Typed(shortened(clause.text, _SHOWN_TEXT)),
                "seconds": _seconds(clause),
            },
        )
        for number, clause in enumerate(clauses[:SHOWN], 1)
    ]
    more = len(clauses) - SHOWN
    return [*lines, Words("convention.more", {"count": more})] if more > 0 else lines


def _seconds(clause: Clause) -> Words | None:
    count = len(clause.seconders)
    return Words("convention.seconds", {"count": count}) if count else None


async def _buttons(unit: Unit, found: Convention, viewer: Actor | None) -> tuple[Row, ...]:
    number, code = carried(found), REGISTRY.commands
    row: list[Button] = []
    if found.state in {_S.COLLECTING, _S.ORDERING}:
        if found.state is _S.COLLECTING:
            row.append(button(code["addclause"].handler, number=number))
        row.append(button(code["clauses"].handler, number=number))
    if found.state in {_S.IN_FORCE, _S.REPLACED}:
        row.append(button(code["showconvention"].handler, number=number))
    if found.motion_id is not None:
        motion = await unit.motions.by_id(found.motion_id)
        row.append(button(code["showmotion"].handler, number=carried(motion)))
    steps = steps_for(found, stakes(found, viewer)) if viewer else ()
    lead = [button(code[c].handler, number=number) for s, c in _LEADING.items() if s in steps]
    forward = forward_row(viewer, found) if found.state in SPOKEN_OF else ()
    return (*(tuple(part) for part in (row, lead[:2], lead[2:]) if part), *forward)


# In force


async def voted_on(unit: Unit, found: Convention) -> tuple[Motion, tuple[Tally, ...]] | None:
    """The vote on its clauses, and the sums of each."""
    if found.motion_id is None:
        return None
    motion = await unit.motions.by_id(found.motion_id)
    return motion, await unit.ballots.tallies(motion)


async def in_force_lines(unit: Unit, found: Convention) -> list[Words]:
    """The clauses in force, numbered anew, each with its result."""
    vote = await voted_on(unit, found)
    if vote is None:
        return []
    motion, tallies = vote
    clauses = in_force(await unit.clauses.of(found.id), passed(motion, tallies))
    return [_in_force_line(n, one, tallies[one.matter - 1]) for n, one in enumerate(clauses, 1)]


def _in_force_line(number: int, clause: Clause, tally: Tally) -> Words:
    facts = {
        "number": number,
        "text": Typed(clause.text),
        "yes": tally.yes.heads,
        "no": tally.no.heads,
        "abstain": tally.abstain.heads,
    }
    return Words("convention.in_force_line", facts)


async def in_force_reply(unit: Unit, found: Convention) -> Reply:
    """The whole text of a convention, its date, and how each clause was voted."""
    vote = await voted_on(unit, found)
    motion = vote[0] if vote else None
    facts = {
        "name": Typed(found.name),
        "place": (await unit.places.get(found.place_id)).name,
        "at": found.voted_at,
        "clauses": await in_force_lines(unit, found),
        "replaced": Words("convention.replaced") if found.state is _S.REPLACED else None,
        "effect": effect(motion),
    }
    row = [button(REGISTRY.commands["printconvention"].handler, number=carried(found))]
    if motion is not None:
        row.append(button(REGISTRY.commands["showmotion"].handler, number=carried(motion)))
    return Reply("convention.in_force", facts, (tuple(row),))


def effect(motion: Motion | None) -> Words | None:
    """By which rule it was voted on, and whether that binds."""
    if motion is None:
        return None
    binding = Words("motion.binding" if motion.is_binding else "convention.agreed")
    return Words("convention.effect", {"rule": motion.preset, "binding": binding})
