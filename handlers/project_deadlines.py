"""Deadlines of projects 微创投期限: a step whose day has passed, told once to those who run it."""

from collections.abc import Mapping
from typing import Any

from domain.projects import ProjectState
from handlers.ask import Tick
from handlers.messages import Typed
from handlers.numbers import carried
from handlers.project_kinds import Meant
from handlers.project_telling import told
from handlers.registry import REGISTRY, button, due


@due("project.late")
async def step_is_late(tick: Tick, milestone_id: int, facts: Mapping[str, str]) -> None:
    """Remind once; nothing where it is done, or the project has ended."""
    proposal_id, step = await tick.unit.project_steps.by_id(milestone_id)
    proposal = await tick.unit.proposals.by_id(proposal_id)
    project = await tick.unit.projects.of(proposal)
    if step.done_at is not None or project.state is not ProjectState.RUNNING:
        return
    tell = await tick.tell(project.community_id)
    meant = Meant(proposal, project)
    number = carried(proposal)
    done = button(REGISTRY.commands["milestone"].handler, number=number, step=step.number)
    later = button(REGISTRY.commands["postpone"].handler, number=number, step=step.number)
    await tell.refresh("proposal", proposal.id)
    words: dict[str, Any] = {"number": step.number, "step": Typed(step.title)}
    await tell.people(project.runners, told("late", meant, (done, later), **words))
