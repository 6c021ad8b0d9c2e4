"""Results of proposals 评议: all tasks are done, those behind it say how it turned out."""

from collections.abc import Mapping
from typing import Final

from domain import proposal_life as life
from domain import ratings
from domain.issues import Issue, State
from domain.people import Ability
from domain.proposals import EVALUATE_WITHIN, Proposal, ProposalKind, ProposalStep
from domain.ratings import FEWEST_SHOWN, Rating
from domain.text import shortened
from handlers.ask import Ask, Tick
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_telling import follow, told
from handlers.registry import button, due, press
from handlers.telling import Teller
from handlers.topic_kinds import RatingWord
from storage.unit import Unit

DEADLINE: Final = "proposal.close"
_TELLING: Final = life.CLOSED | {State.REOPENED}
"""States of a task that change how many are done; other steps of it change nothing here."""


async def task_changed(unit: Unit, tell: Teller, issue: Issue) -> None:
    """A report took a step; if it carries out a proposal, that may be done, or not after all."""
    found = await unit.proposal_tasks.carried_by(issue) if issue.state in _TELLING else None
    if found is None:
        return
    tasks = await unit.proposal_tasks.of(found)
    step = life.after_task(found, tasks)
    if step is ProposalStep.FINISH and not await unit.projects.is_running(found):
        await _ask_those_behind(unit, tell, found)
    elif step is ProposalStep.RESUME:
        await unit.deadlines.drop(DEADLINE, found.id)
        await unit.proposal_tasks.forget_ratings(found)
        await follow(unit, tell, life.resumed(found, now=unit.now), step)
    elif await _has_no_money(unit, found) and life.is_dropped(tasks):
        await follow(unit, tell, life.dropped(found, now=unit.now), ProposalStep.DROP)
    else:
        await tell.refresh("proposal", found.id)


async def _has_no_money(unit: Unit, found: Proposal) -> bool:
    """Whether it is a project that ended without any, while a task was still to be done."""
    is_project = found.kind is ProposalKind.PROJECT and life.follows(found, ProposalStep.DROP)
    project = await unit.projects.of(found) if is_project else None
    return project is not None and bool(project.settled_at) and project.granted_at is None


async def money_settled(unit: Unit, tell: Teller, found: Proposal) -> None:
    """The book of a project is closed; with its tasks, if it had any, it is carried out."""
    found = await unit.proposals.hold(found.id)
    tasks = await unit.proposal_tasks.of(found)
    if life.follows(found, ProposalStep.FINISH) and life.is_settled(tasks):
        await _ask_those_behind(unit, tell, found)


async def money_refused(unit: Unit, tell: Teller, found: Proposal) -> None:
    """A project ended without money: it is dropped, unless its tasks carry it out without."""
    found = await unit.proposals.hold(found.id)
    tasks = await unit.proposal_tasks.of(found)
    if life.follows(found, ProposalStep.DROP) and life.is_dropped(tasks):
        await follow(unit, tell, life.dropped(found, now=unit.now), ProposalStep.DROP)
    elif life.after_task(found, tasks) is ProposalStep.FINISH:
        await _ask_those_behind(unit, tell, found)


async def _ask_those_behind(unit: Unit, tell: Teller, found: Proposal) -> None:
    after = life.finished(found, now=unit.now)
    await follow(unit, tell, after, ProposalStep.FINISH)
    until = unit.now + EVALUATE_WITHIN
    await unit.deadlines.set(DEADLINE, found.id, until)
    word = told("done", after, rating_row(after), at=until)
    await tell.people(await evaluators_of(unit, after), word)


async def evaluators_of(unit: Unit, found: Proposal) -> frozenset[int]:
    """Who says how it turned out: never whoever did the work or spent the money."""
    tasks = await unit.proposal_tasks.of(found)
    return life.evaluators(found, tasks, await unit.projects.runners(found))


def rating_row(found: Proposal) -> Row:
    """One tap for how it turned out."""
    return tuple(button(rate, f"rating.{one}", number=carried(found), rating=one) for one in Rating)


@press("rateproposal", may=Ability.SECOND_ISSUE)
async def rate(ask: Ask, number: ProposalNumber, rating: RatingWord) -> Reply:
    """Say how it turned out; another tap before the end changes it."""
    found = await ask.proposal(number)
    life.check_evaluates(found, await evaluators_of(ask.unit, found), ask.actor, ask.now)
    await ask.unit.proposal_tasks.rate(found, ask.actor.id, Rating(rating), ask.now)
    facts = {"rating": Rating(rating), "at": found.evaluate_until}
    return Reply("proposal.rated", facts, is_brief=True)


@due(DEADLINE)
async def close_on_time(tick: Tick, proposal_id: int, facts: Mapping[str, str]) -> None:
    """The time to say how it turned out is over; everybody of the place reads the counts."""
    unit = tick.unit
    found = await unit.proposals.by_id(proposal_id)
    until = found.evaluate_until
    if not life.follows(found, ProposalStep.CLOSE) or until is None or until > unit.now:
        return
    tell = await tick.tell(found.community_id)
    if await tell.puts_off(DEADLINE, proposal_id, facts):
        return
    after = life.evaluated(found, now=unit.now)
    await follow(unit, tell, after, ProposalStep.CLOSE)
    words = {
        "label": found.label,
        "text": Typed(shortened(found.text, 40)),
        "counts": await count_words(unit, found),
    }
    await tell.groups_below(found.path, Reply("proposal.evaluated", words))


async def count_words(unit: Unit, found: Proposal) -> Words:
    """How often each was said, and how many said nothing, who are never counted as content."""
    given = await unit.proposal_tasks.ratings(found)
    asked = await evaluators_of(unit, found)
    facts = {"answers": len(given), "silent": max(len(asked) - len(given), 0)}
    counted = ratings.tally(given)
    if counted is None:
        return Words("proposal.few_rated", {**facts, "least": FEWEST_SHOWN})
    sums = Words("rating.line", {str(one): n for one, n in counted.items()})
    return Words("proposal.counts", {**facts, "sums": sums})
