"""Moments in commands 找时间: which words of a longer text are the moment, and what is left.

``睦邻夜话 下周五晚7点 凉亭`` holds 下周五晚7点 and leaves ``睦邻夜话 凉亭``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.moments import Moment, Question, Setting, moment_of
from domain.text import folded

MOST_WORDS: Final = 100
"""Words behind which nothing is looked for."""
LONGEST_RUN: Final = 6
"""Words that a moment may have (the last friday of the month)."""
_WORD = re.compile(r"[^\s，,；;。！!]+")
_MARKS: Final = " \t\n，,；;。！!"
_TELLS_TIME = re.compile(
    "[0-9一二三四五六七八九十今明后後昨周星礼禮晚早晨午夜半点點时時月年天节節夕至分春秋冬明阳陽午诞誕庆慶宵改稍]"
    "|^(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|next|this|last"
    "|the|in|to|day|noon|mid|every|each|half|at|on|by|from|until|first|second|third|fourth|christ)"
)
# 12/5, 3, 十一 alone are more often options than dates; 大雪 is more often weather.
_MORE_OFTEN_NOT = re.compile(
    r"[\d/.\-~]{1,7}|[零一二三四五六七八九十百两]+|雨水|小暑|大暑|白露|寒露|霜降|小雪|大雪|小寒|大寒|now|现在"
)
_DEADLINE = re.compile("截止|截至|[之以]?前$|为止|^by |^until ")
# Of what asks 哪一天, only what plainly means a time (下周) is worth asking about.
_ASKED_ABOUT = re.compile("[下这本这]|next|this")

_Rank = tuple[bool, bool, bool, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and the text without its words."""

    answer: Moment | Question
    rest: str


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    rank: _Rank
    answer: Moment | Question


def moment_in(text: str, setting: Setting) -> Found | None:
    """The moment among the words of a command; None where none is found.

    A deadline (截止) is taken before other moments, a moment before a question, one with an hour
    before a day alone, then the one with more words. Several that are as good are somebody's
    options (周六 周日), and none of them is taken.
    """
    runs = list(_runs(text, setting))
    if not runs:
        return None
    first, *others = _best(runs)
    if any(other.start >= first.end for other in others):
        return None
    return _with_its_day(text, first, runs, setting) or _found(text, first.answer, [first])


def _best(runs: list[_Run]) -> list[_Run]:
    best = max(run.rank for run in runs)
    return [run for run in runs if run.rank == best]


def _with_its_day(text: str, hour: _Run, runs: list[_Run], setting: Setting) -> Found | None:
    """``hour`` together with a day that stands apart from it (下周五 凉亭 晚7点)."""
    apart = [run for run in runs if run.end <= hour.start or run.start >= hour.end]
    days = [run for run in apart if isinstance(run.answer, Moment) and not run.answer.has_hour]
    best = _best(days) if days else []
    if len(best) != 1:
        return None
    words = f"{text[best[0].start : best[0].end]} {text[hour.start : hour.end]}"
    answer = moment_of(words, setting)
    if answer is None or (isinstance(answer, Question) and answer.key == "day_conflict"):
        return None
    return _found(text, answer, sorted([best[0], hour], key=lambda run: run.start))


def _found(text: str, answer: Moment | Question, taken: list[_Run]) -> Found:
    """``answer`` with the text that is left without the runs it was read from."""
    left, at = [], 0
    for run in taken:
        left.append(text[at : run.start].rstrip(_MARKS).lstrip(_MARKS if at else ""))
        at = run.end
    left.append(text[at:].lstrip(_MARKS))
    return Found(answer, " ".join(part for part in left if part))


def _runs(text: str, setting: Setting) -> Iterator[_Run]:
    """Every run of whole words that is a moment or asks for one."""
    words = [found.span() for found in _WORD.finditer(text)][:MOST_WORDS]
    for at, (start, _) in enumerate(words):
        if not _TELLS_TIME.search(folded(text[start : words[at][1]])):
            continue
        for size, (_, end) in enumerate(words[at : at + LONGEST_RUN], start=1):
            run = _run(text[start:end], size, setting)
            if run is not None:
                yield _Run(start, end, *run)


def _run(said: str, size: int, setting: Setting) -> tuple[_Rank, Moment | Question] | None:
    small = folded(said)
    if _MORE_OFTEN_NOT.fullmatch(small):
        return None
    answer = moment_of(said, setting)
    if answer is None or (isinstance(answer, Question) and not _is_worth_asking(answer, small)):
        return None
    is_moment = isinstance(answer, Moment)
    has_hour = isinstance(answer, Question) or answer.has_hour
    is_deadline = is_moment and _DEADLINE.search(small) is not None
    return (is_deadline, is_moment, has_hour, size), answer


def _is_worth_asking(question: Question, small: str) -> bool:
    if question.key == "which_day":
        return _ASKED_ABOUT.match(small) is not None
    return question.key != "day_conflict"
