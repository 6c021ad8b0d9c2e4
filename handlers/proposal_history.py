"""History of a proposal 提议的经过: each step with its day, and who decided it."""

from collections.abc import Sequence
from typing import Final

from domain.journal import Entry
from domain.people import Ability
from domain.proposals import Proposal, ProposalStep, Stake, stakes
from domain.text import shortened
from handlers.ask import Ask
from handlers.issue_telling import MAX_REMARK
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.proposal_kinds import ProposalNumber, is_of_here
from handlers.proposal_sight import is_read, path_at
from handlers.registry import REGISTRY, button, press

_OF_NEIGHBOURS: Final = frozenset({ProposalStep.PROPOSE, ProposalStep.WITHDRAW})
"""Steps of whom neighbours do not read the name; who decides is named to all."""
_LEFT_OUT: Final = frozenset({ProposalStep.SECOND})
"""Neighbours who second it are a number, on the card."""


@press("proposalhistory", may=Ability.SEE_ISSUES)
async def history(ask: Ask, number: ProposalNumber) -> Reply:
    """All that happened to a proposal; 经过 议1 leads here."""
    found = await ask.proposal(number)
    entries = [e for e in await ask.unit.journal.of("proposal", found.id) if _is_shown(e)]
    names = await ask.unit.people.names([e.actor_id for e in entries if e.actor_id is not None])
    remarks = await ask.unit.issues.remarks(await _read(ask, found, entries))
    is_named = ask.chat.is_private and bool(stakes(found, ask.actor) & {Stake.LEADER, Stake.AUTHOR})
    lines = [_line(entry, names, remarks, is_named=is_named) for entry in entries]
    facts = {"label": found.label, "text": Typed(shortened(found.text, 60)), "lines": lines}
    return Reply(
        "proposal.history", facts, _rows(found), is_private=not is_of_here(ask, found.path)
    )


async def _read(ask: Ask, found: Proposal, entries: Sequence[Entry]) -> list[int]:
    """Which remarks the asker reads: a talk of a building stays there once it is lifted."""
    viewer = ask.actor if ask.chat.is_private else None
    ids = []
    for entry in entries:
        is_talk = entry.verb == ProposalStep.TALK
        said_at = await path_at(ask.unit, found, entries, entry) if is_talk else found.path
        if entry.remark_id and is_read(said_at, found, viewer):
            ids.append(entry.remark_id)
    return ids


def _rows(found: Proposal) -> tuple[Row, ...]:
    return ((button(REGISTRY.commands["showproposal"].handler, number=carried(found)),),)


def _is_shown(entry: Entry) -> bool:
    return entry.verb in set(ProposalStep) - _LEFT_OUT


def _line(entry: Entry, names: dict[int, str], remarks: dict[int, str], *, is_named: bool) -> Words:
    step = ProposalStep(entry.verb)
    name = names.get(entry.actor_id or 0) if is_named or step not in _OF_NEIGHBOURS else None
    remark = shortened(remarks.get(entry.remark_id or 0, ""), MAX_REMARK)
    facts = {
        "at": entry.at,
        "step": step,
        "who": Typed(f" · {name}") if name else "",
        "remark": Words("issue.remark", {"text": Typed(remark)}) if remark else "",
    }
    return Words("issue.timeline_line", facts)
