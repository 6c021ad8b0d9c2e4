"""``backup`` and ``restore`` 备份与恢复: a whole copy at any time, and the way back."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.clock import HeldClock
from bot.dialog import Town
from bot.example import seed
from storage import copies
from storage.database import Database
from storage.sqlite import SqliteDriver
from tests.conftest import NOON, Stairwell
from tests.ops.keeping import bare_environment, kept_logging

__all__ = ["bare_environment", "kept_logging"]

DB = Path("data/mulin.db")
Said = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings of its own."""
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text('[database]\nurl = "data/mulin.db"\n', "utf-8")
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command; its exit code and all that it prints."""

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def lived(*words: str, at_end: Callable[[], None] = lambda: None) -> None:
    """王阿姨 reports; ``at_end`` runs while the program has the database in use."""

    async def live() -> None:
        clock = HeldClock(NOON)
        DB.parent.mkdir(exist_ok=True)
        town = Town(Database(SqliteDriver(DB), clock), clock)
        await town.open()
        await town.app.database.unit(lambda unit: seed(unit, town.screen.name))
        known = (await Stairwell(town).says("王阿姨", "我的")).count("报")
        await town.move(f"+{known + 1}h")
        for what in words:
            await Stairwell(town).says("王阿姨", f"报事 {what}", at="3号楼")
        await asyncio.to_thread(at_end)
        await town.close()

    asyncio.run(live())


def issues(path: Path = DB) -> list[str]:
    with sqlite3.connect(path) as db:
        return [text for (text,) in db.execute("select text from issues order by id")]


def test_a_backup_is_made_while_the_program_runs_and_put_back(said: Said) -> None:
    copied: list[tuple[int, str]] = []
    lived("灯坏了", at_end=lambda: copied.append(said("backup", "b.db")))
    assert copied[0][0] == 0 and "备份好了：b.db" in copied[0][1]
    assert Path("b.db").stat().st_mode & 0o077 == 0
    assert issues(Path("b.db")) == ["灯坏了"]
    DB.unlink()

    code, told = said("restore", "b.db")
    assert code == 0 and "已经恢复" in told and issues() == ["灯坏了"]
    lived("门坏了")
    assert issues() == ["灯坏了", "门坏了"]


def test_a_backup_overwrites_nothing(said: Said) -> None:
    lived("灯坏了")
    Path("b.db").write_text("mine")

    assert said("backup", "b.db") == (1, "b.db 已经有了，没有覆盖。请换一个名字。\n")
    assert Path("b.db").read_text() == "mine"
    assert said("backup", "nowhere/b.db")[0] == 1
    assert [p.name for p in Path().iterdir() if "part" in p.name] == []


def test_what_is_newer_is_replaced_only_when_asked_and_kept(said: Said) -> None:
    lived("灯坏了")
    said("backup", "b.db")
    lived("门坏了")

    code, told = said("restore", "b.db")
    assert code == 1 and "比这份备份新" in told and issues() == ["灯坏了", "门坏了"]
    code, told = said("restore", "b.db", "--over")
    assert code == 0 and "before-1" in told
    assert issues() == ["灯坏了"]
    assert issues(Path("data/mulin.db.before-1")) == ["灯坏了", "门坏了"]


def test_a_crash_in_the_middle_leaves_the_database_that_was_there(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived("灯坏了")
    said("backup", "b.db")
    lived("门坏了")

    rename = Path.rename

    def crash(half: Path, target: Path) -> Path:
        if target == DB:
            raise InterruptedError(f"{half.name} never became {target.name}")
        return rename(half, target)

    monkeypatch.setattr(Path, "rename", crash)
    with pytest.raises(InterruptedError):
        copies.put_back(Path("b.db"), DB)

    assert issues() == ["灯坏了", "门坏了"]


def test_nothing_is_restored_under_a_running_program(said: Said) -> None:
    lived("灯坏了")
    said("backup", "b.db")
    tried: list[tuple[int, str]] = []
    lived(at_end=lambda: tried.append(said("restore", "b.db", "--over")))

    assert tried[0][0] == 1 and "使用" in tried[0][1] and issues() == ["灯坏了"]


def test_what_is_no_backup_is_not_restored(said: Said) -> None:
    lived("灯坏了")
    Path("letter.txt").write_text("亲爱的邻居" * 1000)
    with sqlite3.connect("other.db") as db:
        db.execute("create table t (x)")
    said("backup", "newer.db")
    with sqlite3.connect("newer.db") as db:
        db.execute("insert into schema_version values (9999)")

    assert said("restore", "letter.txt")[0] == 1
    assert said("restore", "other.db")[0] == 1
    assert said("restore", "none.db")[0] == 1
    code, told = said("restore", "newer.db", "--over")
    assert code == 1 and "新" in told
    assert issues() == ["灯坏了"]


def test_a_damaged_database_is_replaced_when_asked_and_kept(said: Said) -> None:
    lived("灯坏了")
    said("backup", "b.db")
    DB.write_bytes(b"broken" * 2000)

    assert "读不出来" in said("restore", "b.db")[1]
    assert said("restore", "b.db", "--over")[0] == 0 and issues() == ["灯坏了"]
    assert Path("data/mulin.db.before-1").read_bytes()[:6] == b"broken"


def test_a_server_is_backed_up_with_its_own_tools(said: Said) -> None:
    Path("config.toml").write_text(
        '[database]\nurl = "postgresql://mulin:secret@db/mulin?sslmode=require"\n', "utf-8"
    )

    code, told = said("backup", "b.dump")
    assert (
        code == 1 and "pg_dump -Fc -f b.dump 'postgresql://mulin@db/mulin?sslmode=require'" in told
    )
    assert "pg_restore -d" in said("restore", "b.dump")[1] and "secret" not in told
