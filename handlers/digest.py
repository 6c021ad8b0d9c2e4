"""Digest 日报、周报、月报: one message that replaces a form, edited as things get done."""

from collections.abc import Mapping
from typing import Final

from domain.digest import Period
from domain.people import Ability, Role
from handlers.ask import Ask, Tick
from handlers.registry import command, due
from storage.outbox import Priority
from storage.unit import Unit

READERS: Final[Mapping[Period, tuple[Role, ...]]] = {
    Period.DAY: (Role.GRID_WORKER,),
    Period.WEEK: (Role.GRID_WORKER, Role.COMMITTEE),
    Period.MONTH: (Role.GRID_WORKER, Role.COMMITTEE),
}
"""Who gets which edition unasked; whoever may read it can ask for it at any time."""
_JOBS: Final[Mapping[Period, str]] = {
    Period.DAY: "digest.daily",
    Period.WEEK: "digest.weekly",
    Period.MONTH: "digest.monthly",
}


@command("日报", "digest", may=Ability.READ_DIGEST, section="duty", where="private")
async def digest(ask: Ask) -> None:
    """What is new, overdue, unverified or waiting in my places, now."""
    await ask.tell.card(ask.chat, Period.DAY.card, ask.actor.id, viewer=ask.actor)


@command("周报", "weekly", may=Ability.READ_DIGEST, section="duty", where="private")
async def weekly(ask: Ask) -> None:
    """For the weekly round 周周碰: what to decide, what was done, what comes next week."""
    await ask.tell.card(ask.chat, Period.WEEK.card, ask.actor.id, viewer=ask.actor)


@command("月报", "monthly", may=Ability.READ_DIGEST, section="duty", where="private")
async def monthly(ask: Ask) -> None:
    """The same of a month, with the figures of each place."""
    await ask.tell.card(ask.chat, Period.MONTH.card, ask.actor.id, viewer=ask.actor)


async def plan_digests(unit: Unit, community_id: int) -> None:
    """Set a community's next digests as its settings want them; one that is due stays due."""
    for period, job in _JOBS.items():
        due_at = await unit.deadlines.due_at(job, community_id)
        if due_at is None or due_at > unit.now:
            await _schedule(unit, community_id, period)


async def _schedule(unit: Unit, community_id: int, period: Period) -> None:
    """Set the next digest of a period; there is never more than one."""
    community = await unit.places.community(community_id)
    await unit.deadlines.drop(_JOBS[period], community_id)
    at = community.digests.next_at(period, community.hours.zone, unit.now)
    if at is not None:
        await unit.deadlines.set(_JOBS[period], community_id, at)


def _declare(period: Period) -> None:
    async def recurs(unit: Unit, community_id: int) -> None:
        await _schedule(unit, community_id, period)

    @due(_JOBS[period], recurs=recurs)
    async def send(tick: Tick, community_id: int, facts: Mapping[str, str]) -> None:
        """Let every reader's digest be due now, and come back after the period."""
        await recurs(tick.unit, community_id)
        known = {"community": str(community_id), "period": period.value}
        for reader_id in await _readers(tick.unit, community_id, period):
            await tick.unit.deadlines.set("digest.one", reader_id, tick.unit.now, known)


for _period in Period:
    _declare(_period)


async def _readers(unit: Unit, community_id: int, period: Period) -> list[int]:
    found = [await unit.people.of_community(role, community_id) for role in READERS[period]]
    return sorted({person_id for people in found for person_id in people})


@due("digest.one")
async def send_one(tick: Tick, person_id: int, facts: Mapping[str, str]) -> None:
    """Send one reader their digest; each in a unit of its own, so that none spoils the others'."""
    tell = await tick.tell(int(facts["community"]))
    card = Period(facts["period"]).card
    await tell.person_card(person_id, card, person_id, Priority.DIGEST)
