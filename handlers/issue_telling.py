"""Telling of issues 报事告知: who is told of a step; every card shows it by itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from domain.issues import Issue, Step
from domain.people import Role
from domain.text import shortened
from handlers.ask import Ask
from handlers.issue_card import said
from handlers.messages import Reply, Typed
from handlers.numbers import carried
from handlers.proposal_results import task_changed
from handlers.registry import REGISTRY, button
from storage.unit import Unit

TOLD_FIRST: Final = (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.COMMITTEE)
"""Who answers first for a building 小事不出楼; the nearest level that has anybody."""
MAX_REMARK: Final = 200
"""Of a remark, so many characters are told; all of it stands in the timeline."""


async def save(
    ask: Ask, issue: Issue, step: Step, *, remark: str | None = None, photos: Sequence[int] = ()
) -> None:
    """Store the step and let every card show it."""
    await ask.unit.issues.save(issue, step, by=ask.actor, remark=remark, photos=photos)
    await ask.tell.refresh("issue", issue.id)
    await ask.tell.refresh("meeting", *await ask.unit.minutes.meetings_showing(issue))
    await ask.tell.refresh_digests(issue.path)
    await task_changed(ask.unit, ask.tell, issue)


async def concerned(unit: Unit, issue: Issue) -> list[int]:
    """Those who may verify: reporter, the household reported for, seconders; never the worker."""
    people = {issue.reporter_id, *issue.seconders}
    if issue.household_id is not None:
        people |= {*await unit.people.holding(Role.RESIDENT, [issue.household_id])}
    return sorted(people - {issue.handler_id or 0})


async def workers(unit: Unit, issue: Issue) -> list[int]:
    """Those who have it: the person, else everybody of the squad."""
    if issue.handler_id is not None:
        return [issue.handler_id]
    return await unit.places.squad_members(issue.squad_id) if issue.squad_id else []


async def dispatchers(ask: Ask, issue: Issue) -> list[int]:
    """Who dispatches at the issue's level; above the grid that is the committee or the street."""
    return await ask.tell.staff(issue.level_path, *TOLD_FIRST, Role.STREET_STAFF)


async def tell_reporter(ask: Ask, issue: Issue, key: str, facts: Mapping[str, Any]) -> None:
    """A private word to whoever reported it, unless they took the step themselves."""
    if issue.reporter_id != ask.actor.id:
        await ask.tell.person(issue.reporter_id, told(key, issue, **facts))


def told(key: str, issue: Issue, *steps: Step, **facts: Any) -> Reply:
    """What others are told of a step, with the buttons of the steps that are theirs now."""
    row = tuple(button(REGISTRY.commands[step].handler, number=carried(issue)) for step in steps)
    rows = (row,) if row else ()
    return Reply(f"issue.told.{key}", {"label": issue.label, **facts}, rows, is_once=True)


def done(key: str, issue: Issue, **facts: Any) -> Reply:
    """What whoever took the step reads."""
    return Reply(f"issue.{key}", {"label": issue.label, **facts}, is_brief=True)


def remark(words: str) -> Typed | None:
    """What somebody said about a step, as it is told; None where a picture says it."""
    return Typed(shortened(words, MAX_REMARK)) if words else None


def verify_question(issue: Issue, words: str | None, photos: Sequence[int] = ()) -> Reply:
    """Whether it is fixed; ``words`` are the worker's, None asks once more."""
    key = "finished" if words is not None else "still_waiting"
    asked = told(key, issue, Step.VERIFY, Step.REOPEN, text=said(issue, 60))
    facts = {**asked.facts, "words": remark(words or "")}
    return replace(asked, facts=facts, photo_id=photos[0] if photos else None)
