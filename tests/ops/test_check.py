"""Check 检查: each line is ok or says what to do."""

import shutil
from pathlib import Path

import pytest

from bot import check as checking
from bot.cli import main
from bot.clock import system_clock
from storage.database import Database
from storage.sqlite import SqliteDriver
from tests.ops.fake_weather import FakeWeather
from tests.ops.keeping import bare_environment, kept_logging
from tests.platforms.fake_telegram import TOKEN, FakeTelegram
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom

__all__ = ["bare_environment", "kept_logging"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings that are fine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(
        '[community]\nname = "光华社区"\n[community.grids]\n"一" = ["1号楼", "2号楼"]\n', "utf-8"
    )
    monkeypatch.setattr(checking, "font_path", lambda: tmp_path)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and lines of ``check``."""
    code = main(["check"])
    return code, capsys.readouterr().out


def test_a_machine_that_is_ready(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = checked(capsys)

    assert code == 0
    assert [line[:4] for line in said.splitlines()] == ["[ok]"] * 9
    assert "社区：光华社区，2栋楼" in said
    assert "data/mulin.db 还没有，启动时会建好" in said


def test_nothing_is_made_by_looking(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked(capsys)

    assert [path.name for path in folder.iterdir()] == ["config.toml"]


def test_a_database_that_is_there_is_opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    migrated = capsys.readouterr().out

    code, said = checked(capsys)

    assert "已从 0 升级到" in migrated.splitlines()[0]
    assert "已是最新" in migrated.splitlines()[1]
    assert code == 0
    assert "可以写入" in said


def test_what_is_missing_is_told_with_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "config.toml").write_text("", "utf-8")
    monkeypatch.setattr(checking, "font_path", lambda: None)
    usage = shutil.disk_usage(folder)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    code, said = checked(capsys)

    wrong = [line for line in said.splitlines() if line.startswith("[!!]")]
    assert code == 1
    assert all(part in line for part, line in zip(("社区", "字体", "磁盘"), wrong, strict=True))
    assert "sudo apt install fonts-noto-cjk" in said


def test_wrong_settings_come_first_and_the_machine_is_looked_at_anyway(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.toml").write_text("[web]\nport = 0\n", "utf-8")

    code, said = checked(capsys)

    assert code == 1
    assert said.startswith("[!!] 设置里有 1 处要改：\n  config.toml 第2行 web.port：")
    assert "中文字体" in said


async def test_telegram_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeTelegram()
    await fake.start()
    monkeypatch.setenv("MULIN_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("MULIN_TELEGRAM__API_URL", fake.url)
    said: list[str] = []
    monkeypatch.setattr(checking, "say", said.append)

    await checking.check(folder / "config.toml")
    monkeypatch.setenv("MULIN_TELEGRAM__TOKEN", "1:wrong")
    code = await checking.check(folder / "config.toml")
    await fake.stop()

    told = [line for line in said if "Telegram" in line or "隐私" in line or "令牌" in line]
    assert any(line.startswith("[ok]") for line in told)
    assert any(line.startswith("[!!]") and "令牌" in line for line in told)
    assert code == 1
    assert TOKEN not in "\n".join(said)


async def test_the_weather_service_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWeather()
    said: list[str] = []
    monkeypatch.setattr(checking, "say", said.append)
    monkeypatch.setenv("MULIN_WEATHER__URL", await fake.open())
    monkeypatch.setenv("MULIN_COMMUNITY__LATITUDE", "30.59")
    monkeypatch.setenv("MULIN_COMMUNITY__LONGITUDE", "114.3")

    assert await checking.check(folder / "config.toml") == 0
    assert "[ok] 天气预报：能查到，16天" in said

    await fake.close()
    assert await checking.check(folder / "config.toml") == 1
    assert any(line.startswith("[!!] 天气预报：连不上") for line in said)


async def test_wecom_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeWeCom()
    await fake.start()
    monkeypatch.setenv("MULIN_WECOM__BOT_ID", BOT_ID)
    monkeypatch.setenv("MULIN_WECOM__BOT_NAME", "睦邻助手")
    monkeypatch.setenv("MULIN_WECOM__WS_URL", fake.url)
    said: list[str] = []
    monkeypatch.setattr(checking, "say", said.append)
    for secret in (SECRET, "wrong"):
        monkeypatch.setenv("MULIN_WECOM__SECRET", secret)
        await checking.check(folder / "config.toml")
    await fake.stop()
    await checking.check(folder / "config.toml")

    told = [line[:13] for line in said if "企业微信" in line]
    assert told == [
        "[ok] 企业微信：连上了",
        "[!!] 企业微信不认这个",
        "[!!] 连不上企业微信（",
    ]
    assert SECRET not in "\n".join(said)


async def test_wecoms_callbacks_are_explained(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULIN_WECOM__BOT_ID", BOT_ID)
    monkeypatch.setenv("MULIN_WECOM__MODE", "callback")
    monkeypatch.setenv("MULIN_WECOM__CALLBACK_URL", "https://mulin.example.org/wecom")
    monkeypatch.setenv("MULIN_WECOM__TOKEN", "t")
    monkeypatch.setenv("MULIN_WECOM__AES_KEY", "a" * 43)
    said: list[str] = []
    monkeypatch.setattr(checking, "say", said.append)
    await checking.check(folder / "config.toml")

    told = [line for line in said if "企业微信" in line]
    assert "https://mulin.example.org/wecom" in told[0]
    assert "没有提醒" in told[1]
    assert told[2].startswith("[!!]") and "wecom.bot_name" in told[2]


async def test_wecom_is_left_alone_while_the_program_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeWeCom()
    await fake.start()
    monkeypatch.setenv("MULIN_WECOM__BOT_ID", BOT_ID)
    monkeypatch.setenv("MULIN_WECOM__SECRET", SECRET)
    monkeypatch.setenv("MULIN_WECOM__WS_URL", fake.url)
    monkeypatch.setenv("MULIN_DATABASE__URL", str(folder / "running.db"))
    said: list[str] = []
    monkeypatch.setattr(checking, "say", said.append)
    database = Database(SqliteDriver(folder / "running.db"), system_clock)
    await database.open()

    await checking.check(folder / "config.toml")

    await database.close()
    await fake.stop()
    assert any("没有再连一次" in line for line in said)
    assert fake.subscribes == []
