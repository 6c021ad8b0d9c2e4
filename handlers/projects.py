"""Projects 微创投: which there are, neighbours who help, and the end at which the rest returns."""

from typing import Any, Final

from domain import projects as rules
from domain.money import yuan_of
from domain.people import Ability
from domain.projects import ProjectStep
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import Id, PersonName
from handlers.messages import Reply, Row, Typed, Words
from handlers.namesakes import called, which_one
from handlers.numbers import carried
from handlers.project_card import step_lines, sum_line
from handlers.project_kinds import (
    Meant,
    NamedNumber,
    ProjectNumber,
    near_proposals,
    project_meant,
)
from handlers.project_telling import book_row, funders_of, told
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_results import money_refused, money_settled
from handlers.registry import REGISTRY, button, command, press

_LISTED: Final = 8


@command(
    "帮手", "helper", may=Ability.SEE_ISSUES, section="funds", everyday=("帮手",), alone=("帮手",)
)
async def helper(
    ask: Ask, number: NamedNumber | None = None, who: PersonName | None = None
) -> Reply:
    """Name a neighbour who may post what was done and spent."""
    known = {"number": number, "who": who}
    meant = await project_meant(ask, ProjectStep.HELP, helper, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    if not who:
        return await ask.question(helper, known, "who", Words("ask.helper.who"))
    people = await called(ask, who, meant.project.community_id)
    if len(people) > 1:
        return await which_one(ask, helper, known, "who", people)
    if not people:
        raise Refusal("assignee_unknown", who=Typed(shortened(who, 20)))
    return await _named(ask, meant, people[0])


async def _named(ask: Ask, meant: Meant, person_id: int) -> Reply:
    """Let them help; they are told, and one tap undoes it."""
    whom = await ask.unit.people.actor(person_id)
    rules.check_helper(meant.project, whom)
    await ask.unit.projects.help(meant.project, person_id, by=ask.actor.id, now=ask.now)
    facts = {"label": meant.project.label, "name": Typed(whom.name)}
    await ask.tell.person(person_id, told("helper", meant, who=Typed(ask.actor.name)))
    undo = button(dismiss, number=carried(meant.proposal), person=person_id)
    return Reply("project.helper", facts, ((undo,),))


@press("projectdismiss", may=Ability.SEE_ISSUES)
async def dismiss(ask: Ask, number: ProposalNumber, person: Id) -> Reply:
    """Let a helper go; what they posted stays. The proposer stays one."""
    proposal = await ask.proposal(number)
    project = await ask.unit.projects.held(proposal)
    rules.check(project, ProjectStep.HELP, ask.actor)
    if person not in project.runners - {proposal.author_id}:
        raise Refusal("button_stale")
    await ask.unit.projects.dismiss(project, person, by=ask.actor.id, now=ask.now)
    names = await ask.unit.people.names([person])
    return Reply("project.dismissed", {"label": project.label, "name": Typed(names[person])})


@command("结项", "settle", may=Ability.SEE_ISSUES, section="funds")
async def settle(ask: Ask, number: ProjectNumber | None = None) -> Reply:
    """Ask whether the book shall be closed; what is left is given back."""
    meant = await project_meant(ask, ProjectStep.SETTLE, settle, {"number": number})
    if isinstance(meant, Reply):
        return meant
    steps = await ask.unit.project_steps.of(meant.proposal.id)
    undone = [step for step in steps if step.done_at is None]
    yes = await ask.confirm(end, {"number": carried(meant.proposal)})
    local = ask.now.astimezone(ask.tenant.hours.zone)
    facts = _end_facts(meant) | {"lines": step_lines(undone, local)}
    has_money = meant.project.granted_at is not None
    key = "project.settle_read_back" if has_money else "project.drop_read_back"
    return Reply(key, facts, ((yes,), CANCEL_ROW))


def _end_facts(meant: Meant) -> dict[str, Any]:
    return {
        "label": meant.project.label,
        "title": meant.title,
        "spent": yuan_of(meant.project.spent_fen),
        "left": yuan_of(meant.project.left_fen),
    }


@press("settled", may=Ability.SEE_ISSUES, only_confirmed=True)
async def end(ask: Ask, number: ProposalNumber) -> Reply:
    """Close the book; the place and those who gave the money are told what comes back."""
    proposal = await ask.proposal(number)
    project = await ask.unit.projects.held(proposal)
    after = rules.settled(project, by=ask.actor, now=ask.now)
    await ask.unit.projects.save(after, ProjectStep.SETTLE, by=ask.actor.id, now=ask.now)
    for step in await ask.unit.project_steps.of(proposal.id):
        await ask.unit.deadlines.drop("project.late", step.id)
    await ask.tell.refresh("proposal", proposal.id)
    reply = await _told_of_end(ask, Meant(proposal, after))
    concluded = money_settled if after.granted_at is not None else money_refused
    await concluded(ask.unit, ask.tell, proposal)
    return reply


async def _told_of_end(ask: Ask, meant: Meant) -> Reply:
    has_money = meant.project.granted_at is not None
    key = "project.settled" if has_money else "project.dropped"
    reply = Reply(key, _end_facts(meant), book_row(meant) if has_money else ())
    await ask.tell.groups_below(meant.proposal.path, reply, but=ask.chat.id)
    people = {*await funders_of(ask.tell, meant.project)} | meant.project.runners
    await ask.tell.people(people - {ask.actor.id}, reply)
    return reply


@command("微创投列表", "projects", may=Ability.SEE_ISSUES, section="funds")
async def list_projects(ask: Ask, page: Id = 0) -> Reply:
    """Projects that have money or wait for it, and concern the asker; staff see all below them."""
    found = [Meant(p, await ask.unit.projects.of(p)) for p in await near_proposals(ask)]
    here = [meant for meant in found if ask.is_of_here(meant.proposal.path)]
    if not found:
        return Reply("project.none")
    listed, start = here or found, page * _LISTED
    lines = [_line(meant) for meant in listed[start : start + _LISTED]]
    rows = [_show_row(meant) for meant in listed[start : start + _LISTED]]
    if len(listed) > start + _LISTED:
        rows.append((button(list_projects, "button.more", page=page + 1),))
    return Reply("project.list", {"lines": lines}, tuple(rows), is_private=not here)


def _line(meant: Meant) -> Words:
    label, total = meant.project.label, sum_line(meant.project)
    return Words("project.line", {"label": label, "title": meant.title, "sum": total})


def _show_row(meant: Meant) -> Row:
    label = Typed(f"{meant.project.label} {shortened(meant.title.text, 12)}")
    handler = REGISTRY.commands["showproposal"].handler
    return (button(handler, label, number=carried(meant.proposal)),)
