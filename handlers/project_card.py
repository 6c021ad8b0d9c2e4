"""Money on a proposal's card 微创投卡: what is used of how much, and the steps with their days."""

from collections.abc import Sequence
from datetime import datetime, time, tzinfo
from typing import Final

from msgspec.structs import replace

from domain import projects as rules
from domain.moments import Moment
from domain.money import yuan_of
from domain.people import Actor
from domain.projects import Milestone, Project, ProjectState, ProjectStep
from domain.proposal_stages import Stage
from domain.proposals import Proposal, ProposalKind, ProposalState
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button
from storage.unit import Unit

CODES: Final = {
    ProjectStep.GRANT: "grant",
    ProjectStep.SPEND: "spend",
    ProjectStep.REACH: "milestone",
    ProjectStep.HELP: "helper",
    ProjectStep.SETTLE: "settle",
}
"""Step → the command that takes it; a line is struck from the book's page."""
_NOON: Final = time(12)


async def with_money(unit: Unit, found: Proposal, card: Reply, viewer: Actor | None) -> Reply:
    """``card`` with money and steps, where the proposal is a project.

    While its money runs, the steps take the room of the stages that are behind.
    """
    if found.kind is not ProposalKind.PROJECT:
        return card
    project = await unit.projects.of(found)
    facts = {**card.facts, "money": await _money(unit, project)}
    if project.granted_at is not None:
        facts["stages"] = [] if found.state is ProposalState.PASSED else facts["stages"][-1:]
    elif found.state is ProposalState.PASSED and project.settled_at is None:
        facts["stages"] = [_waiting(line) for line in facts["stages"]]
    return replace(card, facts=facts, buttons=(*card.buttons, *_rows(found, project, viewer)))


def _waiting(line: Words) -> Words:
    """What is under way now that it has passed: it waits for its money."""
    if line.facts.get("stage") is not Stage.CARRY_OUT:
        return line
    return Words(line.key, {**line.facts, "what": Words("project.waits")})


async def _money(unit: Unit, project: Project) -> list[Words]:
    zone = (await unit.places.community(project.community_id)).hours.zone
    steps = await unit.project_steps.of(project.proposal_id)
    is_over = project.state is ProjectState.SETTLED
    if project.granted_at is None and not is_over:
        return plan_lines(steps, zone)  # the text that is voted on says the sum
    lines = step_lines(steps, unit.now.astimezone(zone), is_over=is_over)
    return [Words("project.sum_of", {"sum": sum_line(project)}), *lines]


def sum_line(project: Project) -> Words:
    """What is asked for, used of how much, or what was given back."""
    facts = {
        "asked": yuan_of(project.asked_fen),
        "granted": yuan_of(project.granted_fen),
        "spent": yuan_of(project.spent_fen),
        "left": yuan_of(project.left_fen),
    }
    key = "asked" if project.state is ProjectState.PASSED else project.state.value
    if project.settled_at is not None and project.granted_at is None:
        key = "dropped"
    return Words(f"project.sum.{key}", facts)


def step_lines(steps: Sequence[Milestone], now: datetime, *, is_over: bool = False) -> list[Words]:
    """Each step: done and when, to come by when, late, or left undone at the end.

    ``now`` is in the community's zone.
    """
    return [_step_line(step, now, is_over=is_over) for step in steps]


def _step_line(step: Milestone, now: datetime, *, is_over: bool) -> Words:
    at = step.done_at or datetime.combine(step.due_on, _NOON, now.tzinfo)
    still = "undone" if is_over else "late" if step.is_late(now.date()) else "ahead"
    return Words(f"project.step.{'done' if step.done_at else still}", _facts(step, at))


def plan_lines(steps: Sequence[Milestone], zone: tzinfo) -> list[Words]:
    """The steps of what is not proposed yet."""
    return [
        Words("project.step.ahead", _facts(step, datetime.combine(step.due_on, _NOON, zone)))
        for step in steps
    ]


def _facts(step: Milestone, at: datetime) -> dict[str, object]:
    share = Words("project.share", {"share": yuan_of(step.share_fen)}) if step.share_fen else ""
    return {
        "number": step.number,
        "title": Typed(step.title),
        "at": Moment(at, has_hour=False),
        "share": share,
    }


def _rows(found: Proposal, project: Project, viewer: Actor | None) -> tuple[Row, ...]:
    """What the viewer may do with the money, from the table of moves; a group reads the book."""
    steps = rules.steps_for(project, viewer) if viewer else ()
    codes = [CODES[step] for step in steps if step in CODES]
    if project.granted_at is not None:
        codes.append("book")
    is_anew = project.state is ProjectState.RUNNING
    labels = {"grant": "button.regrant" if is_anew else None}
    taps = [
        button(REGISTRY.commands[code].handler, labels.get(code), number=carried(found))
        for code in codes
    ]
    return tuple(tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))
