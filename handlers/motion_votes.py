"""Voting 投票表决: choose, hear it read back, confirm, keep the receipt."""

import secrets
from dataclasses import replace

from domain import motions as rules
from domain.ballots import ALPHABET, CODE_LENGTH, Ballot, Way, grouped, outcome, receipts_of
from domain.ledger import ballot_row
from domain.matters import Choices, lettered, unlettered
from domain.motions import Motion, MotionState
from domain.people import Ability
from domain.refusal import Refusal
from domain.verdict import Choice
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import Id
from handlers.messages import Button, Reply, Row, Series, Typed, Words
from handlers.motion_kinds import MotionNumber, TappedChoice
from handlers.motion_matters import named, said, said_lines
from handlers.motion_seats import Mine, mine_in, others_of, seat_words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, press
from storage.seats import Seat

HUSH = "motion.hush"
"""The deadline at which buttons that tell a choice are forgotten."""


@press("ballot", may=Ability.SEE_ISSUES)
async def choose(
    ask: Ask, number: MotionNumber, choice: TappedChoice | None = None, voter: Id | None = None
) -> Reply:
    """Choose; nothing counts before it was read back and confirmed."""
    return await _chosen(ask, number, choice, voter)


@press("mark", may=Ability.SEE_ISSUES)
async def mark(
    ask: Ask, number: MotionNumber, choice: TappedChoice | None = None, voter: Id | None = None
) -> Reply:
    """Choose on one matter after the other; the button carries what was chosen so far."""
    return await _chosen(ask, number, choice, voter)


async def _chosen(ask: Ask, number: str, choice: str | None, voter: int | None) -> Reply:
    found = await ask.motion(number)
    rules.check_open(found, ask.now)
    mine = await mine_in(ask.unit, ask.actor, found)
    if not mine:
        raise Refusal("ballot_not_yours", label=found.label)
    if found.is_secret:
        await _unsay(ask)
    if voter is None and len(mine) > 1:
        return await _which(ask, found, choice, mine)
    seat = mine[0] if voter is None else _picked(found, mine, voter)
    return await _next(ask, found, unlettered(choice) if choice else (), seat)


async def _next(ask: Ask, motion: Motion, choices: Choices, one: Mine) -> Reply:
    """The matter that comes next; or, once there is a choice on each, all of it read back."""
    if motion.is_secret and one.seat.has_voted:
        return _needs_receipt(motion)
    if len(choices) == len(motion.asked):
        return await _read_back(ask, motion, choices, one)
    if not motion.matters or len(choices) > len(motion.matters):
        raise Refusal("button_stale")
    if motion.is_secret:
        await _hush_later(ask)
    return _asked(motion, choices, one.seat)


def _asked(motion: Motion, choices: Choices, seat: Seat) -> Reply:
    """One matter with its text, and how far one is."""
    number, count = len(choices) + 1, len(motion.matters)
    matter = motion.matters[number - 1]
    facts = {
        "label": motion.label,
        "number": number,
        "count": count,
        "flats": Series(seat.entry.flats),
        "title": Typed(matter.title),
        "text": Typed(matter.body),
    }
    all_yes = (*choices, *[Choice.YES] * (count - len(choices)))
    rows: list[Row] = [
        tuple(_mark(motion, (*choices, c), seat, f"choice.{c}") for c in Choice),
    ]
    if number < count:
        rows.append((_mark(motion, all_yes, seat, f"matters.{'rest' if choices else 'all'}_yes"),))
    if choices:
        rows.append((_mark(motion, choices[:-1], seat, "matters.back"),))
    shown = (*rows, CANCEL_ROW)
    return Reply("matters.step", facts, shown, is_private=True, is_fleeting=motion.is_secret)


def _mark(motion: Motion, choices: Choices, seat: Seat, label: str) -> Button:
    said_so_far = lettered(choices) if choices else None
    return button(mark, label, number=carried(motion), choice=said_so_far, voter=seat.number)


async def _which(ask: Ask, motion: Motion, choice: str | None, mine: list[Mine]) -> Reply:
    """Ask for which of several entries; own ones and those held by proxy.

    In a secret vote the buttons, which carry the choice, are forgotten like a read-back.
    """
    if motion.is_secret:
        await _hush_later(ask)
    rows: tuple[Row, ...] = tuple(
        (
            button(
                mark,
                seat_words(one),
                number=carried(motion),
                choice=choice,
                voter=one.seat.number,
            ),
        )
        for one in mine
    )
    shown = (*rows, CANCEL_ROW)
    facts = {"label": motion.label}
    return Reply("motion.which", facts, shown, is_private=True, is_fleeting=motion.is_secret)


def _picked(motion: Motion, mine: list[Mine], voter: int) -> Mine:
    one = next((one for one in mine if one.seat.number == voter), None)
    if one is None:
        raise Refusal("ballot_not_yours", label=motion.label)
    return one


async def _read_back(ask: Ask, motion: Motion, choices: Choices, one: Mine) -> Reply:
    """Say back for whom and what; a button confirms just that."""
    seat = one.seat
    if not motion.is_secret:
        outcome(seat.ballot, Ballot(choices, _way(ask, one)))
    facts = {
        "flats": Series(seat.entry.flats),
        "label": motion.label,
        "title": named(motion),
        "choice": said(choices),
        "each": said_lines(motion, choices),
        "before": _before(seat),
        "advisory": None if motion.is_binding else Words("motion.advisory_said"),
        "secret": Words("motion.secret_said") if motion.is_secret else None,
    }
    yes = button(
        cast,
        "matters.confirm" if motion.matters else f"motion.confirm_{choices[0]}",
        number=carried(motion),
        choice=lettered(choices),
        voter=seat.number,
        changes=seat.changes,
    )
    if motion.is_secret:
        await _hush_later(ask)
    anew = ((_mark(motion, (), seat, "matters.anew"),),) if motion.matters else ()
    rows = ((yes,), *anew, CANCEL_ROW)
    return Reply("motion.say_back", facts, rows, is_private=True, is_fleeting=motion.is_secret)


def _needs_receipt(motion: Motion) -> Reply:
    handler = REGISTRY.commands["recast"].handler
    row = (button(handler, number=carried(motion)),)
    return Reply("motion.in_the_box", {"label": motion.label}, (row,), is_private=True)


def _before(seat: Seat) -> Words | None:
    if seat.ballot is None:
        return None
    return Words("motion.before", {"choice": said(seat.ballot.choices), "way": seat.ballot.way})


async def _hush_later(ask: Ask) -> None:
    """Let the buttons of a secret read-back, which a number answers, be forgotten soon."""
    reach = await ask.unit.people.reach(ask.actor.id)
    if reach is not None:
        chat = await ask.unit.chats.met(reach.platform, reach.address, is_private=True)
        await ask.unit.deadlines.set(HUSH, chat.id, ask.now + rules.HUSH_AFTER)


@press("cast", may=Ability.SEE_ISSUES)
async def cast(
    ask: Ask, number: MotionNumber, choice: TappedChoice, voter: Id, changes: Id = 0
) -> Reply:
    """Take the ballot that was read back; if another came meanwhile, read back anew."""
    found = await ask.motion(number)
    rules.check_open(found, ask.now)
    mine = _picked(found, await mine_in(ask.unit, ask.actor, found), voter)
    motion = await ask.unit.motions.hold(found)
    rules.check_open(motion, ask.now)
    one, choices = await _as_it_is(ask, motion, mine), unlettered(choice)
    if len(choices) != len(motion.asked):
        raise Refusal("button_stale")
    if motion.is_secret:
        await _unsay(ask)
        return await _dropped_in(ask, motion, one.seat, choices)
    if one.seat.changes != changes:
        return await _read_back(ask, motion, choices, one)
    return await _counted(ask, motion, one, Ballot(choices, _way(ask, one)))


async def _as_it_is(ask: Ask, motion: Motion, one: Mine) -> Mine:
    """An entry as it stands now that nobody else can vote."""
    seat = await ask.unit.seats.get(motion.id, one.seat.number)
    assert seat is not None
    return replace(one, seat=seat)


async def _unsay(ask: Ask) -> None:
    """Take back the number by which somebody chose, where we keep what is typed ourselves."""
    if ask.incoming.press is None and ask.incoming.ref:
        await ask.unit.webchat.unsay(ask.chat, ask.incoming.ref)


async def _counted(ask: Ask, motion: Motion, one: Mine, ballot: Ballot) -> Reply:
    """Count a named ballot and tell the others of the same household."""
    outcome(one.seat.ballot, ballot)
    receipt = await entered(ask, motion, one.seat, ballot)
    facts = {
        "label": motion.label,
        "flats": Series(one.seat.entry.flats),
        "choice": said(ballot.choices),
        "way": ballot.way,
    }
    for person_id in await others_of(ask, motion, one.seat):
        await ask.tell.person(person_id, Reply("motion.counted_for_you", facts))
    if ballot.way.is_own:
        await _end_proxy(ask, motion, one.seat)
    return Reply(
        "motion.counted", {**facts, "receipt": receipt, "at": motion.closes_at}, is_private=True
    )


async def entered(ask: Ask, motion: Motion, seat: Seat, ballot: Ballot) -> str:
    """Put a ballot that counts into box and ledger; its receipt, which names the ledger's row."""
    await ask.unit.ballots.put(motion, seat, ballot)
    at = ask.unit.motions.ledger_at(motion.id, ask.now)
    heads = await ask.unit.motions.write(motion.id, [ballot_row(seat.number, ballot, at)], at)
    await ask.tell.refresh("motion", motion.id)
    return f"{ask.unit.motions.ledger_size(motion.id)}-{heads[-1][:8].upper()}"


async def _end_proxy(ask: Ask, motion: Motion, seat: Seat) -> None:
    """The owner voted: whoever held a proxy need not vote any more."""
    holder = await ask.unit.papers.revoke(motion.id, seat.number)
    if holder is not None:
        facts = {"label": motion.label, "flats": Series(seat.entry.flats)}
        await ask.tell.person(holder, Reply("motion.proxy_ended", facts))


async def _dropped_in(ask: Ask, motion: Motion, seat: Seat, choices: Choices) -> Reply:
    """Put a secret ballot into the box; only the receipt's holder can find it again."""
    if seat.has_voted:
        return _needs_receipt(motion)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    names = receipts_of(motion, seat.number, code)
    await ask.unit.ballots.drop_in(motion, seat, names, choices)
    await ask.tell.refresh("motion", motion.id)
    flats = {"label": motion.label, "flats": Series(seat.entry.flats)}
    for person_id in await others_of(ask, motion, seat):
        await ask.tell.person(person_id, Reply("motion.secret_for_you", flats))
    row = (button(REGISTRY.commands["showmotion"].handler, number=carried(motion)),)
    facts = {**flats, "code": grouped(code), "voter": seat.number}
    return Reply("motion.receipt", facts, (row,), is_private=True, is_fleeting=True)


def _way(ask: Ask, one: Mine) -> Way:
    if one.is_proxy:
        return Way.PROXY
    return Way.WEB if ask.chat.platform == "web" else Way.CHAT


def is_countable(motion: Motion) -> bool:
    """Whether paper and proxies are taken: while it is open and named."""
    return motion.state is MotionState.OPEN and not motion.is_secret
