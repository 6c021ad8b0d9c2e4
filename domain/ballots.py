"""Ballots 票: one of each owner; which one counts where several ways were used."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.matters import Choices
from domain.motions import Motion
from domain.people import Actor, Role
from domain.refusal import Refusal


class Way(StrEnum):
    """How a ballot came in."""

    CHAT = "chat"
    WEB = "web"
    PAPER = "paper"
    PROXY = "proxy"

    @property
    def is_own(self) -> bool:
        """Whether the owner gave it with their own hands, here."""
        return self in {Way.CHAT, Way.WEB}


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one owner says on each matter, and how it came in."""

    choices: Choices
    way: Way


class Outcome(StrEnum):
    """What becomes of a ballot that comes in."""

    COUNTS = "counts"
    SAME = "same"
    CONFLICT = "conflict"


def outcome(before: Ballot | None, new: Ballot) -> Outcome:
    """What becomes of ``new`` where ``before`` lies here already.

    The owner's own last ballot counts whatever else there is. A paper that comes after it does
    not overrule it: the two are a conflict, which the owner settles by voting once more.

    Raises:
        Refusal: ``ballot_by_owner``: who votes by proxy comes after the owner.
    """
    if before is None or new.way.is_own:
        return Outcome.COUNTS
    if new.way is Way.PROXY and before.way is not Way.PROXY:
        raise Refusal("ballot_by_owner")
    if new.way is Way.PAPER and before.way.is_own:
        return Outcome.SAME if new.choices == before.choices else Outcome.CONFLICT
    return Outcome.COUNTS


def check_proxy(
    holder: Actor, *, owners: Collection[int], held: Collection[int], most: int
) -> None:
    """Refuse a proxy that may not be.

    Args:
        owners: Entries of the roll for which the proxy is given; ``held``: those for which the
            holder votes by proxy already.

    Raises:
        Refusal: ``proxy_property`` for staff of the property company, ``proxy_many``.
    """
    if any(grant.role is Role.PROPERTY for grant in holder.grants):
        raise Refusal("proxy_property")
    if len({*owners, *held}) > most:
        raise Refusal("proxy_many", most=most)


ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of receipt codes: nothing that can be taken for something else."""
CODE_LENGTH: Final = 12


def grouped(code: str) -> str:
    """A receipt code as people write it down (``ABCD-EFGH-JKLM``)."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def receipts_of(motion: Motion, voter: int, code: str) -> tuple[str, ...]:
    """The names under which a secret ballot lies, which only who holds the code can find.

    ``voter`` is the owner's number on the frozen roll, so that nobody can change a ballot with a
    code alone. SHA-256, hex, over label, roll fingerprint, number and code with a blank between.
    Of several matters each choice lies under a name of its own (the matter's number behind the
    code), so that nobody can tell which choices belong to one ballot.
    """
    text = f"{motion.label} {motion.fingerprint} {voter} {code}"
    numbers = [f" {n}" for n in range(1, len(motion.matters) + 1)] or [""]
    return tuple(hashlib.sha256(f"{text}{number}".encode()).hexdigest() for number in numbers)
