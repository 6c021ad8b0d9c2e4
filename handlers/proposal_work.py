"""Carrying out 办理: what, who, until when; read back, then a report with an owner and a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain import decisions
from domain import proposal_life as life
from domain import proposals as rules
from domain.people import Ability
from domain.proposals import Proposal, ProposalStep
from handlers.agenda import day
from handlers.ask import CANCEL_ROW, Ask
from handlers.decision_owners import Owner, offered_owners, owner_meant
from handlers.decision_reports import Agreed, new_report
from handlers.due_days import day_meant
from handlers.issues import cards_to_workers
from handlers.kinds import Assignee
from handlers.messages import Reply, Typed, Words
from handlers.namesakes import which_one
from handlers.numbers import carried
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_motions import stand_at_proposal
from handlers.proposal_results import DEADLINE
from handlers.proposal_telling import save
from handlers.registry import button, command, press
from handlers.topic_kinds import Line


@command(
    "办理",
    "carryout",
    may=Ability.LEAD_PROPOSAL,
    section="proposals",
    where="private",
    everyday=("办理",),
)
async def carry_out(
    ask: Ask,
    number: ProposalNumber,
    what: Line | None = None,
    owner: Assignee | None = None,
    until: Line | None = None,
) -> Reply:
    """Give out a task of a proposal that passed; who and until when is asked, then read back."""
    found = await _passed(ask, number)
    known = {"number": carried(found), "what": what, "owner": owner}
    if not what:
        return await ask.question(carry_out, known, "what", Words("ask.carryout.what"))
    decisions.checked_decision(what)
    if not owner:
        offered = await offered_owners(ask, found)
        return await ask.question(carry_out, known, "owner", Words("ask.decide.owner"), offered)
    doer = await owner_meant(ask, found, owner)
    if len(doer.people) > 1:
        return await which_one(ask, carry_out, {**known, "owner": None}, "owner", doer.people)
    due_at = await day_meant(ask, carry_out, known, until)
    return due_at if isinstance(due_at, Reply) else await _read_back(ask, known, doer, due_at)


async def _passed(ask: Ask, number: str) -> Proposal:
    found = await stand_at_proposal(ask, number)
    rules.moved(found, ProposalStep.ASSIGN, by=ask.actor, now=ask.now)
    return found


async def _read_back(ask: Ask, known: Mapping[str, Any], doer: Owner, due_at: datetime) -> Reply:
    yes = await ask.confirm(given, {**known, "until": due_at.isoformat()})
    facts = {"text": Typed(known["what"]), "who": doer.words, "at": day(due_at)}
    return Reply("decision.read_back", facts, ((yes,), CANCEL_ROW))


@press("taskgiven", may=Ability.LEAD_PROPOSAL, only_confirmed=True)
async def given(
    ask: Ask, number: ProposalNumber, what: Line, owner: Assignee, until: Line
) -> Reply:
    """Make a report of it; those behind the proposal stand behind it, and will verify it."""
    found = await _passed(ask, number)
    doer = await owner_meant(ask, found, owner)
    due_at = decisions.checked_due(datetime.fromisoformat(until), ask.now)
    issue = await new_report(ask, found, Agreed(what, doer, due_at, None), found.behind)
    await ask.unit.proposal_tasks.add(found, issue, by=ask.actor.id, now=ask.now)
    await ask.unit.deadlines.drop(DEADLINE, found.id)
    await ask.unit.proposal_tasks.forget_ratings(found)
    await save(ask, life.assigned(found, by=ask.actor, now=ask.now), ProposalStep.ASSIGN)
    is_told = await cards_to_workers(ask, issue)
    key = "decision.made" if is_told else "decision.made_untold"
    facts = {"label": issue.label, "who": doer.words, "at": day(due_at)}
    more = button(carry_out, "button.carryout_more", number=carried(found))
    return Reply(key, facts, ((more,),))
