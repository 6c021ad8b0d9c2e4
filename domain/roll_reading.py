"""Reading a roll 读名册: rows of a spreadsheet → entries, and every problem with its row."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.places import place_name
from domain.roll import HUNDREDTHS, SIDE_USES, OwnerKind, Use, area_words
from domain.roll_cells import (
    area_hundredths,
    digits,
    flat_parts,
    has_identity,
    household_name,
    owner_name,
    plain,
    side_name,
)
from domain.roll_checks import checked
from domain.roll_columns import OWNER_KINDS, UNSOLD, USES, header_of, is_total, missing_columns
from domain.roll_entries import Entry, Problem
from domain.sheets import Sheet, column_letter
from domain.text import cleaned, folded

DEVELOPER: Final = "建设单位（未售）"
"""The developer's name where the sheet does not tell it."""
LARGE_HUNDREDTHS: Final = 1_000 * HUNDREDTHS
"""A flat larger than that has probably lost its decimal point."""

_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says, as far as it can be read; what blocks comes first."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether something has to be mended before anything can be stored."""
        return any(problem.blocks for problem in self.problems)


class _Row:
    """One row under its headers, and the problems found in it."""

    def __init__(self, number: int, cells: Sequence[str], columns: Mapping[str, int]) -> None:
        self.number = number
        self._cells = cells
        self._columns = columns
        self.problems: list[Problem] = []

    def raw(self, column: str) -> str:
        """The cell as it was typed."""
        at = self._columns.get(column)
        return cleaned(self._cells[at]) if at is not None and at < len(self._cells) else ""

    def text(self, column: str) -> str:
        """Half width, one blank at most, no line breaks."""
        return " ".join(unicodedata.normalize("NFKC", self.raw(column)).split())

    def note(self, key: str, column: str = "", *, blocks: bool = True, **facts: str) -> None:
        """Keep a problem of this row."""
        at = self._columns.get(column)
        letter = "" if at is None else column_letter(at)
        self.problems.append(Problem(key, self.number, letter, facts, blocks))


def read_roll(sheet: Sheet) -> Reading:
    """Entries and problems of ``sheet``; every row is looked at, whatever is wrong above it."""
    head = header_of(sheet)
    if head is None:
        return Reading((), (Problem("no_header"),))
    start, columns = head
    missing = missing_columns(columns)
    if missing:
        return Reading((), tuple(Problem("no_column", start, "", {"column": c}) for c in missing))
    entries, problems = _rows(sheet, start, columns)
    problems += [*_merged(sheet, start, columns), *_others(sheet), *checked(entries)]
    if not entries and not problems:
        problems.append(Problem("no_rows"))
    return Reading(tuple(entries), tuple(sorted(problems, key=lambda p: (not p.blocks, p.row))))


def _rows(
    sheet: Sheet, start: int, columns: Mapping[str, int]
) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    total = 0
    for number, cells in enumerate(sheet.rows[start:], start + 1):
        row = _Row(number, cells, columns)
        if not any(cells[at].strip() for at in columns.values() if at < len(cells)):
            continue
        if is_total(cells):
            _note_total(row, total, is_sure=not any(problem.blocks for problem in problems))
        else:
            entry = _entry(row)
            if entry is not None:
                entries.append(entry)
                total += entry.area_hundredths
        problems += row.problems
    return entries, problems


def _note_total(row: _Row, total: int, *, is_sure: bool) -> None:
    said = area_hundredths(row.text("area"))
    if is_sure and isinstance(said, int) and said != total:
        facts = {"said": area_words(said), "sum": area_words(total)}
        row.note("total_differs", "area", blocks=False, **facts)
    else:
        row.note("total_left_out", blocks=False)


def _merged(sheet: Sheet, start: int, columns: Mapping[str, int]) -> Iterator[Problem]:
    """Joined cells below the headers: all but the first of them look empty to us."""
    letters = {column_letter(index) for index in columns.values()}
    for cells in sheet.merged:
        found = _RANGE.fullmatch(cells)
        if found and int(found[4]) > start and found[1] in letters:
            yield Problem("merged", int(found[2]), found[1], {"cells": cells})


def _others(sheet: Sheet) -> list[Problem]:
    facts = {"names": "、".join(sheet.others[:5])}
    return [Problem("other_sheets", facts=facts, blocks=False)] if sheet.others else []


# One row


def _entry(row: _Row) -> Entry | None:
    """What a row says; with an area of 0 and the like where that blocks it anyway."""
    use = USES.get(folded(row.text("use")))
    if use is None:
        row.note("use_unknown", "use", said=row.text("use"))
        use = Use.FLAT
    place = _place(row, use)
    owner, mark, kind = _owner(row)
    area = _area(row, use)
    if place is None:
        return None
    building, entrance, name = place
    return Entry(
        row=row.number,
        grid=row.text("grid"),
        building=building,
        entrance=entrance,
        name=name,
        use=use,
        owner=owner,
        mark=mark,
        said=row.raw("owner"),
        owner_kind=kind,
        area_hundredths=area,
    )


def _place(row: _Row, use: Use) -> tuple[str, str, str] | None:
    """Building, entrance and the household's own name, or None where a part is missing."""
    building, entrance = plain(row.text("building")), digits(row.text("entrance"))
    door = digits(row.text("door"))
    if not door and row.text("flat"):
        found = flat_parts(row.text("flat"))
        if found is None and use in SIDE_USES:
            found = building, "", digits(row.text("flat"))
        if found is None:
            row.note("flat_unclear", "flat", said=row.text("flat"))
            return None
        building, entrance, door = found[0] or building, found[1] or entrance, found[2]
    if not door:
        row.note("no_door", "door")
        return None
    _note_width(row)
    if use in SIDE_USES:
        place = place_name(building) if building else ""
        return place, "", side_name(place, door, use)
    return _household(row, building, entrance, door)


def _household(row: _Row, building: str, entrance: str, door: str) -> tuple[str, str, str] | None:
    if not building:
        row.note("no_building", "building")
        return None
    if not entrance:
        row.note("no_entrance", "entrance", blocks=False)
        entrance = "1"
    name = household_name(building, entrance, door)
    return place_name(building), f"{entrance}单元", name


def _note_width(row: _Row) -> None:
    """Say what full-width digits were read as, so that somebody can look."""
    for column in ("flat", "building", "entrance", "door", "area"):
        said, read = row.raw(column), row.text(column)
        if said != read and any(c.isdigit() and not c.isascii() for c in said):
            row.note("full_width", column, blocks=False, said=said, read=read)


def _owner(row: _Row) -> tuple[str, str, OwnerKind]:
    text, mark = row.text("owner"), row.text("mark")
    kind = OWNER_KINDS.get(folded(row.text("owner_kind")))
    if kind is None:
        row.note("owner_kind_unknown", "owner_kind", said=row.text("owner_kind"))
        kind = OwnerKind.PERSON
    for column in ("owner", "mark"):
        if has_identity(row.text(column)):
            row.note("identity", column)
    if folded(text) in UNSOLD:
        return DEVELOPER, "", OwnerKind.DEVELOPER
    name = owner_name(text)
    if not name:
        row.note("no_owner", "owner")
    return name, mark, kind


def _area(row: _Row, use: Use) -> int:
    found = area_hundredths(row.text("area"))
    if isinstance(found, str):
        row.note(found, "area", said=row.text("area"))
        return 0
    if found >= LARGE_HUNDREDTHS and use is Use.FLAT:
        row.note("area_large", "area", blocks=False, said=row.text("area"))
    return found
