"""Proposal lists 提议列表: what is proposed here and at which stage, and one card."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from domain.people import Ability
from domain.proposals import Proposal
from domain.text import shortened
from handlers.ask import Ask
from handlers.kinds import Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.proposal_kinds import ProposalNumber, is_of_here
from handlers.registry import REGISTRY, button, command, press
from storage.outbox import Priority

A_PAGE: Final = 8
"""Proposals on one page; each has a button."""
MOST_LISTED: Final = 1_000


@command(
    "提议列表",
    "提议单",
    "看提议",
    "proposals",
    may=Ability.SEE_ISSUES,
    section="proposals",
    alone=("提议单",),
)
async def list_proposals(ask: Ask, page: Id = 0) -> Reply:
    """Proposals that concern the asker and are not at their end, with their stage."""
    mine = await ask.unit.proposals.live_for(ask.actor, most=MOST_LISTED)
    found = [one for one in mine if is_of_here(ask, one.path)]
    if not mine:
        propose = button(REGISTRY.commands["propose"].handler)
        return Reply("proposal.none", {}, ((propose,),))
    return _listed(found, page) if found else replace(_listed(mine, page), is_private=True)


def _listed(live: Sequence[Proposal], page: int) -> Reply:
    start = page * A_PAGE
    found = live[start : start + A_PAGE]
    lines = [
        Words(
            "proposal.line",
            {
                "label": one.label,
                "text": Typed(shortened(one.text, 24)),
                "state": one.state,
                "seconds": f" +{len(one.seconders)}" if one.seconders else "",
            },
        )
        for one in found
    ]
    rows: list[Row] = [
        (button(show, Typed(f"{one.label} {shortened(one.text, 12)}"), number=carried(one)),)
        for one in found
    ]
    if len(live) > start + A_PAGE:
        rows.append((button(list_proposals, "button.more", page=page + 1),))
    return Reply("proposal.list", {"lines": lines}, tuple(rows))


@press("showproposal", may=Ability.SEE_ISSUES)
async def show(ask: Ask, number: ProposalNumber) -> Reply | None:
    """The card of one proposal, kept up to date."""
    return await show_card(ask, await ask.proposal(number))


async def show_card(ask: Ask, found: Proposal) -> Reply | None:
    """Show a card here, or in private where this group may not read of it."""
    if not is_of_here(ask, found.path):
        is_sent = await ask.tell.person_card(ask.actor.id, "proposal", found.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "proposal", found.id, viewer=viewer, thread=ask.incoming.thread)
    return None
