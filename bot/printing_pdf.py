"""Printouts as PDF 打印件: A4, with the used characters of the machine's Chinese font in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import digits
from typing import Any, Final
from unicodedata import normalize

from fpdf import FPDF
from fpdf.fonts import TTFFont
from msgspec.structs import replace

from handlers.printouts import Part, PartKind, Printout

MARGIN_MM: Final = 20
WIDTH_MM: Final = 210 - 2 * MARGIN_MM
LINE: Final = 0.53
"""Height of a line in mm for each point of its letters."""
PAD_MM: Final = 0.8
NAME_MM: Final = 34
"""Width of the names in a list of facts."""
BOX_MM: Final = 7.5
GREY: Final = 160
"""Grey of the lines between rows, 0 is black."""
_FACES: Final = {"NotoSansCJK-Regular.ttc": 2, "NotoSerifCJK-Regular.ttc": 2}
"""Which face of a collection has the forms of characters as they are written in China."""

_WORDS: Final = re.compile(
    r"[「『（《“]*(?:[A-Za-z0-9_.%/*+-]+|.)[，。；：、！？」』）》”,.;:!?)]* *"
)
"""What stays on one line: a word or a character, with the marks that belong to it."""
_PLAIN: Final = {"✓": "√", "✗": "×"}


class _Paper(FPDF):
    """A4 with a foot on every page."""

    def __init__(self, printout: Printout, font: Path) -> None:
        super().__init__(format="A4")
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, MARGIN_MM + 2)
        face, wanted = _FACES.get(font.name, 0), _wanted(printout)
        self.add_font("cjk", "", font, unicode_range=wanted, collection_font_number=face)
        loaded = self.fonts["cjk"]
        assert isinstance(loaded, TTFFont)
        self._known = loaded.cmap
        self._foot = self.said(printout.footer)
        self.size(11)

    def said(self, text: str) -> str:
        """``text`` in characters that the font has (⅔ → 2/3); no boxes for what it has not."""
        return "".join(self._char(char) for char in text)

    def _char(self, char: str) -> str:
        if ord(char) in self._known or char == "\n":
            return char
        plain = _plain(char)
        return plain if all(ord(one) in self._known for one in plain) else ""

    def footer(self) -> None:
        """The line at the foot, the page's number at its end."""
        self.set_y(-MARGIN_MM + 4)
        self.size(8)
        self.cell(WIDTH_MM - 15, 5, self._foot)
        self.cell(15, 5, str(self.page_no()), align="R")

    def size(self, points: float) -> None:
        """Letters of that size from here on."""
        self.set_font("cjk", size=points)

    def lines_of(self, text: str, width: float) -> list[str]:
        """``text`` in lines that fit; Chinese breaks anywhere but before a stop or a bracket."""
        return [line for given in text.split("\n") for line in self._wrapped(given, width)]

    def _wrapped(self, text: str, width: float) -> list[str]:
        if self.get_string_width(text) <= width:
            return [text]
        lines = [""]
        for word in _WORDS.findall(text):
            if self.get_string_width(lines[-1] + word.rstrip()) <= width:
                lines[-1] += word
            elif self.get_string_width(word) <= width:
                lines.append(word)
            else:  # a word longer than a line
                lines += self._cut(word, width)
        return [line for line in lines if line]

    def _cut(self, word: str, width: float) -> list[str]:
        lines = [""]
        for char in word:
            if self.get_string_width(lines[-1] + char) > width:
                lines.append("")
            lines[-1] += char
        return lines


def pdf(printout: Printout, font: Path) -> bytes:
    """``printout`` as a PDF."""
    paper = _Paper(printout, font)
    paper.set_title(paper.said(printout.parts[0].text))
    paper.c_margin = 0
    paper.add_page()
    for part in printout.parts:
        rows = tuple(tuple(paper.said(cell) for cell in row) for row in part.rows)
        _DRAWN[part.kind](paper, replace(part, text=paper.said(part.text), rows=rows))
    return bytes(paper.output())


def _plain(char: str) -> str:
    """What is written for a character that a font lacks."""
    return _PLAIN.get(char) or normalize("NFKC", char).replace("\u2044", "/")


def _wanted(printout: Printout) -> list[int]:
    """Characters that may be drawn; a font has 45,000, of which a page needs two hundred."""
    cells = (cell for part in printout.parts for row in part.rows for cell in row)
    texts = (part.text for part in printout.parts)
    chars = {*digits, *printout.footer}.union(*texts, *cells)
    return sorted({ord(one) for char in chars for one in char + _plain(char)})


def _text(points: float, *, align: str = "L", before: float = 0, after: float = 1.5) -> Any:
    def drawn(paper: _Paper, part: Part) -> None:
        paper.ln(before)
        paper.size(points)
        for line in paper.lines_of(part.text, WIDTH_MM):
            paper.cell(WIDTH_MM, points * LINE, line, align=align, new_x="LMARGIN", new_y="NEXT")
        paper.ln(after)

    return drawn


def _facts(paper: _Paper, part: Part) -> None:
    for name, value in part.rows:
        _row(paper, (name, value), (NAME_MM, WIDTH_MM - NAME_MM), 10.5)
    paper.ln(2)


def _table(paper: _Paper, part: Part) -> None:
    whole = sum(part.widths)
    widths = [WIDTH_MM * width / whole for width in part.widths]
    head, *body = part.rows
    _row(paper, head, widths, 10, is_head=True)
    for row in body:
        if _row(paper, row, widths, 10, is_tried=True):
            paper.add_page()
            _row(paper, head, widths, 10, is_head=True)
        _row(paper, row, widths, 10)
    paper.ln(3)


def _row(
    paper: _Paper,
    cells: Sequence[str],
    widths: Sequence[float],
    points: float,
    *,
    is_head: bool = False,
    is_tried: bool = False,
) -> bool:
    """Draw a row with a line below; or only tell whether it needs a new page (``is_tried``)."""
    paper.size(points)
    line = points * LINE
    wrapped = [paper.lines_of(cell, width - 2) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, wrapped)) * line + 2 * PAD_MM
    if is_tried:
        return bool(paper.will_page_break(height))
    if paper.will_page_break(height):
        paper.add_page()
        paper.size(points)
    top, left = paper.get_y(), float(MARGIN_MM)
    if is_head:
        paper.set_fill_color(235)
        paper.rect(left, top, WIDTH_MM, height, style="F")
    for lines, width in zip(wrapped, widths, strict=True):
        for n, words in enumerate(lines):
            paper.set_xy(left + 1, top + PAD_MM + n * line)
            paper.cell(width - 2, line, words)
        left += width
    paper.set_draw_color(GREY)
    paper.line(MARGIN_MM, top + height, MARGIN_MM + WIDTH_MM, top + height)
    paper.set_xy(MARGIN_MM, top + height)
    return False


def _boxes(paper: _Paper, part: Part) -> None:
    """A box to tick for each choice, large enough for a shaking hand."""
    paper.ln(2)
    for (choice,) in part.rows:
        top = paper.get_y()
        paper.set_draw_color(0)
        paper.set_line_width(0.5)
        paper.rect(MARGIN_MM + 4, top, BOX_MM, BOX_MM)
        paper.set_line_width(0.2)
        paper.size(18)
        paper.set_xy(MARGIN_MM + 4 + BOX_MM + 5, top)
        paper.cell(100, BOX_MM, choice)
        paper.set_xy(MARGIN_MM, top + BOX_MM + 5)
    paper.ln(1)


def _sign(paper: _Paper, part: Part) -> None:
    """A name, and a line to sign on."""
    paper.ln(5)
    paper.size(11)
    if paper.will_page_break(10):
        paper.add_page()
    top = paper.get_y()
    paper.cell(WIDTH_MM, 7, part.text)
    left = MARGIN_MM + max(paper.get_string_width(part.text) + 3, 55)
    paper.set_draw_color(0)
    paper.line(left, top + 6.5, MARGIN_MM + WIDTH_MM, top + 6.5)
    paper.set_xy(MARGIN_MM, top + 8)


def _page(paper: _Paper, part: Part) -> None:
    paper.add_page()


_DRAWN: Final[Mapping[PartKind, Callable[[_Paper, Part], None]]] = {
    PartKind.TITLE: _text(22, align="C", after=3),
    PartKind.HEADING: _text(14, before=3),
    PartKind.TEXT: _text(11),
    PartKind.STRONG: _text(16),
    PartKind.LARGE: _text(14),
    PartKind.SMALL: _text(9),
    PartKind.FACTS: _facts,
    PartKind.TABLE: _table,
    PartKind.BOXES: _boxes,
    PartKind.SIGN: _sign,
    PartKind.PAGE: _page,
}
