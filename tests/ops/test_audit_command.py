"""``python -m bot audit`` 核对: counts again, finds changes, writes what a neighbour runs."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.audit import Options, audit
from bot.clock import HeldClock
from bot.dialog import Town
from bot.example import seed
from storage.database import Database
from storage.sqlite import SqliteDriver
from storage.statement import Statement
from storage.unit import Unit
from tests.conftest import NOON, Stairwell
from tests.dialogs.test_matters import announced as announced_several
from tests.dialogs.test_matters import votes as votes_several
from tests.dialogs.voting import announced, votes, with_roll
from tests.ops.keeping import bare_environment

__all__ = ["bare_environment"]


@pytest.fixture(scope="module")
async def voted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a community that has voted: 王阿姨 and 刘大爷 for it, 小陈 against it."""
    folder = tmp_path_factory.mktemp("voted")
    await _play(folder)
    return folder / "mulin.db"


@pytest.fixture
async def options(voted: Path, tmp_path: Path, bare_environment: None) -> Options:
    """That community, to be looked at and meddled with."""
    shutil.copy(voted, tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(f'[database]\nurl = "{tmp_path}/mulin.db"\n', "utf-8")
    return Options(config)


async def _play(tmp_path: Path, *, several: bool = False) -> None:
    clock = HeldClock(NOON)
    town = Town(Database(SqliteDriver(tmp_path / "mulin.db"), clock), clock)
    await town.open()
    await town.app.database.unit(lambda unit: seed(unit, town.screen.name))
    stairwell = Stairwell(town)
    await with_roll(stairwell)
    chosen = {"王阿姨": "赞成", "刘大爷": "赞成", "小陈": "反对"}
    if several:
        await announced_several(stairwell)
        for who, choice in chosen.items():
            await votes_several(stairwell, who, choice, "反对", choice)
    else:
        await announced(stairwell)
        for who, choice in chosen.items():
            await votes(stairwell, who, choice)
    await stairwell.moves("+45d")
    await town.close()


async def changed(options: Options, sql: str, *args: object) -> None:
    """Somebody with the file changes a row in it."""
    database = Database(SqliteDriver(options.config.parent / "mulin.db"), HeldClock(NOON))
    await database.open()

    async def work(unit: Unit) -> None:
        await Statement(sql, *args)

    await database.unit(work)
    await database.close()


async def test_a_vote_that_nobody_touched_fits(
    options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await audit(options) == 0

    told = capsys.readouterr().out
    assert "结果：通过" in told and "每一行都对得上" in told and "留痕完整" in told


@pytest.mark.parametrize(
    "sql",
    [
        "update motion_ledger set row_text = replace(row_text, '\"no\"', '\"yes\"')",
        "update motion_ledger set row_text = 'broken' where seq = 5",
        "delete from motion_ledger where seq = 19",
        "delete from motion_ledger where seq = 21",
        "update motion_ledger set seq = seq + 100 where seq = 19",
        "insert into motion_ledger select 1, 99, row_text, hash from motion_ledger where seq = 19",
        "update motion_sums set heads = heads + 1 where choice = 'yes'",
        "update motions set closing_head = opening_head",
        "update journal set after = replace(after, '\"head\"', '\"heads\"')",
        "delete from journal where subject = 'motion' and verb = 'open'",
        "update motion_voters set name = '李**' where voter = 2",
        "update motion_voters set flats = '[\"9-9-999\"]' where voter = 3",
    ],
)
async def test_any_row_that_somebody_changed_is_found(
    options: Options, capsys: pytest.CaptureFixture[str], sql: str
) -> None:
    await changed(options, sql)

    assert await audit(options) == 1
    told = capsys.readouterr().out
    assert "✗" in told or "被改过" in told or "不对" in told


def run(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What a neighbour runs at home: Python alone, without this program."""
    command = [sys.executable, "-I", "-S", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


async def test_an_export_is_one_file_that_a_neighbour_runs(options: Options) -> None:
    folder = options.config.parent
    assert await audit(Options(options.config, export=folder / "vote.zip", motion=1)) == 0

    told = run("vote.zip", cwd=folder)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "结论：通过" in told.stdout and "赞成 yes: 2, 177.06 m²" in told.stdout
    assert await audit(Options(options.config, file=folder / "vote.zip")) == 0


async def test_a_changed_export_is_found_by_both(options: Options) -> None:
    folder = options.config.parent
    await audit(Options(options.config, export=folder / "vote.zip"))
    with zipfile.ZipFile(folder / "vote.zip") as export:
        export.extractall(folder / "home")
    ledger = folder / "home" / "ledger.jsonl"
    ledger.write_text(ledger.read_text("utf-8").replace('"no"', '"yes"', 1), "utf-8")

    told = run("verify.py", "ledger.jsonl", cwd=folder / "home")
    assert told.returncode == 1 and "对不上" in told.stdout
    assert await audit(Options(options.config, file=ledger)) == 1


async def test_names_lie_beside_the_rows_until_they_have_had_their_time(options: Options) -> None:
    folder = options.config.parent
    await audit(Options(options.config, export=folder / "vote.zip"))
    with zipfile.ZipFile(folder / "vote.zip") as export:
        export.extractall(folder / "home")
    names = folder / "home" / "names.jsonl"

    assert "names that fit: 16/16" in run("vote.zip", cwd=folder).stdout
    names.write_text(names.read_text("utf-8").replace("3-2-501", "3-2-502"), "utf-8")
    assert "名字对不上" in run("verify.py", cwd=folder / "home").stdout
    with zipfile.ZipFile(folder / "changed.zip", "w") as export:
        for name in ("ledger.jsonl", "names.jsonl"):
            export.write(folder / "home" / name, name)
    assert await audit(Options(options.config, file=folder / "changed.zip")) == 1
    assert await audit(Options(options.config, file=folder / "vote.zip")) == 0
    names.unlink()
    told = run("verify.py", cwd=folder / "home")
    assert told.returncode == 0 and "names that fit: 0/16" in told.stdout


async def test_several_matters_are_counted_again_one_by_one(
    tmp_path: Path, bare_environment: None, capsys: pytest.CaptureFixture[str]
) -> None:
    await _play(tmp_path, several=True)
    config = tmp_path / "config.toml"
    config.write_text(f'[database]\nurl = "{tmp_path}/mulin.db"\n', "utf-8")
    options = Options(config)
    assert await audit(options) == 0
    told = capsys.readouterr().out
    assert told.count("结果：通过") == 2 and "2. 换节能灯" in told and "每一行都对得上" in told

    assert await audit(Options(config, export=tmp_path / "vote.zip")) == 0
    home = run("vote.zip", cwd=tmp_path)
    assert home.returncode == 0 and home.stdout.count("结论：通过") == 2
    await changed(options, "update motion_sums set heads = heads + 1 where matter = 2")
    assert await audit(options) == 1


async def test_the_same_ledger_makes_the_same_file(options: Options) -> None:
    first, second = (options.config.parent / name for name in ("a.zip", "b.zip"))
    await audit(Options(options.config, export=first))
    await audit(Options(options.config, export=second))

    assert first.read_bytes() == second.read_bytes()


async def test_what_is_no_export_is_said(
    options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await audit(Options(options.config, file=options.config.parent / "none.zip")) == 1
    assert "不是导出的票据链" in capsys.readouterr().err
    (options.config.parent / "bad.zip").write_bytes(b"PK\x03\x04 nonsense")
    assert await audit(Options(options.config, file=options.config.parent / "bad.zip")) == 1


async def test_which_vote_has_to_be_said_where_there_is_no_such_one(
    options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = Options(options.config, export=options.config.parent / "x.zip", motion=7)

    assert await audit(wanted) == 1
    assert "--motion" in capsys.readouterr().err
