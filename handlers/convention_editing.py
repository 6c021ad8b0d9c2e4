"""Putting clauses in order 整理条款: further up, worded anew, left out with a reason."""

from dataclasses import replace

from domain.clauses import ClauseState, Wording, checked_clause, raised
from domain.conventions import ConventionStep, check
from domain.people import Ability
from handlers.ask import Ask
from handlers.convention_clauses import clause_reply
from handlers.kinds import FreeText, Id
from handlers.messages import Reply, Typed
from handlers.registry import press


@press("clauseup", may=Ability.OPEN_MOTION)
async def raise_clause(ask: Ask, clause: Id) -> Reply:
    """Put a clause one place further up."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor, is_held=True)
    check(ConventionStep.RAISE, found, ask.actor, one)
    ordered = raised(await ask.unit.clauses.of(found.id), one)
    await ask.unit.clauses.arrange(found, ordered, by=ask.actor.id, now=ask.now)
    return await _shown(ask, clause)


async def _shown(ask: Ask, clause_id: int) -> Reply:
    """The clause as it stands now, here and on every card."""
    found, one = await ask.unit.clauses.get(clause_id, seen_by=ask.actor)
    await ask.tell.refresh("convention", found.id)
    return await clause_reply(ask, found, one)


@press("clausereword", may=Ability.OPEN_MOTION)
async def reword_clause(ask: Ask, clause: Id, text: FreeText) -> Reply:
    """Word a clause anew; how it was worded before stays on it, and its author is told."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor, is_held=True)
    check(ConventionStep.REWORD, found, ask.actor, one)
    others = await ask.unit.clauses.of(found.id)
    checked_clause(text, [other for other in others if other.id != one.id])
    new = Wording(text, ask.actor.id, ask.now)
    await ask.unit.clauses.reword(found, one, new)
    if one.author_id is not None and one.author_id != ask.actor.id:
        facts = {"label": found.label, "name": Typed(found.name)}
        facts |= {"before": Typed(one.text), "text": Typed(text)}
        await ask.tell.person(one.author_id, Reply("convention.reworded_yours", facts))
    return await _shown(ask, clause)


@press("clauseout", may=Ability.OPEN_MOTION)
async def leave_out(ask: Ask, clause: Id, why: FreeText) -> Reply:
    """Keep a clause out of the vote, for a reason that its author is told."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor, is_held=True)
    check(ConventionStep.LEAVE_OUT, found, ask.actor, one)
    now = replace(found, changed_at=ask.now)
    out = replace(one, state=ClauseState.LEFT_OUT)
    step = ConventionStep.LEAVE_OUT
    await ask.unit.clauses.set_state(now, out, step, by=ask.actor.id, why=why)
    if one.author_id is not None and one.author_id != ask.actor.id:
        facts = {"label": found.label, "name": Typed(found.name)}
        facts |= {"text": Typed(one.text), "why": Typed(why)}
        await ask.tell.person(one.author_id, Reply("convention.left_out_yours", facts))
    return await _shown(ask, clause)


@press("clausein", may=Ability.OPEN_MOTION)
async def take_back(ask: Ask, clause: Id) -> Reply:
    """Take a clause in again that was left out."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor, is_held=True)
    check(ConventionStep.TAKE_BACK, found, ask.actor, one)
    now = replace(found, changed_at=ask.now)
    again = replace(one, state=ClauseState.KEPT, reason="")
    step = ConventionStep.TAKE_BACK
    await ask.unit.clauses.set_state(now, again, step, by=ask.actor.id, why="")
    return await _shown(ask, clause)
