"""Printouts 打印件: documents as parts in a row, before anybody knows what file is made of them."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class PartKind(StrEnum):
    """What a part of a printout is: how it looks is the printer's business."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    STRONG = "strong"
    LARGE = "large"
    SMALL = "small"
    FACTS = "facts"
    TABLE = "table"
    BOXES = "boxes"
    SIGN = "sign"
    PAGE = "page"


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part of a printout, from the top down.

    Attributes:
        text: Of a title, heading, paragraph (lines as they are), or of a line to sign on.
        rows: Cells: of ``FACTS`` a name and what it is, of a ``TABLE`` its head first, of
            ``BOXES`` a choice to tick each.
        widths: Shares of the page's width that the columns of a table get.
    """

    kind: PartKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


class Printout(msgspec.Struct, frozen=True):
    """A document to be printed, in the words of one reader; made when it is sent.

    Attributes:
        name: The file's name; its ending tells what is made of it, ``.pdf`` or ``.docx``.
        footer: Stands at the foot of every page, before its number.
        otherwise: Said instead where it cannot be made: the machine has no Chinese font.
    """

    name: str
    parts: tuple[Part, ...]
    footer: str
    otherwise: str


def title(text: str) -> Part:
    """What stands above all."""
    return Part(PartKind.TITLE, text)


def heading(text: str) -> Part:
    """What stands above a section."""
    return Part(PartKind.HEADING, text)


def table(rows: Sequence[tuple[str, ...]], *widths: int) -> Part:
    """Rows, their head first, in columns of these shares of the width."""
    return Part(PartKind.TABLE, rows=tuple(rows), widths=widths)
