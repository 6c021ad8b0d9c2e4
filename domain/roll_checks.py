"""Checks of a roll 名册核对: what only shows when rows are seen beside each other."""

import re
from collections.abc import Iterable, Mapping, Sequence

from domain.roll import LIVED_IN, OwnerKind
from domain.roll_entries import Entry, Problem
from domain.text import folded

_COMPANY = re.compile(r"(股份|有限|责任|公司|集团|[()（）\s·.])")

Owned = Mapping[tuple[str, str], Sequence[Entry]]
"""Owner's name and mark → their rows."""


def checked(entries: Sequence[Entry]) -> list[Problem]:
    """Problems of ``entries`` beside each other."""
    owned: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.owner:
            owned.setdefault((entry.owner, entry.mark), []).append(entry)
    return [
        *_twice(entries),
        *_spellings(owned),
        *_alike(owned),
        *_several(owned),
        *_kinds(owned),
        *_developers(entries),
    ]


def _twice(entries: Iterable[Entry]) -> list[Problem]:
    seen: dict[str, int] = {}
    found = []
    for entry in entries:
        first = seen.setdefault(entry.name, entry.row)
        if first != entry.row:
            facts = {"flat": entry.name, "first": str(first)}
            found.append(Problem("twice", entry.row, facts=facts))
    return found


def _spellings(owned: Owned) -> list[Problem]:
    """One name that was written in two ways, read as one."""
    found = []
    for (name, _), held in owned.items():
        other = next((entry for entry in held if entry.said != held[0].said), None)
        if other is not None and held[0].owner_kind is not OwnerKind.DEVELOPER:
            facts = {"said": other.said, "other": held[0].said, "name": name}
            facts["first"] = str(held[0].row)
            found.append(Problem("spelling", other.row, facts=facts, blocks=False))
    return found


def _alike(owned: Owned) -> list[Problem]:
    """Two names that may be one owner; a mark says that they are not."""
    alike: dict[str, tuple[str, Sequence[Entry]]] = {}
    found = []
    for (name, mark), held in owned.items():
        if mark:
            continue
        other, first = alike.setdefault(_COMPANY.sub("", folded(name)) or name, (name, held))
        if other != name:
            facts = {"name": name, "other": other, "first": str(first[0].row)}
            found.append(Problem("two_spellings", held[0].row, facts=facts))
    return found


def _several(owned: Owned) -> list[Problem]:
    """One name at several flats counts once, unless a mark says that they are two people."""
    found = []
    for (name, mark), held in owned.items():
        flats = [entry for entry in held if entry.use in LIVED_IN]
        if len(flats) > 1 and not mark and flats[0].owner_kind is OwnerKind.PERSON:
            facts = {"name": name, "flats": "、".join(entry.name for entry in flats[:4])}
            found.append(Problem("several_flats", flats[1].row, facts=facts, blocks=False))
    return found


def _kinds(owned: Owned) -> list[Problem]:
    found = []
    for (name, _), held in owned.items():
        other = next((e for e in held if e.owner_kind is not held[0].owner_kind), None)
        if other is not None:
            facts = {"name": name, "first": str(held[0].row)}
            found.append(Problem("two_kinds", other.row, facts=facts))
    return found


def _developers(entries: Iterable[Entry]) -> list[Problem]:
    """Unsold flats have one owner; two names for the developer would be two."""
    named: dict[str, int] = {}
    for entry in entries:
        if entry.owner_kind is OwnerKind.DEVELOPER:
            named.setdefault(entry.owner, entry.row)
    if len(named) < 2:
        return []
    other, name = list(named)[:2]
    facts = {"name": name, "other": other, "first": str(named[other])}
    return [Problem("two_developers", named[name], facts=facts)]
