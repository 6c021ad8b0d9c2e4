"""Moments 时间: days, hours, ranges and repetitions as neighbours type them.

A day (下周五, 25号, 中秋) is followed by an hour (晚7点半); either may be missing. Without a year,
month or day the next one that is still to come is meant. ``docs/moments.md`` holds the tables;
``moment_search`` finds a moment in a longer text.
"""

from typing import Final

from domain.moment_choice import started
from domain.moment_days import Almanac
from domain.moment_kinds import Answer, Context, Moment, Question, Setting
from domain.moment_parts import parts_of
from domain.moment_ranges import range_of
from domain.moment_repeats import Every, Repeat
from domain.moment_words import plain

__all__ = [
    "Almanac",
    "Answer",
    "Context",
    "Every",
    "Moment",
    "Question",
    "Repeat",
    "Setting",
    "moment_of",
]

LONGEST: Final = 100
"""Characters; no moment is longer, and a longer text is not looked at."""


def moment_of(text: str, setting: Setting) -> Answer:
    """The moment that all of ``text`` says, the question to ask, or None: no moment."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    words = plain(text)
    if not words or len(words) > LONGEST:
        return None
    try:
        parts = parts_of(words, setting.frame(), setting.now)
        return started(parts, setting) if parts else range_of(words, setting)
    except (OverflowError, ValueError):
        # Dates beyond the calendar's end, which arithmetic reaches in many places.
        return None
