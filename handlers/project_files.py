"""Files of the open book 账目文件: for the notice board as PDF or Word, and as a spreadsheet."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from domain.money import yuan_of
from domain.people import Ability
from domain.project_book import Spending, struck_numbers
from domain.projects import Milestone
from handlers.ask import Ask
from handlers.csv_files import CSV_MIME, csv_of
from handlers.kinds import Flag
from handlers.messages import Reply
from handlers.motion_report import dated, no_file
from handlers.numbers import carried
from handlers.printouts import Part, PartKind, Printout, heading, table, title
from handlers.project_book_page import undone_lines
from handlers.project_card import sum_line
from handlers.project_kinds import Meant
from handlers.proposal_kinds import ProposalNumber
from handlers.registry import button, press
from handlers.wording import Speaker

SIGNERS: Final = ("keeper", "checker", "committee", "date")
COLUMNS: Final = ("entry", "day", "what_for", "yuan", "receipt", "remark")
SUM_AT: Final = 3
STEP_COLUMNS: Final = ("step", "day", "yuan", "state")
WIDTHS: Final = (8, 16, 34, 16, 10, 16)


@press("bookprint", may=Ability.SEE_ISSUES)
async def as_print(ask: Ask, number: ProposalNumber, word: Flag = 0) -> Reply:
    """The book for the notice board, as PDF or for Word."""
    proposal = await ask.proposal(number)
    meant = Meant(proposal, await ask.unit.projects.of(proposal))
    speaker = ask.tell.speaker(ask.actor.lang)
    name = f"project-{proposal.number}.{'docx' if word else 'pdf'}"
    footer = speaker.text("printout.footer_bare", {"label": proposal.label})
    parts = await _parts(ask, meant, speaker)
    printout = Printout(name, tuple(parts), footer, no_file(speaker))
    label = "button.as_pdf" if word else "button.as_word"
    row = (button(as_print, label, number=carried(proposal), word=1 - word),)
    facts = {"label": proposal.label, "name": name}
    return Reply("motion.report", facts, (row,), is_private=True, printout=printout)


async def _parts(ask: Ask, meant: Meant, speaker: Speaker) -> list[Part]:
    """From the top down: sums, steps, every line, and who signs."""
    proposal = meant.proposal
    place = (await ask.unit.places.get(proposal.place_id)).name
    steps = await ask.unit.project_steps.of(proposal.id)
    lines = await ask.unit.project_books.of(proposal.id)
    undone = undone_lines(await ask.unit.project_steps.undone(proposal.id))
    return [
        *_front(meant, place, ask.now, speaker),
        *_steps(steps, speaker, ask.now.astimezone(ask.tenant.hours.zone)),
        *(Part(PartKind.SMALL, speaker.say(line)) for line in undone),
        heading(speaker.text("printout.book", {})),
        table(book_rows(lines, speaker), *WIDTHS),
        Part(PartKind.SMALL, speaker.text("printout.book_note", {})),
        *(Part(PartKind.SIGN, speaker.text(f"printout.sign_{who}", {})) for who in SIGNERS),
    ]


def _front(meant: Meant, place: str, now: datetime, speaker: Speaker) -> list[Part]:
    said = {
        "place": place,
        "number": meant.project.label,
        "money": speaker.say(sum_line(meant.project)),
        "drawn_up": dated(now, speaker),
    }
    rows = tuple((speaker.text(f"printout.{key}", {}), words) for key, words in said.items())
    return [
        title(speaker.text("printout.book_title", {})),
        Part(PartKind.FACTS, rows=rows),
        Part(PartKind.STRONG, meant.proposal.text),
    ]


def _steps(steps: Sequence[Milestone], speaker: Speaker, now: datetime) -> list[Part]:
    head = tuple(speaker.text(f"printout.column_{name}", {}) for name in STEP_COLUMNS)
    rows = [
        (
            f"{step.number}. {step.title}",
            step.due_on.isoformat(),
            yuan_of(step.share_fen) if step.share_fen else "",
            _how(step, speaker, now),
        )
        for step in steps
    ]
    return [heading(speaker.text("printout.steps", {})), table([head, *rows], 40, 20, 20, 20)]


def _how(step: Milestone, speaker: Speaker, now: datetime) -> str:
    if step.done_at is None:
        return speaker.text(f"printout.step_{'late' if step.is_late(now.date()) else 'ahead'}", {})
    day = step.done_at.astimezone(now.tzinfo).date().isoformat()
    return speaker.text("printout.step_done", {"day": day})


def book_rows(
    lines: Sequence[Spending], speaker: Speaker, *, is_plain: bool = False
) -> list[tuple[str, ...]]:
    """The book as a table with its head and its sum; ``is_plain`` sums can be reckoned with."""
    gone = struck_numbers(lines)
    head = tuple(speaker.text(f"printout.column_{name}", {}) for name in COLUMNS)
    total = ("", "", speaker.text("printout.total", {}), sum(line.fen for line in lines), "", "")
    rows = [
        (
            str(line.number),
            line.spent_on.isoformat(),
            line.what,
            line.fen,
            speaker.text(f"printout.receipt_{'yes' if line.photo_id else 'no'}", {}),
            _remark(line, gone, speaker),
        )
        for line in lines
    ]
    return [head, *(_with_sum(one, is_plain=is_plain) for one in (*rows, total))]


def _with_sum(cells: tuple[str | int, ...], *, is_plain: bool) -> tuple[str, ...]:
    said = [yuan_of(cell) if isinstance(cell, int) else cell for cell in cells]
    if is_plain:
        said[SUM_AT] = said[SUM_AT].replace(",", "")
    return tuple(said)


def _remark(line: Spending, gone: Collection[int], speaker: Speaker) -> str:
    if line.strikes is not None:
        return speaker.text("printout.strikes", {"number": line.strikes})
    return speaker.text("printout.struck", {}) if line.number in gone else ""


@press("booksheet", may=Ability.SEE_ISSUES)
async def as_sheet(ask: Ask, number: ProposalNumber) -> Reply:
    """The book as a spreadsheet that any office program opens and adds up."""
    proposal = await ask.proposal(number)
    await ask.unit.projects.of(proposal)
    lines = await ask.unit.project_books.of(proposal.id)
    speaker = ask.tell.speaker(ask.actor.lang)
    name = speaker.text("project.sheet_name", {"label": proposal.label})
    content = csv_of(book_rows(lines, speaker, is_plain=True))
    document = await ask.keep_document(f"{name}.csv", CSV_MIME, content)
    facts = {"label": proposal.label, "count": len(lines)}
    return Reply("project.sheet", facts, document=document, is_private=True)
