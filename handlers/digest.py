"""Digest 日报: one message a day that replaces a form, edited as things get done."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Final

from domain.digest import Digest, Period, digested, next_at
from domain.issues import Issue
from domain.people import Ability, Actor, Role
from domain.polls import Poll
from domain.text import shortened
from handlers.ask import Ask, Tick
from handlers.messages import Button, Reply, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card, command, due
from storage.joining import JoinRequest
from storage.outbox import Priority
from storage.unit import Unit

SHOWN: Final = 3
"""Lines of one section; the rest is a number, and a tap away in the list."""
_PER_ROW: Final = 3


@command("日报", "digest", may=Ability.READ_DIGEST, section="duty", where="private")
async def digest(ask: Ask) -> None:
    """What is new, overdue, unverified or waiting in my places, now."""
    await ask.tell.card(ask.chat, "digest", ask.actor.id, viewer=ask.actor)


async def schedule(unit: Unit, community_id: int) -> None:
    """Set the community's next digest; there is never more than one."""
    community = await unit.places.community(community_id)
    await unit.deadlines.drop("digest.daily", community_id)
    at = next_at(community.digest_at, community.hours.zone, unit.now)
    await unit.deadlines.set("digest.daily", community_id, at)


@due("digest.daily", recurs=schedule)
async def send_digests(tick: Tick, community_id: int, facts: Mapping[str, str]) -> None:
    """Send every grid worker of a community their day, and come back tomorrow."""
    tell = await tick.tell(community_id)
    await schedule(tick.unit, community_id)
    for worker_id in await tick.unit.people.of_community(Role.GRID_WORKER, community_id):
        await tell.person_card(worker_id, "digest", worker_id, Priority.DIGEST)


@card("digest")
async def digest_card(unit: Unit, person_id: int, viewer: Actor | None) -> Reply:
    """A worker's day; nothing to tell is one line."""
    actor = viewer or await unit.people.actor(person_id)
    paths = sorted({g.path for g in actor.grants if g.allows(Ability.READ_DIGEST, g.path)})
    found = digested(await unit.issues.unsettled(paths), Period.DAY, unit.now)
    newcomers = await unit.joining.waiting(paths)
    polls = [p for p in await unit.polls.open_for(actor) if p.closes_at - unit.now <= _TODAY]
    sections = _sections(found, polls, newcomers)
    if not sections:
        return Reply("digest.nothing", {"at": unit.now}, ())
    buttons = _buttons(found, polls, newcomers)
    rows = tuple(tuple(buttons[i : i + _PER_ROW]) for i in range(0, len(buttons), _PER_ROW))
    return Reply("digest.page", {"at": unit.now, "sections": sections}, rows)


_TODAY: Final = timedelta(days=1)


def _sections(
    found: Digest, polls: Sequence[Poll], newcomers: Sequence[JoinRequest]
) -> list[Words]:
    issues = {part.name: getattr(found, part.name) for part in fields(Digest)}
    sections = [_section(name, [_issue(i) for i in listed]) for name, listed in issues.items()]
    sections.append(_section("polls", [_poll(p) for p in polls]))
    sections.append(_section("newcomers", [_newcomer(r) for r in newcomers]))
    return [section for section in sections if section is not None]


def _section(name: str, lines: Sequence[Words]) -> Words | None:
    if not lines:
        return None
    facts = {"count": len(lines), "lines": list(lines[:SHOWN])}
    return Words(f"digest.{name}", facts)


def _issue(issue: Issue) -> Words:
    text = Typed(shortened(issue.text, 20))
    return Words("digest.issue", {"label": issue.label, "text": text, "state": issue.state})


def _poll(poll: Poll) -> Words:
    text = Typed(shortened(poll.question, 20))
    return Words("digest.poll", {"label": poll.label, "text": text, "at": poll.closes_at})


def _newcomer(request: JoinRequest) -> Words:
    return Words("digest.newcomer", {"name": Typed(request.name), "flat": request.flat})


def _buttons(
    found: Digest, polls: Sequence[Poll], newcomers: Sequence[JoinRequest]
) -> list[Button]:
    """A button for each line that is shown."""
    show, admit, poll = (REGISTRY.commands[code].handler for code in ("show", "admit", "showpoll"))
    listed = [issue for part in fields(Digest) for issue in getattr(found, part.name)[:SHOWN]]
    return [
        *(button(show, Typed(issue.label), number=carried(issue)) for issue in listed),
        *(button(poll, Typed(p.label), number=carried(p)) for p in polls[:SHOWN]),
        *(
            button(admit, Words("button.admit_name", {"name": Typed(r.name)}), request=r.id, yes=1)
            for r in newcomers[:SHOWN]
        ),
    ]
