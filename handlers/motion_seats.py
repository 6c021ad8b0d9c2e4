"""Seats 名册上的位置: for whom somebody may vote, and why not."""

from dataclasses import dataclass

from domain.ledger import square_metres
from domain.motions import Motion, MotionState, Voter
from domain.people import Actor
from domain.text import shortened
from handlers.ask import Ask
from handlers.messages import Series, Typed, Words
from handlers.motion_matters import said
from storage.seats import Seat
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Mine:
    """An entry of the frozen roll for which somebody may vote, perhaps by proxy 委托."""

    seat: Seat
    is_proxy: bool


async def mine_in(unit: Unit, actor: Actor, motion: Motion) -> list[Mine]:
    """Every entry for which somebody may vote now; own ones first."""
    owners = await unit.roll.owners_of(actor.id, motion.community_id)
    own = await unit.seats.held_by(
        motion.id, [owner.id for owner in owners], sorted(actor.households)
    )
    numbers = {seat.number for seat in own}
    found = [Mine(seat, is_proxy=False) for seat in own]
    for number in await unit.papers.held_by(motion.id, actor.id):
        seat = await unit.seats.get(motion.id, number)
        if seat is not None and number not in numbers:
            found.append(Mine(seat, is_proxy=True))
    return found


async def others_of(ask: Ask, motion: Motion, seat: Seat) -> list[int]:
    """Ids of the others who may vote for the same entry; each is told what was done for it."""
    people = await ask.unit.seats.people_of(motion.id, seat.number)
    return [person_id for person_id in people if person_id != ask.actor.id]


def seat_words(one: Mine) -> Words:
    """An entry on a button."""
    key = "motion.seat_proxy" if one.is_proxy else "motion.seat"
    return Words(key, {"flats": Typed(shortened("、".join(one.seat.entry.flats), 16))})


def standing(motion: Motion, one: Mine) -> Words:
    """An entry, and whether its ballot is here."""
    seat = one.seat
    facts = {
        "flats": Series(seat.entry.flats),
        "area": square_metres(seat.entry.area),
        "proxy": Words("motion.by_proxy") if one.is_proxy else None,
        "state": _state(seat),
    }
    return Words("motion.standing" if motion.terms.rule.by_area else "motion.standing_home", facts)


def yours(one: Mine) -> Words:
    """A line of somebody's own card: how they have voted, if at all."""
    facts = {"flats": Series(one.seat.entry.flats), "state": _state(one.seat)}
    return Words("motion.yours", facts)


def _state(seat: Seat) -> Words:
    if seat.ballot is not None:
        return Words("motion.voted", {"choice": said(seat.ballot.choices), "way": seat.ballot.way})
    return Words("motion.voted_secretly" if seat.has_voted else "motion.not_voted")


async def why_not(ask: Ask, motion: Motion) -> Words:
    """Why the asker has no ballot in ``motion``, and what can be done about it."""
    if motion.terms.voter is Voter.HOME:
        return Words("motion.no_home")
    owners = await ask.unit.roll.owners_of(ask.actor.id, motion.community_id)
    if not owners:
        return Words("motion.no_owner")
    if motion.state is MotionState.ANNOUNCED:
        return Words("motion.not_frozen", {"at": motion.opens_at})
    return Words("motion.frozen_before", {"at": motion.opens_at})
