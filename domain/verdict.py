"""Verdict 表决结果: heads and floor area counted by exact fractions, and what is still needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Final


class Choice(StrEnum):
    """What a ballot says."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Measure(StrEnum):
    """What is counted: owners 人数, or their floor area 面积."""

    HEADS = "heads"
    AREA = "area"


class Demand(StrEnum):
    """What has to be enough: how many took part 参与, how many agree 同意."""

    PARTICIPATION = "participation"
    APPROVAL = "approval"


class Basis(StrEnum):
    """Of whom the agreeing are a share: of those who took part, or of all on the roll."""

    TURNOUT = "turnout"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Share:
    """A threshold. ``is_strict``: the share itself is too little 过半数, otherwise it suffices.

    Source: 民法典 第1259条: 以上 includes the number itself.

    Raises:
        ValueError: It is not between 0 and 1.
    """

    of_whole: Fraction
    is_strict: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.of_whole <= 1 or (self.is_strict and self.of_whole == 1):
            raise ValueError(f"a share of {self.of_whole} cannot be reached")

    def is_reached(self, part: int, whole: int) -> bool:
        """Whether ``part`` of ``whole`` is enough; nothing of nothing never is."""
        if whole <= 0:
            return False
        share = Fraction(part, whole)
        return share > self.of_whole if self.is_strict else share >= self.of_whole

    def least(self, whole: int) -> int:
        """The smallest part of ``whole`` that is enough."""
        exact = self.of_whole * whole
        return floor(exact) + 1 if self.is_strict else ceil(exact)


HALF: Final = Share(Fraction(1, 2), is_strict=True)
TWO_THIRDS: Final = Share(Fraction(2, 3))
THREE_QUARTERS: Final = Share(Fraction(3, 4))


@dataclass(frozen=True, slots=True)
class Rule:
    """When a motion passes. ``participation`` None asks for none; ``by_area``: area counts too."""

    participation: Share | None
    approval: Share
    basis: Basis = Basis.TURNOUT
    by_area: bool = True

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is counted; every one of them has to suffice."""
        return (Measure.HEADS, Measure.AREA) if self.by_area else (Measure.HEADS,)


@dataclass(frozen=True, slots=True)
class Weight:
    """Owners, and their floor area in hundredths of a square metre."""

    heads: int = 0
    area: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.heads + other.heads, self.area + other.area)

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(self.heads - other.heads, self.area - other.area)

    def by(self, measure: Measure) -> int:
        """Heads or hundredths of a square metre."""
        return self.heads if measure is Measure.HEADS else self.area


NOTHING: Final = Weight()
"""Nobody, and no area."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of a vote; ``roll`` is everybody who may vote."""

    roll: Weight
    yes: Weight = NOTHING
    no: Weight = NOTHING
    abstain: Weight = NOTHING

    @property
    def took_part(self) -> Weight:
        """All who gave a ballot; whoever abstains has taken part."""
        return self.yes + self.no + self.abstain

    @property
    def silent(self) -> Weight:
        """All who gave none."""
        return self.roll - self.took_part

    def of(self, choice: Choice) -> Weight:
        """The sum of one choice."""
        return {Choice.YES: self.yes, Choice.NO: self.no, Choice.ABSTAIN: self.abstain}[choice]


def counted(roll: Weight, ballots: Iterable[tuple[Choice, Weight]]) -> Tally:
    """The sums of ``ballots``, one of each owner; their order does not matter."""
    sums = dict.fromkeys(Choice, NOTHING)
    for choice, weight in ballots:
        sums[choice] += weight
    return Tally(roll, sums[Choice.YES], sums[Choice.NO], sums[Choice.ABSTAIN])


def counted_each(
    roll: Weight, ballots: Iterable[tuple[tuple[Choice, ...], Weight]], matters: int
) -> tuple[Tally, ...]:
    """The sums of each of several matters, from ballots that have a choice on every one."""
    found = list(ballots)
    return tuple(counted(roll, ((c[n], weight) for c, weight in found)) for n in range(matters))


@dataclass(frozen=True, slots=True)
class Hurdle:
    """One thing that has to suffice: ``part`` of ``whole`` against ``share``.

    Attributes:
        missing: How much more is needed; for approval, how much of the silent would have to
            agree. 0 where it suffices; None where not even all of them would be enough.
    """

    demand: Demand
    measure: Measure
    part: int
    whole: int
    share: Share
    missing: int | None

    @property
    def is_met(self) -> bool:
        """Whether it suffices."""
        return self.share.is_reached(self.part, self.whole)

    @property
    def fraction(self) -> Fraction:
        """The exact share that was reached."""
        return Fraction(self.part, self.whole) if self.whole else Fraction(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a motion passes, and each hurdle on its own."""

    hurdles: tuple[Hurdle, ...]

    @property
    def passes(self) -> bool:
        """Whether all hurdles are met."""
        return all(hurdle.is_met for hurdle in self.hurdles)


def judged(tally: Tally, rule: Rule) -> Verdict:
    """The verdict on these sums.

    Source: 民法典 第278条: heads *and* area, participation before approval.
    """
    hurdles = []
    for measure in rule.measures:
        if rule.participation is not None:
            hurdles.append(_participation(tally, rule.participation, measure))
    hurdles += [_approval(tally, rule, measure) for measure in rule.measures]
    return Verdict(tuple(hurdles))


def _participation(tally: Tally, share: Share, measure: Measure) -> Hurdle:
    part, whole = tally.took_part.by(measure), tally.roll.by(measure)
    missing = max(share.least(whole) - part, 0)
    return Hurdle(Demand.PARTICIPATION, measure, part, whole, share, missing)


def _approval(tally: Tally, rule: Rule, measure: Measure) -> Hurdle:
    yes, took_part = tally.yes.by(measure), tally.took_part.by(measure)
    whole = tally.roll.by(measure) if rule.basis is Basis.ALL else took_part
    more = _more(yes, whole, rule)
    missing = more if more is not None and more <= tally.silent.by(measure) else None
    return Hurdle(Demand.APPROVAL, measure, yes, whole, rule.approval, missing)


def _more(yes: int, whole: int, rule: Rule) -> int | None:
    """How many of the silent would have to agree; None where no number of them is enough."""
    share = rule.approval
    if share.is_reached(yes, whole):
        return 0
    if rule.basis is Basis.ALL:
        return share.least(whole) - yes
    if share.of_whole == 1:  # somebody has not agreed, and stays
        return None if whole > yes else 1
    # (yes + more) / (whole + more) reaches the share; each more raises both sums.
    exact = (share.of_whole * whole - yes) / (1 - share.of_whole)
    more = floor(exact) + 1 if share.is_strict else ceil(exact)
    return max(more, 1)


def percent(share: Fraction) -> str:
    """``share`` with two decimals, cut and never rounded up, so that no miss looks like a hit."""
    hundredths = floor(share * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
