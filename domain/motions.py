"""Motions 表决事项: texts that are fixed, their rule, and how long each step takes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.matters import Matter
from domain.people import Ability, Actor
from domain.refusal import Refusal
from domain.verdict import HALF, NOTHING, THREE_QUARTERS, TWO_THIRDS, Basis, Rule, Weight

LONGEST_TITLE: Final = 40
LONGEST_OPEN: Final = timedelta(days=366)
LEAST_TIME_TO_VOTE: Final = timedelta(hours=1)
REMIND_BEFORE: Final = timedelta(days=2)
"""Those who have not voted are reminded once, so long before the close."""
PAPERS_BEFORE: Final = (timedelta(days=1), timedelta(hours=4))
"""So long before the close staff are told of papers that nobody has confirmed yet."""
MIX_EVERY: Final = timedelta(hours=1)
"""So often the rows of a secret vote are written anew."""
HUSH_AFTER: Final = timedelta(minutes=10)
"""So long what was read back of a secret ballot can be confirmed with a number."""
LEAST_HOLD_DAYS: Final = 366
USUAL_HOLD_DAYS: Final = 1096
"""An owner may ask a court to set a decision aside within a year of knowing of it, and most claims
end after three years.

Source: 民法典 第188、280条; 最高人民法院建筑物区分所有权司法解释 (2020) 第12条.
"""
FEWEST_SECRET: Final = 20
"""Owners on the roll below which nothing about a secret vote would stay secret."""


class MotionState(StrEnum):
    """Where a motion stands; once it is announced its text does not change."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Preset(StrEnum):
    """The rules to choose from; what each demands stands in ``TERMS``."""

    ADVISORY = "advisory"
    ORDINARY = "ordinary"
    SPECIAL = "special"
    LIFT = "lift"
    LIFT_ALL = "lift_all"
    RESIDENTS = "residents"


class Voter(StrEnum):
    """Who has one ballot."""

    OWNER = "owner"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a preset demands. Its legal source stands in ``texts/`` under ``presetsource``."""

    rule: Rule
    notice: timedelta
    publicity: timedelta
    voter: Voter = Voter.OWNER


_NOTICE: Final = timedelta(days=15)
_PUBLICITY: Final = timedelta(days=7)

TERMS: Final[Mapping[Preset, Terms]] = {
    Preset.ADVISORY: Terms(Rule(None, HALF), timedelta(0), timedelta(0)),
    Preset.ORDINARY: Terms(Rule(TWO_THIRDS, HALF), _NOTICE, _PUBLICITY),
    Preset.SPECIAL: Terms(Rule(TWO_THIRDS, THREE_QUARTERS), _NOTICE, _PUBLICITY),
    Preset.LIFT: Terms(Rule(TWO_THIRDS, THREE_QUARTERS), _NOTICE, _PUBLICITY),
    Preset.LIFT_ALL: Terms(Rule(None, TWO_THIRDS, Basis.ALL), _NOTICE, _PUBLICITY),
    Preset.RESIDENTS: Terms(
        Rule(HALF, HALF, by_area=False), timedelta(days=3), timedelta(days=3), Voter.HOME
    ),
}
"""Source: 民法典 第278条 (ordinary: items 1 to 5 and 9; special: items 6 to 8);
城市居民委员会组织法 第9、10条 (residents);
lifts as most cities ask, each in its own way, side by side."""


@dataclass(frozen=True, slots=True)
class VoteSettings:
    """What a community has chosen.

    Attributes:
        notice_days: Instead of a preset's own notice period, for all that have one; 0 leaves it.
        publicity_days: The same of the days for which the result hangs out.
        binding: Presets whose result binds; all others are advisory 摸底 and say so.
        proxies: Owners for whom one person may vote by proxy 委托.
        fewest: Ballots below which a secret vote stays unopened.
        hold_days: For how long names stay on its ballots after the result is final.
    """

    notice_days: int = 0
    publicity_days: int = 0
    binding: frozenset[Preset] = frozenset()
    proxies: int = 3
    fewest: int = 5
    hold_days: int = USUAL_HOLD_DAYS

    def notice(self, preset: Preset) -> timedelta:
        """How long before the opening it is announced."""
        return _chosen(TERMS[preset].notice, self.notice_days)

    def publicity(self, preset: Preset) -> timedelta:
        """How long the result is published before it counts."""
        return _chosen(TERMS[preset].publicity, self.publicity_days)


def _chosen(usual: timedelta, days: int) -> timedelta:
    return timedelta(days=days) if days and usual else usual


@dataclass(frozen=True, slots=True)
class Motion:
    """What is put to the vote. Title, text and matters are fixed when it is announced.

    Attributes:
        matters: Where there are several: what each decides; ``title`` is then what they have in
            common. Empty where the motion itself is the one matter.
        path: The place whose owners vote.
        roll: Everybody who may vote, as it was frozen at the opening; nobody before.
        took_part: Those whose ballot lies here; how they voted is told at the close.
        fingerprint: SHA-256 of the frozen roll 名册指纹.
        opening_head: Head of the ledger at the opening, ``closing_head`` at the close.
        final_at: When the publicity period ends, known at the close.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    title: str
    text: str
    preset: Preset
    is_secret: bool
    is_binding: bool
    announced_at: datetime
    opens_at: datetime
    closes_at: datetime
    state: MotionState = MotionState.ANNOUNCED
    roll: Weight = NOTHING
    took_part: Weight = NOTHING
    fingerprint: str = ""
    opening_head: str = ""
    closing_head: str = ""
    final_at: datetime | None = None
    fewest: int = 5
    proxies: int = 3
    matters: tuple[Matter, ...] = ()

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"表{self.number}"

    @property
    def asked(self) -> tuple[Matter, ...]:
        """All that is decided, each with a choice and a verdict of its own."""
        return self.matters or (Matter(self.title, self.text),)

    @property
    def terms(self) -> Terms:
        """What its preset demands."""
        return TERMS[self.preset]

    @property
    def is_unopened(self) -> bool:
        """Whether so few gave a secret ballot that these stay unopened."""
        return self.is_secret and self.took_part.heads < self.fewest


class Lack(StrEnum):
    """What can be missing for an opening."""

    VOTERS = "voters"
    AREA = "area"
    OWNER = "owner"
    SECRET = "secret"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class RollState:
    """What the roll of a place looks like before it is frozen.

    Attributes:
        voters: Owners, or households, that would vote.
        without_area: Flats whose area is not known.
        without_owner: Flats in which somebody lives and that nobody owns.
    """

    voters: int
    without_area: int = 0
    without_owner: int = 0


def lacking(preset: Preset, roll: RollState, *, is_secret: bool) -> dict[Lack, int]:
    """What is missing before a vote can open, and how much; empty where nothing is."""
    needs_area = TERMS[preset].rule.by_area
    found = {
        Lack.VOTERS: int(roll.voters == 0),
        Lack.AREA: roll.without_area if needs_area else 0,
        Lack.OWNER: roll.without_owner if TERMS[preset].voter is Voter.OWNER else 0,
        Lack.SECRET: roll.voters if is_secret and 0 < roll.voters < FEWEST_SECRET else 0,
    }
    return {lack: count for lack, count in found.items() if count}


def checked_times(opens_at: datetime, closes_at: datetime, now: datetime) -> datetime:
    """``closes_at`` if a vote may be open until then.

    Raises:
        Refusal: ``close_past``, ``motion_short`` (it would close before it opens) or
            ``close_far``.
    """
    if closes_at <= now:
        raise Refusal("close_past", at=closes_at)
    if closes_at < opens_at + LEAST_TIME_TO_VOTE:
        raise Refusal("motion_short", at=opens_at)
    if closes_at - opens_at > LONGEST_OPEN:
        raise Refusal("close_far", at=closes_at)
    return closes_at


def check_open(motion: Motion, now: datetime) -> None:
    """Refuse what comes before the opening or at the close; a clock set back opens nothing."""
    if motion.state is MotionState.CANCELLED:
        raise Refusal("motion_cancelled", label=motion.label)
    if motion.state is MotionState.ANNOUNCED:
        raise Refusal("motion_not_open", label=motion.label, at=motion.opens_at)
    if motion.state is MotionState.CLOSED or now >= motion.closes_at:
        raise Refusal("motion_over", label=motion.label)


def check_author(motion: Motion, actor: Actor) -> None:
    """Only who called it, or staff above it, may extend or cancel."""
    if motion.author_id != actor.id and not actor.can(Ability.OPEN_MOTION, at=motion.path):
        raise Refusal("motion_not_yours", label=motion.label)


def opened(motion: Motion, roll: Weight, fingerprint: str, head: str) -> Motion:
    """``motion`` open to vote, its roll frozen."""
    if motion.state is not MotionState.ANNOUNCED:
        raise Refusal("motion_over", label=motion.label)
    return replace(
        motion, state=MotionState.OPEN, roll=roll, fingerprint=fingerprint, opening_head=head
    )


def extended(motion: Motion, closes_at: datetime, *, by: Actor, now: datetime) -> Motion:
    """``motion`` open for longer; never shorter, which would cut off late voters."""
    check_author(motion, by)
    check_open(motion, now)
    if closes_at <= motion.closes_at:
        raise Refusal("motion_not_longer", label=motion.label, at=motion.closes_at)
    return replace(motion, closes_at=checked_times(motion.opens_at, closes_at, now))


def closed(motion: Motion, head: str, *, now: datetime, publicity: timedelta) -> Motion:
    """``motion`` at its end, which is now where everybody voted early; then its result hangs out.

    Without a publicity period it is final at once, however late it was counted.
    """
    if motion.state is not MotionState.OPEN:
        raise Refusal("motion_over", label=motion.label)
    ended_at = min(motion.closes_at, now)
    return replace(
        motion,
        state=MotionState.CLOSED,
        closing_head=head,
        closes_at=ended_at,
        final_at=now + publicity if publicity else ended_at,
    )


def cancelled(motion: Motion, *, by: Actor) -> Motion:
    """``motion`` called off before its end; its ballots count for nothing."""
    check_author(motion, by)
    if motion.state not in {MotionState.ANNOUNCED, MotionState.OPEN}:
        raise Refusal("motion_over", label=motion.label)
    return replace(motion, state=MotionState.CANCELLED)
