"""Printouts as Word documents 打印件: A4, in fonts that Windows, WPS and LibreOffice have."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from msgspec.structs import replace

from handlers.printouts import Part, PartKind, Printout

WIDTH_CM: Final = 17
MARGIN_CM: Final = 2
LETTERS: Final = "Times New Roman"
CHARACTERS: Final = "SimSun"
"""宋体; where a machine has none, its own Chinese font takes its place."""
BOLD_CHARACTERS: Final = "SimHei"
TWENTIETHS_OF_CM: Final = 567
"""Word measures in twentieths of a point."""
NAME_CM: Final = 3.5
_UNWRITABLE: Final = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Source: XML 1.0, section 2.2; a carriage return is no line of ours."""
_BLACK: Final = RGBColor(0, 0, 0)


def word(printout: Printout) -> bytes:
    """``printout`` as a .docx."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    _set_fonts(paper)
    paper.core_properties.title = printout.parts[0].text
    paper.core_properties.author = "Mulin 睦邻"
    _foot(section.footer.paragraphs[0], printout.footer)
    for part in printout.parts:
        rows = tuple(tuple(map(_writable, row)) for row in part.rows)
        _WRITTEN[part.kind](paper, replace(part, text=_writable(part.text), rows=rows))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _writable(text: str) -> str:
    """``text`` without the characters that XML does not allow."""
    return _UNWRITABLE.sub("", text)


def _set_fonts(paper: Any) -> None:
    styles = [("Normal", CHARACTERS), ("Title", BOLD_CHARACTERS), ("Heading 1", BOLD_CHARACTERS)]
    for name, characters in styles:
        style = paper.styles[name]
        style.font.name = LETTERS
        style.font.color.rgb = _BLACK
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), characters)
    for name, points in (("Normal", 11), ("Title", 22), ("Heading 1", 14), ("Footer", 8)):
        paper.styles[name].font.size = Pt(points)
    paper.styles["Heading 1"].paragraph_format.space_before = Pt(10)
    for border in paper.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    for lang in paper.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")


def _foot(line: Any, footer: str) -> None:
    """The footer, and the page's number as a field."""
    line.add_run(f"{footer} · ")
    run = line.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        found = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            found.set(qn("w:fldCharType"), kind)
        else:
            found.text = text
        run._r.append(found)


def _title(paper: Any, part: Part) -> None:
    paper.add_paragraph(part.text, "Title").alignment = WD_ALIGN_PARAGRAPH.CENTER


def _heading(paper: Any, part: Part) -> None:
    paper.add_heading(part.text, 1)


def _text(points: float, *, is_bold: bool = False) -> Callable[[Any, Part], None]:
    def written(paper: Any, part: Part) -> None:
        for text in part.text.split("\n"):
            line = paper.add_paragraph()
            line.paragraph_format.space_after = Pt(3)
            run = line.add_run(text)
            run.font.size, run.bold = Pt(points), is_bold

    return written


def _facts(paper: Any, part: Part) -> None:
    _add_rows(paper, part.rows, (NAME_CM, WIDTH_CM - NAME_CM), has_head=False)


def _table(paper: Any, part: Part) -> None:
    whole = sum(part.widths)
    widths = [WIDTH_CM * width / whole for width in part.widths]
    _add_rows(paper, part.rows, widths, has_head=True)


def _add_rows(
    paper: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], *, has_head: bool
) -> None:
    """A table, written row by row: the library's own way takes a minute for an estate's roll."""
    table = paper.add_table(0, len(widths), "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for number, row in enumerate(rows):
        table._tbl.append(_row(row, widths, is_head=has_head and number == 0))
    after = paper.add_paragraph()  # two tables without a paragraph between would become one
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(6)


def _row(cells: Sequence[str], widths: Sequence[float], *, is_head: bool) -> Any:
    row = OxmlElement("w:tr")
    settings = _added(row, "w:trPr")
    _added(settings, "w:cantSplit")
    if is_head:
        _added(settings, "w:tblHeader")  # comes again on every page
    for text, width in zip(cells, widths, strict=True):
        cell = _added(row, "w:tc")
        size = _added(_added(cell, "w:tcPr"), "w:tcW")
        size.set(qn("w:w"), str(int(width * TWENTIETHS_OF_CM)))
        size.set(qn("w:type"), "dxa")
        line = _added(cell, "w:p")
        spacing = _added(_added(line, "w:pPr"), "w:spacing")
        spacing.set(qn("w:before"), "40")
        spacing.set(qn("w:after"), "40")
        _write(line, text, is_bold=is_head)
    return row


def _write(line: Any, text: str, *, is_bold: bool) -> None:
    run = _added(line, "w:r")
    settings = _added(run, "w:rPr")
    if is_bold:
        _added(settings, "w:b")
    _added(settings, "w:sz").set(qn("w:val"), "20")
    for number, words in enumerate(text.split("\n")):
        if number:
            _added(run, "w:br")
        said = _added(run, "w:t")
        said.text = words
        said.set(qn("xml:space"), "preserve")


def _added(parent: Any, tag: str) -> Any:
    child = OxmlElement(tag)
    parent.append(child)
    return child


def _boxes(paper: Any, part: Part) -> None:
    for (choice,) in part.rows:
        run = paper.add_paragraph().add_run(f"□ {choice}")
        run.font.size = Pt(20)


def _sign(paper: Any, part: Part) -> None:
    line = paper.add_paragraph()
    line.paragraph_format.space_before = Pt(14)
    line.paragraph_format.keep_with_next = True  # all who sign, on one page
    line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM))
    line.add_run(f"{part.text} ")
    line.add_run("\t").underline = True


def _page(paper: Any, part: Part) -> None:
    paper.add_page_break()


_WRITTEN: Final[Mapping[PartKind, Callable[[Any, Part], None]]] = {
    PartKind.TITLE: _title,
    PartKind.HEADING: _heading,
    PartKind.TEXT: _text(11),
    PartKind.STRONG: _text(16, is_bold=True),
    PartKind.LARGE: _text(14),
    PartKind.SMALL: _text(9),
    PartKind.FACTS: _facts,
    PartKind.TABLE: _table,
    PartKind.BOXES: _boxes,
    PartKind.SIGN: _sign,
    PartKind.PAGE: _page,
}
