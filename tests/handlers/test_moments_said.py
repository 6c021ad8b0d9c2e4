"""Moments in words 时间: the command ``when``, the questions, and what is said back."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.cli import main
from domain.moments import Moment
from handlers.messages import Words
from handlers.wording import LANGUAGES, Speaker, has

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = ["--now", "2026-11-20T12:00"]


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["明晚七点半", *NOW], "2026-11-21T19:30\n", 0),
        (["11月28日", *NOW], "2026-11-28\n", 0),
        (["周五晚7点到9点", *NOW], "2026-11-20T19:00 2026-11-20T21:00\n", 0),
        (["3号到5号", *NOW], "2026-12-03 2026-12-05\n", 0),
        (["七点", *NOW], "早上七点还是晚上七点？\n", 1),
        (["七点半", *NOW], "早上7:30还是晚上7:30？\n", 1),
        (["改天", *NOW], "哪一天？比如：周五、11月28日。\n", 1),
        (["7", *NOW], "", 2),
        (["2月30日", *NOW], "", 2),
        (["", *NOW], "", 2),
        (["明晚8点", "--now", "2026-11-20T20:00+00:00"], "2026-11-22T20:00\n", 0),
        (["两小时后", "--now", "2026-11-20T04:00+00:00"], "2026-11-20T14:00\n", 0),
        (["明晚8点", *NOW, "--zone", "Europe/Berlin"], "2026-11-21T20:00\n", 0),
    ],
)  # fmt: skip
def test_the_command_answers_by_output_and_exit_code(
    arguments: list[str], said: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["when", *arguments]) == code
    assert capsys.readouterr().out == said


def test_the_command_answers_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("明天\n七点\n你好\n\n晚8点到10点"))

    assert main(["when", "-", *NOW]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-11-21",
        "?",
        "-",
        "-",
        "2026-11-20T20:00 2026-11-20T22:00",
    ]


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "chinese", "english"),
    [
        (Moment(_at(2026, 11, 28), has_hour=False), "11月28日周六", "Sat 28 Nov"),
        (Moment(_at(2026, 11, 28, 7, 30), has_hour=True), "11月28日周六 07:30", "Sat 28 Nov 07:30"),
        (
            Moment(_at(2026, 11, 28, 19), has_hour=True, end=_at(2026, 11, 28, 21)),
            "11月28日周六 19:00 到 21:00",
            "Sat 28 Nov 19:00 to 21:00",
        ),
        (
            Moment(_at(2026, 11, 28), has_hour=False, end=_at(2026, 11, 29)),
            "11月28日周六 到 11月29日周日",
            "Sat 28 Nov to Sun 29 Nov",
        ),
    ],
)
def test_a_moment_is_said_back_with_its_weekday(moment: Moment, chinese: str, english: str) -> None:
    assert Speaker("zh", SHANGHAI).said_back(moment) == chinese
    assert Speaker("en", SHANGHAI).said_back(moment) == english


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_days_that_disagree_are_both_said(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["when", "11月28日周五", *NOW, "--lang", lang]) == 1

    said = capsys.readouterr().out
    speaker = Speaker(lang, SHANGHAI)
    assert speaker.said_back(Moment(_at(2026, 11, 28), has_hour=False)) in said
    assert speaker.said_back(Moment(_at(2026, 11, 27), has_hour=False)) in said


def test_every_question_has_its_words() -> None:
    keys = ["which_day", "which_hour", "hour_6", "hour_7", "hour_8"]

    assert all(has(f"ask_moment.{key}") for key in keys)
    assert Speaker("zh", SHANGHAI).say(Words("ask_moment.which_hour", {}))
