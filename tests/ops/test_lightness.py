"""Lightness: a program carries only the libraries of the platforms that it speaks to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import json, socket, sys
from bot import running
from bot.app import App
from bot.serving import WebServer, application
from bot.settings import Settings

settings = Settings()
database = running.open_database(settings)
app = App(database, running.platforms_of(settings, database))
WebServer(application(app), socket.socket())._server.config.load()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
WECOM = {"MULIN_WECOM__BOT_ID": "a", "MULIN_WECOM__SECRET": "b"}
TELEGRAM = {"MULIN_TELEGRAM__TOKEN": "1:a"}


def libraries(settings: dict[str, str]) -> set[str]:
    """What a program with these settings has loaded before anybody speaks."""
    bare = {name: v for name, v in os.environ.items() if not name.startswith("MULIN_")}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=bare | settings,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(told.stdout))


@pytest.mark.parametrize(
    ("settings", "absent"),
    [
        ({}, {"websockets", "cryptography", "telegram", "aiohttp"}),
        (TELEGRAM, {"websockets", "cryptography"}),
        (WECOM, {"telegram"}),
    ],
    ids=["web", "telegram", "wecom"],
)
def test_nothing_is_loaded_for_platforms_that_are_off(
    settings: dict[str, str], absent: set[str]
) -> None:
    assert libraries(settings) & absent == set()


def test_both_platforms_have_what_they_need() -> None:
    assert {"websockets", "cryptography", "telegram"} <= libraries(WECOM | TELEGRAM)
