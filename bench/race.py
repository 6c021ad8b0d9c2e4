"""Race 比赛: contestants take turns (A B A B …); what counts is the ratio of their medians."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
OURS: Final = ROOT / ".venv" / "bin" / "python"
PEERS: Final = ROOT / ".venv-peers" / "bin" / "python"
TURN_TIMEOUT_S: Final = 120.0


class Failed(Exception):
    """A contestant ended early or did not do what it was asked to."""


@dataclass(slots=True)
class Runner:
    """One contestant's process. ``count`` is how much it does in each turn."""

    name: str
    python: Path
    module: str
    count: int
    arguments: Sequence[str] = ()
    turns: list[Mapping[str, float]] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process and wait until it is ready."""
        command = [str(self.python), "-m", f"bench.contestants.{self.module}", *self.arguments]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._heard()

    def turn(self) -> None:
        """Let it do its work once."""
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(f"{self.count}\n")
        self.process.stdin.flush()
        told = self._heard()
        wanted = self.count * (len(self.turns) + 1)
        if told["done"] != wanted:
            raise Failed(f"{self.name} did {told['done']} of {wanted}")
        self.turns.append(told)

    def stop(self) -> None:
        """Let the process end by itself; end it if it does not."""
        if self.process is None:
            return
        try:
            self.process.communicate("\n", timeout=TURN_TIMEOUT_S)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self.process.kill()
            self.process.wait()

    def _heard(self) -> dict[str, float]:
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended")
        heard: dict[str, float] = json.loads(line)
        return heard

    def rates(self, measure: str) -> list[float]:
        """Work per second of ``seconds`` or ``cpu_seconds``; the first turn only warms up."""
        return [self.count / turn[measure] for turn in self.turns[1:]]


def race(runners: Sequence[Runner], rounds: int) -> None:
    """Let the contestants take turns; one round before the ``rounds`` that count."""
    try:
        for runner in runners:
            runner.start()
        for _ in range(rounds + 1):
            for runner in runners:
                runner.turn()
    finally:
        for runner in runners:
            runner.stop()


def times(count: int, scale: float) -> int:
    """``count`` scaled, for a quick try; at least one."""
    return max(int(count * scale), 1)


def figure(ours: Runner, peer: Runner, *, goal: float, measure: str = "seconds") -> dict[str, Any]:
    """Our speed as a multiple of the peer's, with the range over the rounds."""
    mine, theirs = ours.rates(measure), peer.rates(measure)
    ratio = median(mine) / median(theirs)
    each = [a / b for a, b in zip(mine, theirs, strict=True)]
    return {
        "ratio": _rounded(ratio),
        "range": [_rounded(min(each)), _rounded(max(each))],
        "goal": goal,
        "is_met": ratio >= goal,
    }


def _rounded(number: float) -> float:
    return float(f"{number:.3g}")
