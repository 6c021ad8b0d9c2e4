"""Deadlines of conventions 公约期限: when no more clauses come in."""

from collections.abc import Mapping

from domain.clauses import kept
from domain.conventions import Convention, ConventionState, ConventionStep, ended
from domain.people import Actor
from handlers.ask import Tick
from handlers.conventions import END
from handlers.messages import Reply, Typed
from handlers.registry import due
from handlers.telling import Teller
from storage.unit import Unit


async def set_end(unit: Unit, convention: Convention) -> None:
    """Set when no more clauses come in; an earlier deadline is dropped."""
    await unit.deadlines.drop(END, convention.id)
    await unit.deadlines.set(END, convention.id, convention.closes_at)


@due(END)
async def end_collection(tick: Tick, convention_id: int, facts: Mapping[str, str]) -> None:
    """No more clauses come in from their time on; nothing where that ended or was extended."""
    found = await tick.unit.conventions.by_id(convention_id)
    if found.state is ConventionState.COLLECTING and found.closes_at <= tick.unit.now:
        await conclude(tick.unit, await tick.tell(found.community_id), found, by=None)


async def conclude(unit: Unit, tell: Teller, found: Convention, *, by: Actor | None) -> int:
    """End the collection; who began it, and who ended it, is told what comes next.

    Returns how many clauses there are.
    """
    after = ended(found, by=by, now=unit.now)
    await unit.conventions.save(after, ConventionStep.END, by=by.id if by else None)
    await unit.deadlines.drop(END, found.id)
    await tell.refresh("convention", found.id)
    count = len(kept(await unit.clauses.of(found.id)))
    said = {"label": found.label, "name": Typed(found.name), "count": count}
    for person_id in sorted({found.author_id, by.id if by else found.author_id}):
        await tell.person(person_id, Reply("convention.ended", said))
        await tell.person_card(person_id, "convention", found.id)
    return count
