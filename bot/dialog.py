"""Dialogs 对话: plays what neighbours say against the real program and tells what each one sees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.app import App
from bot.clock import HeldClock
from bot.example import ZONE
from bot.forecasting import Source
from bot.platforms.memory import Event, MemoryPlatform
from bot.sheets import sheet_of
from handlers.messages import NOT_FOR_US, Incoming, Picture, Press, Shown
from storage.database import Database

FILE: Final = "📎"
"""Begins a line that sends a file: 📎 roll.csv and its content."""
PAST_END: Final = datetime.max.replace(tzinfo=ZoneInfo("UTC"))


class NotPlayable(Exception):
    """A line that is no dialog: ``line`` is its text."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a dialog: somebody says or presses something, or the clock moves."""

    kind: str
    who: str = ""
    place: str = ""
    words: str = ""


_SPOKEN = re.compile(
    r"^([^\s:：>@＠]{1,40})(?:[@＠]([^\s:：>]{1,40}))?\s*([:：>])\s?(.*)$", re.DOTALL
)
_MENTION = re.compile(r"^\s*[@＠](?:助手|bot)[\s,，:：]*")
_MOVED = re.compile(r"^\+?(?:(\d{1,4})([dhm]))?\s*(\d{1,2}:\d{2})?$")


def read_line(text: str) -> Line | None:
    """What one line of a dialog means; None for a comment or an empty line.

    Raises:
        NotPlayable: It is neither.
    """
    text = text.strip()
    if not text or text.startswith("#"):
        return None
    if text.startswith("+") and _MOVED.match(text):
        return Line("clock", words=text)
    found = _SPOKEN.match(text)
    if found is None:
        raise NotPlayable(text)
    who, place, mark, words = found.groups()
    return Line("press" if mark == ">" else "say", who, place or "", words.replace("\\n", "\n"))


class Town:
    """The program on the memory platform, under a clock that we hold, and a sky of ours."""

    def __init__(self, database: Database, clock: HeldClock, weather: Source | None = None) -> None:
        self.clock = clock
        self.screen = MemoryPlatform()
        self.app = App(database, [self.screen], weather=weather)
        self._deliveries = (f"{uuid4().hex}-{n}" for n in count(1))
        self._zone = ZoneInfo(ZONE)

    async def open(self) -> None:
        """Make ready."""
        await self.app.open()

    async def close(self) -> None:
        """Let everything go."""
        await self.app.close()

    async def play(self, line: Line) -> list[Event]:
        """Play one line; what appeared, in order."""
        if line.kind == "clock":
            return await self.move(line.words)
        if line.kind == "press":
            return await self.press(line.who, line.words, at=line.place)
        if line.words.startswith(FILE):
            name, _, content = line.words.removeprefix(FILE).strip().partition(" ")
            return await self.send_file(line.who, name, content.encode())
        return await self.say(line.who, line.words, at=line.place)

    async def say(
        self,
        who: str,
        text: str,
        *,
        at: str = "",
        pictures: Sequence[Picture] = (),
        ref: str = "",
        is_edit: bool = False,
    ) -> list[Event]:
        """Somebody says something in a place's group, or in private, or corrects what they said."""
        bare = _MENTION.sub("", text)
        said = replace(
            self._from(who, at),
            text=bare,
            ref=ref or f"m{next(self._deliveries)}",
            pictures=tuple(pictures),
            is_addressed=bare != text,
            is_edit=is_edit,
        )
        return await self._receive(said)

    async def send_file(self, who: str, name: str, content: bytes) -> list[Event]:
        """Somebody sends us a file in private."""
        sheet, unread = await sheet_of(name, content)
        return await self._receive(replace(self._from(who, ""), sheet=sheet, unread=unread))

    async def press(self, who: str, which: str, *, at: str = "") -> list[Event]:
        """Somebody presses a button that they see, by its number or its words."""
        return await self.tap(who, self._button(who, which, at), at=at)

    async def tap(self, who: str, call: str, *, at: str = "") -> list[Event]:
        """Somebody's client sends a button's call, whatever it shows."""
        press = Press(call, f"{who}|{next(self._deliveries)}")
        return await self._receive(replace(self._from(who, at), press=press))

    def _from(self, who: str, at: str) -> Incoming:
        """An empty message of that person, in a place's group or in private."""
        return Incoming(
            platform=self.screen.name,
            delivery=str(next(self._deliveries)),
            chat=at or f"@{who}",
            is_private=not at,
            account=who,
            name=who,
        )

    async def move(self, words: str) -> list[Event]:
        """Move the clock (``+2d 19:00``, ``+3h``); what is due on the way fires at its time."""
        target = self._target(words)
        seen = len(self.screen.events)
        while (due := await self.app.alarm.next_due()) is not None and due <= target:
            self.clock.move_to(max(due, self.clock()))
            fired = await self.app.alarm.fire()
            await self._settle()
            if not fired and await self.app.alarm.next_due() == due:
                break
        self.clock.move_to(target)
        return self.screen.events[seen:]

    def _target(self, words: str) -> datetime:
        found = _MOVED.match(words.strip())
        if found is None:
            raise NotPlayable(words)
        amount, unit, hour = found.groups()
        span = timedelta(**{_SPANS[unit]: int(amount)}) if unit else timedelta()
        target = self.clock() + span
        if hour:
            clock = datetime.strptime(hour, "%H:%M")
            local = target.astimezone(self._zone)
            target = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
            if target <= self.clock():
                target += timedelta(days=1)
        return target

    async def _receive(self, incoming: Incoming) -> list[Event]:
        seen = len(self.screen.events)
        await self.app.received(incoming)
        await self._settle()
        return self.screen.events[seen:]

    async def _settle(self) -> None:
        """Let everything that was caused appear."""
        await self.app.delivery.drain()
        if self.app.forecasting and await self.app.forecasting.fetch():
            await self.app.delivery.drain()

    def _button(self, who: str, which: str, at: str) -> str:
        """The call of the button that somebody sees last in a chat."""
        bubbles = self.screen.chats.get(at or f"@{who}", [])
        wanted = which.strip()
        for bubble in reversed(bubbles):
            buttons = [b for row in bubble.shown.buttons for b in row]
            for number, (label, call) in enumerate(buttons, 1):
                if wanted in {str(number), label} or (wanted in label and not wanted.isdigit()):
                    return call
            if buttons and wanted.isdigit():
                break
        raise NotPlayable(f"{who}{'@' if at else ''}{at}> {which}")


_SPANS: Final = {"d": "days", "h": "hours", "m": "minutes"}


def lines_of(event: Event) -> list[str]:
    """An event as ``say`` prints it: where, what, and the numbered buttons."""
    where = {"toast": f"({event.account})", "edit": f"[{event.chat}] ✎"}
    text = event.shown.text.split("\n")
    lines = [f"  {where.get(event.kind, f'[{event.chat}]')} {text[0]}"]
    lines += [f"      {line}" for line in text[1:]]
    if event.shown.document:
        lines.append(f"      📎{event.shown.document.name}")
    buttons = button_line(event.shown)
    return [*lines, f"      {buttons}"] if buttons else lines


def button_line(shown: Shown) -> str:
    """The buttons of a message on one line, numbered as they can be answered."""
    ours = [label for row in shown.buttons for label, call in row if call not in NOT_FOR_US]
    labels = [f"{n}·{label}" for n, label in enumerate(ours, 1)]
    return " ".join(f"[{label}]" for label in labels)
