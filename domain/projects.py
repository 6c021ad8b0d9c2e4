"""Small funded projects 微创投: what a proposal may spend, its milestones and its open book.

A project is a proposal with a budget: where it stands is the proposal's matter, the money is ours.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.money import yuan_of
from domain.people import Ability, Actor
from domain.refusal import Refusal

MOST_ASKED_FEN: Final = 1_000_000
"""What one project may ask for where a community has set nothing else."""
LONGEST_TITLE: Final = 30
"""Characters of a milestone, so that it stays on one line of a phone."""
LONGEST_WORDS: Final = 100
"""Characters of what was bought, and of a reason."""
MOST_MILESTONES: Final = 8
LONGEST_RUN: Final = timedelta(days=730)
MOST_HELPERS: Final = 10


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step 里程碑 of a project: what, by which day, and with how much of the money."""

    number: int
    title: str
    due_on: date
    share_fen: int | None = None
    id: int = 0
    done_at: datetime | None = None
    note: str = ""
    photo_id: int | None = None

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and nobody has said that it is done."""
        return self.done_at is None and self.due_on < today


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


@dataclass(frozen=True, slots=True)
class Project:
    """The money of one proposal. ``runners`` are its proposer and the helpers they named."""

    proposal_id: int
    community_id: int
    path: str
    label: str
    asked_fen: int
    runners: frozenset[int]
    granted_fen: int = 0
    spent_fen: int = 0
    granted_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def left_fen(self) -> int:
        """What may still be spent; at the end it is what was given back."""
        return self.granted_fen - self.spent_fen

    @property
    def is_running(self) -> bool:
        """Whether it has money and its book is open."""
        return self.granted_at is not None and self.settled_at is None


def checked_asked(fen: int, *, most_fen: int) -> int:
    """``fen`` if a project may ask for so much; else ``project_over_cap``."""
    if fen > most_fen:
        raise Refusal("project_over_cap", asked=yuan_of(fen), most=yuan_of(most_fen))
    return fen


def checked_milestone(milestone: Milestone, *, today: date) -> Milestone:
    """``milestone`` if its words fit and its day can be kept."""
    if not milestone.title:
        raise Refusal("milestone_unclear")
    checked_words(milestone.title, LONGEST_TITLE)
    if milestone.due_on < today:
        raise Refusal("milestone_past")
    if milestone.due_on - today > LONGEST_RUN:
        raise Refusal("milestone_far")
    return milestone


def checked_plan(milestones: Sequence[Milestone], *, asked_fen: int) -> Sequence[Milestone]:
    """``milestones`` if there are not too many, and their shares fit into what is asked for."""
    if len(milestones) > MOST_MILESTONES:
        raise Refusal("milestones_many", most=MOST_MILESTONES)
    shares = sum(milestone.share_fen or 0 for milestone in milestones)
    if shares > asked_fen:
        raise Refusal("milestones_dear", sum=yuan_of(shares), asked=yuan_of(asked_fen))
    return milestones


def checked_words(text: str, limit: int = LONGEST_WORDS) -> str:
    """``text`` if it is short enough for one line; refuses with ``too_long``."""
    if len(text) > limit:
        raise Refusal("too_long", length=len(text), limit=limit)
    return text


def may_fund(project: Project, actor: Actor) -> bool:
    """Whether somebody may give it money: staff above it who do not run it themselves."""
    return actor.id not in project.runners and actor.can(Ability.FUND_PROJECT, at=project.path)


def may_run(project: Project, actor: Actor) -> bool:
    """Whether somebody may post what was done and spent."""
    return actor.id in project.runners


def may_correct(project: Project, actor: Actor) -> bool:
    """Whether somebody may strike a line or end the project: who runs it, or who funds it."""
    return may_run(project, actor) or may_fund(project, actor)


def check_runner(project: Project, actor: Actor) -> None:
    """Refuse whoever neither proposed it nor helps with it."""
    if not may_run(project, actor):
        raise Refusal("project_not_yours", label=project.label)


def check_running(project: Project) -> None:
    """Refuse what needs money before there is any, and what comes after the end."""
    if project.settled_at is not None:
        raise Refusal("project_settled", label=project.label)
    if project.granted_at is None:
        raise Refusal("project_not_granted", label=project.label)


def granted(project: Project, fen: int, *, why: str, by: Actor, now: datetime) -> Project:
    """``project`` with its money 批准, or with another sum, for which there must be a reason.

    Never more than was voted on, and never less than is spent already.
    """
    if by.id in project.runners:
        raise Refusal("project_own_grant", label=project.label)
    if project.settled_at is not None:
        raise Refusal("project_settled", label=project.label)
    if fen > project.asked_fen:
        raise Refusal("grant_over_asked", label=project.label, asked=yuan_of(project.asked_fen))
    if fen < project.spent_fen:
        raise Refusal("grant_under_spent", label=project.label, spent=yuan_of(project.spent_fen))
    if project.granted_at is not None and fen == project.granted_fen:
        raise Refusal("grant_same", label=project.label, granted=yuan_of(fen))
    if project.granted_at is not None and not why:
        raise ValueError(f"grant of proposal {project.proposal_id} changed without a reason")
    return replace(project, granted_fen=fen, granted_at=project.granted_at or now)


def spent(project: Project, spending: Spending, *, by: Actor, today: date) -> Project:
    """``project`` after ``spending``; refuses what is more than is left."""
    check_runner(project, by)
    check_running(project)
    if spending.spent_on > today:
        raise Refusal("spending_ahead")
    if spending.fen <= 0:
        raise ValueError(f"spending of {spending.fen} fen")
    if spending.fen > project.left_fen:
        raise Refusal(
            "project_overspent",
            label=project.label,
            fen=yuan_of(spending.fen),
            left=yuan_of(project.left_fen),
        )
    return replace(project, spent_fen=project.spent_fen + spending.fen)


def line_to_strike(
    project: Project, book: Collection[Spending], number: int, by: Actor
) -> Spending:
    """Line ``number`` if it can still be taken back, by who runs the project or who funds it."""
    if not may_correct(project, by):
        raise Refusal("project_not_yours", label=project.label)
    check_running(project)
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


def settled(project: Project, *, by: Actor, now: datetime) -> Project:
    """``project`` with its book closed 结项; what is left is given back."""
    if not may_correct(project, by):
        raise Refusal("project_not_yours", label=project.label)
    check_running(project)
    return replace(project, settled_at=now)


def reached(project: Project, milestone: Milestone, *, by: Actor, now: datetime) -> Milestone:
    """``milestone`` done, as somebody who runs it says with words or a picture."""
    check_runner(project, by)
    check_running(project)
    if milestone.done_at is not None:
        raise Refusal("milestone_done", number=milestone.number)
    return replace(milestone, done_at=now, note=checked_words(milestone.note))
