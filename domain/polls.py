"""Polls 投票: options, who votes once, until when, and what came of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from domain.hours import Hours
from domain.people import Ability, Actor, Role
from domain.places import within
from domain.refusal import Refusal
from domain.text import cleaned, folded, quotes_kept, requoted, unquoted

FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 20
LONGEST_OPTION: Final = 40
"""Characters; a longer one does not fit on a button."""
LONGEST_QUESTION: Final = 200
LONGEST_OPEN: Final = timedelta(days=366)
REMIND_BEFORE: Final = timedelta(hours=3)
"""Those who have not voted are reminded once, so long before the close."""
LEAST_TIME_TO_VOTE: Final = timedelta(hours=1)
"""A reminder that leaves less is of no use to whoever gets it."""
SHORTEST_FOR_REMINDER: Final = timedelta(hours=12)
"""A poll that is open for less needs no reminder."""
SEPARATORS: Final = ("\n", "|", ";", "/", "、", ",")
"""What stands between options; the first of these that occurs is meant, the others are text."""
_SPOKEN: Final = re.compile(r"\s*(?:还是|或者|或是)\s*|\s+or\s+|\s+", re.IGNORECASE)
"""What stands between them where none of these does: 东侧 西侧 不建, 东侧还是西侧."""


class PollState(StrEnum):
    """Where a poll stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class VoterKind(StrEnum):
    """Who has one vote."""

    PERSON = "person"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a poll is voted. ``most`` is how many options one voter may choose."""

    most: int = 1
    is_anonymous: bool = False
    voter: VoterKind = VoterKind.PERSON

    @property
    def is_single(self) -> bool:
        """Whether a second choice replaces the first."""
        return self.most == 1


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll. ``votes`` counts each option, ``voters`` the persons or households that voted.

    It runs in the groups of ``path`` and below, with one count.
    """

    id: int
    community_id: int
    number: int
    place_id: int
    path: str
    author_id: int
    question: str
    options: tuple[str, ...]
    manner: Manner
    opened_at: datetime
    closes_at: datetime
    state: PollState = PollState.OPEN
    votes: tuple[int, ...] = ()
    voters: int = 0
    version: int = 0

    @property
    def label(self) -> str:
        """The short name that people see."""
        return f"票{self.number}"

    def shares(self) -> tuple[Fraction, ...]:
        """Each option's share of those who voted; several choices may add up to more than one."""
        voters = self.voters or 1
        return tuple(Fraction(count, voters) for count in self.votes)

    def leaders(self) -> tuple[int, ...]:
        """Options with the most votes, several in a tie, none without votes."""
        best = max(self.votes, default=0)
        return tuple(i for i, count in enumerate(self.votes) if count == best and best > 0)


def split_options(text: str) -> tuple[str, ...]:
    """The options that a text lists; a separator in quotes is a part of its option.

    Raises:
        Refusal: ``poll_few``, ``poll_many``, ``poll_equal`` or ``poll_option_long``.
    """
    text, quoted = quotes_kept(text)
    text = text.replace("／", "/").replace("｜", "|").replace("；", ";").replace("，", ",")
    mark = next((mark for mark in SEPARATORS if mark in text), None)
    parts = [cleaned(part) for part in (text.split(mark) if mark else _SPOKEN.split(text))]
    parts = [unquoted(requoted(part, quoted)) for part in parts]
    options = tuple(part for part in parts if part)
    if len(options) < FEWEST_OPTIONS:
        raise Refusal("poll_few")
    if len(options) > MOST_OPTIONS:
        raise Refusal("poll_many", count=len(options), most=MOST_OPTIONS)
    if len({folded(option) for option in options}) < len(options):
        raise Refusal("poll_equal")
    if max(map(len, options)) > LONGEST_OPTION:
        raise Refusal("poll_option_long", most=LONGEST_OPTION)
    return options


def checked_close(closes_at: datetime, now: datetime) -> datetime:
    """``closes_at`` if a poll may be open so long.

    Raises:
        Refusal: ``close_past`` or ``close_far``.
    """
    if closes_at <= now:
        raise Refusal("close_past", at=closes_at)
    if closes_at - now > LONGEST_OPEN:
        raise Refusal("close_far", at=closes_at)
    return closes_at


def remind_at(poll: Poll, hours: Hours) -> datetime | None:
    """When those who have not voted are reminded, once; None where no polite hour leaves time."""
    if poll.closes_at - poll.opened_at < SHORTEST_FOR_REMINDER:
        return None
    at = hours.polite_at(poll.closes_at - REMIND_BEFORE)
    if poll.closes_at - at < LEAST_TIME_TO_VOTE:
        at = hours.last_polite_at(poll.closes_at - REMIND_BEFORE)
    return at if at > poll.opened_at else None


def check_open(poll: Poll, now: datetime) -> None:
    """Refuse what comes after the end; a vote at the very second of the close is too late."""
    if poll.state is PollState.CANCELLED:
        raise Refusal("poll_cancelled", label=poll.label)
    if poll.state is PollState.CLOSED or now >= poll.closes_at:
        raise Refusal("poll_over", label=poll.label)


def chosen(poll: Poll, before: Collection[int], option: int, now: datetime) -> frozenset[int]:
    """A voter's choices after tapping ``option``: once more takes it back where several are free.

    Raises:
        Refusal: ``poll_over``, ``poll_cancelled``, ``poll_no_option``, ``poll_enough`` or, in an
            anonymous poll, ``poll_final``: nothing links a voter to a choice, so nothing can be
            changed.
    """
    check_open(poll, now)
    if not 0 <= option < len(poll.options):
        raise Refusal("poll_no_option")
    if poll.manner.is_anonymous and before:
        raise Refusal("poll_final", label=poll.label)
    if poll.manner.is_single:
        return frozenset({option})
    after = frozenset(before) ^ {option}
    if len(after) > poll.manner.most:
        raise Refusal("poll_enough", most=poll.manner.most)
    return after


def cast(
    poll: Poll, before: Collection[int], options: Collection[int], now: datetime
) -> frozenset[int]:
    """A voter's choices after handing in a whole ballot paper; the same one again changes nothing.

    Raises:
        Refusal: As ``chosen``; ``poll_no_option`` also where something has to be chosen.
    """
    check_open(poll, now)
    after = frozenset(options)
    if not all(0 <= option < len(poll.options) for option in after):
        raise Refusal("poll_no_option")
    if poll.manner.is_anonymous and before:
        raise Refusal("poll_final", label=poll.label)
    if len(after) > poll.manner.most:
        raise Refusal("poll_enough", most=poll.manner.most)
    if not after and (poll.manner.is_single or poll.manner.is_anonymous):
        raise Refusal("poll_no_option")
    return after


def check_author(poll: Poll, actor: Actor) -> None:
    """Only who opened it, or staff above it, may extend, close or cancel."""
    if poll.author_id != actor.id and not actor.can(Ability.MANAGE_POLL, at=poll.path):
        raise Refusal("poll_not_yours", label=poll.label)


def extended(poll: Poll, closes_at: datetime, *, by: Actor, now: datetime) -> Poll:
    """``poll`` open for longer; never shorter, which would cut off late voters."""
    check_author(poll, by)
    check_open(poll, now)
    if closes_at <= poll.closes_at:
        raise Refusal("poll_not_longer", label=poll.label, at=poll.closes_at)
    return replace(poll, closes_at=checked_close(closes_at, now))


def closed(poll: Poll, *, now: datetime) -> Poll:
    """``poll`` at its end."""
    if poll.state is not PollState.OPEN:
        raise Refusal("poll_over", label=poll.label)
    return replace(poll, state=PollState.CLOSED, closes_at=min(now, poll.closes_at))


def cancelled(poll: Poll, *, by: Actor, now: datetime) -> Poll:
    """``poll`` called off; its count is shown to nobody any more."""
    check_author(poll, by)
    check_open(poll, now)
    return replace(poll, state=PollState.CANCELLED)


def voter_keys(poll: Poll, actor: Actor) -> tuple[str, ...]:
    """Who votes, for "one vote each": ``p12`` for a person, ``h34`` for a household.

    Whoever has several flats here votes for each of these households.

    Raises:
        Refusal: ``poll_not_for_you`` for outsiders, ``poll_no_household`` where votes are
            counted by household and the person belongs to none here.
    """
    if not actor.can(Ability.VOTE, at=poll.path):
        raise Refusal("poll_not_for_you", label=poll.label)
    keys = keys_held(poll, actor)
    if not keys:
        raise Refusal("poll_no_household", label=poll.label)
    return keys


def may_read_door(path: str, actor: Actor) -> bool:
    """Whether the list of voters shows ``actor`` the household at ``path`` unmasked.

    Neighbours of its building can check the count; so can who admits residents there and knows
    every door anyway.
    """
    is_neighbour = any(
        grant.role is Role.RESIDENT and within(path, grant.home) for grant in actor.grants
    )
    return is_neighbour or actor.can(Ability.ADMIT_RESIDENT, at=path)


def keys_held(poll: Poll, actor: Actor) -> tuple[str, ...]:
    """As ``voter_keys``, but empty for whoever has no vote."""
    held = [grant for grant in actor.grants if grant.allows(Ability.VOTE, poll.path)]
    if poll.manner.voter is VoterKind.PERSON:
        return (f"p{actor.id}",) if held else ()
    return tuple(f"h{home}" for home in sorted({g.place_id for g in held if g.path != g.home}))
