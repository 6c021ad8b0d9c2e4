"""Pages of the open book 账目: every line with its day, and the receipts to look at."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, tzinfo
from typing import Any, Final

from domain.moments import Moment
from domain.money import yuan_of
from domain.people import Ability
from domain.project_book import Spending, page_of, struck_numbers
from domain.projects import Milestone, Undone
from domain.refusal import Refusal
from handlers.agenda import day
from handlers.ask import Ask
from handlers.kinds import Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.project_card import sum_line
from handlers.project_kinds import Meant, ProjectNumber, near_proposals, which_project
from handlers.project_telling import is_for_one
from handlers.proposal_kinds import ProposalNumber
from handlers.registry import REGISTRY, button, command, press

ON_PAGE: Final = 8
"""Lines that a phone shows beside what is left."""
_BILLS: Final = 4
_NOON: Final = time(12)


@command(
    "账目",
    "账本",
    "book",
    may=Ability.SEE_ISSUES,
    section="funds",
    everyday=("账本", "book"),
    alone=("账本",),
)
async def book(ask: Ask, number: ProjectNumber | None = None, page: Id | None = None) -> Reply:
    """Every line of a project's book, the newest page first; for everybody of the place."""
    meant = await book_meant(ask, number)
    if isinstance(meant, Reply):
        return meant
    lines = await ask.unit.project_books.of(meant.proposal.id)
    shown, earlier = page_of(lines, page or 0, size=ON_PAGE)
    gone, zone = struck_numbers(lines), ask.tenant.hours.zone
    facts = {
        "label": meant.project.label,
        "title": meant.title,
        "sum": sum_line(meant.project),
        "grants": await _reasons(ask, meant),
        "lines": [line_words(line, gone, zone) for line in shown] or Words("project.no_lines"),
        "undone": undone_lines(await ask.unit.project_steps.undone(meant.proposal.id)),
    }
    told = [step for step in await ask.unit.project_steps.of(meant.proposal.id) if step.done_at]
    rows = (*_rows(meant, shown, earlier), *_step_rows(meant, told))
    return Reply("project.book", facts, rows, is_private=is_for_one(ask, meant.proposal))


async def _reasons(ask: Ask, meant: Meant) -> list[Words]:
    """Why the grant was changed, each time that it was."""
    return [
        Words(
            "project.regrant", {"fen": yuan_of(one.fen), "at": day(one.at), "why": Typed(one.why)}
        )
        for one in await ask.unit.projects.grants(meant.proposal.id)
        if one.why
    ]


def undone_lines(found: Sequence[Undone]) -> list[Words]:
    """Steps that were said to be done and taken back, each with both days and the reason."""
    return [
        Words(
            "project.undone",
            {
                "number": one.step.number,
                "title": Typed(one.step.title),
                "done": day(one.done_at),
                "note": Words("project.undone_note", {"note": Typed(one.step.note)})
                if one.step.note
                else "",
                "at": day(one.at),
                "why": Typed(one.why),
            },
        )
        for one in found
    ]


async def book_meant(ask: Ask, number: str | None) -> Meant | Reply:
    """The project of that number, also one that has ended; without one the only one near by."""
    if not number:
        near = [one for one in await near_proposals(ask) if ask.is_of_here(one.path)]
        if not near:
            raise Refusal("project_none")
        if len(near) > 1:
            return await which_project(ask, book, {}, near)
        number = carried(near[0])
    proposal = await ask.proposal(number)
    return Meant(proposal, await ask.unit.projects.of(proposal))


def line_words(line: Spending, gone: Collection[int], zone: tzinfo) -> Words:
    """A line with its day; what was taken back says so, and so does what takes it back."""
    facts: dict[str, Any] = {
        "number": line.number,
        "fen": yuan_of(line.fen),
        "what": Typed(line.what),
        "at": Moment(datetime.combine(line.spent_on, _NOON, zone), has_hour=False),
        "photo": Words("project.has_receipt") if line.photo_id else "",
    }
    if line.strikes is not None:
        return Words("project.entry.counter", {**facts, "strikes": line.strikes})
    how = "struck" if line.number in gone else "plain" if line.number else "new"
    return Words(f"project.entry.{how}", facts)


def _rows(meant: Meant, shown: Sequence[Spending], earlier: int | None) -> tuple[Row, ...]:
    """Receipts, the page before, and the files."""
    number = carried(meant.proposal)
    bills = [
        button(
            bill,
            Words("project.receipt_of", {"number": line.number}),
            number=number,
            line=line.number,
        )
        for line in shown
        if line.photo_id
    ]
    rows = [tuple(bills[i : i + _BILLS]) for i in range(0, len(bills), _BILLS)]
    if earlier is not None:
        rows.append((button(book, "button.book_earlier", number=number, page=earlier),))
    files = [REGISTRY.commands[code].handler for code in ("bookprint", "booksheet")]
    return (*rows, tuple(button(handler, number=number) for handler in files))


def _step_rows(meant: Meant, told: Sequence[Milestone]) -> tuple[Row, ...]:
    """What was said and shown of each step that is done."""
    handler = REGISTRY.commands["stepshown"].handler
    taps = [
        button(
            handler,
            Words("project.step_of", {"number": step.number}),
            number=carried(meant.proposal),
            step=step.number,
        )
        for step in told
    ]
    return tuple(tuple(taps[i : i + _BILLS]) for i in range(0, len(taps), _BILLS))


@press("bill", may=Ability.SEE_ISSUES)
async def bill(ask: Ask, number: ProposalNumber, line: Id) -> Reply:
    """The receipt of one line, for everybody who may read the book."""
    proposal = await ask.proposal(number)
    lines = await ask.unit.project_books.of(proposal.id)
    found = next((one for one in lines if one.number == line and one.photo_id), None)
    if found is None:
        raise Refusal("button_stale")
    words = line_words(found, struck_numbers(lines), ask.tenant.hours.zone)
    facts = {"label": proposal.label, "line": words}
    is_private = is_for_one(ask, proposal)
    return Reply("project.bill", facts, photo_id=found.photo_id, is_private=is_private)
