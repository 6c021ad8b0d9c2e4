"""Check 检查: one line for each thing that the program needs, ok or what to do."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.charts import font_path
from bot.clock import system_clock
from bot.running import open_database, position_of, say, telegram, weather_of, wecom_entry
from bot.settings import Settings
from bot.settings_file import SettingsWrong, read_settings
from bot.terminal import Terminal
from domain.outlook import NoForecast
from storage.database import Database, migrations
from storage.faults import Fault, StorageFault

ROOM_BYTES: Final = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One finding in the operator's words."""

    is_ok: bool
    words: str


async def check(path: Path) -> int:
    """Print all findings; 1 if something needs to be done."""
    try:
        settings = read_settings(path)
    except SettingsWrong as wrong:
        return _told([Line(False, Terminal().mistakes(wrong)), *_machine(Terminal(), Path())])
    terminal = Terminal(settings.language)
    lines = _settings(terminal, settings, path)
    lines += await _telegram(terminal, settings)
    lines += await _wecom(terminal, settings)
    lines.append(await _weather(terminal, settings))
    database = open_database(settings)
    lines.append(await _database(terminal, database))
    lines.append(_zone(terminal, settings))
    lines += _machine(terminal, _folder(database))
    return _told(lines)


def _told(lines: list[Line]) -> int:
    for line in lines:
        say(f"{'[ok]' if line.is_ok else '[!!]'} {line.words}")
    return 0 if all(line.is_ok for line in lines) else 1


def _settings(terminal: Terminal, settings: Settings, path: Path) -> list[Line]:
    """The file and the community in it; without a file the example runs, which is no fault."""
    if not path.exists():
        return [Line(True, terminal.words("check.no_settings", file=path))]
    read = Line(True, terminal.words("check.settings", file=path))
    return [read, _community(terminal, settings)]


def _community(terminal: Terminal, settings: Settings) -> Line:
    community = settings.community
    if not community.name:
        return Line(False, terminal.words("check.no_community"))
    count = sum(map(len, community.grids.values()))
    return Line(True, terminal.words("check.community", name=community.name, count=count))


async def _telegram(terminal: Terminal, settings: Settings) -> list[Line]:
    if not settings.telegram.token.get_secret_value():
        return [Line(True, terminal.words("check.no_telegram"))]
    platform = telegram(settings.telegram, open_database(settings))
    try:
        findings = await platform.check()
    finally:
        await platform.stop()
    return [Line(found.is_ok, terminal.words(found.key, **found.facts)) for found in findings]


async def _wecom(terminal: Terminal, settings: Settings) -> list[Line]:
    if not settings.wecom.bot_id:
        return [Line(True, terminal.words("check.no_wecom"))]
    from bot.platforms.wecom.checking import findings

    section = settings.wecom
    database = open_database(settings)
    found = await findings(wecom_entry(section), database, section.bot_name)
    return [Line(one.is_ok, terminal.words(one.key, **one.facts)) for one in found]


async def _weather(terminal: Terminal, settings: Settings) -> Line:
    """Whether the weather is known here; that it is not asked for is no fault."""
    position = position_of(settings)
    source = weather_of(settings)
    if position is None or source is None:
        return Line(True, terminal.words("check.no_weather"))
    found = await source.forecast(position, system_clock())
    if isinstance(found, NoForecast):
        return Line(False, terminal.words(f"check.weather_{found}", url=settings.weather.url))
    return Line(True, terminal.words("check.weather", days=len(found.hours) // 24))


async def _database(terminal: Terminal, database: Database) -> Line:
    """Whether it is there, ours, of our version and writable; nothing is changed in it."""
    where = database.driver.where
    if _is_new(database):
        is_ok = os.access(_folder(database), os.W_OK)
        return Line(
            is_ok, terminal.words(f"check.database_{'new' if is_ok else 'no'}", where=where)
        )
    try:
        await database.open(migrate=False)
        await database.close()
    except StorageFault as fault:
        if fault.fault is Fault.LOCKED and database.driver.dialect == "sqlite":
            return Line(True, terminal.words("check.database_in_use", where=where))
        return Line(False, terminal.fault(fault))
    version = max(migrations())
    return Line(True, terminal.words("check.database", where=where, version=version))


def _is_new(database: Database) -> bool:
    return database.driver.dialect == "sqlite" and not Path(database.driver.where).exists()


def _folder(database: Database) -> Path:
    """The nearest folder that exists above the database's file."""
    if database.driver.dialect != "sqlite":
        return Path()
    folder = Path(database.driver.where).absolute().parent
    while not folder.exists():
        folder = folder.parent
    return folder


def _zone(terminal: Terminal, settings: Settings) -> Line:
    zone = settings.community.zone
    now = datetime.now(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    return Line(True, terminal.words("check.zone", zone=zone, now=now))


def _machine(terminal: Terminal, folder: Path) -> Iterator[Line]:
    has_font = font_path() is not None
    yield Line(has_font, terminal.words("check.font" if has_font else "check.no_font"))
    room = shutil.disk_usage(folder).free
    is_enough = room >= ROOM_BYTES
    key = "check.room" if is_enough else "check.no_room"
    yield Line(is_enough, terminal.words(key, room=f"{room / 1024**3:.1f} GB"))
