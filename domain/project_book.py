"""The open book 账目 of a funded project: lines that never change, and what takes them back."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.money import yuan_of
from domain.people import Actor
from domain.projects import Project, ProjectStep, check, checked_words
from domain.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Spending:
    """One line of the open book; it never changes.

    Attributes:
        fen: What was spent; less than 0 where the line strikes another 冲正.
        what: What for; of a line that strikes another, why.
        strikes: The number of the line that this one takes back.
    """

    number: int
    fen: int
    what: str
    spent_on: date
    person_id: int
    posted_at: datetime
    photo_id: int | None = None
    strikes: int | None = None


def spent(project: Project, spending: Spending, *, by: Actor, today: date) -> Project:
    """``project`` after ``spending``; refuses what is more than is left."""
    check(project, ProjectStep.SPEND, by)
    if spending.spent_on > today:
        raise Refusal("spending_ahead")
    if spending.fen <= 0:
        raise ValueError(f"spending of {spending.fen} fen")
    check_left(project, spending.fen)
    return replace(project, spent_fen=project.spent_fen + spending.fen)


def check_left(project: Project, fen: int) -> None:
    """Refuse what is more than is left, and say how much that is."""
    left = project.left_fen
    if fen > left:
        facts = {"label": project.label, "fen": yuan_of(fen), "left": yuan_of(left)}
        raise Refusal("project_overspent", **facts)


def line_to_strike(
    project: Project, book: Collection[Spending], number: int, by: Actor
) -> Spending:
    """Line ``number`` if it can still be taken back, by who runs the project or who funds it."""
    check(project, ProjectStep.STRIKE, by)
    line = next((one for one in book if one.number == number), None)
    if line is None:
        raise Refusal("spending_absent", label=project.label, number=number)
    if line.strikes is not None or number in struck_numbers(book):
        raise Refusal("spending_struck", number=number)
    return line


def counter_entry(line: Spending, why: str, *, by: int, now: datetime) -> Spending:
    """What takes ``line`` back 冲正; its own number is given when it is stored."""
    return Spending(0, -line.fen, checked_words(why), line.spent_on, by, now, strikes=line.number)


def struck(project: Project, counter: Spending) -> Project:
    """``project`` after a line was taken back."""
    return replace(project, spent_fen=project.spent_fen + counter.fen)


def struck_numbers(book: Collection[Spending]) -> frozenset[int]:
    """Numbers of the lines that were taken back; they stay to be seen."""
    return frozenset(line.strikes for line in book if line.strikes is not None)


def page_of(
    lines: Sequence[Spending], back: int, *, size: int
) -> tuple[Sequence[Spending], int | None]:
    """The page ``back`` pages before the newest, and the number of the one before it, if any."""
    back = min(back, max(len(lines) - 1, 0) // size)
    until = len(lines) - back * size
    return lines[max(until - size, 0) : until], back + 1 if until > size else None


def alike(book: Collection[Spending], spending: Spending) -> Spending | None:
    """A line that stands for the same sum of the same day: perhaps the same receipt."""
    gone = struck_numbers(book)
    return next(
        (
            line
            for line in book
            if line.fen == spending.fen
            and line.spent_on == spending.spent_on
            and line.number not in gone
        ),
        None,
    )


_DAYS_AGO: Final = {"今天": 0, "昨天": 1, "昨日": 1, "前天": 2, "today": 0, "yesterday": 1}
_DAY: Final = re.compile(rf"^({'|'.join(_DAYS_AGO)})\s*|\s*({'|'.join(_DAYS_AGO)})$", re.IGNORECASE)


def day_in(what: str, *, today: date) -> tuple[date, str]:
    """The day on which something was paid, and what for (``昨天买花盆``); today if none is said."""
    found = _DAY.search(what)
    if found is None or not _DAY.sub("", what, count=1):
        return today, what
    days = _DAYS_AGO[(found[1] or found[2]).lower()]
    return today - timedelta(days=days), _DAY.sub("", what, count=1)
