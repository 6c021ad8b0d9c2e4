"""Telling of proposals 提议告知: who is told of a step; every card shows it by itself."""

from typing import Any

from domain.proposals import Proposal, ProposalStep
from domain.text import shortened
from handlers.ask import Ask
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.project_telling import ask_for_money
from handlers.registry import REGISTRY, button
from handlers.telling import Teller
from storage.unit import Unit


async def save(ask: Ask, proposal: Proposal, step: ProposalStep, *, remark: str = "") -> None:
    """Store the step and let every card show it."""
    await ask.unit.proposals.save(proposal, step, by=ask.actor, remark=remark)
    await ask.tell.refresh("proposal", proposal.id)
    await ask.tell.refresh_digests(proposal.path)
    if step is ProposalStep.RESOLVE:
        await ask_for_money(ask.unit, ask.tell, proposal)


async def follow(unit: Unit, tell: Teller, proposal: Proposal, step: ProposalStep) -> None:
    """Store what happened to it by itself, and let every card show it."""
    await unit.proposals.save(proposal, step, by=None)
    await tell.refresh("proposal", proposal.id)
    await tell.refresh_digests(proposal.path)
    if step is ProposalStep.PASS:
        await ask_for_money(unit, tell, proposal)


def told(key: str, proposal: Proposal, *rows: Row, **facts: Any) -> Reply:
    """What others are told of a step; a tap shows where it stands."""
    words = {
        "label": proposal.label,
        "text": Typed(shortened(proposal.text, 40)),
        "next": Words(f"proposal.next.{proposal.kind}"),
        "after": Words(f"proposal.after.{proposal.kind}"),
        **facts,
    }
    look = button(REGISTRY.commands["showproposal"].handler, number=carried(proposal))
    return Reply(f"proposal.told.{key}", words, (*rows, (look,)))


def done(key: str, proposal: Proposal, **facts: Any) -> Reply:
    """What whoever took the step reads."""
    return Reply(f"proposal.{key}", {"label": proposal.label, **facts}, is_brief=True)
