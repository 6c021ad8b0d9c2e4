"""Typed text 文字: folded for comparing, never changed for showing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.text import chinese_number, cleaned, folded, shortened, whole_number, with_digits

laws = settings(derandomize=True, deadline=None, database=None, max_examples=300)
any_text = st.text(alphabet=st.characters(exclude_categories=[]), max_size=80)


@laws
@given(any_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@laws
@given(any_text)
def test_cleaned_text_can_be_stored_and_hides_nothing(text: str) -> None:
    clean = cleaned(text)

    clean.encode()
    assert "\x00" not in clean and "\u202e" not in clean and "\u200b" not in clean


@laws
@given(any_text)
def test_folding_is_stable_enough_to_compare(text: str) -> None:
    assert folded(cleaned(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("／ＩＳＳＵＥ　５", "/issue 5"),
        ("Ａｂｃ", "abc"),
        ("报\u200b事", "报事"),
        ("１２３", "123"),
    ],
)
def test_what_looks_alike_is_alike(text: str, same: str) -> None:
    assert folded(text) == same


def test_an_emoji_family_stays_together() -> None:
    assert cleaned("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十七", 37), ("一百", 100),
        ("一百零五", 105), ("两百", 200), ("五〇一", 501), ("五零一", 501), ("九百九十九", 999),
        ("二百五", 250), ("一千二", 1_200), ("一千零二", 1_002), ("两千五百", 2_500),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, number: int) -> None:
    assert chinese_number(text) == number
    assert whole_number(text) == number


@pytest.mark.parametrize("name", ["百合苑", "千禧小区"])
def test_a_unit_alone_is_part_of_a_name(name: str) -> None:
    assert with_digits(name) == name


@laws
@given(st.integers(1, 99))
def test_every_number_to_ninety_nine_reads_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    written = ("" if tens < 2 else digits[tens]) + ("十" if tens else "")
    written += digits[ones] if ones else ""

    assert chinese_number(written) == number


@laws
@given(any_text)
def test_a_number_is_small_or_none(text: str) -> None:
    number = whole_number(text)

    assert number is None or 0 <= number < 10**9


@pytest.mark.parametrize("text", ["一" * 5_000, "9" * 5_000, "十" * 5_000])
def test_a_number_without_end_is_no_number(text: str) -> None:
    assert whole_number(text) is None
    assert with_digits(text)


@laws
@given(any_text, st.integers(1, 30))
def test_shortened_text_is_short_and_on_one_line(text: str, limit: int) -> None:
    short = shortened(text, limit)

    assert len(short) <= limit and "\n" not in short
