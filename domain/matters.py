"""Matters 事项: what one motion puts to the vote, and what a ballot says on each of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.verdict import Choice

MOST_MATTERS: Final = 20
"""Matters of one motion; more than that nobody reads before a vote."""

Choices = tuple[Choice, ...]
"""What a ballot says: one choice a matter, in their order."""

_LETTERS: Final = {Choice.YES: "y", Choice.NO: "n", Choice.ABSTAIN: "a"}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to be decided, with a verdict of its own."""

    title: str
    text: str

    @property
    def body(self) -> str:
        """The text; empty where the title says all of it."""
        return "" if self.text == self.title else self.text


def written(choices: Sequence[Choice]) -> str:
    """Choices as they are stored and stand in a ledger (``yes,no,abstain``)."""
    return ",".join(choice.value for choice in choices)


def choices_of(text: str) -> Choices:
    """The same back; raises ValueError where it is none."""
    return tuple(Choice(part) for part in text.split(","))


def lettered(choices: Sequence[Choice]) -> str:
    """Choices as a button carries them: a lone one as its word, several as letters (``yna``)."""
    if len(choices) == 1:
        return choices[0].value
    return "".join(_LETTERS[choice] for choice in choices)


def unlettered(text: str) -> Choices:
    """The same back; a lone letter too. Raises ValueError where it is forged."""
    known = {letter: choice for choice, letter in _LETTERS.items()}
    if text in set(Choice):
        return (Choice(text),)
    if not text or len(text) > MOST_MATTERS or not set(text) <= set(known):
        raise ValueError("no choices")
    return tuple(known[letter] for letter in text)


def matters_text(matters: Iterable[Matter]) -> str:
    """Matters as one text; empty where there are none."""
    found = [[matter.title, matter.text] for matter in matters]
    return json.dumps(found, ensure_ascii=False) if found else ""


def matters_of(text: str) -> tuple[Matter, ...]:
    """The same back."""
    return tuple(Matter(title, words) for title, words in json.loads(text or "[]"))
