"""Documents 文档: every dialog that README and the docs show is played, and shows just that."""

import shlex
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.cli import main
from bot.clock import HeldClock
from bot.dialog import Town, lines_of, read_line
from bot.example import seed
from bot.example_weather import POSITION, ExampleWeather
from storage.database import Database
from storage.sqlite import SqliteDriver
from tests.conftest import NOON

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LEFT_OUT = "  …"
PROMPT = "    $ python -m bot "


@dataclass
class Turn:
    """One line that somebody says, and what the page shows of the answer."""

    said: str
    shown: list[str] = field(default_factory=list)


def turns(page: Path) -> Iterator[Turn]:
    """The turns of all ``dialog`` blocks of a page, which are one story."""
    is_dialog, turn = False, None
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            if turn is not None:
                yield turn
            is_dialog, turn = line == "```dialog", None
        elif is_dialog and line.startswith("  ") and turn is not None:
            turn.shown.append(line.rstrip())
        elif is_dialog and read_line(line) is not None:
            if turn is not None:
                yield turn
            turn = Turn(line)


def is_shown(shown: list[str], real: list[str]) -> bool:
    """Whether ``shown`` is ``real`` with some lines left out where it says so."""
    if not shown:
        return not real
    if shown[0] == LEFT_OUT:
        return any(is_shown(shown[1:], real[i:]) for i in range(len(real) + 1))
    return bool(real) and shown[0] == real[0] and is_shown(shown[1:], real[1:])


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The example neighbourhood at noon, as ``say --seed example`` makes it."""
    clock = HeldClock(NOON)
    database = Database(SqliteDriver(tmp_path / "page.db"), clock)
    opened = Town(database, clock, ExampleWeather())
    await opened.open()
    await opened.app.database.unit(lambda unit: seed(unit, opened.screen.name, POSITION))
    yield opened
    await opened.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
async def test_what_a_page_shows_is_what_one_sees(town: Town, page: Path) -> None:
    for turn in turns(page):
        line = read_line(turn.said)
        assert line is not None
        events = await town.play(line)
        real = [text.rstrip() for event in events for text in lines_of(event)]
        real = [text for line in real for text in line.split("\n")]

        assert is_shown(turn.shown, real), "\n".join([turn.said, *real])


def test_the_readme_shows_a_dialog() -> None:
    assert len(list(turns(PAGES[0]))) >= 8


def test_the_two_commands_come_first() -> None:
    first = "\n".join(PAGES[0].read_text("utf-8").splitlines()[:15])

    assert "make run" in first and "make test" in first


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [part.partition(")")[0] for part in page.read_text("utf-8").split("](")[1:]]
    local = [t.partition("#")[0] for t in targets if "://" not in t and not t.startswith("#")]

    assert [t for t in local if not (page.parent / t).exists()] == []


def typed(page: Path) -> Iterator[tuple[str, str]]:
    """Commands for the terminal that a page shows with their answer, and that answer."""
    lines = page.read_text("utf-8").splitlines()
    for line, answer in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(PROMPT):
            yield line.removeprefix(PROMPT), answer.strip()


def test_what_a_page_types_is_answered_like_that(capsys: pytest.CaptureFixture[str]) -> None:
    shown = [each for page in PAGES for each in typed(page)]
    said = []
    for command, _ in shown:
        assert main(shlex.split(command)) == 0
        said.append((command, capsys.readouterr().out.strip()))

    assert shown and said == shown
