"""Process 进程: the real program starts, serves, stops gracefully, and is refused what it lacks."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings_file import variables

ROOT = Path(__file__).parents[2]
ENDS_WITHIN_S = 20


@contextmanager
def running(
    folder: Path, *command: str, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program in a folder of its own, and the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *command],
        cwd=folder,
        env=_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            said += line
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def _environment(settings: dict[str, str]) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if name not in variables()}
    named = {f"MULIN_{name}": value for name, value in settings.items()}
    return {**bare, **named, "PYTHONPATH": str(ROOT), "MULIN_CONFIG": ""}


def said_by(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What a command that ends by itself says."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=folder,
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN_S,
        check=False,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_newcomer_gets_the_example_and_may_stop_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path, "demo", "--port", "0") as (process, address):
        with urllib.request.urlopen(address, timeout=5) as page:
            text = page.read().decode()
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            status = answer.status
        process.send_signal(number)
        _, log = process.communicate(timeout=ENDS_WITHIN_S)

    assert "王阿姨" in text
    assert status == 200
    assert process.returncode == 0
    assert "Traceback" not in log
    assert '"event": "ended"' in log.splitlines()[-1]
    assert "王阿姨" not in log


def test_a_second_start_goes_on_with_the_same_example(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path, "demo", "--port", "0") as (process, address):
            with urllib.request.urlopen(address, timeout=5) as page:
                assert page.status == 200
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=ENDS_WITHIN_S)

            assert process.returncode == 0


def test_a_community_is_founded_and_its_committee_gets_one_code(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[community]\nname = "光华社区"\n[community.grids]\n"第一网格" = ["1号楼"]\n', "utf-8"
    )
    with running(tmp_path, "run", WEB__PORT=_free_port()) as (process, address):
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(2)]
        code = re.search(r"邀请码 ([0-9A-Z]{4}-[0-9A-Z]{4})", said[0])
        assert code is not None
        with urllib.request.urlopen(f"{address}/j/{code[1]}", timeout=5) as page:
            text = page.read().decode()

    assert "光华社区" in text


def _free_port() -> str:
    import socket
    from contextlib import closing

    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return str(free.getsockname()[1])


def test_wrong_settings_are_told_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nport = 0\n[telegram]\ntoken = 1\n", "utf-8")

    ended = said_by(tmp_path, "run")

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "设置里有 2 处要改：",
        "  config.toml 第2行 web.port：要在 1 到 65535 之间。",
        "  config.toml 第4行 telegram.token：要写成带引号的文字。",
    ]


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    ended = said_by(tmp_path, "run", "--config", "mine.toml")

    assert (ended.returncode, ended.stderr) == (1, "没有这个文件，或读不了：mine.toml\n")


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    import socket
    from contextlib import closing

    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        ended = said_by(tmp_path, "run", WEB__PORT=port)

    assert ended.returncode == 1
    assert f"127.0.0.1:{port} 已被别的程序占用" in ended.stderr


def test_an_old_python_is_told_so(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit\nexit 1\n')
    old.chmod(0o755)

    ended = subprocess.run(
        ["/bin/sh", str(ROOT / ".ci" / "venv"), str(tmp_path / "venv")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "需要 Python 3.11 或更新的版本，这里是：Python 3.9.2" in ended.stderr
    assert not (tmp_path / "venv").exists()
