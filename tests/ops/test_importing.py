"""Importing 导入: the operator looks first, and stores after a yes."""

import asyncio
from pathlib import Path

import pytest

from bot.cli import main
from bot.founding import found
from bot.running import open_database, plan_of
from bot.settings_file import read_settings
from storage.unit import Unit
from tests.ops.keeping import bare_environment, kept_logging

__all__ = ["bare_environment", "kept_logging"]

ROLL = "楼栋,单元,房号,业主,面积\n1,2,501,王秀英,89.5\n1,2,502,李明,70\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings and a community that has been founded."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(
        '[community]\nname = "光华社区"\n[community.grids]\n"一" = ["1号楼"]\n', "utf-8"
    )
    (tmp_path / "名册.csv").write_bytes(ROLL.encode("gbk"))
    asyncio.run(_founded())
    return tmp_path


async def _founded() -> None:
    settings = read_settings(Path("config.toml"))
    database = open_database(settings)
    await database.open()
    await database.unit(lambda unit: found(unit, plan_of(settings)))
    await database.close()


def heads() -> int:
    """How many owners are stored."""

    async def counted() -> int:
        database = open_database(read_settings(Path("config.toml")))
        await database.open()

        async def work(unit: Unit) -> int:
            return (await unit.roll.of((await unit.places.communities())[0])).heads

        found_ = await database.unit(work)
        await database.close()
        return found_

    return asyncio.run(counted())


def test_a_dry_run_tells_and_stores_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import", "名册.csv", "--dry-run"])
    said = capsys.readouterr()

    assert code == 0 and heads() == 0
    assert "2户（处），2位业主，共159.50平方米" in said.out and "新增 1-2-501" in said.out
    assert "正在读" in said.err and "读到3行" in said.err


def test_without_a_yes_nothing_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "名册.csv"]) == 0

    assert "没有存" in capsys.readouterr().out and heads() == 0


def test_a_yes_beforehand_stores_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "名册.csv", "--yes"]) == 0

    assert "名册已存好：新增2" in capsys.readouterr().out and heads() == 2


def test_every_problem_is_told_and_the_yes_does_not_help(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "名册.csv").write_text(ROLL + "1,2,501,王秀英,0\n9,1,1,张三,-1\n", "utf-8")

    assert main(["import", "名册.csv", "--yes"]) == 1
    said = capsys.readouterr().out
    assert "第4行E列" in said and "重复" in said and "9号楼" in said and heads() == 0


def test_the_template_can_be_brought_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--template", "空白.xlsx"]) == 0
    assert main(["import", "空白.xlsx", "--yes"]) == 0

    assert heads() == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "请写文件名"),
        (["没有.xlsx"], "没有这个文件"),
        (["config.toml"], "没找到列名"),
        (["名册.csv", "--community", "别的社区"], "请用 --community"),
    ],
)
def test_what_is_missing_is_told(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", *arguments]) == 1

    said = capsys.readouterr()
    assert words in said.out + said.err
