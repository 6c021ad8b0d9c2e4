"""Backup and restore 备份与恢复: a whole copy while the program runs, and the way back."""

import shlex
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.running import say
from bot.settings_file import read_settings
from bot.terminal import Terminal
from storage import copies
from storage.database import migrations
from storage.faults import Fault, StorageFault


def backup(config: Path, file: Path) -> int:
    """Write everything into one new file; the exit code.

    Raises:
        StorageFault: The database cannot be read, or the file cannot be written.
    """
    settings = read_settings(config)
    terminal = Terminal(settings.language)
    url = settings.database.url.get_secret_value()
    if is_server(url):
        return _failed(
            terminal,
            "backup_of_server",
            command=f"pg_dump -Fc -f {file} {shlex.quote(address_of(url))}",
        )
    path = path_of(url)
    if not path.exists():
        return _failed(terminal, "no_file", file=path)
    if file.is_dir():
        file = file / path.name
    try:
        copies.copy(path, file)
    except FileExistsError:
        return _failed(terminal, "backup_there", file=file)
    found = copies.contents(file)
    size = f"{file.stat().st_size / 1e6:.1f}"
    say(terminal.words("terminal.backed_up", file=file, size=size, version=found.version))
    return 0


def restore(config: Path, file: Path, *, is_sure: bool) -> int:
    """Let a backup be the database; what was there is kept aside. The exit code.

    ``is_sure``: also where what is there is newer than the backup, or cannot be read.

    Raises:
        StorageFault: The backup is none, is newer than this program, or the program runs.
    """
    settings = read_settings(config)
    terminal = Terminal(settings.language)
    url = settings.database.url.get_secret_value()
    if is_server(url):
        return _failed(
            terminal,
            "restore_of_server",
            command=f"pg_restore -d {shlex.quote(address_of(url))} {file}",
        )
    if not file.is_file():
        return _failed(terminal, "no_file", file=file)
    found, path = copies.contents(file), path_of(url)
    if found.version > max(migrations()):
        newer = f"{found.version} > {max(migrations())}"
        raise StorageFault(Fault.NEWER, str(file), newer)
    with copies.held(path):
        if path.exists() and not is_sure and (why := _in_the_way(path, found)):
            return _failed(terminal, why, where=path, file=file)
        aside = copies.put_back(file, path)
    say(terminal.words("terminal.restored", where=path, file=file))
    if aside is not None:
        say(terminal.words("terminal.kept_aside", file=aside))
    return 0


def _in_the_way(path: Path, backup_: copies.Contents) -> str:
    """Why what is there must not be replaced unasked; empty where nothing is lost by it."""
    try:
        there = copies.contents(path)
    except StorageFault:
        return "restore_unreadable"
    return "restore_newer" if there.newest_at > backup_.newest_at else ""


def is_server(url: str) -> bool:
    """Whether a setting names a PostgreSQL server, and no file."""
    return urlsplit(url).scheme in {"postgresql", "postgres"}


def path_of(url: str) -> Path:
    """The file of a setting that names no server."""
    return Path(url.removeprefix("sqlite:///"))


def address_of(url: str) -> str:
    """A server's address without the password."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    more = [pair for pair in parse_qsl(parts.query) if pair[0] != "password"]
    query = f"?{urlencode(more)}" if more else ""
    return f"postgresql://{user.partition(':')[0]}{at}{hosts}{parts.path}{query}"


def _failed(terminal: Terminal, key: str, **facts: object) -> int:
    print(terminal.words(f"terminal.{key}", **facts), file=sys.stderr)
    return 1
