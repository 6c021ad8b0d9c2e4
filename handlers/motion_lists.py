"""Looking at votes 看表决: what is open, the full text, who voted, whether one may vote."""

import json
from collections.abc import Sequence
from typing import Final

from domain import motions as rules
from domain.ballots import receipts_of
from domain.ledger import square_metres
from domain.matters import MOST_MATTERS, choices_of
from domain.motions import Motion, MotionState
from domain.people import Ability
from domain.places import within
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask
from handlers.endings import sure
from handlers.kinds import FreeText, Id
from handlers.messages import Reply, Row, Series, Typed, Words
from handlers.moments import closing_time
from handlers.motion_deadlines import conclude
from handlers.motion_kinds import MotionNumber, Receipt
from handlers.motion_life import set_deadlines
from handlers.motion_matters import named, said, title_lines
from handlers.motion_origins import after_cancelled_vote
from handlers.motion_seats import mine_in, standing, why_not
from handlers.numbers import carried
from handlers.proposal_motions import vote_anew
from handlers.registry import REGISTRY, button, command, press
from storage.outbox import Priority
from storage.seats import Seat

PER_PAGE: Final = 8
"""Entries of a list that fit on a phone."""


@command("表决列表", "motions", may=Ability.SEE_ISSUES, section="votes", everyday=("motions",))
async def list_motions(ask: Ask) -> Reply:
    """Votes on notice or open that concern the asker."""
    return await _listed(ask)


async def _listed(ask: Ask) -> Reply:
    mine = await ask.unit.motions.live_for(ask.actor)
    found = [m for m in mine if _is_of_here(ask, m)] or mine
    if not found:
        return Reply("motion.none")
    lines = [
        Words(
            "motion.line",
            {"label": m.label, "title": named(m), "state": m.state, "at": m.closes_at},
        )
        for m in found
    ]
    rows = tuple(
        (button(show_motion, Typed(f"{m.label} {shortened(m.title, 12)}"), number=carried(m)),)
        for m in found
    )
    is_private = not any(_is_of_here(ask, m) for m in found)
    return Reply("motion.list", {"lines": lines}, rows, is_private=is_private)


def _is_of_here(ask: Ask, motion: Motion) -> bool:
    """Whether this chat may read of it; an estate's vote runs in the groups of its buildings."""
    runs_here = ask.place is not None and within(ask.place.path, motion.path)
    return runs_here or ask.is_of_here(motion.path)


@press("showmotion", may=Ability.SEE_ISSUES)
async def show_motion(ask: Ask, number: MotionNumber) -> Reply | None:
    """A motion's card; a group sees what concerns its own place."""
    found = await ask.motion(number)
    if not _is_of_here(ask, found):
        is_sent = await ask.tell.person_card(ask.actor.id, "motion", found.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "motion", found.id, viewer=viewer, thread=ask.incoming.thread)
    return None


@press("motiontext", may=Ability.SEE_ISSUES)
async def show_text(ask: Ask, number: MotionNumber) -> Reply:
    """The full text, its legal source, and what is published of roll and ledger."""
    found = await ask.motion(number)
    facts = {
        "label": found.label,
        "title": named(found),
        "text": Typed(found.text),
        "matters": title_lines(found.matters, most=MOST_MATTERS),
        "source": Words(f"presetsource.{found.preset}"),
        "binding": Words("motion.binding" if found.is_binding else "motion.advisory"),
        "secret": Words("motion.secret_explained") if found.is_secret else None,
        "roll": found.fingerprint,
        "head": found.closing_head or found.opening_head,
    }
    key = "motion.text" if found.fingerprint else "motion.text_announced"
    matter = REGISTRY.commands["matter"].handler
    rows: tuple[Row, ...] = ((button(matter, number=carried(found), matter=1),),)
    return Reply(key, facts, rows if found.matters else (), is_private=True)


@command(
    "我能投吗", "我能投票吗", "我能不能投票", "canvote", may=Ability.SEE_ISSUES, section="votes"
)
async def can_vote(ask: Ask, number: MotionNumber | None = None) -> Reply:
    """Whether the asker may vote, for which flats, and what to do if not."""
    if number is None:
        live = await ask.unit.motions.live_for(ask.actor)
        if len(live) != 1:
            return await _listed(ask)
        number = carried(live[0])
    found = await ask.motion(number)
    mine = await mine_in(ask.unit, ask.actor, found)
    lines = [standing(found, one) for one in mine] or [await why_not(ask, found)]
    row = (button(show_motion, number=carried(found)),)
    return Reply("motion.can_vote", {"label": found.label, "lines": lines}, (row,), is_private=True)


@command(
    "表决名单",
    "ballots",
    may=Ability.SEE_ISSUES,
    section="votes",
    where="private",
    everyday=("ballots",),
)
async def list_ballots(ask: Ask, number: MotionNumber, after: Id | None = None) -> Reply:
    """Who voted what in a named vote that ended, by flat; names are masked."""
    found = await ask.motion(number)
    if found.is_secret:
        raise Refusal("motion_is_secret", label=found.label)
    if found.state is not MotionState.CLOSED:
        raise Refusal("motion_not_counted", label=found.label, at=found.closes_at)
    seats = await ask.unit.seats.of(found.id, after=after or 0, limit=PER_PAGE + 1)
    _check_named(found, seats[:1])
    page = seats[:PER_PAGE]
    rows: tuple[Row, ...] = ()
    if len(seats) > PER_PAGE:
        more = button(list_ballots, "button.more", number=carried(found), after=page[-1].number)
        rows = ((more,),)
    facts = {"label": found.label, "lines": [_seat_line(seat) for seat in page]}
    return Reply("motion.ballots", facts, rows)


def _check_named(motion: Motion, seats: Sequence[Seat]) -> None:
    """Refuse where the names have had their time."""
    if any(seat.entry.is_unnamed for seat in seats):
        raise Refusal("motion_unnamed", label=motion.label)


def _seat_line(seat: Seat) -> Words:
    facts = {
        "flats": Typed(shortened("、".join(seat.entry.flats), 20)),
        "name": Typed(seat.entry.name),
        "area": square_metres(seat.entry.area),
        "choice": said(seat.ballot.choices) if seat.ballot else Words("motion.silent"),
    }
    return Words("motion.ballot_line", facts)


@command(
    "查回执",
    "receipt",
    may=Ability.SEE_ISSUES,
    section="votes",
    where="private",
    everyday=("receipt",),
)
async def check_receipt(ask: Ask, number: MotionNumber, code: Receipt) -> Reply:
    """Find a ballot by its receipt: the row of the ledger, or that it is in the box."""
    found = await ask.motion(number)
    if not found.is_secret:
        return await _named(ask, found, code)
    await forget_said(ask)
    for one in await mine_in(ask.unit, ask.actor, found):
        name = receipts_of(found, one.seat.number, code)[0]
        if await ask.unit.ballots.is_in(found.id, name):
            return Reply("motion.receipt_in_box", {"label": found.label})
        if await ask.unit.motions.is_in_ledger(found.id, f'"receipt":"{name}"'):
            return Reply("motion.receipt_in_count", {"label": found.label})
    _check_named(found, await ask.unit.seats.of(found.id, limit=1))
    raise Refusal("receipt_unknown", label=found.label)


async def _named(ask: Ask, motion: Motion, code: str) -> Reply:
    """The row that a receipt names, for those who may vote for its entry, or after the close."""
    seq, _, start = code.partition("-")
    row = await ask.unit.motions.ledger_row(motion.id, int(seq)) if seq.isdecimal() else None
    if row is None or not row[0].upper().startswith(start or "?"):
        raise Refusal("receipt_unknown", label=motion.label)
    entry = json.loads(row[1])
    if entry["kind"] != "ballot":  # the heads of other rows are published too
        raise Refusal("receipt_unknown", label=motion.label)
    mine = {one.seat.number for one in await mine_in(ask.unit, ask.actor, motion)}
    if entry["voter"] not in mine and motion.state is not MotionState.CLOSED:
        raise Refusal("receipt_unknown", label=motion.label)
    seat = await ask.unit.seats.get(motion.id, entry["voter"])
    assert seat is not None
    _check_named(motion, [seat])
    facts = {
        "label": motion.label,
        "row": int(seq),
        "flats": Series(seat.entry.flats),
        "choice": said(choices_of(entry["choice"])),
    }
    return Reply("motion.receipt_named", facts)


async def forget_said(ask: Ask) -> None:
    """Take back what was just typed where we keep it ourselves: it held a secret code."""
    await ask.unit.webchat.unsay(ask.chat, ask.incoming.ref or "")


@command("取回选票", "recast", may=Ability.SEE_ISSUES, section="votes", where="private")
async def recast(ask: Ask, number: MotionNumber, code: Receipt) -> Reply:
    """Take a secret ballot out of the box again, so that its owner votes anew."""
    motion = await ask.unit.motions.hold(await ask.motion(number))
    rules.check_open(motion, ask.now)
    await forget_said(ask)
    for one in await mine_in(ask.unit, ask.actor, motion):
        names = receipts_of(motion, one.seat.number, code)
        if motion.is_secret and await ask.unit.ballots.take_out(motion, one.seat, names):
            await ask.tell.refresh("motion", motion.id)
            row = (button(show_motion, number=carried(motion)),)
            return Reply("motion.taken_out", {"label": motion.label}, (row,))
    raise Refusal("receipt_unknown", label=motion.label)


@command("表决延期", "extendmotion", may=Ability.OPEN_MOTION, section="convening")
async def extend(ask: Ask, number: MotionNumber, until: FreeText) -> Reply:
    """Let a vote be open for longer; the ledger tells it."""
    found = await ask.motion(number)
    closes_at = await closing_time(ask, extend, until, {"number": number}, slot="until")
    if isinstance(closes_at, Reply):
        return closes_at
    held = await ask.unit.motions.hold(found)
    later = rules.extended(held, closes_at, by=ask.actor, now=ask.now)
    await ask.unit.motions.extend(later, by=ask.actor.id, now=ask.now)
    await set_deadlines(ask.unit, later)
    await ask.tell.refresh("motion", later.id)
    await vote_anew(ask.unit, ask.tell, later)
    facts = {"label": later.label, "who": Typed(ask.actor.name), "at": later.closes_at}
    reply = Reply("motion.extended", facts)
    await ask.tell.groups_below(later.path, reply, but=ask.chat.id)
    return reply


@command("取消表决", "cancelmotion", may=Ability.OPEN_MOTION, section="convening")
async def cancel_motion(ask: Ask, number: MotionNumber) -> Reply:
    """Ask whether a vote shall be called off; its ballots would count for nothing."""
    found = await ask.motion(number)
    rules.cancelled(found, by=ask.actor)
    facts: dict[str, object] = {"title": Typed(found.title), "count": found.took_part.heads}
    if not _is_of_here(ask, found):
        facts = dict.fromkeys(("title", "count"), "")
    return await sure(ask, cancel_now, found, "motion.cancel_asked", facts)


@press("motioncancel", may=Ability.OPEN_MOTION, only_confirmed=True)
async def cancel_now(ask: Ask, number: MotionNumber) -> Reply:
    """Call a vote off before its end; everybody is told by whom."""
    found = await ask.motion(number)
    off = rules.cancelled(await ask.unit.motions.hold(found), by=ask.actor)
    await ask.unit.motions.save(off, "cancel", by=ask.actor.id, now=ask.now)
    await ask.unit.ballots.burn(off.id, is_unopened=True)
    await ask.tell.refresh("motion", off.id)
    await after_cancelled_vote(ask.unit, ask.tell, off)
    facts = {"label": off.label, "who": Typed(ask.actor.name), "title": named(off)}
    reply = Reply("motion.cancelled", facts)
    await ask.tell.groups_below(off.path, reply, but=ask.chat.id)
    return reply


@command("结束表决", "closemotion", may=Ability.OPEN_MOTION, section="convening")
async def close_early(ask: Ask, number: MotionNumber) -> Reply:
    """Ask whether a vote shall end before its time: nobody can change a ballot any more then."""
    found = await ask.motion(number)
    _check_all_voted(ask, found)
    return await sure(ask, close_now, found, "motion.close_asked", {"at": found.closes_at})


@press("motionclose", may=Ability.OPEN_MOTION, only_confirmed=True)
async def close_now(ask: Ask, number: MotionNumber) -> Reply:
    """End a vote before its time."""
    found = await ask.unit.motions.hold(await ask.motion(number))
    _check_all_voted(ask, found)
    await conclude(ask.unit, ask.tell, found, by=ask.actor.id)
    return Reply("motion.you_closed", {"label": found.label}, is_brief=True)


def _check_all_voted(ask: Ask, found: Motion) -> None:
    """Only where everybody has voted, so that nobody is cut off."""
    rules.check_author(found, ask.actor)
    rules.check_open(found, ask.now)
    if found.took_part.heads < found.roll.heads:
        missing = found.roll.heads - found.took_part.heads
        raise Refusal("motion_not_all", label=found.label, count=missing, at=found.closes_at)
