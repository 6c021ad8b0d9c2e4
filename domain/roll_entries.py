"""Entries of a roll 名册条目: one row each, and what may be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.roll import OwnerKind, Use


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a sheet; ``key`` names the words under ``roll.problem``.

    Attributes:
        row: As the spreadsheet counts, from 1; 0 where it is the whole sheet.
        column: The column's letter, "" where it is the whole row.
        blocks: Nothing can be stored before it is mended; else it is only said.
    """

    key: str
    row: int = 0
    column: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a part of the estate, whose it is and how large.

    ``building`` is "" for a garage that lies under the whole estate; ``name`` is its own there.
    ``said`` is the owner as the cell has it, ``owner`` as it is compared.
    """

    row: int
    grid: str
    building: str
    entrance: str
    name: str
    use: Use
    owner: str
    mark: str
    said: str
    owner_kind: OwnerKind
    area_hundredths: int
