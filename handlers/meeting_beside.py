"""Meetings beside 同一时间的会: told to whoever calls a second one at another level; no refusal."""

from typing import Final

from domain.meetings import Meeting
from handlers.ask import Ask
from handlers.messages import Row, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button

SHOWN: Final = 2


async def beside(ask: Ask, planned: Meeting) -> tuple[list[Words], tuple[Row, ...]]:
    """A line, and a button to look, for each meeting above or below that many would miss."""
    others = await ask.unit.meetings.beside(planned.path, *planned.span)
    found = [one for one in others if one.id != planned.id and ask.actor.sees(one.path)][:SHOWN]
    names = {one.place_id: (await ask.unit.places.get(one.place_id)).name for one in found}
    lines = [
        Words(
            "meeting.beside",
            {
                "label": one.label,
                "kind": one.kind,
                "at": one.starts_at,
                "place": names[one.place_id],
            },
        )
        for one in found
    ]
    show = REGISTRY.commands["showmeeting"].handler
    looks = tuple(
        button(show, Words("button.look_at", {"label": one.label}), number=carried(one))
        for one in found
    )
    return lines, (looks,) if looks else ()
