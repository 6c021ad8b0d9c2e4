"""Sheets 表格: .xlsx and .csv read to plain rows before anything else sees them, and written."""

import asyncio
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from domain.sheets import (
    LONGEST_CELL,
    MAX_SHEET_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    OLD_ENDINGS,
    Sheet,
)

MAX_UNPACKED_BYTES: Final = 80 * 1024 * 1024
"""Of all parts of a file together: a small file may unpack to gigabytes."""
MAX_PARTS: Final = 1_000
XLSX_MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = (",", "\t", ";", "，")
_MERGED: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]+:[A-Z]{1,3}[0-9]+)"'
)
_ONE_AT_A_TIME: Final = asyncio.Lock()
_CHUNK: Final = 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0"


class SheetFault(Exception):
    """A file that cannot be read; ``refusal.sheet_<key>`` are its words."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_sheet(name: str, content: bytes) -> Sheet:
    """The first sheet in ``content``; blocks for a second or two, so call it on a thread.

    Raises:
        SheetFault: It is too large, of an old kind, locked, broken or empty.
    """
    if len(content) > MAX_SHEET_BYTES:
        raise SheetFault("too_large")
    if not content.strip():
        raise SheetFault("empty")
    if content.startswith(_OLE):  # an old .xls, or an .xlsx with a password
        raise SheetFault("locked" if name.lower().endswith(".xlsx") else "old")
    if content.startswith(b"PK"):
        sheet = _read_xlsx(name, content)
    elif name.lower().endswith(OLD_ENDINGS):
        raise SheetFault("old")
    else:
        sheet = _read_csv(name, content)
    if not any(any(row) for row in sheet.rows):
        raise SheetFault("empty")
    return sheet


async def sheet_of(name: str, content: bytes) -> tuple[Sheet | None, str]:
    """The sheet in a file that somebody sent, or the key of why there is none.

    Read on a thread, one file after the other, so that many of them cannot take the machine.
    """
    async with _ONE_AT_A_TIME:
        try:
            return await asyncio.to_thread(read_sheet, name, content), ""
        except SheetFault as fault:
            return None, fault.key


# .csv


def _read_csv(name: str, content: bytes) -> Sheet:
    text = _decoded(content)
    head = text[:4096].splitlines()[:10]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(MAX_SHEET_BYTES)
    try:
        rows = _taken(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SheetFault("broken") from error
    return Sheet(name, rows)


def _decoded(content: bytes) -> str:
    """The text of ``content``: UTF-8, what Excel calls Unicode, or the GBK of older programs."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SheetFault("encoding") from error
    if b"\x00" in content:
        raise SheetFault("unknown")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetFault("encoding")


# .xlsx


def _read_xlsx(name: str, content: bytes) -> Sheet:
    _check_archive(content)
    from openpyxl import load_workbook  # 15 MB of memory that few ever need

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is often wrong
            rows = _taken([_cell(value) for value in row] for row in _values(sheet))
            merged = _merged_cells(content, sheet._worksheet_path)
            others = tuple(other.title for other in book.worksheets[1:])
        finally:
            book.close()
    except SheetFault:
        raise
    except (  # whatever a broken file makes of the library
        AttributeError,
        IndexError,
        KeyError,
        OSError,
        SyntaxError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ) as error:
        raise SheetFault("broken") from error
    return Sheet(name, rows, merged, others)


def _values(sheet: Any) -> Iterable[Sequence[object]]:
    found: Iterable[Sequence[object]] = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    return found


def _check_archive(content: bytes) -> None:
    """Refuse what unpacks to too much, is locked, or brings a document type (entity bombs).

    ``zipfile`` reads no more of a part than its head announces, so the announced sizes hold.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise SheetFault("too_large")
            if any(part.flag_bits & 0x1 for part in parts):
                raise SheetFault("locked")
            if "xl/workbook.xml" not in archive.namelist():
                raise SheetFault("unknown")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(65_536).upper():
                            raise SheetFault("broken")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise SheetFault("broken") from error


def _merged_cells(content: bytes, path: str) -> tuple[str, ...]:
    """Joined cells of a sheet; they stand behind its rows, so that only the end is kept."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            tail = (tail + chunk)[-_CHUNK:]
    return tuple(found.decode() for found in _MERGED.findall(tail))


def _cell(value: object) -> str:
    """A cell as it is shown: 501.0 is 501, and a float's noise is left away as Excel does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)


def _taken(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Rows without what lies behind the last filled one.

    Raises:
        SheetFault: There are too many.
    """
    found: list[tuple[str, ...]] = []
    empty = 0
    for row in rows:
        cells = tuple(cell.strip()[:LONGEST_CELL] for cell in row[:MOST_COLUMNS])
        filled = next((i for i in range(len(cells), 0, -1) if cells[i - 1]), 0)
        cells = cells[:filled]
        empty = 0 if cells else empty + 1
        found.append(cells)
        if len(found) - empty > MOST_ROWS:
            raise SheetFault("too_long")
        if empty > MOST_ROWS:
            break
    return tuple(found[: len(found) - empty])


# Writing


def write_xlsx(rows: Sequence[Sequence[str | int | float]], title: str) -> bytes:
    """A workbook of one sheet with a bold first row that stays in sight."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, row in enumerate(rows, 1):
        sheet.append(row)
        for cell in sheet[number]:
            if cell.data_type == "f":  # what somebody typed never becomes a formula
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for index in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 16
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
