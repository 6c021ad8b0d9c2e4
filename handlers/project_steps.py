"""Steps of projects 里程碑: told as done with words or a picture, or put off to a later day."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import projects as rules
from domain.people import Ability
from domain.projects import Milestone, ProjectStep
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
from handlers.registry import Handler, command, press
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
    ask: Ask, meant: Meant, handler: Handler, known: dict[str, Any]
) -> Milestone | Reply:
    """The step of ``known["step"]``; without one the only one that is open, or the question."""
    steps = await ask.unit.projects.milestones(meant.proposal.id)
    open_ones = [step for step in steps if step.done_at is None]
    if known["step"]:
        found = [step for step in steps if step.number == known["step"]]
        if not found:
            raise Refusal("milestone_absent", label=meant.project.label, number=known["step"])
        return found[0]
    if not open_ones:
        raise Refusal("milestones_all_done", label=meant.project.label)
    if len(open_ones) == 1:
        return open_ones[0]
    offered = [
        Button(Typed(f"{one.number}. {shortened(one.title, 10)}"), f"={one.number}")
        for one in open_ones
    ]
    return await ask.question(handler, known, "step", Words("ask.milestone_number"), offered)


async def _reached(ask: Ask, meant: Meant, step: Milestone) -> Reply:
    """Store it; every card shows the tick."""
    done = rules.reached(meant.project, step, by=ask.actor, now=ask.now)
    await ask.unit.projects.reach(meant.project, done, by=ask.actor.id)
    await ask.unit.deadlines.drop("project.late", done.id)
    await ask.tell.refresh("proposal", meant.proposal.id)
    steps = await ask.unit.projects.milestones(meant.proposal.id)
    facts = {
        "label": meant.project.label,
        "number": done.number,
        "title": Typed(done.title),
        "note": Typed(done.note),
        "done": sum(one.done_at is not None for one in steps),
        "all": len(steps),
    }
    return Reply("project.reached", facts, book_row(meant), photo_id=done.photo_id)


@press("stepshown", may=Ability.SEE_ISSUES)
async def show_step(ask: Ask, number: ProposalNumber, step: Id) -> Reply:
    """What was said of a step that is done, and its picture; for everybody of the place."""
    proposal = await ask.proposal(number)
    steps = await ask.unit.projects.milestones(proposal.id)
    found = next((one for one in steps if one.number == step and one.done_at), None)
    if found is None:
        raise Refusal("button_stale")
    local = ask.now.astimezone(ask.tenant.hours.zone)
    facts = {
        "label": proposal.label,
        "line": step_lines([found], local),
        "note": Typed(found.note),
    }
    is_private = is_for_one(ask, proposal)
    return Reply("project.step_shown", facts, photo_id=found.photo_id, is_private=is_private)


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
    await ask.unit.projects.postpone(meant.project, later, by=ask.actor.id, now=ask.now)
    await remind_of(ask.unit, later, zone)
    await ask.tell.refresh("proposal", meant.proposal.id)
    facts = {"label": meant.project.label, "number": step.number, "title": Typed(step.title)}
    return Reply("project.postponed", {**facts, "at": day(at)})
