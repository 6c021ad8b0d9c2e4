"""Sheets 表格: what committees really send is read, what would hurt is refused."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from bot.sheets import SheetFault, read_sheet, write_xlsx
from domain.sheets import MAX_SHEET_BYTES, is_sheet

ROWS = (("楼栋", "业主", "面积"), ("3号楼", "王秀英", "89.5"))
TEXT = "\n".join(",".join(row) for row in ROWS)


def workbook(merged: str = "", second: str = "") -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in (*ROWS[:1], ("3号楼", "王秀英", 89.5), ("3号楼", 501, 0.1 + 0.2)):
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    if second:
        book.create_sheet(second)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refused(name: str, content: bytes) -> str:
    with pytest.raises(SheetFault) as raised:
        read_sheet(name, content)
    return raised.value.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_csv_of_any_office_program_is_read(encoding: str) -> None:
    assert read_sheet("名册.csv", TEXT.encode(encoding)).rows == ROWS


@pytest.mark.parametrize("mark", ["\t", ";", "，"])
def test_a_csv_may_be_parted_otherwise(mark: str) -> None:
    assert read_sheet("名册.csv", TEXT.replace(",", mark).encode()).rows == ROWS


def test_numbers_of_a_workbook_are_read_as_they_are_shown() -> None:
    rows = read_sheet("名册.xlsx", workbook()).rows

    assert rows[1] == ("3号楼", "王秀英", "89.5") and rows[2] == ("3号楼", "501", "0.3")


def test_merged_cells_and_further_sheets_are_told() -> None:
    sheet = read_sheet("名册.xlsx", workbook("A2:A3", "车位"))

    assert sheet.merged == ("A2:A3",) and sheet.others == ("车位",)


def test_a_workbook_is_known_by_its_content_not_its_name() -> None:
    assert len(read_sheet("名册.csv", workbook()).rows) == 3


def test_what_is_too_large_is_refused() -> None:
    assert refused("a.csv", b"1" * (MAX_SHEET_BYTES + 1)) == "too_large"
    assert refused("a.csv", b"1,2\n" * 40_000) == "too_long"


def test_a_small_file_that_unpacks_to_gigabytes_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b" " * 100_000_000)

    assert len(out.getvalue()) < 200_000 and refused("a.xlsx", out.getvalue()) == "too_large"


def test_a_bomb_of_entities_is_refused() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(whole, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><sst>&a;</sst>'
            new.writestr(name, body)

    assert refused("a.xlsx", whole.getvalue()) == "broken"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n , \n", "empty"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked"),
        ("a.xlsx", b"PK\x03\x04 and no more", "broken"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "unknown"),
        ("a.csv", b"\xff\xff\x81", "encoding"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, key: str) -> None:
    assert refused(name, content) == key


def test_a_damaged_workbook_says_so() -> None:
    whole = workbook()
    for cut in range(100, len(whole), 701):
        assert refused("a.xlsx", whole[:cut]) in {"broken", "unknown"}


def test_a_word_document_is_no_sheet() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", b"<document/>")

    assert refused("a.xlsx", out.getvalue()) == "unknown"


def test_what_is_written_is_read_again_and_is_never_a_formula() -> None:
    written = write_xlsx((("业主", "面积"), ("=1+1", 89.5)), "名册")

    assert read_sheet("a.xlsx", written).rows == (("业主", "面积"), ("=1+1", "89.5"))


def test_files_are_told_apart_by_their_names() -> None:
    found = [is_sheet(name) for name in ("名册.XLSX", "a.csv", "a.xls", "a.pdf")]

    assert found == [True, True, True, False]
