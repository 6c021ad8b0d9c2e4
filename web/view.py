"""View 画面: what one browser may look at, and how its bubbles are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import HTMLResponse

from handlers.asked import name_of, parted
from handlers.messages import COPY, OPEN_PRIVATE, Shown, unpacked
from handlers.wording import Speaker
from storage.unit import Unit
from storage.webchat import PLATFORM, SHOWN, WebMessage
from web.forms import new_delivery
from web.pages import fragment, page

MARKS: Final = {
    "📍": "place",
    "🕐": "time",
    "👥": "people",
    "📷": "photos",
    "✅": "done",
    "💰": "money",
    "🏁": "end",
    "⚠": "warning",
}
"""Pictures that an old phone has no letters for."""
NOTE_LASTS: Final = timedelta(seconds=20)
"""A passing note is shown for so long after it was made, and dropped soon after."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One chat as one person looks at it.

    Attributes:
        key: Its short name within the view (``me``, ``g1``, ``look``).
        account: Whose eyes these are; their own words stand on the right.
        title: What the tab and the heading say.
        action: Where its forms post to; empty where one may only look.
        quick: Label and call of the buttons that are always there.
        hint: What stands in the empty field; empty where one may tap but not write.
    """

    key: str
    address: str
    account: str
    title: str
    action: str = ""
    quick: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """All that one page shows.

    Attributes:
        photos: Where pictures are; their id follows.
        back: Where a browser without script returns to.
        tabs: Address of this page with a panel open; its key follows.
        tab: Key of the panel that is open, as the browser asked for it.
        live: Where the page is kept live, and ``news`` where it asks if it cannot be.
        clock: What the clock of the example neighbourhood shows.
        token: What the page's forms carry.
    """

    speaker: Speaker
    now: datetime
    panels: tuple[Panel, ...]
    photos: str
    back: str
    live: str
    news: str
    tabs: str
    tab: str = "me"
    clock: str = ""
    token: str = ""

    def panel(self, key: str) -> Panel | None:
        """The panel of that name, if there is one."""
        return next((panel for panel in self.panels if panel.key == key), None)

    @property
    def addresses(self) -> list[str]:
        """Every chat that may be looked at."""
        return [panel.address for panel in self.panels]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel's bubbles, ready for the page."""

    panel: Panel
    change: int
    bubbles: tuple[str, ...]
    asked: str = ""
    note: str = ""
    has_spoken: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a form ended that a browser without script had sent: what to say, what was typed."""

    note: str = ""
    text: str = ""
    status: int = 200


FINE: Final = Outcome()
"""Nothing to say."""


@dataclass(slots=True)
class News:
    """What changed since a page last looked: panels that changed, passing notes, the clock.

    ``asked`` names, panel by panel, the question that is still open.
    """

    chats: list[Mapping[str, object]] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def chat_page(
    unit: Unit, view: View, template: str, outcome: Outcome, **facts: object
) -> HTMLResponse:
    """A whole page of panels."""
    panels = [await drawn(unit, view, panel) for panel in view.panels]
    return page(
        template,
        view.speaker,
        outcome.status,
        view=view,
        panels=panels,
        open=view.tab if view.panel(view.tab) else view.panels[0].key,
        note=outcome.note or next((panel.note for panel in panels if panel.note), ""),
        text=outcome.text,
        new_delivery=new_delivery,
        **facts,
    )


async def drawn(unit: Unit, view: View, panel: Panel) -> Drawn:
    """A panel as a page shows it when it is loaded."""
    change = await unit.webchat.changes(panel.address)
    found = await unit.webchat.since(panel.address, 0)
    asked = await _asked(unit, panel)
    fresh = _fresh_notes(view, found)
    note = unpacked(fresh[-1].body).text if fresh else ""
    return Drawn(
        panel,
        change,
        tuple(bubble(view, panel, message, asked) for message in _bubbles(found)),
        asked,
        note,
        has_spoken=any(message.account == panel.account for message in found),
    )


async def news(unit: Unit, view: View, stamps: Mapping[str, int]) -> tuple[News, dict[str, int]]:
    """What changed since ``stamps`` (panel → change), and the stamps of now."""
    found, reached = News(), {}
    for panel in view.panels:
        seen = stamps.get(panel.key, 0)
        asked = found.asked[panel.key] = await _asked(unit, panel)
        reached[panel.key] = await unit.webchat.changes(panel.address)
        if reached[panel.key] <= seen:
            continue
        changed = await unit.webchat.since(panel.address, seen)
        found.notes += [unpacked(m.body).text for m in _fresh_notes(view, changed)]
        items = [{"id": m.id, "html": bubble(view, panel, m, asked)} for m in _bubbles(changed)]
        found.chats.append({"key": panel.key, "change": reached[panel.key], "bubbles": items})
    return found, reached


async def _asked(unit: Unit, panel: Panel) -> str:
    """The name of the question that is open for these eyes; empty for none."""
    found = await unit.chats.asked(PLATFORM, panel.address, panel.account)
    return name_of(*found) if found else ""


def _fresh_notes(view: View, messages: Sequence[WebMessage]) -> list[WebMessage]:
    return [m for m in messages if m.kind == "toast" and view.now - m.at < NOTE_LASTS]


def _bubbles(messages: Sequence[WebMessage]) -> list[WebMessage]:
    return [message for message in messages if message.kind != "toast"][-SHOWN:]


def bubble(view: View, panel: Panel, message: WebMessage, asked: str) -> str:
    """One bubble as HTML; what people typed is escaped by the template.

    A button under a question that is not ``asked`` any more is greyed.
    """
    shown = Shown(message.body, photo=message.photo_id)
    if message.kind == "told":
        shown = unpacked(message.body)
    title, _, rest = shown.text.partition("\n")
    return fragment(
        "bubble.html",
        view.speaker,
        view=view,
        panel=panel,
        message=message,
        title=_marked(title),
        lines=[_marked(line) for line in rest.split("\n")] if rest else [],
        photo=None if shown.document else message.photo_id,
        document=shown.document if message.photo_id else None,
        rows=[[(*button, parted(button[1])[1]) for button in row] for row in shown.buttons]
        if panel.action
        else [],
        asked=asked,
        answered=shown.answered,
        is_mine=message.kind == "said" and message.account == panel.account,
        time=_time(view, message.at),
        new_delivery=new_delivery,
        open_private=OPEN_PRIVATE,
        copy=COPY,
        copied=shown.text,
    )


def _marked(line: str) -> tuple[str, str]:
    """A line and the picture before it, where it begins with one that we have drawn ourselves."""
    mark = MARKS.get(line[:1], "")
    return (mark, line[1:].lstrip("\ufe0f ")) if mark else ("", line)


def _time(view: View, at: datetime) -> str:
    """Only the hour for today, the day with it for anything older."""
    speaker = view.speaker
    local, today = speaker.local(at), speaker.local(view.now)
    return f"{local:%H:%M}" if local.date() == today.date() else speaker.moment(at)
