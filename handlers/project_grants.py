"""Grants 批准拨款: staff give a project its money, or with a reason another sum."""

from typing import Any

from domain import projects as rules
from domain.money import yuan_of
from domain.people import Ability
from domain.projects import ProjectStep
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import FreeText
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.project_kinds import Kept, Meant, Money, NamedNumber, project_meant
from handlers.project_telling import remind_of_steps, told
from handlers.proposal_kinds import ProposalNumber
from handlers.registry import command, press


@command("批准", "grant", may=Ability.FUND_PROJECT, section="funds", everyday=("批准",))
async def grant(
    ask: Ask,
    number: NamedNumber | None = None,
    fen: Money | None = None,
    why: FreeText | None = None,
) -> Reply:
    """Give a project its money, or another sum with a reason; read back first."""
    known: dict[str, Any] = {"number": number, "fen": fen, "why": why}
    meant = await project_meant(ask, ProjectStep.GRANT, grant, known)
    if isinstance(meant, Reply):
        return meant
    known |= {"number": carried(meant.proposal)}
    if fen is None:
        return await _sum_asked(ask, meant, known)
    after = rules.granted(meant.project, fen, why=why or "-", by=ask.actor, now=ask.now)
    if meant.project.granted_at is not None and not why:
        facts = {"granted": yuan_of(meant.project.granted_fen), "fen": yuan_of(fen)}
        return await ask.question(grant, known, "why", Words("ask.grant.why", facts))
    facts = _grant_facts(meant, after.granted_fen) | {"why": Typed(why or "")}
    yes = await ask.confirm(give, {"number": carried(meant.proposal), "kept": known})
    return Reply("project.grant_read_back", facts, ((yes,), CANCEL_ROW))


async def _sum_asked(ask: Ask, meant: Meant, known: dict[str, Any]) -> Reply:
    asked = meant.project.asked_fen
    whole = Button(Words("project.yuan", {"fen": yuan_of(asked)}), f"={asked}")
    facts = {"label": meant.project.label, "asked": yuan_of(asked)}
    return await ask.question(grant, known, "fen", Words("ask.grant.fen", facts), [whole])


def _grant_facts(meant: Meant, fen: int) -> dict[str, Any]:
    return {
        "label": meant.project.label,
        "title": meant.title,
        "asked": yuan_of(meant.project.asked_fen),
        "fen": yuan_of(fen),
    }


@press("granted", may=Ability.FUND_PROJECT, only_confirmed=True)
async def give(ask: Ask, number: ProposalNumber, kept: Kept) -> Reply:
    """Grant it: those who run it are told, and its card stands anew in the groups."""
    proposal = await ask.proposal(number)
    before = await ask.unit.projects.held(proposal)
    why = kept["why"] or ""
    after = rules.granted(before, kept["fen"], why=why, by=ask.actor, now=ask.now)
    await ask.unit.projects.save(after, ProjectStep.GRANT, by=ask.actor.id, now=ask.now, why=why)
    meant = Meant(proposal, after)
    facts = _grant_facts(meant, after.granted_fen) | {"why": Typed(why)}
    if before.granted_at is None:
        await remind_of_steps(ask, proposal.id)
        await ask.tell.cards_below(proposal.path, "proposal", proposal.id, but=ask.chat.id)
    await ask.tell.refresh("proposal", proposal.id)
    await ask.tell.people(after.runners, told("granted", meant, **facts))
    return Reply("project.granted", facts)
