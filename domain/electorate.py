"""Electorate 有表决权的人: who has a ballot in one vote, numbered in the order of their flats."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.ledger import Entitled
from domain.motions import RollState
from domain.roll import LIVED_IN, Holding, Roll, masked_name
from domain.verdict import Weight

_PARTS = re.compile(r"\d+|\D+")


@dataclass(frozen=True, slots=True)
class Frozen:
    """An entry as it is frozen at the opening.

    Attributes:
        owner_id: The owner of the community's roll; None where a household votes.
        homes: Ids of the households whose flats are in it.
    """

    entry: Entitled
    owner_id: int | None
    homes: tuple[int, ...]


def of_owners(roll: Roll) -> list[Frozen]:
    """One entry for each owner, whose flats and area are all that they have here.

    Source: 最高人民法院建筑物区分所有权司法解释 (2020) 第9条.
    """
    held: dict[int, list[Holding]] = {}
    for holding in roll.holdings:
        held.setdefault(holding.owner_id, []).append(holding)
    ordered = sorted(held.items(), key=lambda item: _in_order(min(h.name for h in item[1])))
    return [
        Frozen(_entry(n, parts, roll.owners[owner_id].name), owner_id, _homes(parts))
        for n, (owner_id, parts) in enumerate(ordered, 1)
    ]


def _entry(number: int, parts: list[Holding], name: str) -> Entitled:
    flats = tuple(sorted((part.name for part in parts), key=_in_order))
    area = sum(part.area_hundredths for part in parts)
    return Entitled(number, flats, masked_name(name), area)


def _homes(parts: Iterable[Holding]) -> tuple[int, ...]:
    return tuple(sorted({part.place_id for part in parts if part.use in LIVED_IN}))


def of_homes(names: Mapping[int, str], areas: Mapping[int, int]) -> list[Frozen]:
    """One entry for each household (id → name); its area is told, but not counted."""
    ordered = sorted(names.items(), key=lambda item: _in_order(item[1]))
    return [
        Frozen(Entitled(n, (name,), "", areas.get(home, 0)), None, (home,))
        for n, (home, name) in enumerate(ordered, 1)
    ]


def _in_order(name: str) -> list[tuple[int, str]]:
    """Numbers by their value, so that 2-1-301 comes before 10-1-101."""
    return [(int(p) if p.isdecimal() else -1, p) for p in _PARTS.findall(name)]


def whole(entries: Iterable[Frozen]) -> Weight:
    """All heads and all area."""
    found = [frozen.entry for frozen in entries]
    return Weight(len(found), sum(entry.area for entry in found))


def state_of(entries: list[Frozen], unlisted: int) -> RollState:
    """What an opening asks about the roll; ``unlisted`` are households that nobody owns in it."""
    return RollState(
        voters=len(entries),
        without_area=sum(frozen.entry.area == 0 for frozen in entries),
        without_owner=unlisted,
    )
