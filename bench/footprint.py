"""Footprint 占用: seconds from start to ready, and memory after a thousand chats have spoken.

``python -m bench.footprint`` runs the real program (``python -m bot run``) against the fake Bot
API, with the web chat beside it, and prints JSON; 1 if a goal was missed.
"""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench import fake_api
from bench.contestants.ours_reports import TOKEN, town
from bench.telegram import fake_bot_api
from bot.clock import system_clock
from storage.database import Database, driver_for

ROOT: Final = Path(__file__).parent.parent
START_GOAL_S: Final = 2.0
MEMORY_GOAL_MB: Final = 90.0
READY_WITHIN_S: Final = 20.0
ANSWERED_WITHIN_S: Final = 180.0
LOOK_EVERY_S: Final = 0.01


class Program:
    """The real program in a process of its own."""

    def __init__(self, folder: Path, api_port: int) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self._port = free.getsockname()[1]
        own = {name: v for name, v in os.environ.items() if not name.startswith("MULIN_")}
        self._environment = {
            **own,
            "MULIN_DATABASE__URL": str(folder / "mulin.db"),
            "MULIN_WEB__PORT": str(self._port),
            "MULIN_TELEGRAM__TOKEN": TOKEN,
            "MULIN_TELEGRAM__API_URL": f"http://127.0.0.1:{api_port}",
        }

    @contextmanager
    def running(self) -> Iterator[float]:
        """Run it; the seconds until ``/healthz`` was fine."""
        begun = time.perf_counter()
        command = [sys.executable, "-m", "bot", "run"]
        with subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL
        ) as process:
            self._process = process
            try:
                self._until_fine()
                yield time.perf_counter() - begun
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)

    def _until_fine(self) -> None:
        end = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < end:
            try:
                self.page("healthz")
                return
            except (OSError, urllib.error.HTTPError):
                time.sleep(LOOK_EVERY_S)
        raise TimeoutError("the program never became ready")

    def page(self, path: str) -> str:
        """What the program answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/{path}", timeout=5) as answer:
            return str(answer.read().decode())

    def metric(self, name: str) -> float:
        """A metric's value, all labels summed."""
        found = re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", self.page("metrics"), re.MULTILINE)
        return sum(map(float, found))

    def memory_mb(self, what: str = "VmRSS") -> float:
        """Resident memory as the kernel counts it."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        found = re.search(rf"{what}:\s+(\d+) kB", status)
        return round(int(found[1]) / 1024, 1) if found else 0.0


async def _seeded(folder: Path) -> None:
    database = Database(driver_for(str(folder / "mulin.db")), system_clock)
    await database.open()
    await database.unit(town)
    await database.close()


def _speak(port: int, program: Program) -> None:
    """Somebody in each of the chats reports something; over when every answer has arrived."""
    path = f"http://127.0.0.1:{port}/load/{TOKEN}/{fake_api.GROUPS}"
    urllib.request.urlopen(urllib.request.Request(path, method="POST"), timeout=5).close()
    end = time.monotonic() + ANSWERED_WITHIN_S
    while time.monotonic() < end:
        if program.metric("mulin_posts_total") >= fake_api.GROUPS:
            return
        time.sleep(0.5)
    raise TimeoutError("not every chat was answered")


def footprint(*, rounds: int = 5) -> dict[str, Any]:
    """Measure; the first of the starts makes the database."""
    with fake_bot_api() as port, tempfile.TemporaryDirectory(prefix="mulin-bench-") as name:
        folder = Path(name)
        program = Program(folder, port)
        seconds = []
        for _ in range(rounds):
            with program.running() as ready:
                seconds.append(round(ready, 3))
        asyncio.run(_seeded(folder))
        with program.running():
            before = program.memory_mb()
            _speak(port, program)
            after, peak = program.memory_mb(), program.memory_mb("VmHWM")
    return {
        "start_to_ready_s": {"median": median(seconds), "all": seconds, "goal": START_GOAL_S},
        "resident_mb": {
            "after_start": before,
            "after_1000_chats": after,
            "highest": peak,
            "goal": MEMORY_GOAL_MB,
        },
    }


def main() -> int:
    """Measure and print; the exit code."""
    found = footprint()
    print(json.dumps(found, indent=2))
    is_fast = max(found["start_to_ready_s"]["all"]) < START_GOAL_S
    return 0 if is_fast and found["resident_mb"]["highest"] < MEMORY_GOAL_MB else 1


if __name__ == "__main__":
    sys.exit(main())
