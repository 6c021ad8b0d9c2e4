"""Putting a convention to the vote 公约付表决: its clauses become the matters of one vote."""

from domain.clauses import matters
from domain.conventions import ConventionState, ConventionStep, check
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.convention_kinds import ConventionNumber
from handlers.convention_motions import MARK, stand_at_convention
from handlers.kinds import FreeText
from handlers.messages import Reply
from handlers.moments import closing_time
from handlers.motion_opening import read_back_list
from handlers.numbers import carried
from handlers.registry import command


@command(
    "付表决",
    "公约表决",
    "putclauses",
    may=Ability.OPEN_MOTION,
    section="conventions",
    where="private",
)
async def put(ask: Ask, number: ConventionNumber, closes: FreeText) -> Reply:
    """Put the clauses to the vote, each with a verdict of its own; read back before it counts."""
    found = await stand_at_convention(ask, number)
    if found.state is ConventionState.COLLECTING:
        raise Refusal("convention_collecting", label=found.label, at=found.closes_at)
    check(ConventionStep.PUT, found, ask.actor)
    clauses = matters(await ask.unit.clauses.of(found.id), found.label)
    closes_at = await closing_time(ask, put, closes, {"number": number}, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    return await read_back_list(
        ask, found.name, clauses, closes_at, about=f"{MARK}{carried(found)}"
    )
