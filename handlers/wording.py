"""Wording 文案: key + facts → words in the reader's language, from ``texts/``."""

import string
import tomllib
from collections.abc import Mapping
from datetime import datetime, tzinfo
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from domain.moment_repeats import LAST
from domain.moments import Every, Moment, Repeat
from handlers.messages import Facts, Series, Typed, Words

LANGUAGES: Final = ("zh", "en")
DEFAULT: Final = "zh"

_FORMATTER = string.Formatter()


def _flat(table: Mapping[str, Any], head: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, words in table.items():
        name = f"{head}{key}"
        if isinstance(words, Mapping):
            found |= _flat(words, f"{name}.")
        else:
            found[name] = words.strip("\n")
    return found


@cache
def texts(lang: str) -> Mapping[str, str]:
    """All words of one language by their key (``issue.card``)."""
    return _flat(
        tomllib.loads(resources.files("texts").joinpath(f"{lang}.toml").read_text("utf-8"))
    )


Line = tuple[str, tuple[str, ...]]
"""One line of a text, with ``%s`` for each fact, and the names of these facts."""


@cache
def _lines(lang: str, key: str) -> tuple[Line, ...]:
    """The text under ``key``, taken apart once."""
    pattern = texts(lang).get(key) or texts(DEFAULT)[key]
    return tuple(_taken_apart(line) for line in pattern.split("\n"))


def _taken_apart(line: str) -> Line:
    parts = list(_FORMATTER.parse(line))
    said = (
        literal.replace("%", "%%") + ("" if name is None else "%s") for literal, name, *_ in parts
    )
    return "".join(said), tuple(name for _, name, *_ in parts if name is not None)


@cache
def _said_as_is(lang: str, key: str) -> str | None:
    """The text under ``key`` where it needs no facts, else None."""
    lines = _lines(lang, key)
    if any(names for _, names in lines):
        return None
    return "\n".join(line % () for line, _ in lines).strip("\n")


@cache
def _parts_of_a_date(lang: str) -> tuple[list[str], list[str]]:
    """Names of the weekdays and of the months."""
    known = texts(lang)
    return known["moment.weekdays"].split(), known["moment.months"].split()


@lru_cache(maxsize=512)  # a busy minute says itself again and again
def _minute_said(lang: str, pattern: str, local: datetime) -> str:
    weekdays, months = _parts_of_a_date(lang)
    return texts(lang)[pattern].format(
        year=local.year,
        month=months[local.month - 1],
        day=local.day,
        weekday=weekdays[local.weekday()],
        hour=f"{local.hour:02d}",  # 07:30 cannot be taken for the evening
        minute=f"{local.minute:02d}",
    )


def has(key: str) -> bool:
    """Whether there are words under ``key``."""
    return key in texts(DEFAULT)


class Speaker:
    """Says things to one reader: language and zone are theirs."""

    def __init__(self, lang: str | None, zone: tzinfo) -> None:
        self.lang = lang if lang in LANGUAGES else DEFAULT
        self._zone = zone

    def say(self, words: Words | Typed) -> str:
        """The words, filled with their facts; empty lines at the end are dropped."""
        if isinstance(words, Typed):
            return words.text
        return self.text(words.key, words.facts)

    def text(self, key: str, facts: Facts) -> str:
        """As ``say``, from a key and facts.

        A fact may itself be words, a list of them, an instant, or a domain's enum, whose words
        stand under its own name (``State.FINISHED`` → ``state.finished``).
        """
        plain = _said_as_is(self.lang, key)
        if plain is not None:
            return plain
        filled = []
        for line in _lines(self.lang, key):
            said = self._line(line, facts)
            if said is not None:
                filled.append(said)
        return "\n".join(filled).strip("\n")

    def _line(self, line: Line, facts: Facts) -> str | None:
        """One line; None where all of its facts are empty, so that it takes no room."""
        pattern, names = line
        said = [self._fact(facts[name]) for name in names]
        return pattern % tuple(said) if any(said) or not said else None

    def _fact(self, fact: object) -> str:
        if fact is None:
            return ""
        if type(fact) is str:
            return fact
        if isinstance(fact, (Words, Typed)):
            return self.say(fact)
        if isinstance(fact, Series):
            return texts(self.lang)["comma"].join(fact.parts)
        if isinstance(fact, Enum):
            return self.text(f"{type(fact).__name__.lower()}.{fact.value}", {})
        if isinstance(fact, datetime):
            return self.moment(fact)
        if isinstance(fact, Moment):
            return self.said_back(fact)
        if isinstance(fact, Repeat):
            return self.repeated(fact)
        if isinstance(fact, (list, tuple)):
            return "\n".join(self._fact(part) for part in fact)
        return str(fact)

    def local(self, at: datetime) -> datetime:
        """The same instant on the reader's clock."""
        return at.astimezone(self._zone)

    def said_back(self, moment: Moment) -> str:
        """What was understood: dates alone where only days were said, and the end of a range.

        The end is its time alone where it is on the day of the start.
        """
        pattern = "moment.at" if moment.has_hour else "moment.on"
        start = self.moment(moment.start, pattern)
        if moment.end is None:
            return start
        is_one_day = self.local(moment.start).date() == self.local(moment.end).date()
        end = self.moment(moment.end, pattern)
        if moment.has_hour and is_one_day:
            end = f"{self.local(moment.end):%H:%M}"
        return texts(self.lang)["moment.span"].format(start=start, end=end)

    def repeated(self, repeat: Repeat) -> str:
        """A repetition as a neighbour would say it (``每月第2个周五 19:00``)."""
        words = texts(self.lang)
        names = words["moment.weekdays"].split()
        days = words["comma"].join(names[day] for day in repeat.weekdays)
        key = repeat.every.name.lower()
        if repeat.every is Every.MONTH:
            is_last = LAST in (repeat.nth, repeat.day)
            key = ("last_" if is_last else "") + ("weekday" if repeat.weekdays else "day_of_month")
        said = words[f"repeat.{key}"].format(
            days=days,
            nth=words["repeat.nth"].split()[(repeat.nth or 1) - 1],
            day=repeat.day,
            month=words["moment.months"].split()[(repeat.month or 1) - 1],
        )
        if repeat.minutes is None:
            return said
        return f"{said} {repeat.minutes // 60 % 24:02d}:{repeat.minutes % 60:02d}"

    def moment(self, at: datetime, pattern: str = "moment.at") -> str:
        """Date, weekday and time as a neighbour would say it (``11月28日周六 19:30``)."""
        local = self.local(at).replace(second=0, microsecond=0, tzinfo=None)
        return _minute_said(self.lang, pattern, local)
