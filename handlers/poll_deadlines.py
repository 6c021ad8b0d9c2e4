"""Deadlines of polls 投票期限: what the clock does with a poll, and how one ends."""

from collections.abc import Mapping

from domain import polls as rules
from domain.polls import Poll, PollState
from handlers.ask import Tick
from handlers.evening_result import poll_changed
from handlers.poll_card import result
from handlers.registry import due
from handlers.telling import Teller
from storage.unit import Unit


async def set_deadlines(unit: Unit, poll: Poll) -> None:
    """Set when ``poll`` closes and when the silent are reminded; earlier ones are dropped."""
    await unit.deadlines.drop("poll.remind", poll.id)
    await unit.deadlines.drop("poll.close", poll.id)
    await unit.deadlines.set("poll.close", poll.id, poll.closes_at)
    community = await unit.places.community(poll.community_id)
    remind_at = rules.remind_at(poll, community.hours)
    if remind_at is not None and remind_at > unit.now:
        await unit.deadlines.set("poll.remind", poll.id, remind_at)


@due("poll.remind")
async def remind_silent(tick: Tick, poll_id: int, facts: Mapping[str, str]) -> None:
    """Remind those who have not voted, once, as long as they have time to vote."""
    found = await tick.unit.polls.by_id(poll_id)
    tell = await tick.tell(found.community_id)
    in_time = found.closes_at - tell.polite_at() >= rules.LEAST_TIME_TO_VOTE
    if found.state is not PollState.OPEN or not in_time:
        return
    if await tell.puts_off("poll.remind", poll_id, facts):
        return
    for person_id in await tick.unit.polls.silent(found):
        await tell.person_card(person_id, "poll", found.id)


@due("poll.close")
async def close_on_time(tick: Tick, poll_id: int, facts: Mapping[str, str]) -> None:
    """End a poll at its time and tell the result; nothing where it ended or was extended."""
    found = await tick.unit.polls.by_id(poll_id)
    if found.state is PollState.OPEN and found.closes_at <= tick.unit.now:
        await conclude(tick.unit, await tick.tell(found.community_id), found, by=None)


async def conclude(unit: Unit, tell: Teller, poll: Poll, *, by: int | None) -> None:
    """Close and announce; the count is read again once nobody can vote any more."""
    await unit.polls.save(rules.closed(poll, now=unit.now), "close", by=by, now=unit.now)
    await tell.refresh("poll", poll.id)
    final = await unit.polls.by_id(poll.id)
    await tell.groups_below(poll.path, result(final, tell.speaker(None)))
    await poll_changed(unit, tell, final, by=by)
