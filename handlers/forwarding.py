"""Forwarding 转发: short texts with a link, for the groups in WeChat where no bot may be."""

import secrets
from collections.abc import Sequence
from typing import Final

from domain.forwards import Forward, Forwarded, open_until
from domain.moments import Moment
from domain.people import Ability, Actor
from domain.places import Place, ancestors
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.forward_day import day_items, day_place, days_below, offered_items
from handlers.forward_kinds import KINDS, LETTERS, UNCLEAR, LinkToken, Thing, ThingLabel
from handlers.forward_texts import TEXTS, Text
from handlers.kinds import Id
from handlers.messages import COPY, Button, Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, command, press
from storage.unit import Unit

_TOKEN_BYTES: Final = 8
"""Of chance in a link; it opens what the building's group reads, for a while."""


@command("转发", "forward", may=Ability.FORWARD, section="office", where="private")
async def forward(ask: Ask, what: ThingLabel | None = None) -> Reply:
    """A short text with a link, to be copied into a WeChat group; without a label, today's."""
    if what is None:
        return await _day_here(ask)
    if what == UNCLEAR:
        items = await offered_items(ask.unit, ask.actor)
        rows = tuple((button(forward, item.name, what=item.what),) for item in items)
        return Reply("forward.not_understood" if items else "forward.nothing", {}, rows)
    return await _told(ask, await TEXTS[KINDS[what[0]]](ask, what[1:]))


def forward_row(viewer: Actor | None, thing: Thing) -> tuple[Row, ...]:
    """The button on the card of somebody who answers for the place; none for others."""
    if viewer is None or not viewer.can(Ability.FORWARD, at=thing.path):
        return ()
    what = LETTERS[type(thing)] + carried(thing)
    return ((button(forward, "button.forward", what=what),),)


async def _day_here(ask: Ask) -> Reply:
    place = await day_place(ask.unit, ask.actor)
    own = [place] if await day_items(ask.unit, place) else []
    offered = [*own, *await days_below(ask.unit, place)] or [place]
    if len(offered) == 1:
        return await _day(ask, offered[0])
    rows = tuple((button(forward_day, Typed(p.name), place=p.id),) for p in offered)
    return Reply("forward.which", {}, rows)


@press("fwdday", may=Ability.FORWARD)
async def forward_day(ask: Ask, place: Id) -> Reply:
    """The day of one building, or of all of them together, as it was chosen."""
    own = await day_place(ask.unit, ask.actor)
    offered = {p.id: p for p in (own, *await days_below(ask.unit, own))}
    if place not in offered:
        raise Refusal("button_stale")
    return await _day(ask, offered[place])


async def _day(ask: Ask, place: Place) -> Reply:
    lines = [item.line for item in await day_items(ask.unit, place)]
    if not lines:
        return Reply("forward.nothing")
    facts = {"on": Moment(ask.now, has_hour=False), "lines": lines}
    return await _told(ask, Text(Forwarded.DAY, place.id, place.path, None, facts))


async def _told(ask: Ask, text: Text) -> Reply:
    """The text with its link, and a button that copies it."""
    if not ask.actor.can(Ability.FORWARD, at=text.path):
        raise await ask.not_allowed(Words("button.forward"), Ability.FORWARD, at=text.path)
    place = await ask.unit.places.get(ancestors(text.path)[-1])
    until = open_until(text.ends_at, ask.now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = Forward(token, ask.tenant.id, text.kind, text.id, until)
    made = await ask.unit.forwards.open(made, by=ask.actor.id, now=ask.now)
    facts = {**text.facts, "place": place.name, "link": ask.links.forwarded(made.token)}
    copy = Button(Words("button.copy"), COPY)
    return Reply(f"forward.{text.kind}", facts, ((copy,),), is_private=True)


@press("fwd", may=Ability.SEE_ISSUES)
async def open_forwarded(ask: Ask, token: LinkToken) -> Reply | None:
    """Show what a link opens to whoever came through it, as far as it concerns them."""
    found = await ask.unit.forwards.find(token, ask.now)
    things = await _opened(ask.unit, found) if found is not None else []
    mine = [(kind, subject_id) for kind, subject_id, path in things if ask.actor.sees(path)]
    if not mine or not ask.chat.is_private:
        raise Refusal("forward_closed")
    for kind, subject_id in mine:
        await ask.tell.card(ask.chat, kind, subject_id, viewer=ask.actor)
    return None


async def _opened(unit: Unit, found: Forward) -> Sequence[tuple[str, int, str]]:
    """Kind of card, id and path of all that a link opens."""
    if found.kind is Forwarded.DAY:
        items = await day_items(unit, await unit.places.get(found.subject_id))
        return [(item.kind, item.id, item.path) for item in items]
    path = (await _thing(unit, found.kind, found.subject_id)).path
    return [(found.kind, found.subject_id, path)]


async def _thing(unit: Unit, kind: Forwarded, subject_id: int) -> Thing:
    if kind is Forwarded.POLL:
        return await unit.polls.by_id(subject_id)
    if kind is Forwarded.MEETING:
        return await unit.meetings.by_id(subject_id)
    if kind is Forwarded.MOTION:
        return await unit.motions.by_id(subject_id)
    if kind is Forwarded.SURVEY:
        return await unit.surveys.by_id(subject_id)
    if kind is Forwarded.NOTICE:
        return await unit.notices.by_id(subject_id)
    if kind is Forwarded.PROPOSAL:
        return await unit.proposals.by_id(subject_id)
    if kind is Forwarded.CONVENTION:
        return await unit.conventions.by_id(subject_id)
    return await unit.issues.by_id(subject_id)


async def read(unit: Unit, found: Forward) -> Words:
    """What stands behind a link, for everybody who has it: no more than the group's card says."""
    if found.kind is Forwarded.DAY:
        place = await unit.places.get(found.subject_id)
        lines = [item.line for item in await day_items(unit, place)]
        facts = {"place": place.name, "lines": lines or [Words("forward.nothing")]}
        return Words("forward.page", facts)
    return (await REGISTRY.cards[found.kind](unit, found.subject_id, None)).words
