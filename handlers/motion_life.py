"""Life of a motion 表决过程: the roll is frozen at the opening, all is counted at the end."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from domain import motions as rules
from domain.electorate import Frozen, of_homes, of_owners, state_of, whole
from domain.ledger import (
    Ending,
    LedgerRow,
    close_row,
    fingerprint,
    open_row,
    secret_row,
    took_part_row,
    voter_row,
)
from domain.motions import Lack, Motion, MotionState, Preset, Voter
from domain.places import Place
from domain.verdict import Tally, judged
from handlers.messages import Words
from storage.unit import Unit

SALT_BYTES = 16
SHOWN_DOORS = 5
PAPERS = "motion.papers"
"""The deadline at which papers that still wait for a second person are told of."""
MIX = "motion.mix"
"""The deadline at which the rows of a secret vote are written anew."""


async def electorate(unit: Unit, preset: Preset, place: Place) -> list[Frozen]:
    """Who would have a ballot at ``place`` now."""
    roll = await unit.roll.of(place)
    if rules.TERMS[preset].voter is Voter.OWNER:
        return of_owners(roll)
    homes = {home.id: home.name for home in await unit.roll.doors.counted(place)}
    return of_homes(homes, roll.household_areas())


async def lacking(
    unit: Unit, motion: Motion, entries: list[Frozen], place: Place
) -> Mapping[Lack, int]:
    """What is missing before ``motion`` can open."""
    ownerless = len(await unit.roll.doors.ownerless(place))
    state = state_of(entries, ownerless)
    found = rules.lacking(motion.preset, state, is_secret=motion.is_secret)
    if motion.closes_at - unit.now < rules.LEAST_TIME_TO_VOTE:
        found[Lack.TIME] = 1
    return found


async def left_out_lines(unit: Unit, preset: Preset, place: Place) -> list[Words]:
    """Doors that do not count, since neither the roll nor anybody who lives there knows them."""
    if rules.TERMS[preset].voter is Voter.OWNER and not (await unit.roll.of(place)).holdings:
        return []
    found = [home.name for home in await unit.roll.doors.left_out(place)]
    names = "、".join(found[:SHOWN_DOORS])
    return [Words("motion.left_out", {"count": len(found), "names": names})] if found else []


def lack_lines(lacks: Mapping[Lack, int]) -> list[Words]:
    """What is missing, one line each."""
    facts = {"least": rules.FEWEST_SECRET}
    return [Words(f"motion.lack.{lack}", {"count": n, **facts}) for lack, n in lacks.items()]


async def set_deadlines(unit: Unit, motion: Motion) -> None:
    """Set what is due next in the life of ``motion``; earlier deadlines are dropped."""
    for kind in ("motion.open", "motion.remind", "motion.close", PAPERS):
        await unit.deadlines.drop(kind, motion.id)
    if motion.state is MotionState.ANNOUNCED:
        await unit.deadlines.set("motion.open", motion.id, motion.opens_at)
    if motion.state is MotionState.OPEN:
        await unit.deadlines.set("motion.close", motion.id, motion.closes_at)
        hours = (await unit.places.community(motion.community_id)).hours
        remind_at = hours.polite_at(motion.closes_at - rules.REMIND_BEFORE)
        if unit.now < remind_at < motion.closes_at:
            await unit.deadlines.set("motion.remind", motion.id, remind_at)
        if await unit.papers.waiting(motion.id):
            await watch_papers(unit, motion)


async def watch_papers(unit: Unit, motion: Motion) -> None:
    """Let those who may confirm papers be told before the close which of them still wait."""
    await unit.deadlines.drop(PAPERS, motion.id)
    hours = (await unit.places.community(motion.community_id)).hours
    moments = {hours.polite_at(motion.closes_at - before) for before in rules.PAPERS_BEFORE}
    for at in sorted(moments):
        if unit.now < at < motion.closes_at:
            await unit.deadlines.set(PAPERS, motion.id, at)


async def open_now(unit: Unit, motion: Motion, *, by: int | None) -> Mapping[Lack, int]:
    """Freeze the roll and open ``motion``; or what is missing, and nothing has changed."""
    held = await unit.motions.hold(motion)
    if held.state is not MotionState.ANNOUNCED:
        return {}
    place = await unit.places.get(held.place_id)
    entries = await electorate(unit, held.preset, place)
    lacks = await lacking(unit, held, entries, place)
    if lacks:
        return lacks
    entries = [_salted(frozen) for frozen in entries]
    await unit.seats.freeze(held, entries)
    settings = await unit.roll.settings(held.community_id)
    await unit.motions.keep_roll_version(held.id, settings.version)
    begun = replace(
        held, opens_at=unit.now, fingerprint=fingerprint([frozen.entry for frozen in entries])
    )
    heads = await unit.motions.write(held.id, await _opening(unit, begun, entries), unit.now)
    begun = rules.opened(begun, whole(entries), begun.fingerprint, heads[-1])
    await unit.motions.save(begun, "open", by=by, now=unit.now)
    await set_deadlines(unit, begun)
    if begun.is_secret:
        await unit.deadlines.set(MIX, begun.id, unit.now + rules.MIX_EVERY)
    return {}


def _salted(frozen: Frozen) -> Frozen:
    """The same, so that its words can be taken out of the ledger one day."""
    salt = secrets.token_hex(SALT_BYTES)
    return replace(frozen, entry=replace(frozen.entry, salt=salt))


async def _opening(unit: Unit, motion: Motion, entries: list[Frozen]) -> list[LedgerRow]:
    community = await unit.places.get(motion.community_id)
    place = await unit.places.get(motion.place_id)
    first = open_row(motion, community.name, place.name, whole(entries))
    return [first, *(voter_row(frozen.entry) for frozen in entries)]


async def close_now(unit: Unit, motion: Motion, *, by: int | None) -> Motion | None:
    """Count and close ``motion``; None where that was done already."""
    held = await unit.motions.hold(motion)
    if held.state is not MotionState.OPEN:
        return None
    tallies = await unit.ballots.tallies(held)
    heads = await unit.motions.write(held.id, await _ending(unit, held, tallies), unit.now)
    await unit.ballots.burn(held.id, is_unopened=held.is_unopened)
    settings = await unit.motions.settings(held.community_id)
    publicity = settings.publicity(held.preset)
    over = rules.closed(held, heads[-1], now=unit.now, publicity=publicity)
    await unit.motions.save(over, "close", by=by, now=unit.now)
    if over.final_at is not None and over.final_at > unit.now:
        await unit.deadlines.set("motion.final", over.id, over.final_at)
    return over


async def _ending(unit: Unit, motion: Motion, tallies: tuple[Tally, ...]) -> list[LedgerRow]:
    found: list[LedgerRow] = []
    if motion.is_secret:
        found += [took_part_row(voter) for voter in await unit.seats.present(motion.id)]
    if motion.is_secret and not motion.is_unopened:
        found += [secret_row(*ballot) for ballot in await unit.ballots.secrets(motion.id)]
    at = unit.motions.ledger_at(motion.id, unit.now)
    passes = tuple(judged(tally, motion.terms.rule).passes for tally in tallies)
    ending = Ending(tallies, passes, bool(motion.matters), motion.is_unopened)
    return [*found, close_row(ending, at)]
