"""Fixtures 夹具: a real database of either kind, a held clock, and a town in which people speak."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import settings

from bot import printing
from bot.clock import HeldClock
from bot.dialog import Town, read_line
from bot.example import seed
from bot.garbage import look_less_often
from bot.platforms.memory import Event
from handlers.messages import Picture
from handlers.printouts import Printout
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from storage.sqlite import SqliteDriver
from tests.skips import pytest_terminal_summary
from tests.templates import KeptDriver, PostgresTemplates, QuickDriver, SqliteTemplates

__all__ = ["pytest_terminal_summary"]

gc.disable()  # until all tests are gathered: nothing of what is loaded is garbage
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")  # the same examples each time, however busy the machine is
POSTGRES = os.environ.get("MULIN_TEST_POSTGRES", "")
NEEDS_POSTGRES = pytest.mark.skipif(
    not POSTGRES, reason="MULIN_TEST_POSTGRES names no server (postgresql://…)"
)
QUICK_POSTGRES = f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}synchronous_commit=off"
"""The same server; what a power cut would lose is of no interest here."""
EVERYTHING = bool(os.environ.get("MULIN_TEST_EVERYTHING"))
"""Set by ``make test-all``."""
ON_ONE_DATABASE = pytest.mark.parametrize(
    "driver",
    ["sqlite", *([pytest.param("postgres", marks=NEEDS_POSTGRES)] if EVERYTHING else [])],
    indirect=True,
)
"""For what is said, drawn, printed or refused at the door, and for stories of whose statements each
was asked on both databases by at least three others when they were marked; on both as well where
everything is asked for."""
OF_SQLITE = pytest.mark.parametrize("driver", ["sqlite"], indirect=True)
"""For what PostgreSQL does in another way."""
SCHEMA = f"test_{uuid4().hex[:12]}"
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""Saturday, 12:00 in the example neighbourhood."""


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as the program does when it serves."""
    look_less_often()
    gc.enable()


PRINTED_ELSEWHERE = printing.elsewhere


@pytest.fixture(scope="session", autouse=True)
def printed_here() -> Iterator[None]:
    """Files are made in this process, which loads what makes them once and not for each."""

    async def here(printout: Printout, font: Path | None) -> bytes:
        return await asyncio.to_thread(printing.made, printout, font)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "elsewhere", here)
        yield


@pytest.fixture
def printed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made in a process of their own, as they really are."""
    monkeypatch.setattr(printing, "elsewhere", PRINTED_ELSEWHERE)


@pytest.fixture
def clock() -> HeldClock:
    """A clock that stands at noon."""
    return HeldClock(NOON)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplates:
    """Files to be copied, made once."""
    return SqliteTemplates(tmp_path_factory.mktemp("templates"), HeldClock(NOON))


@pytest.fixture(scope="session")
def postgres_templates() -> Iterator[PostgresTemplates | None]:
    """This process's own tables on PostgreSQL, made once."""
    if not POSTGRES:
        yield None
        return
    made = PostgresTemplates(QUICK_POSTGRES, SCHEMA, HeldClock(NOON))
    yield made
    made.drop()


@pytest.fixture(scope="session")
async def postgres_driver(
    postgres_templates: PostgresTemplates | None,
) -> AsyncIterator[KeptDriver]:
    """The one driver of this process; connecting and preparing anew costs more than most tests."""
    kept = KeptDriver(QUICK_POSTGRES, SCHEMA)
    yield kept
    await kept.end()


async def _told(sql: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    await connection.execute(sql)
    await connection.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=NEEDS_POSTGRES)])
async def driver(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_templates: SqliteTemplates,
    postgres_templates: PostgresTemplates | None,
    postgres_driver: KeptDriver,
) -> AsyncIterator[Driver]:
    """An unopened driver on a migrated database; every test that uses it runs on both kinds.

    It is empty, but for a test that asks for the town: that one finds it there already.
    """
    is_seeded = "town" in request.fixturenames
    if request.param == "sqlite":
        sqlite_templates.copy(tmp_path / "mulin.db", is_seeded=is_seeded)
        yield QuickDriver(tmp_path / "mulin.db")
        return
    assert postgres_templates is not None
    await postgres_templates.reset(postgres_driver, is_seeded=is_seeded)
    yield postgres_driver


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=NEEDS_POSTGRES)])
async def new_driver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Driver]:
    """As ``driver``, but on a database that has no tables yet."""
    if request.param == "sqlite":
        yield SqliteDriver(tmp_path / "new.db")
        return
    name = f"test_{uuid4().hex[:12]}"
    await _told(f"create schema {name}")
    yield PostgresDriver(POSTGRES, name)
    await _told(f"drop schema {name} cascade")


@pytest.fixture
async def database(driver: Driver, clock: HeldClock) -> AsyncIterator[Database]:
    """An open, empty, migrated database."""
    opened = Database(driver, clock)
    await opened.open()
    yield opened
    await opened.close()


class Stairwell:
    """The example neighbourhood: who says what, who sees what."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.events: Sequence[Event] = ()

    async def says(
        self, who: str, text: str, at: str = "", pictures: Sequence[Picture] = ()
    ) -> str:
        """Somebody says something; all that appears where they look."""
        self.events = await self.town.say(who, text, at=at, pictures=pictures)
        return self._before(who, at)

    async def sends(self, who: str, name: str, content: bytes | str) -> str:
        """Somebody sends us a file in private; all that appears where they look."""
        body = content.encode() if isinstance(content, str) else content
        self.events = await self.town.send_file(who, name, body)
        return self._before(who, "")

    async def presses(self, who: str, which: str, at: str = "") -> str:
        """Somebody presses what they see; all that appears where they look."""
        self.events = await self.town.press(who, which, at=at)
        return self._before(who, at)

    async def taps(self, who: str, call: str, at: str = "") -> str:
        """Somebody's client sends that call, shown or not."""
        self.events = await self.town.tap(who, call, at=at)
        return self._before(who, at)

    async def edits(self, who: str, text: str, ref: str, at: str = "") -> str:
        """Somebody corrects the message ``ref``; all that appears where they look."""
        self.events = await self.town.say(who, text, at=at, ref=ref, is_edit=True)
        return self._before(who, at)

    async def moves(self, words: str) -> None:
        """The clock moves on; what is due fires at its time."""
        self.events = await self.town.move(words)

    async def plays(self, dialog: str) -> None:
        """Several lines in the language of ``say``."""
        for text in dialog.splitlines():
            line = read_line(text)
            if line is not None:
                self.events = await self.town.play(line)

    def told(self, chat: str) -> str:
        """What the last line caused in one chat (a group's place, or a person's name)."""
        return self._joined(e for e in self.events if e.chat in {chat, f"@{chat}"})

    def sees(self, chat: str) -> str:
        """The last message of a chat as it stands now, with its buttons."""
        bubbles = self.town.screen.chats.get(chat) or self.town.screen.chats.get(f"@{chat}", [])
        return _worded(Event("send", chat, "", bubbles[-1].shown)) if bubbles else ""

    def call(self, chat: str, words: str) -> str:
        """What the button with these words calls, on the last message of a chat."""
        bubbles = self.town.screen.chats.get(chat) or self.town.screen.chats[f"@{chat}"]
        buttons = [button for row in bubbles[-1].shown.buttons for button in row]
        return next(call for label, call in buttons if words in label)

    def card(self, chat: str, label: str = "报1") -> str:
        """A report's card in a chat as it stands now."""
        bubbles = self.town.screen.chats.get(chat) or self.town.screen.chats.get(f"@{chat}", [])
        found = [b.shown for b in bubbles if b.shown.text.startswith(f"{label} · ")]
        return _worded(Event("send", chat, "", found[-1])) if found else ""

    def _before(self, who: str, at: str) -> str:
        chats = {at, f"@{who}"}
        return self._joined(
            e for e in self.events if (e.account == who if e.kind == "toast" else e.chat in chats)
        )

    @staticmethod
    def _joined(events: Iterable[Event]) -> str:
        return "\n".join(_worded(event) for event in events)


def _worded(event: Event) -> str:
    labels = [f"[{label}]" for row in event.shown.buttons for label, _ in row]
    document = event.shown.document
    return "\n".join([event.shown.text, *([f"📎{document.name}"] if document else []), *labels])


@pytest.fixture
async def town(driver: Driver, clock: HeldClock) -> AsyncIterator[Stairwell]:
    """The example neighbourhood on the memory platform."""
    opened = Town(Database(driver, clock), clock)
    await opened.open()
    await opened.app.database.unit(lambda unit: seed(unit, opened.screen.name))
    yield Stairwell(opened)
    await opened.close()
