"""Moments in words 时间: how the program asks which one is meant, and what an end means."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from domain.moments import Context, Moment, Question, Setting, moment_of
from domain.refusal import Refusal
from domain.text import shortened
from handlers.almanac import LunarAlmanac
from handlers.ask import Ask
from handlers.messages import Reply, Typed, Words
from handlers.registry import Handler

CLOSING_HOUR: Final = 20
"""When a day ends on which something closes and no hour was said."""


def asking(question: Question) -> Words:
    """The words that ask; the hour is said as people say it (七点, 7:30)."""
    if question.key == "morning_or_evening":
        clock: Words | Typed = Words(f"ask_moment.hour_{question.hour}", {})
        if question.minute:
            clock = Typed(f"{question.hour}:{question.minute:02d}")
        return Words("ask_moment.morning_or_evening", {"hour": clock})
    if question.key == "day_conflict":
        options = [*question.options, None, None]
        return Words("ask_moment.day_conflict", {"first": options[0], "second": options[1]})
    return Words(f"ask_moment.{question.key}", {})


async def closing_time(
    ask: Ask, handler: Handler, text: str, known: Mapping[str, Any], *, slot: str
) -> datetime | Reply:
    """The end that ``text`` says; the question to ask, kept as a draft, where it is unclear.

    Raises:
        Refusal: ``no_moment``: it is no time at all.
    """
    answer = moment_of(text, setting_of(ask))
    if answer is None:
        raise Refusal("no_moment", text=Typed(shortened(text, 20)))
    return await ended(ask, handler, answer, known, slot=slot)


async def ended(
    ask: Ask,
    handler: Handler,
    answer: Moment | Question,
    known: Mapping[str, Any],
    *,
    slot: str,
) -> datetime | Reply:
    """A closing time from what was understood; a day alone ends at eight in the evening."""
    if isinstance(answer, Question):
        return await ask.question(handler, known, slot, asking(answer))
    return answer.start if answer.has_hour else answer.start.replace(hour=CLOSING_HOUR)


def setting_of(ask: Ask) -> Setting:
    """What a time is read against: now and the community's zone, rather evening than morning."""
    return Setting(ask.now, ask.tenant.hours.zone, LunarAlmanac(), Context.EVENING)
