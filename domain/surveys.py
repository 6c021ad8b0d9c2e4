"""Consent surveys 征询: one question, asked of every household, and when it is carried."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from domain.people import Ability, Actor
from domain.refusal import Refusal
from domain.text import chinese_number, folded
from domain.verdict import HALF, THREE_QUARTERS, TWO_THIRDS, Basis, Rule, Share

LONGEST_QUESTION: Final = 200
LONGEST_OPEN: Final = timedelta(days=3 * 366)
"""Signing for a renewal may take years; a poll ends within one."""
REMIND_EVERY: Final = timedelta(days=1)
"""A silent household is reminded at most so often, however many staff tap."""
MILESTONES: Final = (Fraction(2, 3), Fraction(9, 10), Fraction(19, 20), Fraction(1))
"""Shares of all households that agree; each is told once. Source: 东郸's signing board."""


class SurveyState(StrEnum):
    """Where a survey stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Terms(StrEnum):
    """Terms to choose from with a tap; what each demands stands in ``RULES``."""

    TWO_THIRDS = "two_thirds"
    LIFT = "lift"
    LIFT_ALL = "lift_all"
    MAJORITY = "majority"
    EVERYBODY = "everybody"


RULES: Final[Mapping[Terms, Rule]] = {
    Terms.TWO_THIRDS: Rule(None, TWO_THIRDS, Basis.ALL, by_area=False),
    Terms.LIFT: Rule(TWO_THIRDS, THREE_QUARTERS),
    Terms.LIFT_ALL: Rule(None, TWO_THIRDS, Basis.ALL),
    Terms.MAJORITY: Rule(None, HALF, by_area=False),
    Terms.EVERYBODY: Rule(None, Share(Fraction(1)), Basis.ALL, by_area=False),
}
"""Lifts as most cities ask, each in its own way, side by side; the others for a building's own."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey. The households and their areas are those of its opening.

    ``is_public``: neighbours of the same building may read which household answered what.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    question: str
    rule: Rule
    opened_at: datetime
    closes_at: datetime
    is_public: bool = False
    roll_version: int = 0
    state: SurveyState = SurveyState.OPEN
    version: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"询{self.number}"


def checked_close(closes_at: datetime, now: datetime) -> datetime:
    """``closes_at`` if a survey may be open so long; else ``close_past`` or ``survey_far``."""
    if closes_at <= now:
        raise Refusal("close_past", at=closes_at)
    if closes_at - now > LONGEST_OPEN:
        raise Refusal("survey_far", at=closes_at)
    return closes_at


def check_open(survey: Survey, now: datetime) -> None:
    """Refuse what comes after the end; an answer at the very second of the close is too late."""
    if survey.state is SurveyState.CANCELLED:
        raise Refusal("survey_cancelled", label=survey.label)
    if survey.state is SurveyState.CLOSED or now >= survey.closes_at:
        raise Refusal("survey_over", label=survey.label)


def check_author(survey: Survey, actor: Actor) -> None:
    """Only who opened it, or staff above it, may extend, close or cancel."""
    if survey.author_id != actor.id and not actor.can(Ability.MANAGE_POLL, at=survey.path):
        raise Refusal("survey_not_yours", label=survey.label)


def extended(survey: Survey, closes_at: datetime, *, by: Actor, now: datetime) -> Survey:
    """``survey`` open for longer; never shorter, which would cut off late answers."""
    check_author(survey, by)
    check_open(survey, now)
    if closes_at <= survey.closes_at:
        raise Refusal("survey_not_longer", label=survey.label, at=survey.closes_at)
    return replace(survey, closes_at=checked_close(closes_at, now))


def closed(survey: Survey, *, now: datetime) -> Survey:
    """``survey`` at its end."""
    if survey.state is not SurveyState.OPEN:
        raise Refusal("survey_over", label=survey.label)
    return replace(survey, state=SurveyState.CLOSED, closes_at=min(now, survey.closes_at))


def cancelled(survey: Survey, *, by: Actor, now: datetime) -> Survey:
    """``survey`` called off; its count is shown to nobody any more."""
    check_author(survey, by)
    check_open(survey, now)
    return replace(survey, state=SurveyState.CANCELLED)


def can_remind(last: datetime | None, now: datetime) -> bool:
    """Whether a silent household may be reminded again."""
    return last is None or now - last >= REMIND_EVERY


def reached(
    agreed: int, households: int, milestones: Iterable[Fraction], told: Iterable[Fraction]
) -> tuple[Fraction, ...]:
    """Milestones that are reached and were never told, the highest last; exact."""
    if households <= 0:
        return ()
    share, known = Fraction(agreed, households), set(told)
    return tuple(sorted(m for m in set(milestones) if m <= share and m not in known))


# Shares as people write them, and as they are stored

_WRITTEN: Final = {
    "过半": HALF,
    "半数以上": HALF,
    "全部": Share(Fraction(1)),
    "全体": Share(Fraction(1)),
    "所有": Share(Fraction(1)),
    "⅔": TWO_THIRDS,
    "¾": THREE_QUARTERS,
    "half": HALF,
    "all": Share(Fraction(1)),
}
_PERCENT = re.compile(r"(?:百分之)?([0-9]{1,4}(?:\.[0-9]{1,4})?)%?")
_RATIO = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_SAID_RATIO = re.compile(
    r"([零一二两三四五六七八九十百0-9]{1,5})分之([零一二两三四五六七八九十百0-9]{1,5})"
)


def share_of(text: str) -> Share:
    """The threshold that somebody wrote: 2/3, 三分之二, 80%, 过半, 全部.

    Raises:
        Refusal: ``share_unclear``, or ``share_out`` where it is 0, less, or over 1.
    """
    bare = re.sub(r"\s|以上|同意|的?户", "", text.strip())
    written = _WRITTEN.get(bare.lower())
    if written is not None:
        return written
    share = _fraction(folded(bare).replace("⁄", "/"))
    if share is None:
        raise Refusal("share_unclear")
    if not 0 < share <= 1:
        raise Refusal("share_out")
    return Share(share)


def _fraction(text: str) -> Fraction | None:
    ratio = _RATIO.fullmatch(text)
    if ratio:
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    said = _SAID_RATIO.fullmatch(text)
    if said:
        whole, part = _number(said[1]), _number(said[2])
        return Fraction(part, whole) if whole and part is not None else None
    number = _PERCENT.fullmatch(text)
    if number is None:
        return None
    value = Fraction(number[1])
    is_percent = "%" in text or text.startswith("百") or value > 1
    return value / 100 if is_percent else value


def _number(text: str) -> int | None:
    if text == "百":  # 百分之八十
        return 100
    return int(text) if text.isdecimal() else chinese_number(text)


def share_text(share: Share) -> str:
    """A share as it is stored (``>1/2``, ``2/3``)."""
    return f"{'>' if share.is_strict else ''}{share.of_whole}"


def _stored_share(text: str) -> Share:
    return Share(Fraction(text.removeprefix(">")), is_strict=text.startswith(">"))


def rule_text(rule: Rule) -> str:
    """A rule as it is stored (``2/3 3/4 turnout area``)."""
    first = share_text(rule.participation) if rule.participation else "-"
    by = "area" if rule.by_area else "heads"
    return f"{first} {share_text(rule.approval)} {rule.basis} {by}"


def stored_rule(text: str) -> Rule:
    """What ``rule_text`` stored; raises ValueError where it is forged."""
    first, approval, basis, by = text.split(" ")
    participation = None if first == "-" else _stored_share(first)
    return Rule(participation, _stored_share(approval), Basis(basis), by_area=by == "area")
