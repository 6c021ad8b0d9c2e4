"""Issue card 报事卡: how an issue is shown, to a group and to each of those concerned."""

from collections.abc import Collection
from datetime import datetime

from domain import issues as rules
from domain.issues import Issue, Party, Step
from domain.moments import Moment
from domain.people import Ability, Actor
from domain.text import shortened
from handlers.authors import author_words
from handlers.forwarding import forward_row
from handlers.messages import Reply, Row, Series, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from handlers.topic_kinds import meetings_for
from storage.unit import Unit


@card("issue")
async def issue_card(unit: Unit, issue_id: int, viewer: Actor | None) -> Reply:
    """How an issue stands; a group sees masked flats, those concerned see who and where."""
    issue = await unit.issues.by_id(issue_id)
    place = await unit.places.get(issue.place_id)
    photos = await unit.issues.photos_of(issue.id)
    talked = tuple(await unit.topics.meetings_of(issue))
    facts = {
        "label": issue.label,
        "state": issue.state,
        "text": said(issue, 300),
        "place": place.name,
        "reporter": await _reporter(unit, issue, viewer),
        "at": issue.reported_at,
        "who": await who_handles(unit, issue),
        "due": _due(issue, unit.now),
        "talked": Words("issue.talked", {"meetings": Series(talked)}) if talked else None,
        "seconds": _seconds(issue),
        "photos": Words("issue.photos", {"count": len(photos)}) if photos else None,
    }
    rows = card_buttons(issue, viewer)
    if issue.state in rules.OPEN:
        rows = (*rows, *await _topic_row(unit, issue, viewer, talked), *forward_row(viewer, issue))
    return Reply("issue.card", facts, rows, photos[0] if photos else None)


async def _topic_row(
    unit: Unit, issue: Issue, viewer: Actor | None, talked: Collection[str]
) -> tuple[Row, ...]:
    """For whoever convenes a meeting to come at which it is not yet to be talked over."""
    if viewer is None or not viewer.can(Ability.CALL_MEETING, at=issue.path):
        return ()
    if all(m.label in talked for m in await meetings_for(unit, issue.path, viewer)):
        return ()
    return ((button(REGISTRY.commands["totopic"].handler, number=carried(issue)),),)


def card_buttons(issue: Issue, viewer: Actor | None) -> tuple[Row, ...]:
    """Buttons from the table of moves: for a group, or for one viewer."""
    steps = rules.group_steps(issue)
    if viewer is not None:
        steps = rules.steps_for(issue, rules.parties(issue, viewer))
    commands = [REGISTRY.commands[step] for step in steps if step is not Step.AMEND]
    buttons = [
        button(command.handler, number=carried(issue))
        for command in commands
        if viewer is None or viewer.can(command.may)
    ]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


_TOLD_WHO = frozenset({Party.REPORTER, Party.ASSIGNEE, Party.WORKER, Party.DISPATCHER})
"""Who reads name and door of whoever reported: those who have to go there. Neighbours do not."""


def said(issue: Issue, limit: int) -> Words | Typed:
    """What was reported, on one line; a picture may have said it all."""
    return Typed(shortened(issue.text, limit)) if issue.text else Words("issue.only_photo")


async def _reporter(unit: Unit, issue: Issue, viewer: Actor | None) -> Words:
    for_whom = await unit.places.get(issue.household_id) if issue.household_id else None
    is_told = viewer is not None and bool(rules.parties(issue, viewer) & _TOLD_WHO)
    return await author_words(
        unit, issue.reporter_id, issue.path, is_told=is_told, for_whom=for_whom
    )


def _due(issue: Issue, now: datetime) -> Words | None:
    """The day that a meeting agreed on, as long as it counts."""
    if issue.due_at is None or issue.state not in rules.OPEN:
        return None
    key = "issue.overdue" if issue.is_overdue(now) else "issue.due"
    return Words(key, {"at": Moment(issue.due_at, has_hour=False)})


def _seconds(issue: Issue) -> Words | None:
    if not issue.seconders:
        return None
    key = "issue.common" if issue.is_common else "issue.seconds"
    return Words(key, {"count": len(issue.seconders)})


async def who_handles(unit: Unit, issue: Issue) -> Typed | None:
    """Name of the person, else of the squad, that has it; None before dispatch."""
    if issue.handler_id is not None:
        return Typed((await unit.people.names([issue.handler_id]))[issue.handler_id])
    if issue.squad_id is not None:
        return Typed(await unit.places.squad_name(issue.squad_id))
    return None
