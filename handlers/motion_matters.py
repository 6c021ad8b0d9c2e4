"""Matters in words 逐项的说法: what is voted on, what a ballot says, what came of each."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Final

from domain.ledger import square_metres
from domain.matters import Choices, Matter
from domain.motions import LONGEST_TITLE, Motion
from domain.text import shortened
from domain.verdict import Choice, Tally, judged, percent
from handlers.messages import Series, Typed, Words

SHOWN_TITLES: Final = 8
"""Matters that a card names; all of them are a tap away."""
_TITLE: Final = 30
"""Characters of a title that a line of a list has room for."""
SHOWN_TEXT: Final = 120
"""Characters of each text that are read back where there are several."""


def named(motion: Motion, most: int = LONGEST_TITLE) -> Words | Typed:
    """What a motion is called; of several matters also how many there are."""
    title = Typed(shortened(motion.title, most))
    if not motion.matters:
        return title
    is_first = motion.title == motion.matters[0].title
    key = "matters.and_others" if is_first else "matters.named"
    return Words(key, {"title": title, "count": len(motion.matters)})


def said(choices: Choices) -> Choice | Words:
    """What a ballot says: one choice, or which matters it says yes to, and which no."""
    if len(choices) == 1:
        return choices[0]
    if len(set(choices)) == 1:
        return Words("matters.all", {"choice": choices[0]})
    parts = [Words("matters.of", {"choice": c, "numbers": _which(choices, c)}) for c in Choice]
    found = [part for part, choice in zip(parts, Choice, strict=True) if choice in choices]
    return reduce(lambda one, more: Words("matters.and", {"one": one, "more": more}), found)


def _which(choices: Choices, choice: Choice) -> Series:
    return Series(tuple(str(n) for n, found in enumerate(choices, 1) if found is choice))


def said_lines(motion: Motion, choices: Choices) -> list[Words]:
    """What a ballot says, one line a matter; none where there is but one."""
    if not motion.matters:
        return []
    return [
        Words("matters.said_line", {"number": n, "title": Typed(matter.title), "choice": choice})
        for n, (matter, choice) in enumerate(zip(motion.matters, choices, strict=True), 1)
    ]


def title_lines(matters: Sequence[Matter], *, most: int = SHOWN_TITLES) -> list[Words]:
    """The matters by number and title, as far as there is room."""
    shown = matters if len(matters) <= most else matters[: most - 1]
    lines = [
        Words("matters.line", {"number": n, "title": Typed(shortened(matter.title, _TITLE))})
        for n, matter in enumerate(shown, 1)
    ]
    more = len(matters) - len(shown)
    return [*lines, *([Words("matters.more", {"count": more})] if more else [])]


def text_lines(motion: Motion) -> Typed | list[Words]:
    """The text; of several matters each, short enough that all can be read back."""
    if not motion.matters:
        return Typed(motion.text)
    return [
        Words("matters.text", {"number": n, "title": Typed(m.title), "text": _short(m.body)})
        for n, m in enumerate(motion.matters, 1)
    ]


def _short(text: str) -> Typed:
    return Typed(shortened(text, SHOWN_TEXT))


def verdict_lines(motion: Motion, tallies: Sequence[Tally]) -> list[Words]:
    """What came of each matter; none where there is but one, or ballots stay unopened."""
    if not motion.matters or motion.is_unopened:
        return []
    pairs = zip(motion.matters, tallies, strict=True)
    return [_verdict(motion, n, matter, tally) for n, (matter, tally) in enumerate(pairs, 1)]


def _verdict(motion: Motion, number: int, matter: Matter, tally: Tally) -> Words:
    passes = judged(tally, motion.terms.rule).passes
    facts = {
        "number": number,
        "title": Typed(shortened(matter.title, _TITLE)),
        "yes": tally.yes.heads,
        "no": tally.no.heads,
        "abstain": tally.abstain.heads,
        "percent": percent(Fraction(tally.yes.heads, tally.took_part.heads or 1)),
        "area": square_metres(tally.yes.area),
        "area_percent": percent(Fraction(tally.yes.area, tally.took_part.area or 1)),
    }
    key = "matters.passes" if passes else "matters.fails"
    by = "matters.sums" if motion.terms.rule.by_area else "matters.sums_heads"
    if len(motion.matters) > SHOWN_TITLES:
        key, by = f"{key}_briefly", "matters.yes"
    return Words(key, {**facts, "sums": Words(by, facts)})


def passed(motion: Motion, tallies: Sequence[Tally]) -> list[bool]:
    """Whether each matter passes; none does where the ballots stay unopened."""
    rule = motion.terms.rule
    return [not motion.is_unopened and judged(tally, rule).passes for tally in tallies]


def closes_words(motion: Motion) -> Words:
    """Until when one can vote, and how a ballot is changed: a secret one only with its code."""
    key = "motion.closes_line_secret" if motion.is_secret else "motion.closes_line"
    return Words(key, {"at": motion.closes_at})
