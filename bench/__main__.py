"""``python -m bench [name …]``: run benchmarks and print their ratios as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

from bench import digests, footprint, moments, pacing, roll, storage, storm, telegram, votes
from bench.environment import make_peers

BENCHMARKS: Final[dict[str, list[Callable[..., dict[str, Any]]]]] = {
    "chatter": [telegram.chatter],
    "digests": [digests.sqlite, digests.postgres],
    "footprint": [footprint.footprint],
    "moments": [moments.read],
    "pacing": [pacing.pacing],
    "reports": [telegram.reports],
    "roll": [roll.sqlite, roll.postgres],
    "storage": [storage.sqlite, storage.postgres],
    "storm": [storm.storm],
    "votes": [votes.votes],
}


def main() -> int:
    """Run what was named, or everything; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Mulin 睦邻 benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count (default 7)")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}")
    make_peers()
    found: dict[str, Any] = {"cores": os.cpu_count()}
    for name in arguments.names or BENCHMARKS:
        print(f"running {name}", file=sys.stderr)
        found[name] = {}
        for benchmark in BENCHMARKS[name]:
            found[name] |= benchmark(rounds=arguments.rounds)
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
