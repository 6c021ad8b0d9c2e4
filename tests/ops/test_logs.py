"""Logs 日志: nobody's words, names, flats or secrets get into them, whatever breaks."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest

from bot import logs
from bot.dialog import Town
from bot.serving import application
from handlers.registry import REGISTRY
from storage.database import Database, Driver
from storage.statement import Statement
from tests.conftest import Stairwell
from tests.ops.asking import asked
from tests.ops.keeping import kept_logging

__all__ = ["kept_logging"]

SECRET = "123456:AbCdEfSecretToken"
WORDS = ("王阿姨", "五楼灯坏了", "3-2-501", "刘大爷", "茉莉花", SECRET)


@pytest.fixture
def log(kept_logging: None) -> Iterator[io.StringIO]:
    """What is logged, at the noisiest level."""
    out = io.StringIO()
    logs.set_up("debug", "json", [SECRET], out)
    logging.getLogger().setLevel(logging.DEBUG)
    yield out


def lines(log: io.StringIO) -> list[dict[str, object]]:
    """The log's lines; each is one JSON object."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture
def bug() -> Iterator[None]:
    """Reporting breaks, with everybody's words in the error."""

    async def breaks(ask: object, **args: object) -> None:
        try:
            await Statement("select ? from nowhere", "茉莉花")
        except Exception as error:
            raise ValueError(f"茉莉花 {args} {SECRET}") from error

    command = REGISTRY.commands["issue"]
    kept = command.handler
    object.__setattr__(command, "handler", breaks)
    yield
    object.__setattr__(command, "handler", kept)


@pytest.mark.parametrize("form", ["json", "plain"])
async def test_a_bug_is_logged_by_kind_and_place_without_words(
    town: Stairwell, kept_logging: None, bug: None, form: str
) -> None:
    log = io.StringIO()
    logs.set_up("debug", form, [SECRET], log)
    logging.getLogger().setLevel(logging.DEBUG)

    answer = await town.says("王阿姨", "报事 五楼灯坏了 3-2-501", at="3号楼")

    assert "对不起，我这里出错了" in answer
    assert not [word for word in WORDS if word in log.getvalue()]
    for told in ("ValueError", "tests/ops/test_logs.py", "breaks", "handlers/running.py"):
        assert told in log.getvalue()


async def test_a_whole_dialog_leaves_no_word_in_the_log(town: Stairwell, log: io.StringIO) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.presses("刘大爷", "附议", at="3号楼")
    await town.says("陌生人", "你好 茉莉花")
    await town.moves("+9d")

    assert not [word for word in WORDS if word in log.getvalue()]


async def test_requests_are_logged_by_route_without_codes_and_queries(
    driver: Driver, clock: object, log: io.StringIO
) -> None:
    from bot.clock import HeldClock

    assert isinstance(clock, HeldClock)
    opened = Town(Database(driver, clock), clock)
    await opened.open()
    web = application(opened.app)

    await asked(web, "/healthz", query=f"token={SECRET}&words=茉莉花")
    await asked(web, "/no/such/茉莉花")
    await opened.close()

    found = [line for line in lines(log) if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in found] == [("/healthz", 200), ("-", 404)]
    assert "茉莉花" not in log.getvalue()
    assert SECRET not in log.getvalue()


def test_what_libraries_say_is_kept_out_but_where_they_said_it(log: io.StringIO) -> None:
    logging.getLogger("httpx").warning("GET https://api/bot%s/getMe", SECRET)
    logging.getLogger("asyncio").error("Task exception was never retrieved: 茉莉花")

    assert [line["log"] for line in lines(log)] == ["httpx", "asyncio"]
    assert "茉莉花" not in log.getvalue()
    assert all(":" in str(line["event"]) for line in lines(log))


def test_extras_that_could_be_words_are_not_kept(log: io.StringIO) -> None:
    extra = {"event": "said", "post": 7, "reason": "blocked", "why": "a b c", "who": "王阿姨"}
    logging.getLogger("mulin.test").info("said", extra=extra)

    (line,) = lines(log)
    assert (line["event"], line["post"], line["reason"]) == ("said", 7, "blocked")
    assert (line["who"], line["why"]) == ("…", "…")


def test_a_secret_that_gets_so_far_is_blotted_out(log: io.StringIO) -> None:
    logging.getLogger("mulin.test").info("said", extra={"event": SECRET})

    assert SECRET not in log.getvalue()
    assert "***" in log.getvalue()


def test_errors_behind_errors_are_named_with_the_database_codes_only() -> None:
    try:
        try:
            sqlite3.connect(":memory:").execute("insert into nowhere values ('茉莉花')")
        except sqlite3.Error as error:
            raise ExceptionGroup("茉莉花", [ValueError("茉莉花"), KeyError("茉莉花")]) from error
    except ExceptionGroup as group:
        found = logs.errors(group)

    kinds = [one["error"] for one in found]
    assert kinds == ["ExceptionGroup", "ValueError", "KeyError", "OperationalError"]
    assert "茉莉花" not in json.dumps(found, ensure_ascii=False)
