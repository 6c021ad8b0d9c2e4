"""Conventions 公约: the one in force, shown at any time; and a new one's clauses collected."""

from dataclasses import replace
from datetime import datetime

from domain import conventions as rules
from domain.conventions import Convention, ConventionState
from domain.people import Ability
from domain.places import within
from domain.text import cleaned
from handlers.ask import CANCEL_ROW, Ask
from handlers.convention_card import in_force_reply
from handlers.convention_kinds import ConventionName, ConventionNumber
from handlers.kinds import FreeText
from handlers.labels import labelled
from handlers.messages import Reply, Row, Typed, Words
from handlers.moments import closing_time
from handlers.numbers import carried
from handlers.registry import button, command, press
from storage.outbox import Priority

END = "convention.end"
"""The deadline at which no more clauses come in."""


@command(
    "公约", "convention", may=Ability.SEE_ISSUES, section="conventions", everyday=("convention",)
)
async def convention(
    ask: Ask, name: ConventionName | None = None, closes: FreeText | None = None
) -> Reply | None:
    """The convention in force here; with a name, staff begin to collect clauses for a new one."""
    if name is None:
        return await _in_force(ask)
    label = labelled(name)
    if label is not None:
        shown: Reply | None = await show(ask, label[1]["number"])
        return shown
    if not ask.actor.can(Ability.OPEN_MOTION, at=ask.here.path):
        raise await ask.not_allowed(Words("button.collect"), Ability.OPEN_MOTION)
    if closes is None:
        return await ask.question(collect, {"name": name}, "closes", Words("ask.collect.closes"))
    read_back: Reply = await collect(ask, name, closes)
    return read_back


async def _in_force(ask: Ask) -> Reply:
    """What is in force here, in full where it is one; and what is being made."""
    in_force = await _of_here(ask, await ask.unit.conventions.in_force_for(ask.actor))
    live = await _of_here(ask, await ask.unit.conventions.live_for(ask.actor))
    if len(in_force) == 1 and not live:
        return await in_force_reply(ask.unit, in_force[0])
    if not in_force and not live:
        is_leader = ask.actor.can(Ability.OPEN_MOTION)
        return Reply("convention.none", {"how": Words("convention.how") if is_leader else None})
    return _listed([*in_force, *live])


async def _of_here(ask: Ask, found: list[Convention]) -> list[Convention]:
    return [one for one in found if is_of_here(ask, one.path)]


def is_of_here(ask: Ask, path: str) -> bool:
    """Whether this chat may read of it; an estate's convention holds in each building's group."""
    holds_here = ask.place is not None and within(ask.place.path, path)
    return holds_here or ask.is_of_here(path)


def _listed(found: list[Convention]) -> Reply:
    lines = [
        Words("convention.line", {"label": c.label, "name": Typed(c.name), "state": c.state})
        for c in found
    ]
    rows: tuple[Row, ...] = tuple(
        (button(show, Typed(f"{c.label} {c.name}"), number=carried(c)),) for c in found
    )
    return Reply("convention.list", {"lines": lines}, rows)


@press("showconvention", may=Ability.SEE_ISSUES)
async def show(ask: Ask, number: ConventionNumber) -> Reply | None:
    """A convention: in force its text, before that its card; a group sees what holds there."""
    found = await ask.convention(number)
    if found.state in {ConventionState.IN_FORCE, ConventionState.REPLACED}:
        reply = await in_force_reply(ask.unit, found)
        return reply if is_of_here(ask, found.path) else replace(reply, is_private=True)
    if not is_of_here(ask, found.path):
        tell = ask.tell.person_card(ask.actor.id, "convention", found.id, Priority.ANSWER)
        return Reply("look_private" if await tell else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    thread = ask.incoming.thread
    await ask.tell.card(ask.chat, "convention", found.id, viewer=viewer, thread=thread)
    return None


@press("collect", may=Ability.OPEN_MOTION, only_confirmed=True)
async def collect(ask: Ask, name: ConventionName, closes: FreeText) -> Reply:
    """Read back what clauses are collected for, and until when."""
    closes_at = await closing_time(ask, collect, closes, {"name": name}, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    made = _made(ask, name, closes_at)
    older = await ask.unit.conventions.in_force_named(made.name, made.place_id)
    yes = await ask.confirm(start, {"name": name, "closes": closes_at.isoformat()})
    facts = {
        "name": Typed(made.name),
        "place": ask.here.name,
        "at": made.closes_at,
        "older": Words("convention.replaces") if older else None,
    }
    return Reply("convention.read_back", facts, ((yes,), CANCEL_ROW))


def _made(ask: Ask, name: str, closes_at: datetime) -> Convention:
    return Convention(
        id=0,
        community_id=ask.tenant.id,
        number=0,
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        name=cleaned(name),
        started_at=ask.now,
        changed_at=ask.now,
        closes_at=rules.checked_end(closes_at, ask.now),
    )


@press("collectopen", may=Ability.OPEN_MOTION, only_confirmed=True)
async def start(ask: Ask, name: FreeText, closes: FreeText) -> None:
    """Begin to collect: a card in every group of the place."""
    made = _made(ask, name, datetime.fromisoformat(closes))
    if not ask.actor.can(Ability.OPEN_MOTION, at=made.path):
        raise await ask.not_allowed(Words("button.collect"), Ability.OPEN_MOTION)
    number = await ask.unit.places.next_number(ask.tenant.id, "convention")
    made = await ask.unit.conventions.add(replace(made, number=number))
    await ask.unit.deadlines.set(END, made.id, made.closes_at)
    viewer = ask.actor if ask.chat.is_private else None
    thread = ask.incoming.thread
    await ask.tell.card(ask.chat, "convention", made.id, viewer=viewer, thread=thread)
    await ask.tell.cards_below(made.path, "convention", made.id, but=ask.chat.id)
