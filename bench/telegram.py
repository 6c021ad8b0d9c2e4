"""Telegram benchmarks 电报: reports through the fake Bot API, and chatter that is not for us."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.race import OURS, PEERS, ROOT, Runner, figure, race, times


def reports(*, rounds: int = 7, scale: float = 1.0) -> dict[str, Any]:
    """Durable reports against python-telegram-bot with aiosqlite, and aiogram's mere echo.

    One peer with aiosqlite does all that we do, one only what a report cannot do without.
    """
    with fake_bot_api() as port, tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        own = [str(port), str(Path(folder, "ours.db"))]
        ours = Runner("ours", OURS, "ours_reports", times(1000, scale), own)
        same = Runner(
            "same work", PEERS, "peer_ptb_same", times(200, scale), _town(folder, "same.db", port)
        )
        less = Runner(
            "less work",
            PEERS,
            "peer_ptb",
            times(300, scale),
            [str(port), str(Path(folder, "less.db"))],
        )
        aiogram = Runner("aiogram", PEERS, "peer_aiogram", times(600, scale), [str(port)])
        race([ours, same, less, aiogram], rounds)
    return {
        "reports_vs_python_telegram_bot_same_work": figure(ours, same, goal=10),
        "reports_vs_python_telegram_bot_less_work": figure(ours, less, goal=10),
        "reports_vs_aiogram_echo": figure(ours, aiogram, goal=3),
    }


def _town(folder: str, name: str, port: int) -> list[str]:
    """Arguments of a contestant that begins with our tables and neighbours."""
    path = str(Path(folder, name))
    subprocess.run([str(OURS), "-m", "bench.town", path], cwd=ROOT, check=True)
    return [str(port), path]


def chatter(*, rounds: int = 7, scale: float = 1.0) -> dict[str, Any]:
    """CPU time for messages that are not for the bot."""
    count = times(2000, scale)
    ours = Runner("ours", OURS, "ours_chatter", count)
    ptb = Runner("python-telegram-bot", PEERS, "peer_ptb_chatter", count)
    race([ours, ptb], rounds)
    compared = figure(ours, ptb, goal=20, measure="cpu_seconds")
    return {"chatter_cpu_vs_python_telegram_bot": compared}


@contextmanager
def fake_bot_api() -> Iterator[int]:
    """The fake Bot API in a process of its own; its port."""
    command = [str(OURS), "-m", "bench.fake_api"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(json.loads(process.stdout.readline())["port"])
        finally:
            process.terminate()
