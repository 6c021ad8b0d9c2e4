"""Say 对话: plays a dialog against the real program and prints what everybody sees."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import HeldClock, system_clock
from bot.dialog import NotPlayable, Town, lines_of, read_line
from bot.example import COMMUNITY, ZONE, seed
from bot.example_weather import POSITION, ExampleWeather
from bot.platforms.memory import Event
from bot.terminal import Terminal
from storage.database import Database, driver_for


class CannotSay(Exception):
    """The dialog cannot be played; the message is for the operator."""


def dialog_lines(file: str) -> Sequence[str]:
    """The lines of a dialog, however its editor ended and began them; ``-`` is standard input.

    Raises:
        CannotSay: There is no such file, or it is no text.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise CannotSay(Terminal().words("terminal.not_utf8", file=file)) from error
    except OSError as error:
        raise CannotSay(Terminal().words("terminal.no_file", file=file)) from error


def instant_of(text: str) -> datetime:
    """An instant in ISO form; without a zone it is the example neighbourhood's time.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(Terminal().words("terminal.no_instant")) from error
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(ZONE))


async def played(
    lines: Iterable[str], *, url: str, now: datetime | None, seeds: bool, as_json: bool
) -> None:
    """Play ``lines`` against the database at ``url`` and print what appears.

    Raises:
        CannotSay: A line is no dialog, or the example would not stand alone.
        StorageFault: The database cannot be used.
    """
    clock = HeldClock(now or system_clock())
    town = Town(Database(driver_for(url), clock), clock, ExampleWeather() if seeds else None)
    await town.open()
    try:
        if seeds:
            await _seeded(town)
        for number, text in enumerate(lines, 1):
            await _line(town, number, text, as_json=as_json)
    finally:
        await town.close()


async def _seeded(town: Town) -> None:
    database = town.app.database
    await database.unit(lambda unit: seed(unit, town.screen.name, POSITION))
    known = await database.unit(lambda unit: unit.places.communities())
    if [place.name for place in known] != [COMMUNITY]:
        raise CannotSay(Terminal().words("terminal.not_the_example"))


async def _line(town: Town, number: int, text: str, *, as_json: bool) -> None:
    try:
        line = read_line(text)
        if line is None:
            return
        if not as_json:
            print(text.strip())
        for event in await town.play(line):
            print(as_row(number, event) if as_json else "\n".join(lines_of(event)))
    except NotPlayable as error:
        words = Terminal().words("terminal.not_playable", number=number, line=error.line)
        raise CannotSay(words) from error


def as_row(number: int, event: Event) -> str:
    """An event as one JSON object; ``line`` is the line of the dialog that caused it, from 1."""
    row = {
        "line": number,
        "kind": event.kind,
        "chat": event.chat,
        "account": event.account,
        "text": event.shown.text,
        "buttons": [label for line in event.shown.buttons for label, _ in line],
    }
    return json.dumps(row, ensure_ascii=False)
