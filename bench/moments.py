"""Moments 时间: how long it takes to read one, a command with one in it, and a very long text."""

import statistics
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.moment_search import moment_in
from domain.moments import Setting, moment_of
from handlers.almanac import LunarAlmanac

CASES: Final = Path("tests/domain/moment_cases.txt")
COMMANDS: Final = (
    "睦邻夜话 下周五晚7点 凉亭",
    "投票 车棚建在哪 东侧/西侧/不建 周五晚8点截止",
    "五楼的灯又不亮了 物业什么时候来 明天下午三点有人在家",
    "poll where to build the shed east/west/none friday 8pm",
)
LONG: Final = ("明晚七点半 " * 2_000)[:10_000]
GOAL_MS: Final = 1.0


def read(rounds: int) -> dict[str, Any]:
    """Milliseconds for each phrase of the test cases, for commands, and for 10,000 characters."""
    zone = ZoneInfo("Asia/Shanghai")
    setting = Setting(datetime(2026, 11, 20, 12, tzinfo=zone), zone, LunarAlmanac())
    first = _milliseconds(partial(moment_of, "明年除夕晚上8点", setting))
    lines = CASES.read_text("utf-8").splitlines()
    phrases = [line.partition(" => ")[0] for line in lines if " => " in line]
    times = sorted(_fastest(partial(moment_of, text, setting), rounds) for text in phrases)
    commands = [_fastest(partial(moment_in, text, setting), rounds) for text in COMMANDS]
    found = {
        "median_ms": statistics.median(times),
        "p99_ms": times[len(times) * 99 // 100],
        "slowest_ms": times[-1],
        "first_lunar_ms": first,
        "slowest_command_ms": max(commands),
        "ten_thousand_characters_ms": _fastest(partial(moment_of, LONG, setting), rounds),
        "command_of_ten_thousand_characters_ms": _fastest(
            partial(moment_in, LONG, setting), rounds
        ),
        "goal_ms": GOAL_MS,
    }
    rounded = {name: round(value, 3) for name, value in found.items()}
    return {"phrases": len(phrases), **rounded, "is_met": times[-1] < GOAL_MS}


def _fastest(work: Callable[[], object], rounds: int) -> float:
    return min(_milliseconds(work) for _ in range(rounds))


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000
