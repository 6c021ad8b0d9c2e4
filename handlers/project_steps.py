"""Steps of projects 里程碑: told as done with words or a picture, taken back, or put off."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import projects as rules
from domain.people import Ability
from domain.projects import Milestone, ProjectStep, Undone
from domain.proposals import Proposal
from domain.refusal import Refusal
from domain.text import shortened
from handlers.agenda import day
from handlers.ask import Ask
from handlers.due_days import day_meant
from handlers.kinds import FreeText, Id, Pictures
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.project_card import step_lines
from handlers.project_kinds import Meant, NamedNumber, StepNumber, project_meant
from handlers.project_telling import book_row, is_for_one, remind_of
from handlers.proposal_kinds import ProposalNumber
from handlers.registry import Handler, button, command, press
from handlers.topic_kinds import Line


@command("里程碑", "milestone", may=Ability.SEE_ISSUES, section="funds")
async def milestone(
    ask: Ask,
    number: NamedNumber | None = None,
    step: StepNumber | None = None,
    note: FreeText | None = None,
    photos: Pictures = (),
) -> Reply:
    """Say that a step is done, with a few words or a picture."""
    known = {"number": number, "step": step, "note": note, "photos": photos}
    meant = await project_meant(ask, ProjectStep.REACH, milestone, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    chosen = await _step_meant(ask, meant, milestone, known)
    if isinstance(chosen, Reply):
        return chosen
    rules.reached(meant.project, chosen, by=ask.actor, now=ask.now)
    if not note and not photos:
        known |= {"step": chosen.number}
        facts = {"title": Typed(chosen.title)}
        return await ask.question(milestone, known, "note", Words("ask.milestone.note", facts))
    told_so = replace(chosen, note=note or "", photo_id=photos[0] if photos else None)
    return await _reached(ask, meant, told_so)


async def _step_meant(
    ask: Ask, meant: Meant, handler: Handler, known: dict[str, Any], *, is_done: bool = False
) -> Milestone | Reply:
    """The step of ``known["step"]``; without one the only one that fits, or the question.

    Those fit that are open, or with ``is_done`` those that are done.
    """
    steps = await ask.unit.project_steps.of(meant.proposal.id)
    fitting = [step for step in steps if (step.done_at is not None) == is_done]
    if known["step"]:
        found = [step for step in steps if step.number == known["step"]]
        if not found:
            raise Refusal("milestone_absent", label=meant.project.label, number=known["step"])
        return found[0]
    if not fitting:
        key = "milestones_none_done" if is_done else "milestones_all_done"
        raise Refusal(key, label=meant.project.label)
    if len(fitting) == 1:
        return fitting[0]
    offered = [
        Button(Typed(f"{one.number}. {shortened(one.title, 10)}"), f"={one.number}")
        for one in fitting
    ]
    return await ask.question(handler, known, "step", Words("ask.milestone_number"), offered)


async def _reached(ask: Ask, meant: Meant, step: Milestone) -> Reply:
    """Store it; every card shows the tick."""
    done = rules.reached(meant.project, step, by=ask.actor, now=ask.now)
    await ask.unit.project_steps.reach(meant.project, done, by=ask.actor.id)
    await ask.unit.deadlines.drop("project.late", done.id)
    await ask.tell.refresh("proposal", meant.proposal.id)
    steps = await ask.unit.project_steps.of(meant.proposal.id)
    facts = {
        "label": meant.project.label,
        "number": done.number,
        "title": Typed(done.title),
        "note": Typed(done.note),
        "done": sum(one.done_at is not None for one in steps),
        "all": len(steps),
    }
    row = (*book_row(meant)[0], _undo(meant.proposal, done))
    return Reply("project.reached", facts, (row,), photo_id=done.photo_id)


def _undo(proposal: Proposal, step: Milestone) -> Button:
    return button(unreach, "button.unreach", number=carried(proposal), step=step.number)


@command("撤销里程碑", "unreach", may=Ability.SEE_ISSUES, section="funds")
async def unreach(
    ask: Ask,
    number: NamedNumber | None = None,
    step: StepNumber | None = None,
    why: FreeText | None = None,
) -> Reply:
    """Say that a step was not done after all; the book keeps that it was said, and why not."""
    known: dict[str, Any] = {"number": number, "step": step, "why": why}
    meant = await project_meant(ask, ProjectStep.UNREACH, unreach, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    chosen = await _step_meant(ask, meant, unreach, known, is_done=True)
    if isinstance(chosen, Reply):
        return chosen
    undone = rules.undone(meant.project, chosen, why or "", by=ask.actor, now=ask.now)
    if not why:
        facts = {"number": chosen.number, "title": Typed(chosen.title)}
        known |= {"step": chosen.number}
        return await ask.question(unreach, known, "why", Words("ask.unreach.why", facts))
    return await _undone(ask, meant, undone)


async def _undone(ask: Ask, meant: Meant, undone: Undone) -> Reply:
    """Store it; every card loses the tick, and who runs it is reminded as before."""
    await ask.unit.project_steps.unreach(meant.project, undone, by=ask.actor.id)
    zone = ask.tenant.hours.zone
    open_again = replace(undone.step, done_at=None)
    if not open_again.is_late(ask.now.astimezone(zone).date()):
        await remind_of(ask.unit, open_again, zone)
    await ask.tell.refresh("proposal", meant.proposal.id)
    facts = {"label": meant.project.label, "title": Typed(undone.step.title)}
    facts |= {"number": undone.step.number, "why": Typed(undone.why)}
    return Reply("project.unreached", facts, book_row(meant))


@press("stepshown", may=Ability.SEE_ISSUES)
async def show_step(ask: Ask, number: ProposalNumber, step: Id) -> Reply:
    """What was said of a step that is done, and its picture; for everybody of the place."""
    proposal = await ask.proposal(number)
    steps = await ask.unit.project_steps.of(proposal.id)
    found = next((one for one in steps if one.number == step and one.done_at), None)
    if found is None:
        raise Refusal("button_stale")
    local = ask.now.astimezone(ask.tenant.hours.zone)
    facts = {
        "label": proposal.label,
        "line": step_lines([found], local),
        "note": Typed(found.note),
    }
    project = await ask.unit.projects.of(proposal)
    may_undo = ProjectStep.UNREACH in rules.steps_for(project, ask.actor)
    rows = ((_undo(proposal, found),),) if may_undo else ()
    is_private = is_for_one(ask, proposal)
    return Reply("project.step_shown", facts, rows, found.photo_id, is_private=is_private)


@command("推迟", "postpone", may=Ability.SEE_ISSUES, section="funds", everyday=("推迟",))
async def postpone(
    ask: Ask,
    number: NamedNumber | None = None,
    step: StepNumber | None = None,
    until: Line | None = None,
) -> Reply:
    """Say that a step takes until a later day; everybody sees it on the card."""
    known: dict[str, Any] = {"number": number, "step": step, "until": until}
    meant = await project_meant(ask, ProjectStep.POSTPONE, postpone, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    chosen = await _step_meant(ask, meant, postpone, known)
    if isinstance(chosen, Reply):
        return chosen
    at = await day_meant(ask, postpone, {**known, "step": chosen.number}, until)
    return at if isinstance(at, Reply) else await _postponed(ask, meant, chosen, at)


async def _postponed(ask: Ask, meant: Meant, step: Milestone, at: datetime) -> Reply:
    zone = ask.tenant.hours.zone
    today, due_on = ask.now.astimezone(zone).date(), at.astimezone(zone).date()
    later = rules.postponed(meant.project, step, due_on, by=ask.actor, today=today)
    await ask.unit.project_steps.postpone(meant.project, later, by=ask.actor.id, now=ask.now)
    await remind_of(ask.unit, later, zone)
    await ask.tell.refresh("proposal", meant.proposal.id)
    facts = {"label": meant.project.label, "number": step.number, "title": Typed(step.title)}
    return Reply("project.postponed", {**facts, "at": day(at)})
