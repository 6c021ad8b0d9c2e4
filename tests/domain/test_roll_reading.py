"""Reading a roll 读名册: every problem is found with its row, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.roll import OwnerKind, Use
from domain.roll_cells import area_hundredths, flat_parts, owner_name
from domain.roll_reading import DEVELOPER, Reading, read_roll
from domain.sheets import Sheet, column_letter

HEAD = ("楼栋", "单元", "房号", "业主", "面积", "用途", "业主编号")


def reading(
    *rows: tuple[str, ...], head: tuple[str, ...] = HEAD, merged: tuple[str, ...] = ()
) -> Reading:
    return read_roll(Sheet("名册.xlsx", (head, *rows), merged))


def found(read: Reading, key: str) -> list[tuple[int, str]]:
    """Row and column of every problem of that kind."""
    return [(problem.row, problem.column) for problem in read.problems if problem.key == key]


def test_a_plain_row_is_one_entry() -> None:
    (entry,) = reading(("3号楼", "2单元", "501室", "王秀英", "89.50㎡", "住宅")).entries

    assert (entry.building, entry.entrance, entry.name) == ("3号楼", "2单元", "3-2-501")
    assert (entry.owner, entry.area_hundredths, entry.use) == ("王秀英", 8950, Use.FLAT)


@pytest.mark.parametrize(
    "head",
    [
        ("幢号", "单元号", "室号", "产权人", "建筑面积（平方米）", "房屋用途"),
        ("栋", "单 元", "房间号", "业主姓名*", "产权面积(㎡)", "类型"),
        ("Building", "Entrance", "Door", "Owner", "Area (m2)", "Use"),
    ],
)
def test_headers_are_known_in_several_spellings(head: tuple[str, ...]) -> None:
    read = reading(("3", "2", "501", "王秀英", "89.5", ""), head=head)

    assert [entry.name for entry in read.entries] == ["3-2-501"] and read.problems == ()


def test_a_title_may_stand_above_the_headers() -> None:
    rows = (("睦邻社区业主名册",), ("2026年11月",), HEAD, ("3", "2", "501", "王秀英", "89.5"))

    assert read_roll(Sheet("a.csv", rows, merged=("A1:F1",))).problems == ()


def test_one_column_may_hold_the_whole_address() -> None:
    read = reading(
        ("睦邻苑3号楼2单元501室", "王秀英", "89.5"),
        ("3-501", "李明", "70"),
        head=("房屋坐落", "业主", "面积"),
    )

    assert [entry.name for entry in read.entries] == ["3-2-501", "3-1-501"]
    assert found(read, "no_entrance") == [(3, "")]


@pytest.mark.parametrize(
    ("row", "key", "column"),
    [
        (("3", "2", "501", "王秀英", ""), "no_area", "E"),
        (("3", "2", "501", "王秀英", "0"), "area_not_positive", "E"),
        (("3", "2", "501", "王秀英", "-89.5"), "area_not_positive", "E"),
        (("3", "2", "501", "王秀英", "89.505"), "area_too_fine", "E"),
        (("3", "2", "501", "王秀英", "约九十"), "area_unclear", "E"),
        (("3", "2", "501", "王秀英", "NaN"), "area_unclear", "E"),
        (("3", "2", "501", "王秀英", "1e9"), "area_unclear", "E"),
        (("3", "2", "", "王秀英", "89.5"), "no_door", "C"),
        (("", "2", "501", "王秀英", "89.5"), "no_building", "A"),
        (("3", "2", "501", "", "89.5"), "no_owner", "D"),
        (("3", "2", "501", "王秀英", "89.5", "猪圈"), "use_unknown", "F"),
        (("3", "2", "501", "王秀英", "89.5", "", "420106196001011234"), "identity", "G"),
    ],
)
def test_what_blocks_is_told_with_row_and_column(
    row: tuple[str, ...], key: str, column: str
) -> None:
    read = reading(("3", "1", "101", "李明", "70"), row)

    assert found(read, key) == [(3, column)] and read.is_blocked


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (("3", "2", "５０１", "王秀英", "89.5"), "full_width"),
        (("3", "", "501", "王秀英", "89.5"), "no_entrance"),
        (("3", "2", "501", "王秀英", "8950"), "area_large"),
        (("合计", "", "", "", "70"), "total_left_out"),
        (("合计", "", "", "", "71"), "total_differs"),
    ],
)
def test_what_only_needs_a_look_does_not_block(row: tuple[str, ...], key: str) -> None:
    read = reading(("3", "1", "101", "李明", "70"), row)

    assert [row for row, _ in found(read, key)] == [3] and not read.is_blocked


def test_a_flat_that_occurs_twice_is_found_however_it_is_written() -> None:
    read = reading(
        ("3", "2", "501", "王秀英", "89.5"), ("三号楼", "二单元", "５０１室", "李明", "0")
    )

    assert found(read, "twice") == [(3, "")]


def test_two_spellings_of_one_owner() -> None:
    read = reading(
        ("3", "2", "501", "王 秀英", "89.5"),
        ("3", "2", "502", "王秀英", "89.5"),
        ("3", "2", "503", "李明，王秀英", "70"),
        ("3", "2", "504", "王秀英、李明", "70"),
        ("3", "2", "505", "建发有限公司", "70"),
        ("3", "2", "506", "建发公司", "70"),
    )

    assert {entry.owner for entry in read.entries[:4]} == {"王秀英", "李明、王秀英"}
    assert [row for row, _ in found(read, "spelling")] == [3, 5]
    assert [row for row, _ in found(read, "two_spellings")] == [7]


def test_a_mark_tells_two_of_one_name_apart() -> None:
    read = reading(
        ("3", "2", "501", "王伟", "89.5", "", "1"), ("3", "2", "502", "王伟", "89.5", "", "2")
    )

    assert len({(e.owner, e.mark) for e in read.entries}) == 2 and read.problems == ()


def test_what_is_not_sold_is_the_developers_own() -> None:
    read = reading(("3", "2", "501", "未售", "89.5"), ("3", "2", "502", "开发商", "70"))

    assert {(e.owner, e.owner_kind) for e in read.entries} == {(DEVELOPER, OwnerKind.DEVELOPER)}


def test_two_names_for_the_developer_would_be_two_owners() -> None:
    head = (*HEAD, "业主类型")
    read = reading(
        ("3", "2", "501", "未售", "89.5"),
        ("3", "2", "502", "建发公司", "70", "", "", "开发商"),
        head=head,
    )

    assert [row for row, _ in found(read, "two_developers")] == [3]


def test_a_garage_may_lie_under_the_whole_estate() -> None:
    (entry,) = reading(("", "", "B12", "王秀英", "12.5", "车位")).entries

    assert (entry.building, entry.name, entry.use) == ("", "车位B12", Use.GARAGE)


def test_merged_cells_below_the_headers_are_told() -> None:
    read = reading(
        ("3", "2", "501", "王秀英", "89.5"), ("", "", "502", "李明", "70"), merged=("A2:A3",)
    )

    assert found(read, "merged") == [(2, "A")] and found(read, "no_building") == [(3, "A")]


def test_a_sheet_without_headers_says_what_they_are_called() -> None:
    assert [p.key for p in reading(("1", "2"), head=("甲", "乙")).problems] == ["no_header"]
    assert [p.key for p in reading(head=("业主", "房号")).problems] == ["no_column"]
    assert [p.key for p in reading().problems] == ["no_rows"]


@given(st.integers(1, 10**9))
def test_an_area_is_read_exactly(hundredths: int) -> None:
    text = f"{hundredths // 100}.{hundredths % 100:02d}"

    assert area_hundredths(text) == area_hundredths(f" {text} 平方米") == hundredths


@given(st.lists(st.text(max_size=12), max_size=9), st.lists(st.text(max_size=12), max_size=9))
def test_nothing_that_people_type_breaks_the_reader(one: list[str], other: list[str]) -> None:
    read = reading(tuple(one), tuple(other))

    assert all(entry.name for entry in read.entries)
    assert all(e.area_hundredths > 0 and e.owner for e in read.entries) or read.is_blocked


def test_names_and_flats_are_made_comparable() -> None:
    assert owner_name("王 秀英") == "王秀英" and owner_name("Ann  Lee") == "Ann  Lee"
    assert owner_name("王秀英和李明") == owner_name("李明/王秀英") == "李明、王秀英"
    assert flat_parts("三号楼二单元501室") == ("3", "2", "501")
    assert [column_letter(i) for i in (0, 25, 26)] == ["A", "Z", "AA"]
