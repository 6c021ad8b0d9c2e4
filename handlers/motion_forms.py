"""Paper forms 空白纸票: one page for each entry of the roll, to be ticked, signed and handed in."""

from typing import Final

from domain import motions as rules
from domain.ledger import form_code, square_metres
from domain.motions import Motion
from domain.people import Ability
from domain.refusal import Refusal
from domain.verdict import Choice
from handlers.ask import Ask
from handlers.kinds import Id, PlaceName
from handlers.messages import Reply, Row, Words
from handlers.motion_kinds import MotionNumber
from handlers.motion_matters import named
from handlers.motion_report import dated, footer, no_file, text_of
from handlers.numbers import carried
from handlers.offices import reachable_place
from handlers.printouts import Part, PartKind, Printout, heading, title
from handlers.registry import button, command
from handlers.wording import Speaker
from storage.seats import Seat

A_FILE: Final = 100
"""Forms of one file: a stack of paper that a person can carry from door to door."""


@command("空白纸票", "forms", may=Ability.ENTER_BALLOT, section="convening", where="private")
async def forms(
    ask: Ask, number: MotionNumber, place: PlaceName | None = None, after: Id = 0
) -> Reply:
    """Forms to print for a vote that is open, of one building, one flat, or all."""
    motion = await ask.motion(number)
    if not ask.actor.can(Ability.ENTER_BALLOT, at=motion.path):
        raise Refusal("motion_absent", number=motion.number)
    rules.check_open(motion, ask.now)
    if motion.is_secret:
        raise Refusal("motion_secret_by_hand", label=motion.label)
    seats = await _seats(ask, motion, place, after)
    page = seats[:A_FILE]
    if not page:
        raise Refusal("no_forms", label=motion.label)
    where = (await ask.unit.places.get(motion.place_id)).name
    speaker = ask.tell.speaker(None)  # a form is for everybody, not for who prints it
    parts = [part for seat in page for part in form(motion, seat, where, speaker)][1:]
    name = f"ballots-{motion.number}-{page[0].number}.pdf"
    printout = Printout(name, tuple(parts), footer(motion, speaker), no_file(speaker))
    facts = {"label": motion.label, "count": len(page), "name": name}
    rows = _more(motion, place, page) if len(seats) > A_FILE else ()
    return Reply("motion.forms", facts, rows, is_private=True, printout=printout)


async def _seats(ask: Ask, motion: Motion, place: str | None, after: int) -> list[Seat]:
    if place is None:
        return await ask.unit.seats.of(motion.id, after=after, limit=A_FILE + 1)
    at = await reachable_place(ask, place, Ability.ENTER_BALLOT)
    return await ask.unit.seats.below(motion.id, at.path, after=after, limit=A_FILE + 1)


def _more(motion: Motion, place: str | None, page: list[Seat]) -> tuple[Row, ...]:
    more = {"number": carried(motion), "place": place, "after": page[-1].number}
    return ((button(forms, "button.more", **more),),)


def form(motion: Motion, seat: Seat, place: str, speaker: Speaker) -> list[Part]:
    """One page; the first part begins it."""
    return [
        Part(PartKind.PAGE),
        title(speaker.text("printout.form_title", {})),
        Part(PartKind.FACTS, rows=_facts(motion, seat, place, speaker)),
        heading(speaker.say(named(motion))),
        *_boxes(motion, speaker),
        *_code_again(motion, seat, speaker),
        Part(PartKind.SIGN, speaker.text("printout.sign_voter", {})),
        Part(PartKind.SIGN, speaker.text("printout.sign_date", {})),
        heading(speaker.text("printout.how_counted", {})),
        Part(PartKind.TEXT, _explained(motion, speaker)),
    ]


def _boxes(motion: Motion, speaker: Speaker) -> list[Part]:
    """What is asked, and where to tick; of several matters under each."""
    boxes = Part(PartKind.BOXES, rows=tuple((speaker.text(f"choice.{c}", {}),) for c in Choice))
    if not motion.matters:
        tick = Part(PartKind.STRONG, speaker.text("printout.tick_one", {}))
        return [Part(PartKind.LARGE, motion.text), tick, boxes]
    found = [Part(PartKind.STRONG, speaker.text("printout.tick_each", {}))]
    for number, matter in enumerate(motion.matters, 1):
        found += [heading(f"{number}. {matter.title}"), *text_of(matter), boxes]
    return found


def _code_again(motion: Motion, seat: Seat, speaker: Speaker) -> list[Part]:
    """The form's number beside the signature, which of several matters stands on another page."""
    if not motion.matters:
        return []
    return [
        Part(PartKind.STRONG, f"{speaker.text('printout.form_code', {})} {_code(motion, seat)}")
    ]


def _code(motion: Motion, seat: Seat) -> str:
    return f"{motion.label} · {form_code(motion.label, motion.fingerprint, seat.number)}"


def _facts(motion: Motion, seat: Seat, place: str, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    voter = {"name": seat.entry.name, "area": square_metres(seat.entry.area)}
    said = {
        "form_code": _code(motion, seat),
        "place": place,
        "flats": "、".join(seat.entry.flats),
        "voter": speaker.text("printout.voter_is", voter),
        "until": dated(motion.closes_at, speaker),
        "source": speaker.text(f"presetsource.{motion.preset}", {}),
    }
    return tuple((speaker.text(f"printout.{key}", {}), value) for key, value in said.items())


def _explained(motion: Motion, speaker: Speaker) -> str:
    """How a ballot on paper counts, and who will read it, in plain words."""
    binding = "motion.binding" if motion.is_binding else "motion.advisory"
    blank = Words("printout.blank_each" if motion.matters else "printout.blank_one")
    facts = {"binding": Words(binding), "label": motion.label, "blank": blank}
    return speaker.text("printout.form_explained", facts)
