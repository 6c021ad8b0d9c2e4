"""Moments in words 时间: how the program asks which one is meant."""

from domain.moments import Question
from handlers.messages import Typed, Words


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
