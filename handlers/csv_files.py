"""Spreadsheet files 表格文件: any office program opens them; nothing typed is a formula in them."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

CSV_MIME: Final = "text/csv"
_MARK: Final = "\ufeff"
"""Without it office programs take UTF-8 for the encoding of their country."""
_NUMBER: Final = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


def csv_of(rows: Sequence[Sequence[str]]) -> bytes:
    """The file; what somebody typed never becomes a formula, and a sum below 0 stays a number."""
    out = io.StringIO()
    csv.writer(out).writerows([[_inert(cell) for cell in line] for line in rows])
    return f"{_MARK}{out.getvalue()}".encode()


def _inert(cell: str) -> str:
    is_formula = cell[:1] in {"=", "+", "-", "@"} and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
