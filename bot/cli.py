"""Command line 命令行: run · demo · say · check · migrate."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import HeldClock, system_clock
from bot.dialog import NotPlayable, Town, lines_of, read_line
from bot.example import ZONE, seed
from bot.platforms.memory import Event
from storage.database import Database, driver_for


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = _parser().parse_args(argv)
    return int(arguments.run(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Mulin 睦邻")
    commands = parser.add_subparsers(required=True, metavar="command")
    say = commands.add_parser("say", help="play a dialog and print what everybody sees")
    say.add_argument("file", nargs="?", default="-", help="a dialog; - reads standard input")
    say.add_argument("--db", default="", help="file or postgresql:// (default: a passing one)")
    say.add_argument("--now", type=datetime.fromisoformat, help="start the clock there (ISO)")
    say.add_argument("--seed", choices=["example"], help="make the example neighbourhood first")
    say.add_argument("--json", action="store_true", help="one JSON object a line")
    say.set_defaults(run=_say)
    return parser


def _say(arguments: argparse.Namespace) -> int:
    source = Path(arguments.file)
    text = sys.stdin.read() if arguments.file == "-" else source.read_text("utf-8")
    return asyncio.run(_played(arguments, text.splitlines()))


async def _played(arguments: argparse.Namespace, lines: Iterable[str]) -> int:
    now = arguments.now or system_clock()
    clock = HeldClock(now if now.tzinfo else now.replace(tzinfo=ZoneInfo(ZONE)))
    database = Database(driver_for(arguments.db or ":memory:"), clock)
    town = Town(database, clock)
    await town.open()
    try:
        if arguments.seed:
            await database.unit(lambda unit: seed(unit, town.screen.name))
        for text in lines:
            line = read_line(text)
            if line is None:
                continue
            if not arguments.json:
                print(text.strip())
            for event in await town.play(line):
                _print(event, as_json=arguments.json)
    except NotPlayable as error:
        print(f"这一行看不懂 / cannot play: {error.line}", file=sys.stderr)
        return 2
    finally:
        await town.close()
    return 0


def _print(event: Event, *, as_json: bool) -> None:
    if not as_json:
        print("\n".join(lines_of(event)))
        return
    row = {
        "kind": event.kind,
        "chat": event.chat,
        "account": event.account,
        "text": event.shown.text,
        "buttons": [label for line in event.shown.buttons for label, _ in line],
    }
    print(json.dumps(row, ensure_ascii=False))
