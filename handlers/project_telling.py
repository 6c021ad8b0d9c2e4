"""Telling of projects 微创投告知: who hears of money, and who is reminded of a step."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final

from domain.money import yuan_of
from domain.people import ABILITIES, Ability, Role
from domain.projects import Milestone, Project
from domain.proposals import Proposal, ProposalKind, ProposalState
from handlers.ask import Ask
from handlers.messages import Reply, Row
from handlers.numbers import carried
from handlers.project_kinds import Meant
from handlers.registry import REGISTRY, button
from handlers.telling import Teller
from storage.unit import Unit

REMIND_AT: Final = time(9)
"""On the morning after the day of a step that nobody said is done."""
FUNDERS: Final = tuple(role for role in Role if Ability.FUND_PROJECT in ABILITIES[role])


def told(key: str, meant: Meant, *rows: Row, **facts: Any) -> Reply:
    """What others are told of a project; a tap shows where it stands."""
    words = {"label": meant.project.label, "title": meant.title, **facts}
    look = button(REGISTRY.commands["showproposal"].handler, number=carried(meant.proposal))
    return Reply(f"project.told.{key}", words, (*rows, (look,)))


def book_row(meant: Meant) -> tuple[Row, ...]:
    """One tap to the open book."""
    return ((button(REGISTRY.commands["book"].handler, number=carried(meant.proposal)),),)


def is_for_one(ask: Ask, proposal: Proposal) -> bool:
    """Whether a page is for the asker alone: this group may not read it, or it was a mere tap.

    A whole building may tap the same card, and its group is not to be flooded.
    """
    is_tap = ask.incoming.press is not None and not ask.chat.is_private
    return is_tap or not ask.is_of_here(proposal.path)


async def funders_of(tell: Teller, project: Project) -> set[int]:
    """Who may give it money and is not among those who run it."""
    return {*await tell.staff(project.path, *FUNDERS)} - project.runners


async def ask_for_money(unit: Unit, tell: Teller, proposal: Proposal) -> None:
    """Tell those who give the money that neighbours have passed a project; else nobody."""
    is_wanted = proposal.kind is ProposalKind.PROJECT and proposal.state is ProposalState.PASSED
    if not is_wanted:
        return
    project = await unit.projects.of(proposal)
    grant = button(REGISTRY.commands["grant"].handler, number=carried(proposal))
    meant = Meant(proposal, project)
    reply = told("passed", meant, (grant,), asked=yuan_of(project.asked_fen))
    await tell.people(await funders_of(tell, project), reply)


async def remind_of_steps(ask: Ask, proposal_id: int) -> None:
    """Let those who run it be reminded, once, of each step whose day has passed."""
    zone = ask.tenant.hours.zone
    for step in await ask.unit.project_steps.of(proposal_id):
        await remind_of(ask.unit, step, zone)


async def remind_of(unit: Unit, step: Milestone, zone: tzinfo) -> None:
    """Set when a step is late; an earlier deadline of it is dropped."""
    await unit.deadlines.drop("project.late", step.id)
    if step.done_at is None:
        at = datetime.combine(step.due_on + timedelta(days=1), REMIND_AT, zone)
        await unit.deadlines.set("project.late", step.id, at)
