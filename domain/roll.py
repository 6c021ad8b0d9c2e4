"""Roll 表决名册: owners, what they own, and the exact areas by which a vote counts."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

HUNDREDTHS: Final = 100
"""Areas are kept in hundredths of a square metre: 89.5 m² are 8950."""
VERSION: Final = "mulin-roll-1"
"""First line of the text that is hashed; it changes whenever that text does."""


class Use(StrEnum):
    """What a part of the estate is used for 用途; every one has a title of its own."""

    FLAT = "flat"
    SHOP = "shop"
    GARAGE = "garage"
    STORAGE = "storage"


SIDE_USES: Final = frozenset({Use.GARAGE, Use.STORAGE})
"""Whether these count is a setting of the roll: some cities leave garages out 车位不计."""
LIVED_IN: Final = frozenset({Use.FLAT, Use.SHOP})
"""What has a household of its own in the tree of places."""


class OwnerKind(StrEnum):
    """Who owns. Flats that are not sold yet have one owner, the developer 建设单位."""

    PERSON = "person"
    ORGANISATION = "organisation"
    DEVELOPER = "developer"


@dataclass(frozen=True, slots=True)
class Owner:
    """One voter: a person, an organisation, or those who bought together 共有人.

    ``name`` of several is joined with 、 in order. ``mark`` tells two of one name apart: any word
    that the roll's keeper chose, "" where there is no need.

    Source: 最高人民法院建筑物区分所有权司法解释 (2020) 第9条: who has several parts counts once, a
    part that several own counts as one.
    """

    id: int
    name: str
    kind: OwnerKind = OwnerKind.PERSON
    mark: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What no two owners of a community share."""
        return self.name, self.mark


@dataclass(frozen=True, slots=True)
class Holding:
    """One part of the estate 专有部分, and whose it is.

    ``place_id`` is the household; for a garage or a storeroom the building or the estate that it
    lies in. ``name`` (3-2-501, 车位B12) is its own in the community.
    """

    id: int
    owner_id: int
    place_id: int
    path: str
    name: str
    use: Use
    area_hundredths: int

    @property
    def area_m2(self) -> Fraction:
        """Exact."""
        return Fraction(self.area_hundredths, HUNDREDTHS)


@dataclass(frozen=True, slots=True)
class RollSettings:
    """What the estate agreed on. ``version`` grows with every change of the roll."""

    counts_garages: bool = False
    version: int = 0

    def counts(self, use: Use) -> bool:
        """Whether parts of that use count."""
        return self.counts_garages or use not in SIDE_USES


@dataclass(frozen=True)
class Roll:
    """What counts in a vote at one place: holdings that count, and their owners by id."""

    settings: RollSettings = RollSettings()
    owners: Mapping[int, Owner] = field(default_factory=dict)
    holdings: tuple[Holding, ...] = ()

    @property
    def heads(self) -> int:
        """How many owners there are."""
        return len(self.owners)

    @property
    def area_hundredths(self) -> int:
        """All area that counts."""
        return sum(holding.area_hundredths for holding in self.holdings)

    @property
    def households(self) -> frozenset[int]:
        """Ids of the households (flats and shops) that are on it."""
        return frozenset(h.place_id for h in self.holdings if h.use in LIVED_IN)

    def of_owner(self, owner_id: int) -> tuple[Holding, ...]:
        """What one owner has here."""
        return tuple(holding for holding in self.holdings if holding.owner_id == owner_id)

    def areas(self) -> dict[int, int]:
        """Owner's id → all their area here, in hundredths."""
        found = dict.fromkeys(self.owners, 0)
        for holding in self.holdings:
            found[holding.owner_id] += holding.area_hundredths
        return found

    def household_areas(self) -> dict[int, int]:
        """Household's id → the area of its flat or shop, in hundredths."""
        found: dict[int, int] = {}
        for holding in self.holdings:
            if holding.use in LIVED_IN:
                found[holding.place_id] = found.get(holding.place_id, 0) + holding.area_hundredths
        return found


def roll_of(settings: RollSettings, owners: Iterable[Owner], holdings: Iterable[Holding]) -> Roll:
    """What counts under ``settings``, and whose it is; owners of nothing that counts are left out.

    Raises:
        ValueError: A holding's owner is not among ``owners``, or an area is not positive; a bug.
    """
    counted = tuple(
        sorted((h for h in holdings if settings.counts(h.use)), key=lambda h: (h.name, h.id))
    )
    known = {owner.id: owner for owner in owners}
    for holding in counted:
        if holding.owner_id not in known or holding.area_hundredths <= 0:
            raise ValueError(f"holding {holding.id} cannot be counted")
    held = {holding.owner_id for holding in counted}
    return Roll(settings, {i: known[i] for i in sorted(held)}, counted)


def canonical(roll: Roll) -> str:
    """The text that stands for ``roll``: what counts, whose it is and how large, line by line.

    No ids are in it, so that the same list read twice is the same text.
    """
    head = f"{VERSION}\tgarages={'in' if roll.settings.counts_garages else 'out'}"
    lines = []
    for holding in roll.holdings:
        owner = roll.owners[holding.owner_id]
        fields = (holding.name, holding.use, str(holding.area_hundredths), *owner.key, owner.kind)
        lines.append("\t".join(_plain(text) for text in fields))
    return "\n".join([head, *sorted(lines), ""])


def fingerprint(roll: Roll) -> str:
    """SHA-256 (hex) of the canonical text 名册指纹; any change of what counts changes it."""
    return hashlib.sha256(canonical(roll).encode()).hexdigest()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def area_words(area_hundredths: int) -> str:
    """An area for people, in m² with two decimals (8950 → ``89.50``)."""
    whole, rest = divmod(area_hundredths, HUNDREDTHS)
    return f"{whole:,}.{rest:02d}"


def masked_name(name: str) -> str:
    """An owner's name for a public list: 王秀英 → 王*英, 李明 → 李*; of co-owners each."""
    return "、".join(_masked(part) for part in name.split("、"))


def _masked(name: str) -> str:
    if len(name) <= 1:
        return "*"
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
