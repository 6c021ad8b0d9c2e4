"""The open book 账目: what was spent, posted by who runs a project, struck by a counter entry."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain import project_book as rules
from domain.money import yuan_of
from domain.people import Ability
from domain.project_book import Spending
from domain.projects import ProjectStep, checked_words
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import FreeText, Pictures
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.project_book_page import line_words
from handlers.project_card import sum_line
from handlers.project_kinds import Kept, LineNumber, Meant, Money, NamedNumber, project_meant
from handlers.project_telling import book_row
from handlers.proposal_kinds import ProposalNumber
from handlers.registry import command, press

_OFFERED: Final = 6
"""Newest lines that are offered to be struck; older ones go by their number."""


@command(
    "花费",
    "记账",
    "spend",
    may=Ability.SEE_ISSUES,
    section="funds",
    everyday=("花费", "记账"),
    alone=("记账",),
)
async def spend(
    ask: Ask,
    number: NamedNumber | None = None,
    fen: Money | None = None,
    what: FreeText | None = None,
    receipt: FreeText | None = None,
    photos: Pictures = (),
) -> Reply:
    """Post what was spent, with a picture of the receipt; read back first."""
    known = {"number": number, "fen": fen, "what": what, "receipt": receipt, "photos": photos}
    meant = await project_meant(ask, ProjectStep.SPEND, spend, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    rules.check_left(meant.project, fen or 0)
    for slot in ("fen", "what"):
        if not known[slot]:
            return await ask.question(spend, known, slot, Words(f"ask.spend.{slot}"))
    if not photos and not receipt:
        none = Button(Words("button.no_receipt"), "=-")
        return await ask.question(spend, known, "receipt", Words("ask.spend.receipt"), [none])
    return await _read_back(ask, meant, _line(ask, known))


def _line(ask: Ask, known: Mapping[str, Any]) -> Spending:
    """The line that would be posted."""
    today = ask.now.astimezone(ask.tenant.hours.zone).date()
    spent_on, what = rules.day_in(known["what"], today=today)
    photo_id = known["photos"][0] if known["photos"] else None
    return Spending(0, known["fen"], checked_words(what), spent_on, ask.actor.id, ask.now, photo_id)


async def _read_back(ask: Ask, meant: Meant, line: Spending) -> Reply:
    """Say it back, with what would be left, and a like line that is in the book already."""
    today = ask.now.astimezone(ask.tenant.hours.zone).date()
    after = rules.spent(meant.project, line, by=ask.actor, today=today)
    twin = rules.alike(await ask.unit.project_books.of(meant.proposal.id), line)
    kept = {
        "fen": line.fen,
        "what": line.what,
        "day": line.spent_on.isoformat(),
        "photo": line.photo_id,
        "press": _press_of(ask),
    }
    yes = await ask.confirm(post, {"number": carried(meant.proposal), "kept": kept})
    facts = {
        "label": meant.project.label,
        "title": meant.title,
        "line": line_words(line, frozenset(), ask.tenant.hours.zone),
        "left": yuan_of(after.left_fen),
        "twin": Words("project.twin", {"number": twin.number}) if twin else "",
    }
    return Reply("project.spend_read_back", facts, ((yes,), CANCEL_ROW), photo_id=line.photo_id)


def _press_of(ask: Ask) -> str:
    """What tells this question from any other, so that one yes to it counts once."""
    said = f"{ask.incoming.platform} {ask.incoming.delivery}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@press("spent", may=Ability.SEE_ISSUES, only_confirmed=True)
async def post(ask: Ask, number: ProposalNumber, kept: Kept) -> Reply:
    """Put it into the book; the same press twice is one line, two presses are two."""
    proposal = await ask.proposal(number)
    project = await ask.unit.projects.held(proposal)
    line = await ask.unit.project_books.by_press(proposal.id, kept["press"])
    if line is None:
        today = ask.now.astimezone(ask.tenant.hours.zone).date()
        line = _kept_line(ask, kept)
        project = rules.spent(project, line, by=ask.actor, today=today)
        line = await ask.unit.project_books.add(
            project, line, ProjectStep.SPEND, press=kept["press"]
        )
        await ask.tell.refresh("proposal", proposal.id)
    meant = Meant(proposal, project)
    facts = {"label": project.label, "number": line.number, "fen": yuan_of(line.fen)}
    words = {**facts, "what": Typed(line.what), "sum": sum_line(project)}
    return Reply("project.spent", words, book_row(meant))


def _kept_line(ask: Ask, kept: Mapping[str, Any]) -> Spending:
    spent_on = date.fromisoformat(kept["day"])
    return Spending(0, kept["fen"], kept["what"], spent_on, ask.actor.id, ask.now, kept["photo"])


@command("冲正", "strike", may=Ability.SEE_ISSUES, section="funds")
async def strike(
    ask: Ask,
    number: NamedNumber | None = None,
    line: LineNumber | None = None,
    why: FreeText | None = None,
) -> Reply:
    """Take a line of the book back by a counter entry; both stay to be seen."""
    known = {"number": number, "line": line, "why": why}
    meant = await project_meant(ask, ProjectStep.STRIKE, strike, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    book = await ask.unit.project_books.of(meant.proposal.id)
    if not line:
        return await _which_line(ask, meant, book, known)
    found = rules.line_to_strike(meant.project, book, line, ask.actor)
    if not why:
        facts = {"number": line, "fen": yuan_of(found.fen), "what": Typed(found.what)}
        return await ask.question(strike, known, "why", Words("ask.strike.why", facts))
    return await _struck(ask, meant, found, why)


async def _which_line(
    ask: Ask, meant: Meant, book: Sequence[Spending], known: Mapping[str, Any]
) -> Reply:
    gone = rules.struck_numbers(book)
    standing = [one for one in book if one.strikes is None and one.number not in gone]
    if not standing:
        raise Refusal("book_empty", label=meant.project.label)
    offered = [
        Button(
            Typed(f"{one.number}. {yuan_of(one.fen)} {shortened(one.what, 8)}"), f"={one.number}"
        )
        for one in standing[-_OFFERED:]
    ]
    return await ask.question(strike, known, "line", Words("ask.line_number"), offered)


async def _struck(ask: Ask, meant: Meant, line: Spending, why: str) -> Reply:
    counter = rules.counter_entry(line, why, by=ask.actor.id, now=ask.now)
    after = rules.struck(meant.project, counter)
    counter = await ask.unit.project_books.add(
        after, counter, ProjectStep.STRIKE, press=f"strike {line.number}"
    )
    await ask.tell.refresh("proposal", meant.proposal.id)
    facts = {"label": after.label, "number": line.number, "fen": yuan_of(line.fen)}
    return Reply("project.struck", {**facts, "sum": sum_line(after)}, book_row(meant))
