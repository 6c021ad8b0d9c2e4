"""Crossing 搬库: ``migrate-to`` takes a community from its SQLite file to PostgreSQL."""

import sys
from pathlib import Path

from bot.backup import address_of, is_server, path_of
from bot.running import open_database, say
from bot.settings_file import read_settings
from bot.terminal import Terminal
from storage.crossing import NotMoved, check_empty, fill, reading
from storage.database import Database, driver_for
from storage.unit import Unit


async def crossed(config: Path, url: str) -> int:
    """Copy everything, check it, and say how to go on; the exit code.

    Raises:
        StorageFault: A database cannot be used; or the program runs, and would write meanwhile.
    """
    settings = read_settings(config)
    terminal, present = Terminal(settings.language), settings.database.url.get_secret_value()
    if is_server(present):
        return _failed(terminal, NotMoved("only_sqlite"))
    if not is_server(url):
        return _failed(terminal, NotMoved("to_server"))
    if not path_of(present).exists():
        return _failed(terminal, NotMoved("no_source", source=path_of(present)))
    source = open_database(settings)
    await source.open(migrate=False)
    try:
        target = Database(driver_for(url), source.clock)
        found = await _filled(target, path_of(present))
    except NotMoved as why:
        return _failed(terminal, why)
    finally:
        await source.close()
    for table, count in found.items():
        if count:
            say(terminal.words("terminal.crossed_table", table=table, count=count))
    facts = {"tables": len(found), "count": sum(found.values())}
    where, here = address_of(url), path_of(present)
    say(terminal.words("terminal.crossed", where=where, source=here, **facts))
    return 0


async def _filled(target: Database, path: Path) -> dict[str, int]:
    """Fill ``target`` in one transaction; what goes wrong leaves it empty."""
    await target.open()
    try:
        with reading(path) as source:

            async def work(unit: Unit) -> dict[str, int]:
                await check_empty(unit)
                return await fill(unit, source)

            return await target.unit(work)
    except NotMoved as why:
        raise NotMoved(why.key, where=target.driver.where, **why.facts) from why
    finally:
        await target.close()


def _failed(terminal: Terminal, why: NotMoved) -> int:
    print(terminal.words(f"terminal.cross_{why.key}", **why.facts), file=sys.stderr)
    return 1
