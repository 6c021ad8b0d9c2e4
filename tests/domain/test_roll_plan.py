"""Plan of an import 导入方案: what comes, changes and goes, building by building."""

from domain.places import Place, PlaceKind
from domain.roll import Holding, Owner, Use
from domain.roll_plan import Known, Plan, planned
from domain.roll_reading import read_roll
from domain.sheets import Sheet

HEAD = ("网格", "楼栋", "单元", "房号", "业主", "面积", "用途")
COMMUNITY = Place(1, 1, PlaceKind.COMMUNITY, "睦邻社区", "/1/")
GRID = Place(2, 1, PlaceKind.GRID, "第一网格", "/1/2/")
THREE = Place(3, 1, PlaceKind.BUILDING, "3号楼", "/1/2/3/")
FOUR = Place(4, 1, PlaceKind.BUILDING, "4号楼", "/1/2/4/")
KNOWN = Known(
    community=COMMUNITY,
    version=7,
    grids={"第一网格": GRID},
    buildings={"3号楼": [THREE], "4号楼": [FOUR]},
    owners={1: Owner(1, "王秀英"), 2: Owner(2, "李明")},
    holdings=(
        Holding(1, 1, 11, "/1/2/3/9/11/", "3-2-501", Use.FLAT, 8950),
        Holding(2, 2, 12, "/1/2/3/9/12/", "3-2-502", Use.FLAT, 7000),
        Holding(3, 2, 13, "/1/2/4/8/13/", "4-1-101", Use.FLAT, 7000),
        Holding(4, 1, 1, "/1/", "车位B12", Use.GARAGE, 1250),
    ),
)


def plan(*rows: tuple[str, ...], known: Known = KNOWN) -> Plan:
    return planned(read_roll(Sheet("a.csv", (HEAD, *rows))), known)


def test_the_same_again_changes_nothing() -> None:
    found = plan(("", "3", "2", "501", "王秀英", "89.5"), ("", "3", "2", "502", "李明", "70"))

    assert found.is_empty and not found.is_blocked


def test_who_sold_and_what_was_measured_anew_is_seen() -> None:
    found = plan(("", "3", "2", "501", "赵六", "89.5"), ("", "3", "2", "502", "李明", "71"))

    assert [(c.is_sold, c.is_resized) for c in found.changed] == [(True, False), (False, True)]
    assert found.version == 7


def test_only_buildings_of_the_sheet_are_compared() -> None:
    found = plan(("", "3", "2", "501", "王秀英", "89.5"))

    assert [holding.name for holding in found.removed] == ["3-2-502"]


def test_garages_of_the_estate_are_compared_where_the_sheet_has_some() -> None:
    found = plan(("", "", "", "B13", "王秀英", "12.5", "车位"))

    assert [h.name for h in found.removed] == ["车位B12"]
    assert [e.name for e in found.added] == ["车位B13"]


def test_an_unknown_building_blocks_and_is_told_once() -> None:
    found = plan(*(("", "9", "1", str(n), "王秀英", "70") for n in (101, 102, 103)))

    problems = [p for p in found.problems if p.key == "building_unknown"]
    assert [p.facts["count"] for p in problems] == ["3"] and found.is_blocked


def test_a_new_building_comes_with_its_grid() -> None:
    found = plan(("第二网格", "9", "1", "101", "王秀英", "70"))

    assert found.new_buildings == {"9号楼": "第二网格"} and not found.is_blocked


def test_a_building_is_never_moved_to_another_grid() -> None:
    found = plan(
        ("第二网格", "3", "2", "501", "王秀英", "89.5"),
        ("第二网格", "3", "2", "502", "李明", "70"),
    )

    assert [p.key for p in found.problems] == ["building_elsewhere"] and found.is_empty


def test_two_buildings_of_one_name_block() -> None:
    twice = Known(COMMUNITY, buildings={"3号楼": [THREE, FOUR]})

    assert plan(("", "3", "2", "501", "王秀英", "89.5"), known=twice).is_blocked
