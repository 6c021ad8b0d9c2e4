"""Arguments of proposals 提议参数: numbers like 议1, alone or beside those of reports."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from domain.places import within
from domain.proposals import Proposal, ProposalStep, stakes, steps_for
from domain.refusal import Refusal
from domain.text import shortened, whole_number
from handlers.kinds import ISSUE_NUMBER
from handlers.messages import Button, Reply, Typed
from handlers.numbers import carried, checked
from handlers.registry import REGISTRY
from handlers.slots import Kind

if TYPE_CHECKING:
    from handlers.ask import Ask

_NUMBER: Final = r"\s*#?\s*([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})(?![千万亿])号?\s*"
_LABEL = re.compile(rf"\s*(?:提?议|proposal|no\.?|#|第)?{_NUMBER}")
_NAMED = re.compile(rf"\s*(?:提?议|proposal){_NUMBER}", re.IGNORECASE)
_MARK: Final = "议"
"""What the number of a proposal begins with where a report's could stand as well."""
_OFFERED: Final = 5
STEPS: Final[Mapping[str, ProposalStep]] = {
    "second": ProposalStep.SECOND,
    "secondproposal": ProposalStep.SECOND,
    "deliberate": ProposalStep.LIST,
    "talked": ProposalStep.TALK,
    "declineproposal": ProposalStep.DECLINE,
    "escalate": ProposalStep.LIFT,
    "liftproposal": ProposalStep.LIFT,
    "moveproposal": ProposalStep.MOVE,
    "resolve": ProposalStep.RESOLVE,
    "carryout": ProposalStep.ASSIGN,
    "withdraw": ProposalStep.WITHDRAW,
    "withdrawproposal": ProposalStep.WITHDRAW,
}
"""Command → the step that it takes."""


def _number(text: str) -> tuple[str, str]:
    return _cut(_LABEL, text)


def _cut(label: re.Pattern[str], text: str) -> tuple[str, str]:
    found = label.match(text)
    number = whole_number(found[1]) if found else None
    if found is None or number is None or number < 1:
        raise Refusal("proposal_number_unclear")
    return str(number), text[found.end() :].lstrip(" ,，:：。.、")


async def _offered(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    """Proposals with which the asker may do that now; a tap is easier than a number."""
    live = await ask.unit.proposals.live_for(ask.actor)
    fitting = [one for one in live if _takes(one, code, ask)][:_OFFERED]
    return [_button(one, f"={carried(one)}") for one in fitting]


def _takes(proposal: Proposal, code: str, ask: "Ask") -> bool:
    step = STEPS.get(code)
    can = step is None or step in steps_for(proposal, stakes(proposal, ask.actor))
    return can and is_of_here(ask, proposal.path)


def _button(proposal: Proposal, call: str) -> Button:
    return Button(Typed(f"{proposal.label} {shortened(proposal.text, 10)}"), call)


def _matter(text: str) -> tuple[str, str]:
    """The number of a report, or of a proposal that is called so."""
    try:
        number, rest = _cut(_NAMED, text)
    except Refusal:
        value, rest = ISSUE_NUMBER.parse(text)
        return str(value), rest
    return f"{_MARK}{number}", rest


def _checked_matter(text: str) -> str:
    mark = _MARK if text.startswith(_MARK) else ""
    return mark + checked(text.removeprefix(_MARK))


async def _matters(ask: "Ask", code: str, args: Mapping[str, Any]) -> list[Button]:
    assert ISSUE_NUMBER.choices is not None
    issues = await ISSUE_NUMBER.choices(ask, code, args)
    live = await ask.unit.proposals.live_for(ask.actor)
    fitting = [one for one in live if _takes(one, code, ask)][:_OFFERED]
    return [*issues, *(_button(one, f"={_MARK}{carried(one)}") for one in fitting)]


def proposal_in(matter: str) -> str | None:
    """The proposal's number where a matter is one; None of a report."""
    return matter.removeprefix(_MARK) if matter.startswith(_MARK) else None


async def handed_on(code: str, ask: "Ask", number: str, *said: str) -> Reply:
    """What the command for proposals answers, where a word is said of both."""
    reply: Reply = await REGISTRY.commands[code].handler(ask, number, *said)
    return reply


def is_of_here(ask: "Ask", path: str) -> bool:
    """Whether this chat may read of it; one of an estate concerns the groups of its buildings."""
    runs_here = ask.place is not None and within(ask.place.path, path)
    return runs_here or ask.is_of_here(path)


ProposalNumber = Annotated[
    str, Kind("proposal_number", _number, unpack=checked, choices=_offered, is_number=True)
]
"""议1, 1, #1, 一; the value is ``1``, of a button ``1.<community>``."""
MatterNumber = Annotated[
    str, Kind("issue_number", _matter, unpack=_checked_matter, choices=_matters, is_number=True)
]
"""报1 as ``IssueNumber``, or 议1, whose value is ``议1``."""
