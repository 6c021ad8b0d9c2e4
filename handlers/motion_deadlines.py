"""Deadlines of motions 表决期限: what the clock does with a vote."""

from collections.abc import Mapping

from domain import motions as rules
from domain.motions import Motion, MotionState
from handlers.ask import Tick
from handlers.messages import Reply
from handlers.motion_card import result
from handlers.motion_life import MIX, close_now, lack_lines, open_now
from handlers.motion_matters import named
from handlers.motion_opening import start
from handlers.motion_origins import after_vote
from handlers.motion_votes import HUSH
from handlers.motion_waiting import tell_uncounted
from handlers.numbers import carried
from handlers.proposal_motions import vote_anew
from handlers.registry import button, due
from handlers.telling import Teller
from storage.unit import Unit


@due("motion.open")
async def open_on_time(tick: Tick, motion_id: int, facts: Mapping[str, str]) -> None:
    """Open what was announced long enough; who called it is told what is missing, if anything."""
    found = await tick.unit.motions.by_id(motion_id)
    if found.state is not MotionState.ANNOUNCED or found.opens_at > tick.unit.now:
        return
    tell = await tick.tell(found.community_id)
    lacks = await open_now(tick.unit, found, by=None)
    if lacks:
        said = {"label": found.label, "lines": lack_lines(lacks)}
        rows = ((button(start, number=carried(found)),),)
        await tell.person(found.author_id, Reply("motion.not_opened", said, rows))
        return
    await tell.refresh("motion", found.id)
    await vote_anew(tick.unit, tell, found)
    await tell.groups_below(found.path, _opened(found))


def _opened(motion: Motion) -> Reply:
    facts = {"label": motion.label, "title": named(motion), "at": motion.closes_at}
    return Reply("motion.opened_in_group", facts)


@due("motion.remind")
async def remind_silent(tick: Tick, motion_id: int, facts: Mapping[str, str]) -> None:
    """Send those who have not voted the card once more."""
    found = await tick.unit.motions.by_id(motion_id)
    tell = await tick.tell(found.community_id)
    in_time = found.closes_at - tell.polite_at() >= rules.LEAST_TIME_TO_VOTE
    if found.state is not MotionState.OPEN or not in_time:
        return
    if await tell.puts_off("motion.remind", motion_id, facts):
        return
    silent = await tick.unit.seats.silent(motion_id)
    for person_id in silent:
        await tell.person_card(person_id, "motion", found.id)


@due("motion.close")
async def close_on_time(tick: Tick, motion_id: int, facts: Mapping[str, str]) -> None:
    """End a vote at its time and tell the result; nothing where it ended or was extended."""
    found = await tick.unit.motions.hold(await tick.unit.motions.by_id(motion_id))
    if found.state is MotionState.OPEN and found.closes_at <= tick.unit.now:
        await conclude(tick.unit, await tick.tell(found.community_id), found, by=None)


async def conclude(unit: Unit, tell: Teller, motion: Motion, *, by: int | None) -> None:
    """Count, close and announce."""
    over = await close_now(unit, motion, by=by)
    if over is None:
        return
    await tell.refresh("motion", over.id)
    over = await unit.motions.by_id(over.id)
    tallies = await unit.ballots.tallies(over)
    unseen = await unit.papers.count_waiting(over.id)
    said = result(over, tallies, tell.speaker(None), unseen)
    await tell.groups_below(over.path, said)
    await tell_uncounted(unit, tell, over)
    await after_vote(unit, tell, over, tallies)


@due("motion.final")
async def end_publicity(tick: Tick, motion_id: int, facts: Mapping[str, str]) -> None:
    """The result hung out long enough; whoever called the vote is told what comes next."""
    found = await tick.unit.motions.by_id(motion_id)
    tell = await tick.tell(found.community_id)
    said = {"label": found.label, "title": named(found)}
    await tell.person(found.author_id, Reply("motion.final", said))


@due(MIX)
async def mix(tick: Tick, motion_id: int, facts: Mapping[str, str]) -> None:
    """Write the rows of a secret vote anew, so that none tells when it came."""
    found = await tick.unit.motions.hold(await tick.unit.motions.by_id(motion_id))
    if found.state is not MotionState.OPEN:
        return
    await tick.unit.ballots.shuffle(motion_id)
    await tick.unit.deadlines.set(MIX, motion_id, tick.unit.now + rules.MIX_EVERY)


@due(HUSH)
async def hush(tick: Tick, chat_id: int, facts: Mapping[str, str]) -> None:
    """Forget buttons that tell a secret choice which was never confirmed."""
    for call in ("cast:", "mark:"):
        await tick.unit.chats.menus.drop_with(chat_id, call)
