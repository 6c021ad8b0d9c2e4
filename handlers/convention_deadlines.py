"""Deadlines of conventions 公约期限: when no more clauses come in."""

from collections.abc import Mapping

from domain.conventions import ConventionState, ConventionStep, kept, moved
from handlers.ask import Tick
from handlers.conventions import END
from handlers.messages import Reply, Typed
from handlers.registry import due


@due(END)
async def end_collection(tick: Tick, convention_id: int, facts: Mapping[str, str]) -> None:
    """No more clauses come in; whoever began it is told what comes next."""
    found = await tick.unit.conventions.by_id(convention_id)
    if found.state is not ConventionState.COLLECTING or found.closes_at > tick.unit.now:
        return
    after = moved(found, ConventionStep.END, tick.unit.now)
    await tick.unit.conventions.save(after, ConventionStep.END, by=None)
    tell = await tick.tell(found.community_id)
    await tell.refresh("convention", found.id)
    count = len(kept(await tick.unit.conventions.clauses(found.id)))
    said = {"label": found.label, "name": Typed(found.name), "count": count}
    await tell.person(found.author_id, Reply("convention.ended", said))
    await tell.person_card(found.author_id, "convention", found.id)
