"""Contestant 选手: the side that is measured; standard library only, for any environment."""

import asyncio
import json
import sys
import time
from typing import Protocol


class Contestant(Protocol):
    """One way to do the work."""

    async def open(self) -> None:
        """Make everything ready; not measured."""

    async def run(self, count: int) -> None:
        """Do the work ``count`` times; measured."""

    async def done(self) -> int:
        """How often the work was really done since ``open``, as the storage or the wire tells."""

    async def close(self) -> None:
        """Let everything go."""


def play(contestant: Contestant) -> None:
    """Do as often as each line of standard input says; one line of JSON for each."""
    asyncio.run(_played(contestant))


async def _played(contestant: Contestant) -> None:
    await contestant.open()
    try:
        print(json.dumps({"ready": True}), flush=True)
        while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
            print(json.dumps(await _turn(contestant, int(line))), flush=True)
    finally:
        await contestant.close()


async def _turn(contestant: Contestant, count: int) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    await contestant.run(count)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "done": await contestant.done()}
