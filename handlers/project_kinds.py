"""Arguments of projects 微创投参数: sums, steps and lines by number, and which project is meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from domain.money import amount_in
from domain.projects import Project, ProjectStep, check, steps_for
from domain.proposals import Proposal
from domain.refusal import Refusal
from domain.text import MAX_WORDS, cleaned, shortened, whole_number
from handlers.ask import Ask
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried, checked
from handlers.proposal_kinds import is_of_here
from handlers.registry import Handler
from handlers.slots import Kind
from handlers.welcome import private_button

_N: Final = r"([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})"
_NAMED: Final = re.compile(
    rf"\s*(?:提?议|proposal)\s*#?\s*{_N}(?![0-9０-９一二三四五六七八九十百两千万亿元块.．])号?[\s,，:：。.、]*"
)
_BEFORE_MORE: Final = re.compile(r"\s*#?([0-9０-９]{1,9})\s+(?=[¥￥0-9０-９])")
_ALONE: Final = re.compile(rf"\s*#?{_N}号?\s*")
_STEP: Final = re.compile(
    rf"\s*(?:第\s*{_N}\s*步?|{_N}\s*(?:步|(?=[\s,，:：.、]|$)))[\s,，:：。.、]*"
)
_LINE: Final = re.compile(rf"\s*(?:第|#)?\s*{_N}\s*(?:笔|(?=[\s,，:：.、]|$))[\s,，:：。.、]*")


def _named(text: str) -> tuple[str, str]:
    """议1 before a sum; a bare number only where another follows it."""
    return _cut(_NAMED.match(text) or _BEFORE_MORE.match(text), text, "proposal_number_unclear")


def _numbered(text: str) -> tuple[str, str]:
    """议1, or a number that stands alone."""
    return _cut(_NAMED.match(text) or _ALONE.fullmatch(text), text, "proposal_number_unclear")


def _cut(found: re.Match[str] | None, text: str, key: str) -> tuple[str, str]:
    said = next((part for part in found.groups() if part), "") if found else ""
    number = whole_number(said) if said else None
    if found is None or not number:
        raise Refusal(key)
    return str(number), text[found.end() :]


def _step(text: str) -> tuple[int, str]:
    number, rest = _cut(_STEP.match(text), text, "milestone_number_unclear")
    return int(number), rest


def _line(text: str) -> tuple[int, str]:
    number, rest = _cut(_LINE.match(text), text, "line_number_unclear")
    return int(number), rest


def _whole(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
        raise ValueError("no number")
    return int(text)


def _words(text: str) -> tuple[str, str]:
    words = cleaned(text)
    if len(words) > MAX_WORDS:
        raise Refusal("too_long", length=len(words), limit=MAX_WORDS)
    return words, ""


def _nothing(text: str) -> tuple[Any, str]:
    raise Refusal("unclear")


Money = Annotated[int, Kind("money", amount_in, unpack=_whole, is_number=True)]
"""128.5元, 一百二十块, ¥3,000; the value is in fen."""
NamedNumber = Annotated[str, Kind("project_number", _named, unpack=checked, is_number=True)]
"""议1 before a sum, so that 3000元 is not taken for a number; else as ``ProposalNumber``."""
ProjectNumber = Annotated[str, Kind("project_number", _numbered, unpack=checked, is_number=True)]
"""议1, or 1 alone."""
StepNumber = Annotated[int, Kind("milestone_number", _step, unpack=_whole, is_number=True)]
"""第2步, or 2."""
LineNumber = Annotated[int, Kind("line_number", _line, unpack=_whole, is_number=True)]
"""第3笔, or 3."""
PlanWords = Annotated[str, Kind("project_words", _words)]
"""Words of an application, which may be said again where they do not fit."""
Kept = Annotated[Mapping[str, Any], Kind("kept", _nothing, is_tap_only=True)]
"""What a draft keeps until its yes; nobody types it and no button carries it."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A proposal and its money, which this unit holds."""

    proposal: Proposal
    project: Project

    @property
    def title(self) -> Typed:
        """What it is called: the first line of its text, without the sum that was voted on."""
        first = self.proposal.text.partition("\n")[0]
        return Typed(shortened(first.rpartition("（")[0] or first, 30))


async def project_meant(
    ask: Ask, step: ProjectStep, handler: Handler, known: Mapping[str, Any]
) -> Meant | Reply:
    """The project of ``known["number"]``; without one, the one with which the asker can do that.

    Another building's group reads nothing of its money.

    Raises:
        Refusal: ``project_none`` where there is no such, or why it may not be done.
    """
    if not known.get("number"):
        fitting = await _fitting(ask, step)
        if not fitting:
            raise Refusal("project_none")
        if len(fitting) > 1:
            return await which_project(ask, handler, known, fitting)
        known = {"number": carried(fitting[0])}
    proposal = await ask.proposal(known["number"])
    if not is_of_here(ask, proposal.path):
        return Reply("only_private", buttons=((private_button(),),))
    project = await ask.unit.projects.held(proposal)
    check(project, step, ask.actor)
    return Meant(proposal, project)


async def _fitting(ask: Ask, step: ProjectStep) -> list[Proposal]:
    """Projects that can be named here with which the asker may take the step."""
    return [
        proposal
        for proposal in await near_proposals(ask)
        if ask.is_of_here(proposal.path)
        and step in steps_for(await ask.unit.projects.of(proposal), ask.actor)
    ]


async def near_proposals(ask: Ask) -> list[Proposal]:
    """Proposals whose money concerns the asker."""
    near = await ask.unit.projects.near(ask.actor)
    return [await ask.unit.proposals.by_id(proposal_id) for proposal_id in near]


async def which_project(
    ask: Ask, handler: Handler, known: Mapping[str, Any], proposals: Sequence[Proposal]
) -> Reply:
    """Ask which of several is meant, one tap each."""
    offered = [
        Button(Typed(f"{one.label} {shortened(one.text, 10)}"), f"={carried(one)}")
        for one in proposals
    ]
    return await ask.question(handler, known, "number", Words("ask.project_number"), offered)
