"""Proposal card 提议卡: what is proposed, who is behind it, and the line of its stages."""

from typing import Final

from domain import proposals as rules
from domain.people import Actor
from domain.proposals import Proposal, ProposalState, ProposalStep, Stake
from domain.text import shortened
from handlers.authors import author_words
from handlers.forwarding import forward_row
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.project_card import with_money
from handlers.proposal_results import evaluators_of, rating_row
from handlers.proposal_stages import stage_lines
from handlers.registry import REGISTRY, button, card
from storage.unit import Unit

CODES: Final = {
    ProposalStep.SECOND: "secondproposal",
    ProposalStep.LIST: "deliberate",
    ProposalStep.TALK: "talked",
    ProposalStep.MOVE: "moveproposal",
    ProposalStep.RESOLVE: "resolve",
    ProposalStep.LIFT: "liftproposal",
    ProposalStep.ASSIGN: "carryout",
    ProposalStep.WITHDRAW: "withdrawproposal",
    ProposalStep.DECLINE: "declineproposal",
}
"""Step → the command that takes it; steps without one have no button."""


@card("proposal")
async def proposal_card(unit: Unit, proposal_id: int, viewer: Actor | None) -> Reply:
    """How a proposal stands; a group reads the masked flat of its author."""
    found = await unit.proposals.by_id(proposal_id)
    place = await unit.places.get(found.place_id)
    facts = {
        "label": found.label,
        "state": found.state,
        "text": Typed(found.text),
        "place": place.name,
        "who": await _author(unit, found, viewer),
        "seconds": _seconds(found),
        "stages": await stage_lines(unit, found, viewer),
        "reason": _reason(found),
        "money": "",
    }
    reply = Reply("proposal.card", facts, await _buttons(unit, found, viewer))
    return await with_money(unit, found, reply, viewer)


async def _author(unit: Unit, found: Proposal, viewer: Actor | None) -> Words:
    """Who proposes it: neighbours do not read names and doors, those who answer for it do."""
    held = rules.stakes(found, viewer) if viewer else frozenset[Stake]()
    is_told = bool(held & {Stake.AUTHOR, Stake.LEADER})
    return await author_words(unit, found.author_id, found.path, is_told=is_told)


def _seconds(found: Proposal) -> Words | None:
    if not found.seconders:
        return None
    return Words("proposal.seconds", {"count": len(found.seconders)})


def _reason(found: Proposal) -> Words | None:
    if found.state is not ProposalState.DECLINED:
        return None
    return Words("proposal.reason", {"why": Typed(shortened(found.reason, 120))})


async def _buttons(unit: Unit, found: Proposal, viewer: Actor | None) -> tuple[Row, ...]:
    """Buttons from the table of moves: for a group, or for one viewer."""
    steps = rules.group_steps(found)
    if viewer is not None:
        steps = rules.steps_for(found, rules.stakes(found, viewer))
    taps = [
        button(REGISTRY.commands[CODES[step]].handler, number=carried(found))
        for step in steps
        if step in CODES
    ]
    is_time = ProposalStep.EVALUATE in steps
    if is_time and viewer is not None:
        is_time = viewer.id in await evaluators_of(unit, found)
    rated = (rating_row(found),) if is_time else ()
    pairs = (tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))
    forward = forward_row(viewer, found) if found.state in rules.LIVE else ()
    return (*rated, *pairs, *forward)
