"""``migrate-to`` 搬库: from one SQLite file to PostgreSQL, whole and checked, or not at all."""

import asyncio
import sqlite3
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from bot.audit import Options, audit
from bot.cli import main
from bot.clock import HeldClock
from bot.dialog import Town
from bot.example import seed
from storage.crossing import batches
from storage.database import Database
from storage.postgres import PostgresDriver
from storage.sqlite import SqliteDriver
from storage.unit import Unit
from tests.conftest import NEEDS_POSTGRES, NOON, POSTGRES, Stairwell
from tests.dialogs.voting import PHOTO, announced, votes, with_roll
from tests.ops.keeping import bare_environment, kept_logging

__all__ = ["bare_environment", "kept_logging"]

pytestmark = NEEDS_POSTGRES
DB = Path("mulin.db")


def done(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@pytest.fixture
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A community in a file, and an empty schema on the server, which the URL names."""
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text('[database]\nurl = "mulin.db"\n', "utf-8")
    name = f"test_{uuid4().hex[:12]}"
    done(_live())
    done(_told(f"create schema {name}"))
    yield name
    done(_told(f"drop schema {name} cascade"))


async def _told(sql: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    await connection.execute(sql)
    await connection.close()


async def _live() -> None:
    clock = HeldClock(NOON)
    town = Town(Database(SqliteDriver(DB), clock), clock)
    await town.open()
    await town.app.database.unit(lambda unit: seed(unit, town.screen.name))
    stairwell = Stairwell(town)
    await with_roll(stairwell)
    await stairwell.says("王阿姨", "报事 五楼灯坏了", at="3号楼", pictures=[PHOTO])
    await announced(stairwell)
    await votes(stairwell, "王阿姨", "赞成")
    await stairwell.moves("+45d")
    await town.close()


def url(schema: str) -> str:
    return f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}search_path={schema}"


async def _after(schema: str) -> str:
    """The program goes on on the server: 刘大爷 seconds, 小陈 reports; what one sees."""
    clock = HeldClock(NOON.replace(year=2027))
    town = Town(Database(PostgresDriver(POSTGRES, schema), clock), clock)
    await town.open()
    stairwell = Stairwell(town)
    await stairwell.says("刘大爷", "附议 报1", at="3号楼")
    seen = await stairwell.says("小陈", "报事 大门关不上", at="3号楼")
    seen += await stairwell.says("李网格", "看 报1") + await stairwell.says(
        "王阿姨", "表决名单 表1"
    )

    async def broken(unit: Unit) -> int | None:
        return await unit.journal.first_break((await unit.places.communities())[0].id)

    assert await town.app.database.unit(broken) is None
    await town.close()
    return seen


def counted(table: str = "journal") -> int:
    with sqlite3.connect(DB) as db:
        return int(db.execute(f"select count(*) from {table}").fetchone()[0])


def test_a_community_moves_and_goes_on(schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = DB.read_bytes()

    assert main(["migrate-to", url(schema)]) == 0
    told = capsys.readouterr().out
    assert f"journal：{counted()} 行" in told and "数目和留痕都对得上" in told
    assert DB.read_bytes() == before
    seen = done(_after(schema))
    assert "报2 · 待派单" in seen and "👥" in seen and "吕* 88.53㎡：没有投" in seen
    Path("config.toml").write_text(f'[database]\nurl = "{url(schema)}"\n', "utf-8")
    assert done(audit(Options(Path("config.toml")))) == 0


def test_a_target_that_holds_anything_is_left_alone(
    schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate-to", url(schema)]) == 0

    assert main(["migrate-to", url(schema)]) == 1
    assert "已经有数据" in capsys.readouterr().err


@pytest.mark.parametrize(
    "sql",
    [
        "update journal set verb = 'praise' where seq = 2",
        "delete from journal where seq = 2",
    ],
)
def test_a_journal_that_does_not_fit_is_not_moved(
    schema: str, capsys: pytest.CaptureFixture[str], sql: str
) -> None:
    with sqlite3.connect(DB) as db:
        db.execute(sql)

    assert main(["migrate-to", url(schema)]) == 1
    assert "什么都没有留下" in capsys.readouterr().err
    with sqlite3.connect(DB) as db:
        db.execute("delete from journal")
        db.execute("delete from journal_heads")
    assert main(["migrate-to", url(schema)]) == 0


def test_a_running_program_is_not_moved(schema: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def run() -> int:
        running = SqliteDriver(DB)
        await running.open()
        code = await asyncio.to_thread(main, ["migrate-to", url(schema)])
        await running.close()
        return code

    assert done(run()) == 1
    assert "使用" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["other.db", "mysql://there/mulin", ""])
def test_what_is_no_server_is_said(
    schema: str, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    assert main(["migrate-to", target]) == 1
    assert "postgresql://" in capsys.readouterr().err


def test_photos_go_a_few_at_a_time_and_in_their_order() -> None:
    photos = [(n, bytes(1_500_000)) for n in range(1, 8)]
    small = [(n, "小") for n in range(8, 400)]

    taken = list(batches([*photos, *small]))

    assert [len(some) for some in taken] == [3, 3, 200, 193]
    assert [row for some in taken for row in some] == [*photos, *small]
