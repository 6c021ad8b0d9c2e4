"""Architecture 结构: who may import whom, where SQL and drivers are, and how large a file gets."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from handlers.modules import MODULES

ROOT = Path(__file__).parent.parent
ORDER = ("bot", "web", "handlers", "storage", "domain")
"""A folder imports itself and what stands to its right."""
FILES = [path for folder in ORDER for path in sorted((ROOT / folder).rglob("*.py"))]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
SQL = ("select ", "insert into ", "update ", "delete from ", "create table ")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


@cache
def heads(path: Path) -> frozenset[str]:
    """Every package that a file imports, at its head or inside a function."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{named(path)}: relative import"
            found.append(node.module)
    return frozenset(module.partition(".")[0] for module in found)


@pytest.mark.parametrize("folder", ORDER)
def test_nobody_imports_to_the_left(folder: str) -> None:
    left = set(ORDER[: ORDER.index(folder)])
    own = [path for path in FILES if path.relative_to(ROOT).parts[0] == folder]

    assert [named(path) for path in own if heads(path) & left] == []


def test_every_file_that_declares_something_is_loaded() -> None:
    """Nobody would call what stands in a file that is named nowhere."""
    declares = re.compile(r"^@(command|press|card|due|correction)\(", re.MULTILINE)
    files = (ROOT / "handlers").glob("*.py")

    assert {f.stem for f in files if declares.search(f.read_text("utf-8"))} <= set(MODULES)


def test_the_domain_is_standard_library_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"domain"}

    assert {m for path in (ROOT / "domain").rglob("*.py") for m in heads(path)} <= allowed


def test_the_domain_does_not_await_log_or_read_a_clock() -> None:
    for path in (ROOT / "domain").rglob("*.py"):
        found = nodes(path)
        assert not any(isinstance(node, ast.AsyncFunctionDef) for node in found), path
        assert not heads(path) & {"asyncio", "logging", "os", "sqlite3", "random", "time"}, path
        assert ".now(" not in path.read_text("utf-8") and ".today(" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("module", "where"),
    [
        ("telegram", "bot/platforms/telegram"),
        ("websockets", "bot/platforms/wecom"),
        ("cryptography", "bot/platforms/wecom"),
        ("apscheduler", "bot/clockwork.py"),
        ("aiosqlite", "storage/"),
        ("asyncpg", "storage/"),
        ("sqlite3", "storage/"),
        ("PIL", "bot/"),
        ("prometheus_client", "bot/"),
        ("uvicorn", "bot/"),
        ("jinja2", "web/"),
    ],
)
def test_a_library_is_known_in_one_place(module: str, where: str) -> None:
    users = [named(path) for path in FILES if module in heads(path)]

    assert [user for user in users if not user.startswith(where)] == []


def test_handlers_know_no_network_thread_or_clock() -> None:
    barred = {"asyncio", "aiohttp", "threading", "time", "random", "starlette", "telegram"}

    users = {named(p): heads(p) & barred for p in (ROOT / "handlers").rglob("*.py")}

    assert {name: found for name, found in users.items() if found} == {}


def test_sql_is_written_in_storage_only() -> None:
    found = []
    for path in FILES:
        for node in nodes(path):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and str(node.value).startswith(SQL):  # type: ignore[attr-defined]
                found.append(named(path))

    assert {name for name in found if not name.startswith("storage/")} == set()


def test_everything_is_caught_in_few_places() -> None:
    """The router and the loops go on after a bug; nobody else does."""
    allowed = {
        "handlers/router.py",
        "bot/outbox.py",
        "bot/clockwork.py",
        "bot/forecasting.py",  # a community without weather still has all the rest
        "bot/settling.py",  # hands the error to whoever waits for it
        "bot/platforms/lanes.py",  # one update that fails does not stop the others
        "storage/sqlite_thread.py",  # hands the error to the unit, or to whoever waits for it
        "storage/sqlite.py",
        "storage/postgres.py",
    }
    found = set()
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
            ):
                found.add(named(path))

    assert found <= allowed


def test_no_handler_asks_for_a_role_by_name() -> None:
    """Permission is a table; ``if role ==`` in a handler would be a second one."""
    for path in (ROOT / "handlers").rglob("*.py"):
        assert ".role ==" not in path.read_text("utf-8"), named(path)


def test_a_file_can_be_read_in_one_go() -> None:
    lines = {named(path): path.read_text("utf-8").count("\n") for path in FILES + TESTS}

    assert {name: count for name, count in lines.items() if count > MAX_FILE_LINES} == {}


def test_a_function_fits_on_a_screen() -> None:
    found = [(named(path), node) for path in FILES for node in nodes(path)]
    functions = [(f, n) for f, n in found if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    long = [
        (f, n.name) for f, n in functions if (n.end_lineno or 0) - n.lineno >= MAX_FUNCTION_LINES
    ]

    assert long == []


def test_a_file_says_what_it_is() -> None:
    assert [named(path) for path in FILES if not ast.get_docstring(tree(path))] == []


def test_nothing_is_called_helpers() -> None:
    assert [named(path) for path in FILES if path.stem in {"utils", "helpers", "common"}] == []


def test_every_decision_has_a_number_of_its_own() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))

    assert [name[:4] for name in records] == [f"{n:04d}" for n in range(1, len(records) + 1)]
