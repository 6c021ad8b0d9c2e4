"""Places 地点: the tree street → community → micro-grid → building → entrance → household."""

import re
from enum import StrEnum
from typing import NamedTuple

from domain.text import folded, with_digits


class PlaceKind(StrEnum):
    """Levels of the tree, outermost first."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"
    ENTRANCE = "entrance"
    HOUSEHOLD = "household"


class Place(NamedTuple):
    """One node. ``path`` is ``/1/2/7/``: the ids from the root down to the node itself."""

    id: int
    community_id: int | None
    kind: PlaceKind
    name: str
    path: str

    @property
    def parent_id(self) -> int | None:
        """Id of the node above, or None at the root."""
        ids = self.path.strip("/").split("/")
        return int(ids[-2]) if len(ids) > 1 else None


def within(inner: str, outer: str) -> bool:
    """Whether path ``inner`` is ``outer`` itself or below it."""
    return inner.startswith(outer)


def same_line(one: str, other: str) -> bool:
    """Whether one path lies above, at or below the other."""
    return one.startswith(other) or other.startswith(one)


def ancestors(path: str) -> list[int]:
    """Ids from the root down to the node itself."""
    return [int(part) for part in path.strip("/").split("/")]


_FLAT = re.compile(r"(\d{1,4})(?:号楼|栋|幢|-)(\d{1,3})(?:单元|-)(\d{1,5})室?")
_NAMED_BUILDING = re.compile(r"(\d{1,4})(?:号楼|栋|幢)")
_BUILDING = re.compile(r"(\d{1,4})(?:号楼|号|栋|幢)?")


def building_in(text: str) -> str | None:
    """The building that ``text`` begins with (``九栋一楼大厅`` → ``9号楼``), or None."""
    found = _NAMED_BUILDING.match(with_digits(text).replace(" ", ""))
    return f"{found[1]}号楼" if found else None


def flat_name(text: str) -> str | None:
    """The household's short name in ``text`` (``三号楼二单元501室`` → ``3-2-501``), or None."""
    found = _FLAT.fullmatch(with_digits(text).replace(" ", ""))
    return "-".join(found.groups()) if found else None


def place_name(text: str) -> str:
    """A place's name as it is stored (``三栋`` → ``3号楼``; other names only folded)."""
    found = _BUILDING.fullmatch(with_digits(text).replace(" ", ""))
    return flat_name(text) or (f"{found[1]}号楼" if found else folded(text))


_IN_TEXT = re.compile(r"(?<!\d)(\d{1,4})(?:号楼|栋|幢)")


def names_place(text: str, name: str) -> bool:
    """Whether ``text`` speaks of the place ``name`` (``五栋的门禁`` of ``5号楼``)."""
    said = with_digits(text).replace(" ", "")
    return name in {f"{number}号楼" for number in _IN_TEXT.findall(said)} or (
        _BUILDING.fullmatch(name) is None and name in said
    )


def masked_flat(name: str) -> str:
    """A household's name for a group (``3-2-501`` → ``3-2-5**``): the door stays private."""
    head, _, door = name.rpartition("-")
    return f"{head}-{door[:1]}{'*' * max(len(door) - 1, 1)}" if head else "**"
