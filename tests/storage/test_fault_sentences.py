"""Fault sentences 故障提示: the command line says one clear sentence, without a trace."""

import asyncio
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from bot.cli import main
from bot.clock import HeldClock
from storage.database import Database, driver_for
from storage.postgres import PostgresDriver
from tests.conftest import NEEDS_POSTGRES, NOON, POSTGRES
from tests.ops.keeping import bare_environment, kept_logging

__all__ = ["bare_environment", "kept_logging"]
COMMANDS = (["run"], ["migrate"], ["check"])


@pytest.fixture(autouse=True)
def settings(
    bare_environment: None, kept_logging: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A community in a folder of its own, at a port that is free."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        monkeypatch.setenv("MULIN_WEB__PORT", str(free.getsockname()[1]))
    monkeypatch.setenv("MULIN_COMMUNITY__NAME", "睦邻社区")
    monkeypatch.chdir(tmp_path)


Says = Callable[[str, list[str]], str]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Says:
    """What a command says about the database at a URL; it must fail with 1 and without a trace."""

    def told(url: str, command: list[str]) -> str:
        monkeypatch.setenv("MULIN_DATABASE__URL", url)
        assert main(command) == 1
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        lines = said.out.splitlines() if command == ["check"] else said.err.splitlines()
        wrong = [line.removeprefix("[!!] ") for line in lines if not line.startswith("[ok]")]
        assert len([line for line in wrong if "数据库" in line or url in line]) == 1
        return next(line for line in wrong if "数据库" in line or url in line)

    return told


def _made(path: Path) -> None:
    async def made() -> None:
        database = Database(driver_for(str(path)), HeldClock(NOON))
        await database.open()
        await database.close()

    asyncio.run(made())


def _newer(path: Path) -> None:
    _made(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("insert into schema_version values (9000)")


def _damaged(path: Path) -> None:
    path.write_bytes(b"these are notes, not a database " * 99)


def _folder(path: Path) -> None:
    path.mkdir()


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("create table songs (name text)")


@contextmanager
def _contents(path: Path) -> Iterator[None]:
    """What a file holds is the same afterwards."""
    before = path.read_bytes() if path.is_file() else b""
    yield
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("arrange", "sentence"),
    [
        (_newer, "比程序新"),
        (_damaged, "不是数据库或已损坏"),
        (_folder, "打不开数据库文件"),
        (_foreign, "不是本程序的数据库"),
    ],
)
def test_a_file_that_cannot_serve(
    tmp_path: Path,
    says: Says,
    command: list[str],
    arrange: Callable[[Path], None],
    sentence: str,
) -> None:
    path = tmp_path / "mulin.db"
    arrange(path)

    with _contents(path):
        said = says(str(path), command)

    assert sentence in said
    assert str(path) in said


def test_a_database_that_is_in_use_is_told(tmp_path: Path, says: Says) -> None:
    path = tmp_path / "mulin.db"
    _made(path)
    driver = driver_for(str(path))
    driver._hold()  # type: ignore[union-attr]

    assert "正被另一个程序使用" in says(str(path), ["run"])
    assert "正被另一个程序使用" in says(str(path), ["migrate"])
    driver._let_go()  # type: ignore[union-attr]


def test_a_full_disk_is_told_in_a_process_of_its_own(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from bot.cli import main; sys.exit(main(['run']))"
    )
    environment = {**os.environ, "MULIN_DATABASE__URL": str(tmp_path / "mulin.db")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])

    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=30
    )

    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        f"存放数据库 {tmp_path / 'mulin.db'} 的磁盘满了或出错。请腾出空间再启动；数据没有动。"
    )


def _url(**parts: str) -> str:
    return urlunsplit(urlsplit(POSTGRES)._replace(**parts))


@NEEDS_POSTGRES
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_server_that_does_not_answer(says: Says, command: list[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]

    assert "连不上数据库" in says(f"postgresql://u:hidden@127.0.0.1:{port}/mulin", command)


@NEEDS_POSTGRES
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_that_is_not_on_the_server(says: Says, command: list[str]) -> None:
    said = says(_url(path="/nothing_here"), command)

    assert "服务器上没有数据库" in said
    assert "nothing_here" in said


@NEEDS_POSTGRES
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_server_that_lets_us_read_only(says: Says, command: list[str]) -> None:
    read_only = _url(query="default_transaction_read_only=on")

    assert "不能写入" in says(read_only, command)


@NEEDS_POSTGRES
def test_a_user_that_is_not_known(says: Says) -> None:
    address = POSTGRES.rpartition("@")[2]
    said = says(f"postgresql://stranger:hidden@{address}", ["run"])

    assert "不让我们登录" in said
    assert "hidden" not in said


@NEEDS_POSTGRES
async def test_connections_that_break_are_survived() -> None:
    schema = f"test_{uuid4().hex[:12]}"
    outside = await asyncpg.connect(POSTGRES)
    await outside.execute(f"create schema {schema}")
    url = _url(query=f"application_name={schema}")
    database = Database(PostgresDriver(url, schema), HeldClock(NOON))
    await database.open()
    await asyncio.gather(
        *(database.unit(lambda unit: unit.people.add("甲", unit.now)) for _ in range(20))
    )

    killed = await outside.fetchval(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = $1",
        schema,
    )
    await asyncio.gather(
        *(database.unit(lambda unit: unit.people.add("乙", unit.now)) for _ in range(20))
    )
    count = await outside.fetchval(f"select count(*) from {schema}.people")
    await database.close()
    await outside.execute(f"drop schema {schema} cascade")
    await outside.close()

    assert killed > 1
    assert count == 40
