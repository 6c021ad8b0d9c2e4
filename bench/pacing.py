"""Pacing 节奏: ten thousand reminders at the published limits, and who asks something meanwhile.

Both contestants remind at the same time, each its own bot, through a fake Bot API that refuses
whatever comes too fast. It takes six minutes, since the limits do; so there is one round.
"""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from bench.contestants import ours_pace
from bench.pace_town import EACH, GROUPS
from bench.race import OURS, PEERS, ROOT
from bench.reports import Desk
from bench.telegram import fake_bot_api
from tests.platforms.bot_api_limits import PER_SECOND

PEER_TOKEN: Final = "8:peer"
REMINDERS: Final = GROUPS * EACH
ASKED: Final = 330
ASK_EVERY_MS: Final = 1_000
IDEAL_S: Final = (REMINDERS + ASKED) / PER_SECOND
GIVE_UP_S: Final = 1.5 * IDEAL_S
LOOK_EVERY_S: Final = 0.2
GOAL_TIME: Final = 1.10
GOAL_ANSWERS: Final = 0.01


def pacing(*, rounds: int = 1) -> dict[str, Any]:
    """Time as a multiple of the ideal, messages refused, and how long an answer took."""
    with fake_bot_api() as port, tempfile.TemporaryDirectory(prefix="mulin-bench-") as folder:
        ours = [str(OURS), "-m", "bench.contestants.ours_pace", str(port), f"{folder}/pace.db"]
        peer = [str(PEERS), "-m", "bench.contestants.peer_reminders", str(port)]
        with ExitStack() as stack:
            both = [stack.enter_context(_running(command)) for command in (ours, peer)]
            desks = [Desk(port, token) for token in (ours_pace.TOKEN, PEER_TOKEN)]
            mine, theirs = asyncio.run(_reminded(both, desks))
    return {
        "reminders": REMINDERS,
        "groups": GROUPS,
        "ours": mine,
        "ai_o_rate_limiter": theirs,
        "time_against_ideal": round(mine["seconds"] / IDEAL_S, 3),
        "answers_against_peer": round(mine["p99_ms"] / theirs["p99_ms"], 5),
        "goal": {"refused": 0, "time": GOAL_TIME, "answers": GOAL_ANSWERS},
        "is_met": mine["refused"] == 0
        and mine["seconds"] <= GOAL_TIME * IDEAL_S
        and mine["p99_ms"] <= GOAL_ANSWERS * theirs["p99_ms"],
    }


@contextmanager
def _running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A contestant that is ready to begin."""
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()


async def _reminded(
    both: Sequence[subprocess.Popen[str]], desks: Sequence[Desk]
) -> tuple[dict[str, float], dict[str, float]]:
    for process, desk in zip(both, desks, strict=True):
        await desk.asked("limit")
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    mine, theirs = await asyncio.gather(*(_watched(desk) for desk in desks))
    return mine, theirs


async def _watched(desk: Desk) -> dict[str, float]:
    """Seconds until everything had arrived, and how long those waited who asked meanwhile."""
    begun = time.perf_counter()
    asking = asyncio.create_task(desk.asked("ask", ASKED, ASK_EVERY_MS))
    for _ in range(int(GIVE_UP_S / LOOK_EVERY_S)):
        if await desk.sent() >= REMINDERS + ASKED:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    seconds = time.perf_counter() - begun
    told = {name: round(value, 1) for name, value in (await asking).items()}
    sent, refused = await desk.sent(), await desk.asked("refused")
    return {"seconds": round(seconds, 1), "sent": sent, "refused": refused, **told}
