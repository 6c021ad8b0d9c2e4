"""The end of a collection 收集的结束: later, earlier, or without a vote."""

from domain.clauses import kept
from domain.conventions import ConventionStep, check, extended, moved
from domain.people import Ability
from handlers.ask import Ask
from handlers.convention_deadlines import conclude, set_end
from handlers.convention_kinds import ConventionNumber
from handlers.conventions import END
from handlers.endings import sure
from handlers.kinds import FreeText
from handlers.messages import Reply, Typed
from handlers.moments import closing_time
from handlers.registry import command, press


@command(
    "公约延期", "extendconvention", may=Ability.OPEN_MOTION, section="conventions", where="private"
)
async def extend(ask: Ask, number: ConventionNumber, until: FreeText) -> Reply:
    """Let clauses come in for longer; everybody is told until when."""
    found = await ask.convention(number)
    check(ConventionStep.EXTEND, found, ask.actor)
    closes_at = await closing_time(ask, extend, until, {"number": number}, slot="until")
    if isinstance(closes_at, Reply):
        return closes_at
    later = extended(found, closes_at, by=ask.actor, now=ask.now)
    await ask.unit.conventions.save(later, ConventionStep.EXTEND, by=ask.actor.id)
    await set_end(ask.unit, later)
    await ask.tell.refresh("convention", later.id)
    facts = {"label": later.label, "name": Typed(later.name), "at": later.closes_at}
    reply = Reply("convention.extended", {**facts, "who": Typed(ask.actor.name)})
    await ask.tell.groups_below(later.path, reply, but=ask.chat.id)
    return reply


@command(
    "结束收集", "closeconvention", may=Ability.OPEN_MOTION, section="conventions", where="private"
)
async def close(ask: Ask, number: ConventionNumber) -> Reply:
    """Let no more clauses come in, once that was confirmed."""
    found = await ask.convention(number)
    check(ConventionStep.END, found, ask.actor)
    count = len(kept(await ask.unit.clauses.of(found.id)))
    facts = {"name": Typed(found.name), "count": count, "at": found.closes_at}
    return await sure(ask, closed, found, "convention.close_asked", facts)


@press("conventionend", may=Ability.OPEN_MOTION, only_confirmed=True)
async def closed(ask: Ask, number: ConventionNumber) -> Reply:
    """Let no more clauses come in; everybody is told by whom, and what comes next."""
    found = await ask.convention(number)
    check(ConventionStep.END, found, ask.actor)
    count = await conclude(ask.unit, ask.tell, found, by=ask.actor)
    facts = {"label": found.label, "name": Typed(found.name), "count": count}
    reply = Reply("convention.ended_early", {**facts, "who": Typed(ask.actor.name)})
    await ask.tell.groups_below(found.path, reply, but=ask.chat.id)
    return Reply("convention.you_ended", {"label": found.label}, is_brief=True)


@command(
    "取消公约", "cancelconvention", may=Ability.OPEN_MOTION, section="conventions", where="private"
)
async def cancel(ask: Ask, number: ConventionNumber) -> Reply:
    """Call the collection off, once that was confirmed."""
    found = await ask.convention(number)
    moved(found, ConventionStep.CANCEL, ask.now, by=ask.actor)
    return await sure(ask, called_off, found, "convention.sure", {"name": Typed(found.name)})


@press("conventionoff", may=Ability.OPEN_MOTION, only_confirmed=True)
async def called_off(ask: Ask, number: ConventionNumber) -> Reply:
    """Call the collection off; everybody is told by whom."""
    found = await ask.convention(number)
    off = moved(found, ConventionStep.CANCEL, ask.now, by=ask.actor)
    await ask.unit.conventions.save(off, ConventionStep.CANCEL, by=ask.actor.id)
    await ask.unit.deadlines.drop(END, off.id)
    await ask.tell.refresh("convention", off.id)
    facts = {"label": off.label, "name": Typed(off.name), "who": Typed(ask.actor.name)}
    reply = Reply("convention.cancelled", facts)
    await ask.tell.groups_below(off.path, reply, but=ask.chat.id)
    return reply
