"""Sheets 表格: a spreadsheet as plain text, however it was written."""

from dataclasses import dataclass
from typing import Final

MAX_SHEET_BYTES: Final = 10 * 1024 * 1024
"""Of a file; 10,000 households need less than one tenth of it."""
ENDINGS: Final = (".xlsx", ".csv")
OLD_ENDINGS: Final = (".xls", ".et", ".ods", ".xlsb", ".numbers")
"""Spreadsheets that we do not read; whoever sends one is told how to save it."""
MOST_ROWS: Final = 30_000
"""Of one sheet; the largest estates have some 10,000 households."""
MOST_COLUMNS: Final = 40
LONGEST_CELL: Final = 200
"""Characters that are kept of a cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a file.

    Attributes:
        name: The file's name, as its sender calls it.
        rows: Cells from the first row on, as they are shown; empty ones are "".
        merged: Cells that were joined into one (``A3:A8``); a value stands in the first only.
        others: Names of further sheets of the file, which are not read.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def is_sheet(name: str) -> bool:
    """Whether a file of that name is a spreadsheet, of a kind that we read or not."""
    return name.lower().endswith((*ENDINGS, *OLD_ENDINGS))


def column_letter(index: int) -> str:
    """What a spreadsheet calls a column (0 → ``A``, 26 → ``AA``)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
