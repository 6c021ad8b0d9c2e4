"""Roll 表决名册: exact areas, one owner once, and a fingerprint that finds any change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.roll import (
    Holding,
    Owner,
    OwnerKind,
    RollSettings,
    Use,
    area_words,
    canonical,
    fingerprint,
    masked_name,
    roll_of,
)

OWNERS = (Owner(1, "王秀英"), Owner(2, "建发公司", OwnerKind.DEVELOPER))
HOLDINGS = (
    Holding(1, 1, 11, "/1/5/11/", "3-2-501", Use.FLAT, 8950),
    Holding(2, 1, 12, "/1/5/12/", "3-2-502", Use.FLAT, 10025),
    Holding(3, 2, 13, "/1/5/13/", "3-2-601", Use.FLAT, 8950),
    Holding(4, 1, 5, "/1/5/", "车位B12", Use.GARAGE, 1250),
)
areas = st.lists(st.integers(1, 10**6), min_size=1, max_size=30)


def test_an_owner_of_several_flats_counts_once_with_all_the_area() -> None:
    roll = roll_of(RollSettings(), OWNERS, HOLDINGS)

    assert roll.heads == 2 and roll.areas() == {1: 18975, 2: 8950}


def test_garages_count_where_the_estate_says_so() -> None:
    roll = roll_of(RollSettings(counts_garages=True), OWNERS, HOLDINGS)

    assert roll.area_hundredths == 29175 and roll.households == {11, 12, 13}


def test_who_has_a_garage_alone_is_no_owner_where_garages_do_not_count() -> None:
    roll = roll_of(RollSettings(), OWNERS, HOLDINGS[2:])

    assert set(roll.owners) == {2}


def test_an_area_of_nothing_never_gets_onto_a_roll() -> None:
    with pytest.raises(ValueError, match="holding 1"):
        roll_of(RollSettings(), OWNERS, [replace(HOLDINGS[0], area_hundredths=0)])


@given(areas, st.randoms())
def test_sums_are_equal_in_any_order(found: list[int], chance: object) -> None:
    holdings = [
        Holding(i, 1 + i % 2, 100 + i, "/1/", f"1-1-{i}", Use.FLAT, area)
        for i, area in enumerate(found)
    ]
    one = roll_of(RollSettings(), OWNERS, holdings)
    chance.shuffle(holdings)  # type: ignore[attr-defined]
    other = roll_of(RollSettings(), OWNERS, holdings)

    assert sum(one.areas().values()) == one.area_hundredths == sum(one.household_areas().values())
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    "changed",
    [
        replace(HOLDINGS[0], area_hundredths=8951),
        replace(HOLDINGS[0], owner_id=2),
        replace(HOLDINGS[0], name="3-2-503"),
        replace(HOLDINGS[0], use=Use.SHOP),
    ],
)
def test_any_change_changes_the_fingerprint(changed: Holding) -> None:
    whole = roll_of(RollSettings(), OWNERS, HOLDINGS)
    other = roll_of(RollSettings(), OWNERS, (changed, *HOLDINGS[1:]))

    assert fingerprint(whole) != fingerprint(other)


def test_ids_do_not_matter_to_the_fingerprint() -> None:
    whole = roll_of(RollSettings(), OWNERS, HOLDINGS)
    moved = [replace(h, id=h.id + 70, place_id=h.place_id + 9) for h in HOLDINGS]

    assert canonical(roll_of(RollSettings(), OWNERS, moved)) == canonical(whole)


def test_a_name_cannot_forge_a_line_of_the_fingerprinted_text() -> None:
    forged = Owner(1, "王秀英\t\tperson\n3-9-901\tflat\t100\t李四")
    whole = roll_of(RollSettings(), [forged, OWNERS[1]], HOLDINGS)

    assert len(canonical(whole).splitlines()) == 4


def test_areas_are_shown_with_two_decimals() -> None:
    assert [area_words(a) for a in (8950, 5, 12479930)] == ["89.50", "0.05", "124,799.30"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王秀英", "王*英"), ("李明", "李*"), ("欧阳小龙", "欧**龙"), ("李明、王秀英", "李*、王*英")],
)
def test_names_are_masked_for_public_lists(name: str, masked: str) -> None:
    assert masked_name(name) == masked
