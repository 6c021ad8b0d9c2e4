"""Conventions and their vote 公约表决: what a vote on clauses means for their convention."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain.clauses import kept, matters
from domain.conventions import Convention, ConventionStep, moved
from domain.motions import Motion
from domain.refusal import Refusal
from domain.verdict import Tally
from handlers.ask import Ask
from handlers.convention_card import in_force_reply
from handlers.messages import Reply, Typed
from handlers.motion_matters import passed
from handlers.telling import Teller
from storage.unit import Unit

MARK: Final = "约"
"""What a vote's origin begins with where it is a convention."""


async def stand_at_convention(ask: Ask, number: str) -> Convention:
    """Let it be about the place of a convention, wherever the asker belongs."""
    found = await ask.convention(number)
    await ask.stand_at(await ask.unit.places.get(found.place_id))
    return found


async def announced_clauses(ask: Ask, number: str, motion: Motion) -> None:
    """The clauses are fixed: they are what was read back, or nothing is announced."""
    found = await ask.unit.conventions.hold(await ask.convention(number))
    clauses = await ask.unit.clauses.of(found.id)
    if matters(clauses, found.label) != motion.matters:
        raise Refusal("clauses_changed", label=found.label)
    after = moved(found, ConventionStep.PUT, ask.now, by=ask.actor)
    await ask.unit.clauses.fix(found, kept(clauses))
    put = replace(after, motion_id=motion.id)
    await ask.unit.conventions.save(put, ConventionStep.PUT, by=ask.actor.id)
    await ask.tell.refresh("convention", found.id)


async def after_clauses_voted(
    unit: Unit, tell: Teller, motion: Motion, tallies: Sequence[Tally]
) -> None:
    """The vote is counted: what passed is in force; too few secret ballots decide nothing."""
    found = await unit.conventions.of_motion(motion.id)
    if found is None:
        return
    if motion.is_unopened:
        await _followed(unit, tell, found, ConventionStep.RETURN)
    elif any(passed(motion, tallies)):
        await _in_force(unit, tell, found)
    else:
        await _followed(unit, tell, found, ConventionStep.REJECT)


async def _in_force(unit: Unit, tell: Teller, found: Convention) -> None:
    """What passed is in force in place of an older one of that name, and every group reads it."""
    for older in await unit.conventions.in_force_named(found.name, found.place_id):
        await _followed(unit, tell, older, ConventionStep.REPLACE)
    await _followed(unit, tell, found, ConventionStep.PASS)
    now = await unit.conventions.by_id(found.id)
    await tell.groups_below(found.path, await in_force_reply(unit, now))


async def after_clauses_cancelled(unit: Unit, tell: Teller, motion: Motion) -> None:
    """A vote that was called off decides nothing; the clauses may be voted on again."""
    found = await unit.conventions.of_motion(motion.id)
    if found is not None:
        await _followed(unit, tell, found, ConventionStep.RETURN)


async def _followed(unit: Unit, tell: Teller, found: Convention, step: ConventionStep) -> None:
    after = moved(found, step, unit.now)
    if step is ConventionStep.RETURN:
        after = replace(after, motion_id=None)
    elif step is not ConventionStep.REPLACE:
        after = replace(after, voted_at=unit.now)
    await unit.conventions.save(after, step, by=None)
    await tell.refresh("convention", found.id)
    if step is ConventionStep.RETURN:
        said = {"label": found.label, "name": Typed(found.name)}
        await tell.person(found.author_id, Reply("convention.returned", said))
