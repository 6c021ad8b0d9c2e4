"""Importing 导入: a roll from a file on this machine, looked at first and stored after a yes."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.running import open_database, say
from bot.settings import Settings
from bot.settings_file import read_settings
from bot.sheets import SheetFault, read_sheet, write_xlsx
from bot.terminal import Terminal
from domain.places import Place
from domain.roll_columns import template_rows
from domain.roll_plan import Plan, planned
from domain.roll_reading import Reading, read_roll
from domain.sheets import MAX_SHEET_BYTES
from handlers.roll_report import change_lines, problem_lines, summary
from storage.database import Database
from storage.unit import Unit

SHOWN_ADDED: Final = 20
"""New ones are shown one by one only where there are few."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    file: Path | None
    template: Path | None = None
    community: str | None = None
    is_dry: bool = False
    is_sure: bool = False


async def imported(path: Path, wanted: Wanted) -> int:
    """Look at a roll and store it; the exit code, 1 where something has to be mended.

    Raises:
        StorageFault: The database cannot be used.
    """
    settings = read_settings(path)
    terminal = Terminal(settings.language)
    if wanted.template is not None:
        rows = template_rows(settings.language)
        wanted.template.write_bytes(write_xlsx(rows, rows[0][0]))
        say(terminal.words("roll.terminal.template", file=wanted.template))
        return 0
    if wanted.file is None:
        return _failed(terminal, "roll.terminal.no_file")
    try:
        reading = _read(terminal, wanted.file)
    except OSError:
        return _failed(terminal, "terminal.no_file", file=wanted.file)
    except SheetFault as fault:
        return _failed(terminal, f"refusal.sheet_{fault.key}")
    database = open_database(settings)
    await database.open()
    try:
        return await _Import(database, terminal, settings, wanted, reading).run()
    finally:
        await database.close()


def _read(terminal: Terminal, file: Path) -> Reading:
    _progress(terminal.words("roll.terminal.reading", file=file))
    with file.open("rb") as opened:
        sheet = read_sheet(file.name, opened.read(MAX_SHEET_BYTES + 1))
    _progress(terminal.words("roll.terminal.checking", count=f"{len(sheet.rows):,}"))
    return read_roll(sheet)


class _Import:
    """One import into one community."""

    def __init__(
        self,
        database: Database,
        terminal: Terminal,
        settings: Settings,
        wanted: Wanted,
        reading: Reading,
    ) -> None:
        self._database = database
        self._terminal = terminal
        self._name = wanted.community or settings.community.name
        self._wanted = wanted
        self._reading = reading

    async def run(self) -> int:
        """Compare, tell, ask, store."""
        tenants = await self._database.read(lambda unit: unit.places.communities())
        community = _chosen(tenants, self._name)
        if community is None:
            names = ", ".join(place.name for place in tenants) or "—"
            return _failed(self._terminal, "roll.terminal.which", names=names)
        plan = await self._database.read(lambda unit: self._plan(unit, community))
        self._tell(plan)
        if plan.is_blocked:
            return 1
        if plan.is_empty or self._wanted.is_dry or not await self._is_sure():
            say(self._terminal.words("roll.terminal.not_stored"))
            return 0
        _progress(self._terminal.words("roll.terminal.storing"))
        await self._database.unit(lambda unit: self._store(unit, community))
        counts = {"added": len(plan.added), "changed": len(plan.changed)}
        say(self._terminal.words("roll.stored", **counts, removed=len(plan.removed)))
        return 0

    async def _plan(self, unit: Unit, community: Place) -> Plan:
        return planned(self._reading, await unit.roll_imports.known(community))

    async def _store(self, unit: Unit, community: Place) -> None:
        plan = await self._plan(unit, community)
        await unit.roll_imports.store(community, plan, by=None, now=unit.now)

    def _tell(self, plan: Plan) -> None:
        words = self._terminal.words
        file = self._wanted.file.name if self._wanted.file else ""
        told = summary(plan, file, in_chat=False)
        if plan.problems:
            facts = {"first": 1, "last": len(plan.problems), "of": len(plan.problems)}
            say(words("roll.problems", **facts, lines=problem_lines(plan.problems)))
        lines = change_lines(plan)
        shown = len(plan.changed) + len(plan.removed) + SHOWN_ADDED
        if lines and not plan.is_blocked:
            facts = {"first": 1, "last": min(shown, len(lines)), "of": len(lines)}
            say(words("roll.changes", **facts, lines=lines[:shown]))
        say(words(told.key, **told.facts))

    async def _is_sure(self) -> bool:
        if self._wanted.is_sure or not sys.stdin.isatty():
            return self._wanted.is_sure
        answer = await asyncio.to_thread(input, self._terminal.words("roll.terminal.ask"))
        return answer.strip().lower() in {"y", "yes", "是"}


def _chosen(tenants: Sequence[Place], name: str) -> Place | None:
    """The community of that name; the only one there is where nobody named one."""
    named = [place for place in tenants if place.name == name]
    if named or name:
        return named[0] if named else None
    return tenants[0] if len(tenants) == 1 else None


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _failed(terminal: Terminal, key: str, **facts: object) -> int:
    print(terminal.words(key, **facts), file=sys.stderr)
    return 1
