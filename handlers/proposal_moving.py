"""Moving 动议: the text to be voted on is asked for, read back, and fixed as an owners' vote."""

from typing import Final

from domain import proposals as rules
from domain.motions import LONGEST_TITLE
from domain.people import Ability
from domain.proposals import Proposal, ProposalKind, ProposalStep
from domain.text import shortened
from handlers.ask import Ask
from handlers.kinds import FreeText
from handlers.messages import Button, Reply, Typed, Words
from handlers.moments import closing_time
from handlers.motion_opening import read_back_for
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_motions import stand_at_proposal
from handlers.registry import command

_OWN_WORDS: Final = "原话"
"""Said or tapped where the proposal's own words are to be voted on."""


@command(
    "动议",
    "moveproposal",
    may=Ability.LEAD_PROPOSAL,
    section="proposals",
    where="private",
    everyday=("动议",),
)
async def move(
    ask: Ask,
    number: ProposalNumber,
    text: FreeText | None = None,
    closes: FreeText | None = None,
) -> Reply:
    """Put a proposal to the vote; nothing is fixed before all of it has been read back."""
    found = await stand_at_proposal(ask, number)
    rules.moved(found, ProposalStep.MOVE, by=ask.actor, now=ask.now)
    known = {"number": number, "text": text}
    if not text:
        asked = Words("ask.moveproposal.text", {"text": Typed(found.text)})
        own = Button(Words("button.own_words"), f"={_OWN_WORDS}")
        return await ask.question(move, known, "text", asked, [own])
    if not closes:
        return await ask.question(move, known, "closes", Words("ask.moveproposal.closes"))
    closes_at = await closing_time(ask, move, closes, known, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    said = found.text if text == _OWN_WORDS else _with_sum(found, text)
    return await read_back_for(
        ask, found, said, closes_at, title=shortened(found.text, LONGEST_TITLE)
    )


def _with_sum(found: Proposal, text: str) -> str:
    """``text``; of a project behind its name and sum, which are voted on whatever else is said."""
    if found.kind is not ProposalKind.PROJECT:
        return text
    return f"{found.text.splitlines()[0]}\n{text}"
