"""Where a vote comes from 表决由来: what it means for the proposal or convention it is about."""

from collections.abc import Sequence

from domain.motions import Motion
from domain.verdict import Tally
from handlers import convention_motions as conventions
from handlers import proposal_motions as proposals
from handlers.ask import Ask
from handlers.motion_matters import passed
from handlers.telling import Teller
from storage.unit import Unit


async def stand_at_origin(ask: Ask, about: str) -> None:
    """Let it be about the place of what the vote comes from."""
    if about.startswith(conventions.MARK):
        await conventions.stand_at_convention(ask, about.removeprefix(conventions.MARK))
    else:
        await proposals.stand_at_proposal(ask, about)


async def announced_for(ask: Ask, about: str, motion: Motion) -> None:
    """The text is fixed."""
    if about.startswith(conventions.MARK):
        number = about.removeprefix(conventions.MARK)
        await conventions.announced_clauses(ask, number, motion)
    else:
        await proposals.announced_for(ask, about, motion)


async def after_vote(unit: Unit, tell: Teller, motion: Motion, tallies: Sequence[Tally]) -> None:
    """The vote is counted. A proposal's own matter is the first one."""
    await proposals.after_vote(unit, tell, motion, passes=passed(motion, tallies)[0])
    await conventions.after_clauses_voted(unit, tell, motion, tallies)


async def after_cancelled_vote(unit: Unit, tell: Teller, motion: Motion) -> None:
    """The vote was called off and decides nothing."""
    await proposals.after_cancelled_vote(unit, tell, motion)
    await conventions.after_clauses_cancelled(unit, tell, motion)
