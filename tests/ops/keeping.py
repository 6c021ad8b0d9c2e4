"""Keeping 复原: what a command line changes in its process, put back after each test."""

import logging
import sys
from collections.abc import Iterator

import pytest

from bot.settings_file import variables


@pytest.fixture(autouse=True)
def kept_logging() -> Iterator[None]:
    """Logging as it was."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("mulin").setLevel(logging.NOTSET)
    logging.captureWarnings(False)
    sys.excepthook = hook


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings from the machine that runs the tests."""
    for name in variables():
        monkeypatch.delenv(name)
