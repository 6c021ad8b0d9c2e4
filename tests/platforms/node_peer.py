"""Node peers: Tencent's own packages as processes, spoken to in lines of JSON."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

PEERS: Final = Path(__file__).parent / "wecom_peers"
PATIENCE_S: Final = 20.0


def missing() -> str:
    """Why the peers cannot be run; empty where they can.."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no Node.js (Debian: apt install nodejs npm)"
    if not (PEERS / "node_modules" / "@wecom" / "crypto").exists():
        return "Tencent's packages are not installed (npm ci in tests/platforms/wecom_peers)"
    return ""


NEEDS_NODE: Final = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


class Peer:
    """One script of the peers, running."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._number = 0
        self.events: list[dict[str, Any]] = []

    @classmethod
    async def run(cls, script: str, *args: str) -> "Peer":
        """Start a script."""
        return cls(
            await asyncio.create_subprocess_exec(
                "node",
                script,
                *args,
                cwd=PEERS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                limit=64 * 1024 * 1024,
            )
        )

    async def tells(self, said: dict[str, Any]) -> Any:
        """Write one line and read one."""
        await self._write(said)
        return await self.line()

    async def does(self, step: str, **args: Any) -> dict[str, Any]:
        """Do a step and wait for its end; what happens meanwhile goes to ``events``."""
        self._number += 1
        await self._write({"number": self._number, "step": step, **args})
        while True:
            told: dict[str, Any] = await self.line()
            if told.get("number") == self._number:
                return told
            self.events.append(told)

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of that name."""
        while True:
            found = next((one for one in self.events if one["event"] == name), None)
            if found is not None:
                self.events.remove(found)
                return found
            self.events.append(await self.line())

    async def stop(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _write(self, said: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        await self._process.stdin.drain()

    async def line(self) -> Any:
        """The next thing that it tells."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self._process.stdout.readline()
        assert line, "the peer has ended"
        return json.loads(line)
