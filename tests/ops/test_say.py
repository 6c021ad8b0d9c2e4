"""Say 对话: plays what editors and programs hand it, and says what it cannot play."""

import io
import json
from pathlib import Path

import pytest

from bot.cli import main
from tests.ops.keeping import bare_environment, kept_logging

__all__ = ["bare_environment", "kept_logging"]

DIALOG = "王阿姨@3号楼: 报事 五楼灯坏了\n刘大爷@3号楼> 1\n"
SEEDED = ["say", "--seed", "example", "--now", "2026-11-21T12:00"]


def file(folder: Path, content: bytes) -> str:
    """A dialog's file."""
    path = folder / "dialog.txt"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize(
    "content",
    [
        DIALOG.encode(),
        DIALOG.replace("\n", "\r\n").encode(),
        DIALOG.encode("utf-8-sig"),
        f"# 注释\n\n  {DIALOG}\n\n".encode(),
        DIALOG.replace(": ", "：").encode(),
    ],
)
def test_a_dialog_is_played_however_it_was_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    assert main([*SEEDED, file(tmp_path, content)]) == 0

    out = capsys.readouterr().out
    assert "[3号楼] 报1 · 待派单" in out
    assert "🕐11月21日周六 12:00" in out
    assert "(刘大爷) 报1 已附议" in out


def test_standard_input_is_played(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DIALOG.encode())))

    assert main(SEEDED) == 0
    assert "报1 已附议" in capsys.readouterr().out


def test_programs_get_one_json_object_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SEEDED, "--json", file(tmp_path, DIALOG.encode())]) == 0

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"line", "kind", "chat", "account", "text", "buttons"} == set(rows[0])
    assert (rows[0]["line"], rows[0]["kind"], rows[0]["chat"]) == (1, "send", "3号楼")
    assert rows[0]["buttons"] == ["附议：我也遇到"]
    assert [row["account"] for row in rows if row["kind"] == "toast"] == ["刘大爷"]


def test_a_database_goes_on_where_it_was_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ["--db", str(tmp_path / "own.db")]
    report = file(tmp_path, "王阿姨@3号楼: 报事 五楼灯坏了\n".encode())
    assert main([*SEEDED, *own, report]) == 0
    look = file(tmp_path, "王阿姨: 我的\n".encode())
    assert main([*SEEDED, *own, look]) == 0

    assert "报1 五楼灯坏了" in capsys.readouterr().out


def test_the_example_is_not_put_beside_a_real_community(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    from bot.clock import system_clock
    from bot.founding import found
    from storage.database import Database, driver_for
    from tests.ops.test_founding import PLAN

    path = str(tmp_path / "real.db")

    async def made() -> None:
        database = Database(driver_for(path), system_clock)
        await database.open()
        await database.unit(lambda unit: found(unit, PLAN))
        await database.close()

    asyncio.run(made())

    assert main([*SEEDED, "--db", path, file(tmp_path, DIALOG.encode())]) == 2
    assert "已有别的社区" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"hello there\n", "第1行看不懂：hello there"),
        (DIALOG.encode() + "刘大爷@3号楼> 没有的按钮\n".encode(), "第3行看不懂"),
        ("王阿姨: 你好\n".encode("gbk"), "不是 UTF-8 文本"),
    ],
)
def test_what_cannot_be_played_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    assert main([*SEEDED, file(tmp_path, content)]) == 2

    err = capsys.readouterr().err
    assert told in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", "nothing.txt"]) == 2
    assert capsys.readouterr().err == "没有这个文件，或读不了：nothing.txt\n"


def test_an_instant_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["say", "--now", "gestern", "-"])

    assert ended.value.code == 2
    assert "请写成 2026-11-21T12:00" in capsys.readouterr().err


def test_a_wrong_command_is_told_in_chinese_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--prot", "80"])

    first, second, *more = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2 and not more
    assert first == "命令写得不对。看看怎么写：python -m bot -h"
    assert "--prot" in second


def test_words_that_are_no_time_are_told_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "13月5号", "--now", "2026-11-20T12:00"]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "「13月5号」不是时间。请这样写：周五晚8点\n"
