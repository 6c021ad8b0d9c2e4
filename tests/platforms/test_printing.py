"""Printing 打印: whatever people type, there is a file."""

import io

import pytest
from pypdf import PdfReader

from bot.charts import font_path
from bot.printing import made
from handlers.printouts import Part, PartKind, Printout, table, title
from tests.dialogs.documents import NEEDS_FONT, bare, said_in_word

ODD = ("a\x0bb\x00c\x1bd\ufffee", "换😀物业 ⅔", "x" * 500, "，" * 300, "", "<b>&amp;")


def of(text: str) -> Printout:
    cells = [("名", "称"), (text, text)]
    parts = (title("公告"), Part(PartKind.LARGE, text), table(cells, 1, 3))
    return Printout("x", parts, "表1", "")


@pytest.mark.parametrize("text", ODD)
def test_word_takes_whatever_people_type(text: str) -> None:
    assert "公告" in said_in_word(made(of(text), None))


@NEEDS_FONT
@pytest.mark.parametrize("text", ODD)
def test_a_pdf_takes_whatever_people_type(text: str) -> None:
    assert "公告" in read(made(of(text), font_path()))


@NEEDS_FONT
def test_what_the_font_lacks_is_written_plainly_or_left_out() -> None:
    assert "换物业2/3" in read(made(of("换😀物业 ⅔"), font_path()))


@NEEDS_FONT
def test_no_line_begins_with_a_comma() -> None:
    text = "二十个字以内的一句话，" * 40
    pages = PdfReader(io.BytesIO(made(of(text), font_path()))).pages
    lines = [line for page in pages for line in page.extract_text().replace("\0", "").split("\n")]

    assert len(lines) > 10 and not any(line.strip().startswith("，") for line in lines)


def read(content: bytes) -> str:
    return "".join(bare(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages)
