"""Tidying 清理: what has had its time goes; tried first, it only tells how much that would be."""

from pathlib import Path

from bot.clockwork import FORGOTTEN, Clockwork
from bot.running import open_database, say
from bot.settings_file import read_settings
from bot.terminal import Terminal
from storage.database import Database
from storage.forgetting import NAMES, row_counts
from storage.unit import Unit


class _Undone(Exception):
    """Takes the unit back and carries the counts out of it."""

    def __init__(self, gone: dict[str, int]) -> None:
        self.gone = gone


async def tidied(config: Path, *, is_dry: bool) -> int:
    """Drop what has had its time, or tell how much that would be; the exit code."""
    settings = read_settings(config)
    terminal, database = Terminal(settings.language), open_database(settings)
    await database.open(migrate=False)
    try:
        gone = await would_go(database)
        if not is_dry:
            await Clockwork(database).tidy()
    finally:
        await database.close()
    key = "terminal.would_go" if is_dry else "terminal.gone"
    for table, count in sorted(gone.items()):
        named = terminal.words("terminal.names_in_votes") if table == NAMES else table
        say(terminal.words(key, table=named, count=count))
    if not gone:
        say(terminal.words("terminal.nothing_to_tidy"))
    return 0


async def would_go(database: Database) -> dict[str, int]:
    """Table → rows that tidying drops now. It is really done, counted, and taken back."""

    async def tried(unit: Unit) -> None:
        before = await row_counts(database.driver.dialect)
        for part in FORGOTTEN:
            await part(unit)
        after = await row_counts(database.driver.dialect)
        raise _Undone({t: n - after[t] for t, n in before.items() if n > after[t]})

    try:
        await database.unit(tried)
    except _Undone as undone:
        return undone.gone
    raise AssertionError("a tried tidying was kept")
