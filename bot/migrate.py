"""Migrate 升级数据库: brings the database up to date, or says that it is."""

from pathlib import Path

from bot.running import open_database, say
from bot.settings_file import read_settings
from bot.terminal import Terminal
from storage.database import migrations


async def migrate(path: Path) -> int:
    """Do what is missing and tell it; the exit code.

    Raises:
        StorageFault: The database cannot be used.
    """
    settings = read_settings(path)
    terminal, database = Terminal(settings.language), open_database(settings)
    await database.driver.open()
    try:
        before = await database.version()
    finally:
        await database.driver.close()
    await database.open()
    await database.close()
    newest = max(migrations())
    where = database.driver.where
    if before == newest:
        say(terminal.words("terminal.up_to_date", where=where, version=newest))
    else:
        say(terminal.words("terminal.migrated", where=where, before=before, version=newest))
    return 0
