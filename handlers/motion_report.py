"""Report of a vote 表决报告: announcement or result for the notice board, as PDF or for Word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.ballots import Ballot
from domain.ledger import square_metres
from domain.matters import Matter
from domain.motions import Motion, MotionState
from domain.people import Ability
from domain.refusal import Refusal
from domain.verdict import Choice, Hurdle, Measure, Tally, Weight, judged, percent
from handlers.ask import Ask
from handlers.kinds import Flag
from handlers.messages import Reply, Words
from handlers.motion_card import percent_of, share_words, verdict_words
from handlers.motion_kinds import MotionNumber
from handlers.motion_matters import named, passed, said
from handlers.numbers import carried
from handlers.printouts import Part, PartKind, Printout, heading, table, title
from handlers.registry import button, command
from handlers.wording import Speaker
from storage.seats import Seat

SIGNERS: Final = ("counter", "watcher", "owners_committee", "committee", "date")
"""Who signs a result, and when."""


@command("表决报告", "motionreport", may=Ability.SEE_ISSUES, section="votes")
async def report(ask: Ask, number: MotionNumber, word: Flag = 0) -> Reply:
    """The vote as a document for the notice board: before its close the text, then the result."""
    found = await ask.motion(number)
    if found.state is MotionState.CANCELLED:
        raise Refusal("motion_cancelled", label=found.label)
    place = await ask.unit.places.get(found.place_id)
    tallies = await ask.unit.ballots.tallies(found)
    is_listed = found.state is MotionState.CLOSED and not found.is_secret
    seats = await ask.unit.seats.of(found.id) if is_listed else []
    seats = [seat for seat in seats if not seat.entry.is_unnamed]
    speaker = ask.tell.speaker(ask.actor.lang)
    parts = [*_front(found, place.name, speaker), *_result(found, tallies, speaker)]
    parts += _unseen(found, await ask.unit.papers.count_waiting(found.id), speaker)
    parts += [*_checking(found, speaker), *_signatures(found, speaker), *_list(seats, speaker)]
    name = f"motion-{found.number}.{'docx' if word else 'pdf'}"
    printout = Printout(name, tuple(parts), footer(found, speaker), no_file(speaker))
    other = button(report, _other(word), number=carried(found), word=1 - word)
    facts = {"label": found.label, "name": name}
    return Reply("motion.report", facts, ((other,),), is_private=True, printout=printout)


def _other(word: int) -> str:
    return "button.as_pdf" if word else "button.as_word"


def no_file(speaker: Speaker) -> str:
    """What is said where the machine cannot make the file."""
    return speaker.text("printout.not_made", {})


def footer(motion: Motion, speaker: Speaker) -> str:
    """Stands on every page, so that none can be taken for another's."""
    facts = {"label": motion.label, "roll": motion.fingerprint[:12]}
    return speaker.text("printout.footer" if motion.fingerprint else "printout.footer_bare", facts)


def _front(motion: Motion, place: str, speaker: Speaker) -> list[Part]:
    """What is put to the vote, by which rule, where and when."""
    is_over = motion.state is MotionState.CLOSED
    key = "printout.result_title" if is_over else "printout.announcement_title"
    above = speaker.text(key, {})
    facts = [*_rules(motion, place), *_days(motion, speaker), *_proofs(motion)]
    rows = tuple(
        (speaker.text(f"printout.{name}", {}), speaker.say(v) if isinstance(v, Words) else v)
        for name, v in facts
        if v
    )
    return [
        title(above),
        Part(PartKind.FACTS, rows=rows),
        heading(speaker.say(named(motion))),
        *([Part(PartKind.TEXT, motion.text)] if motion.text else []),
        *([] if is_over else texts_of(motion)),
    ]


def texts_of(motion: Motion) -> list[Part]:
    """Every matter of several with its text; after the close these stand with what came of it."""
    found = []
    for number, matter in enumerate(motion.matters, 1):
        found += [heading(f"{number}. {matter.title}"), *text_of(matter)]
    return found


def _rules(motion: Motion, place: str) -> list[tuple[str, Words | str]]:
    return [
        ("place", place),
        ("number", motion.label),
        ("rule", Words("printout.said", {"what": motion.preset})),
        ("source", Words(f"presetsource.{motion.preset}")),
        ("effect", Words("motion.binding" if motion.is_binding else "motion.advisory")),
        ("secrecy", Words("motion.secret" if motion.is_secret else "motion.named")),
    ]


def _days(motion: Motion, speaker: Speaker) -> list[tuple[str, Words | str]]:
    """Notice, voting and publicity, each with its year."""
    final = motion.final_at
    is_published = final is not None and final > motion.closes_at
    return [
        ("announced", dated(motion.announced_at, speaker)),
        ("opens", dated(motion.opens_at, speaker)),
        ("closes", dated(motion.closes_at, speaker)),
        ("hangs_until", dated(final, speaker) if final and is_published else ""),
    ]


def dated(at: datetime, speaker: Speaker) -> str:
    """An instant with its year, as it stands in a document."""
    return speaker.moment(at, "printout.moment")


def _proofs(motion: Motion) -> list[tuple[str, Words | str]]:
    return [
        ("roll", _roll(motion)),
        ("fingerprint", motion.fingerprint),
        ("opening_head", motion.opening_head),
        ("closing_head", motion.closing_head),
    ]


def _roll(motion: Motion) -> Words | str:
    if not motion.fingerprint:
        return ""
    facts = {"count": motion.roll.heads, "area": square_metres(motion.roll.area)}
    return Words("printout.roll_sums", facts)


def text_of(matter: Matter) -> list[Part]:
    """Its text, unless the heading says all of it."""
    return [Part(PartKind.TEXT, matter.text)] if matter.body else []


def _result(motion: Motion, tallies: Sequence[Tally], speaker: Speaker) -> list[Part]:
    """The sums and every hurdle, exact; nothing before the close."""
    if motion.state is not MotionState.CLOSED:
        return []
    verdict = speaker.say(verdict_words(motion, tallies))
    found = [Part(PartKind.STRONG, verdict)]
    if motion.is_unopened:
        return [*found, *texts_of(motion)]
    if motion.matters:
        found += [_overview(motion, tallies, speaker), *_each(motion, tallies, speaker)]
    else:
        found.append(_sums(tallies[0], speaker))
        found.append(heading(speaker.text("printout.hurdles", {})))
        found.append(_hurdles(motion, tallies[0], speaker))
    found.append(Part(PartKind.SMALL, speaker.text("printout.cut", {})))
    return found


def _unseen(motion: Motion, count: int, speaker: Speaker) -> list[Part]:
    """That papers did not count, since no second person confirmed them before the close."""
    is_told = count and motion.state is MotionState.CLOSED
    words = speaker.text("printout.papers_not_counted", {"count": count})
    return [Part(PartKind.TEXT, words)] if is_told else []


def _overview(motion: Motion, tallies: Sequence[Tally], speaker: Speaker) -> Part:
    """All matters in one table: how many said what, and whether each passes."""
    is_passed = passed(motion, tallies)
    choices = [speaker.text(f"choice.{choice}", {}) for choice in Choice]
    number, title, verdict = _head(speaker, "entry", "matter", "reached")
    rows = [(number, title, *choices, verdict)]
    for n, (matter, tally) in enumerate(zip(motion.matters, tallies, strict=True), 1):
        heads = [str(tally.of(choice).heads) for choice in Choice]
        key = "printout.passes" if is_passed[n - 1] else "printout.fails"
        rows.append((str(n), matter.title, *heads, speaker.text(key, {})))
    return table(rows, 12, 58, 15, 15, 15, 21)


def _each(motion: Motion, tallies: Sequence[Tally], speaker: Speaker) -> list[Part]:
    """Text, sums and hurdles of each matter."""
    found: list[Part] = []
    for n, (matter, tally) in enumerate(zip(motion.matters, tallies, strict=True), 1):
        key = "motion.passes" if passed(motion, [tally])[0] else "motion.fails"
        found += [
            heading(f"{n}. {matter.title}"),
            *text_of(matter),
            Part(PartKind.STRONG, speaker.text(key, {})),
            _sums(tally, speaker),
            _hurdles(motion, tally, speaker),
        ]
    return found


def _hurdles(motion: Motion, tally: Tally, speaker: Speaker) -> Part:
    head = _head(speaker, "demand", "exact", "percent", "asked", "reached")
    hurdles = judged(tally, motion.terms.rule).hurdles
    return table([head, *(_hurdle(h, speaker) for h in hurdles)], 22, 40, 16, 22, 30)


def _head(speaker: Speaker, *columns: str) -> tuple[str, ...]:
    return tuple(speaker.text(f"printout.column_{column}", {}) for column in columns)


def _sums(tally: Tally, speaker: Speaker) -> Part:
    names = [(speaker.text(f"choice.{choice}", {}), tally.of(choice)) for choice in Choice]
    names.append((speaker.text("printout.took_part", {}), tally.took_part))
    rows = [_sum(name, weight, tally.took_part) for name, weight in names]
    rows.append(_sum(speaker.text("printout.silent", {}), tally.silent, None))
    rows.append(_sum(speaker.text("printout.all", {}), tally.roll, None))
    head = _head(speaker, "choice", "heads", "heads_share", "area", "area_share")
    return table([head, *rows], 26, 22, 28, 32, 28)


def _sum(name: str, weight: Weight, of: Weight | None) -> tuple[str, ...]:
    """One line; shares are of those who took part."""
    shares = [percent_of(weight.by(m), of.by(m)) if of else "" for m in Measure]
    return (name, str(weight.heads), shares[0], square_metres(weight.area), shares[1])


def _hurdle(hurdle: Hurdle, speaker: Speaker) -> tuple[str, ...]:
    """The exact share as a fraction of what was counted, and what was asked."""
    is_area = hurdle.measure is Measure.AREA
    facts = {"demand": hurdle.demand, "measure": hurdle.measure}
    return (
        speaker.text("printout.hurdle", facts),
        f"{_amount(hurdle.part, is_area)} / {_amount(hurdle.whole, is_area)}",
        percent(hurdle.fraction),
        speaker.say(share_words(hurdle)),
        speaker.say(_reached(hurdle, is_area)),
    )


def _amount(amount: int, is_area: bool) -> str:
    return square_metres(amount) if is_area else str(amount)


def _reached(hurdle: Hurdle, is_area: bool) -> Words:
    if hurdle.is_met:
        return Words("printout.met")
    if hurdle.missing is None:
        return Words("printout.missed")
    unit = Words("motion.square_metres" if is_area else "motion.owners")
    return Words("printout.short_of", {"count": _amount(hurdle.missing, is_area), "unit": unit})


def _checking(motion: Motion, speaker: Speaker) -> list[Part]:
    """How a neighbour counts again, or finds out whether they may vote."""
    is_over = motion.state is MotionState.CLOSED
    key = "printout.check_result" if is_over else "printout.check_before"
    found = [Part(PartKind.SMALL, speaker.text(key, {"label": motion.label}))]
    if motion.is_secret:
        found.append(Part(PartKind.SMALL, speaker.text("motion.secret_explained", {})))
    return found


def _signatures(motion: Motion, speaker: Speaker) -> list[Part]:
    signers = SIGNERS if motion.state is MotionState.CLOSED else SIGNERS[2:]
    return [Part(PartKind.SIGN, speaker.text(f"printout.sign_{who}", {})) for who in signers]


def _list(seats: list[Seat], speaker: Speaker) -> list[Part]:
    """Who voted what, by flat, names masked."""
    if not seats:
        return []
    rows = [_head(speaker, "entry", "flats", "name", "area", "choice"), *_rows(seats, speaker)]
    shown = table(rows, 14, 50, 24, 26, 22)
    return [heading(speaker.text("printout.list", {})), shown]


def _rows(seats: list[Seat], speaker: Speaker) -> list[tuple[str, ...]]:
    silent = speaker.text("motion.silent", {})
    return [
        (
            str(seat.number),
            "、".join(seat.entry.flats),
            seat.entry.name,
            square_metres(seat.entry.area),
            _choice(seat.ballot, speaker) if seat.ballot else silent,
        )
        for seat in seats
    ]


def _choice(ballot: Ballot, speaker: Speaker) -> str:
    return speaker.say(Words("printout.said", {"what": said(ballot.choices)}))
