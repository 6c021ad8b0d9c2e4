"""Notice card 公告卡: what is told, by whom, and how many know."""

from domain.notices import Notice, NoticeState, may_withdraw
from domain.people import Actor
from handlers.forwarding import forward_row
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from storage.unit import Unit


@card("notice")
async def notice_card(unit: Unit, notice_id: int, viewer: Actor | None) -> Reply:
    """A notice with its live count; nobody reads in it who has not read."""
    notice = await unit.notices.by_id(notice_id)
    names = await unit.people.names([notice.author_id])
    facts = {
        "label": notice.label,
        "kind": notice.kind,
        "state": Words("notice.is_withdrawn") if notice.state is NoticeState.WITHDRAWN else "",
        "text": Typed(notice.text) if notice.state is NoticeState.POSTED else "",
        "place": (await unit.places.get(notice.place_id)).name,
        "who": Typed(names[notice.author_id]),
        "at": notice.posted_at,
        "readers": notice.readers,
        "yours": await _yours(unit, notice, viewer),
    }
    return Reply("notice.card", facts, _buttons(notice, viewer))


async def _yours(unit: Unit, notice: Notice, viewer: Actor | None) -> Words | str:
    if viewer is None or not await unit.notices.has_read(notice, viewer.id):
        return ""
    return Words("notice.you_know")


def _buttons(notice: Notice, viewer: Actor | None) -> tuple[Row, ...]:
    if notice.state is NoticeState.WITHDRAWN:
        return ()
    known = button(REGISTRY.commands["readnotice"].handler, number=carried(notice))
    return ((known,), *forward_row(viewer, notice), *_withdraw_row(notice, viewer))


def _withdraw_row(notice: Notice, viewer: Actor | None) -> tuple[Row, ...]:
    if viewer is None or not may_withdraw(notice, viewer):
        return ()
    handler = REGISTRY.commands["withdrawnotice"].handler
    return ((button(handler, number=carried(notice)),),)
