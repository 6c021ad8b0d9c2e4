"""Small funded projects 微创投: what a proposal may spend, its milestones and its open book.

A project is a proposal with a budget: where it stands is the proposal's matter, the money is ours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
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
class Undone:
    """A step that was said to be done at ``done_at``, and taken back for a reason."""

    step: Milestone
    why: str
    at: datetime

    @property
    def done_at(self) -> datetime:
        """When it was said to be done."""
        if self.step.done_at is None:
            raise ValueError(f"milestone {self.step.id} was not done")
        return self.step.done_at


@dataclass(frozen=True, slots=True)
class Grant:
    """One sum that was granted; every later one has a reason."""

    fen: int
    why: str
    at: datetime


class ProjectState(StrEnum):
    """Where the money stands; where the proposal stands is told by the proposal."""

    ASKED = "asked"
    PASSED = "passed"
    RUNNING = "running"
    SETTLED = "settled"


class ProjectStep(StrEnum):
    """What can be done with the money of a project; also the verb in its journal."""

    GRANT = "grant"
    HELP = "help"
    REACH = "reach"
    UNREACH = "unreach"
    POSTPONE = "postpone"
    SPEND = "spend"
    STRIKE = "strike"
    SETTLE = "settle"


class Hand(StrEnum):
    """What somebody is to the money: who runs the project, or who gives it."""

    RUNNER = "runner"
    FUNDER = "funder"


@dataclass(frozen=True, slots=True)
class Project:
    """The money of one proposal. ``runners`` are its proposer and the helpers they named."""

    proposal_id: int
    community_id: int
    path: str
    label: str
    asked_fen: int
    runners: frozenset[int]
    has_passed: bool = True
    granted_fen: int = 0
    spent_fen: int = 0
    granted_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def left_fen(self) -> int:
        """What may still be spent; at the end it is what was given back."""
        return self.granted_fen - self.spent_fen

    @property
    def state(self) -> ProjectState:
        """Where the money stands."""
        if self.settled_at is not None:
            return ProjectState.SETTLED
        if self.granted_at is not None:
            return ProjectState.RUNNING
        return ProjectState.PASSED if self.has_passed else ProjectState.ASKED


_S = ProjectState
MOVES: Final[Mapping[ProjectStep, tuple[frozenset[Hand], frozenset[ProjectState]]]] = {
    ProjectStep.GRANT: (frozenset({Hand.FUNDER}), frozenset({_S.PASSED, _S.RUNNING})),
    ProjectStep.SPEND: (frozenset({Hand.RUNNER}), frozenset({_S.RUNNING})),
    ProjectStep.REACH: (frozenset({Hand.RUNNER}), frozenset({_S.RUNNING})),
    ProjectStep.UNREACH: (frozenset({Hand.RUNNER}), frozenset({_S.RUNNING})),
    ProjectStep.POSTPONE: (frozenset({Hand.RUNNER}), frozenset({_S.RUNNING})),
    ProjectStep.HELP: (frozenset({Hand.RUNNER}), frozenset({_S.PASSED, _S.RUNNING})),
    ProjectStep.STRIKE: (frozenset(Hand), frozenset({_S.RUNNING})),
    ProjectStep.SETTLE: (frozenset(Hand), frozenset({_S.PASSED, _S.RUNNING})),
}
"""Who may do what, and when."""


def hands(project: Project, actor: Actor) -> frozenset[Hand]:
    """What ``actor`` is to the money; nobody funds what they run."""
    if actor.id in project.runners:
        return frozenset({Hand.RUNNER})
    can_fund = actor.can(Ability.FUND_PROJECT, at=project.path)
    return frozenset({Hand.FUNDER}) if can_fund else frozenset()


def steps_for(project: Project, actor: Actor) -> tuple[ProjectStep, ...]:
    """Steps that ``actor`` may take now, in the order of the table; the buttons of a card."""
    who = hands(project, actor)
    return tuple(step for step, (by, when) in MOVES.items() if who & by and project.state in when)


def check(project: Project, step: ProjectStep, actor: Actor) -> None:
    """Refuse what ``actor`` may not do, or not now; the refusal says which."""
    by, when = MOVES[step]
    who = hands(project, actor)
    if not who & by:
        is_own = step is ProjectStep.GRANT and Hand.RUNNER in who
        raise Refusal("project_own_grant" if is_own else "project_not_yours", label=project.label)
    if project.state not in when:
        raise Refusal(_UNTIMELY[project.state], label=project.label)


_UNTIMELY: Final = {
    ProjectState.ASKED: "project_not_passed",
    ProjectState.PASSED: "project_not_granted",
    ProjectState.SETTLED: "project_settled",
}


_N: Final = "[0-9０-９一二三四五六七八九十]{1,3}"
_DAY: Final = re.compile(
    rf"((?:[0-9０-９]{{4}}年)?{_N}月(?:{_N}[日号]?|底)|(?:下下?|这|本)?(?:周|星期|礼拜)[一二三四五六日天末]"
    r"|(?:这个?|本|下个?)?月底)(?:[之以]?前)?"
)
_COUNTED: Final = re.compile(rf"\s*第?\s*{_N}\s*(?:步|[.、．])[\s,，:：]*")


def day_apart(line: str) -> str:
    """What is said of a step, its day set apart: ``第2步买花盆12月5日前`` → ``买花盆 12月5日``."""
    bare = _COUNTED.sub("", line, count=1) if _COUNTED.match(line) else line
    return " ".join(_DAY.sub(r" \1 ", bare).split())


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


def check_helper(project: Project, whom: Actor) -> None:
    """Refuse a helper who keeps it already, lives elsewhere, or would be one too many."""
    if whom.id in project.runners:
        raise Refusal("helper_already", name=whom.name, label=project.label)
    if not whom.sees(project.path):
        raise Refusal("helper_elsewhere")
    if len(project.runners) > MOST_HELPERS:
        raise Refusal("helpers_many", most=MOST_HELPERS)


def granted(project: Project, fen: int, *, why: str, by: Actor, now: datetime) -> Project:
    """``project`` with its money 批准, or with another sum, for which there must be a reason.

    Never more than was voted on, and never less than is spent already.
    """
    check(project, ProjectStep.GRANT, by)
    if fen > project.asked_fen:
        raise Refusal("grant_over_asked", label=project.label, asked=yuan_of(project.asked_fen))
    if fen < project.spent_fen:
        raise Refusal("grant_under_spent", label=project.label, spent=yuan_of(project.spent_fen))
    if project.granted_at is not None and fen == project.granted_fen:
        raise Refusal("grant_same", label=project.label, granted=yuan_of(fen))
    if project.granted_at is not None and not why:
        granted_fen = yuan_of(project.granted_fen)
        raise Refusal("grant_meanwhile", label=project.label, granted=granted_fen)
    return replace(project, granted_fen=fen, granted_at=project.granted_at or now)


def settled(project: Project, *, by: Actor, now: datetime) -> Project:
    """``project`` with its book closed 结项; what is left is given back.

    Where there never was any money, it is dropped.
    """
    check(project, ProjectStep.SETTLE, by)
    return replace(project, settled_at=now)


def reached(project: Project, milestone: Milestone, *, by: Actor, now: datetime) -> Milestone:
    """``milestone`` done, as somebody who runs it says with words or a picture."""
    check(project, ProjectStep.REACH, by)
    if milestone.done_at is not None:
        raise Refusal("milestone_done", number=milestone.number)
    return replace(milestone, done_at=now, note=checked_words(milestone.note))


def undone(project: Project, milestone: Milestone, why: str, *, by: Actor, now: datetime) -> Undone:
    """What the book keeps of ``milestone``, which was not done after all 撤销."""
    check(project, ProjectStep.UNREACH, by)
    if milestone.done_at is None:
        raise Refusal("milestone_not_done", number=milestone.number)
    return Undone(milestone, checked_words(why), now)


def postponed(
    project: Project, milestone: Milestone, due_on: date, *, by: Actor, today: date
) -> Milestone:
    """``milestone`` to come later; never earlier, and never what is done."""
    check(project, ProjectStep.POSTPONE, by)
    if milestone.done_at is not None:
        raise Refusal("milestone_done", number=milestone.number)
    if due_on <= milestone.due_on:
        raise Refusal("milestone_not_later")
    return checked_milestone(replace(milestone, due_on=due_on), today=today)
