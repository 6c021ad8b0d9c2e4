"""Environment 环境: the peers' own virtual environment, made from a lock with hashes."""

import hashlib
import subprocess
import sys
import venv
from typing import Final

from bench.race import PEERS, ROOT

LOCK: Final = ROOT / "bench" / "requirements-peers.lock"
_MADE_FROM: Final = ROOT / ".venv-peers" / "made-from"


def has_peers() -> bool:
    """Whether the environment is there and fits the lock."""
    return _MADE_FROM.is_file() and _MADE_FROM.read_text() == _print_of_lock()


def make_peers() -> None:
    """Make the environment where it is missing or old."""
    if has_peers():
        return
    print("making .venv-peers", file=sys.stderr)
    venv.create(PEERS.parent.parent, with_pip=True, clear=True)
    pip = [str(PEERS), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--requirement", str(LOCK)], check=True)
    _MADE_FROM.write_text(_print_of_lock())


def _print_of_lock() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()
