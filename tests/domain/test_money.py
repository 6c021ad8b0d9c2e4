"""Money 金额: what neighbours type, what is refused, and laws that hold for any sum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MOST_FEN, amount_in, yuan_of
from domain.refusal import Refusal

FEN = st.integers(1, MOST_FEN)
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("128.5元", 12850),
        ("128.50 元", 12850),
        ("128。5元", 12850),
        ("一百二十块", 12000),
        ("¥3,000", 300000),
        ("￥３，０００．５０", 300050),
        ("1.2万", 1200000),
        ("1.2万元", 1200000),
        ("一万二", 1200000),
        ("1万2", 1200000),
        ("一万两千五百元", 1250000),
        ("一万零五十", 1005000),
        ("三点五万", 3500000),
        ("3w", 3000000),
        ("三千五", 350000),
        ("3千5", 350000),
        ("1.5千", 150000),
        ("2百块钱", 20000),
        ("三块五", 350),
        ("三块五毛五", 355),
        ("3块25", 325),
        ("三块零五", 305),
        ("十二块八毛", 1280),
        ("五十元五角", 5050),
        ("五毛", 50),
        ("5角5分", 55),
        ("3000", 300000),
        ("3000。", 300000),
        ("1.500元", 150),
        ("人民币3000元整", 300000),
        ("RMB 3000", 300000),
        ("3000 yuan", 300000),
    ],
)
def test_amounts_as_neighbours_type_them(typed: str, fen: int) -> None:
    assert amount_in(typed) == (fen, "")


@pytest.mark.parametrize(
    ("typed", "fen", "rest"),
    [
        ("128.5元 买花盆", 12850, "买花盆"),
        ("128.5元买花盆", 12850, "买花盆"),
        ("买花盆128.5元", 12850, "买花盆"),
        ("买花盆 128.5", 12850, "买花盆"),
        ("3 盆花 30元", 3000, "3 盆花"),
        ("100元 买3块木板", 10000, "买3块木板"),
        ("100元2盆花", 10000, "2盆花"),
        ("给3号楼买灯，80元，刘大爷垫的", 8000, "给3号楼买灯 刘大爷垫的"),
    ],
)
def test_the_words_around_an_amount_stay(typed: str, fen: int, rest: str) -> None:
    assert amount_in(typed) == (fen, rest)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "money_unclear"),
        ("花盆", "money_unclear"),
        ("3号楼花坛", "money_unclear"),
        ("30%", "money_unclear"),
        ("2/3", "money_unclear"),
        ("1,20元", "money_unclear"),
        ("1.2万5", "money_unclear"),
        ("一千二千元", "money_unclear"),
        ("三块五买花", "money_unclear"),
        ("买花盆 3 个", "money_unclear"),
        ("300美元", "money_unclear"),
        ("$300", "money_unclear"),
        ("5分钟", "money_unclear"),
        ("100元 买灯 50元", "money_two"),
        ("-5元", "money_negative"),
        ("负五元", "money_negative"),
        ("¥-5", "money_negative"),
        ("0元", "money_zero"),
        ("0.005元", "money_too_fine"),
        ("1.005元", "money_too_fine"),
        ("2亿", "money_too_large"),
        ("9" * 300, "money_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(typed: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        amount_in(typed)

    assert refused.value.key == key


def test_a_bare_number_is_no_money_where_it_may_be_something_else() -> None:
    with pytest.raises(Refusal):
        amount_in("20 盆花", is_bare_enough=False)

    assert amount_in("20 盆花 60元", is_bare_enough=False) == (6000, "20 盆花")


@given(FEN, st.sampled_from(["{} 元", "{}元", "¥{}", "{}", "{} yuan", "CNY {}", "人民币{}元"]))
def test_what_is_shown_reads_back_the_same(fen: int, pattern: str) -> None:
    shown = pattern.format(yuan_of(fen))

    assert amount_in(shown) == (fen, "")
    assert amount_in(shown.translate(WIDE)) == (fen, "")


@given(FEN, st.text("买花盆灯油漆刷工 ", min_size=1).map(lambda words: " ".join(words.split())))
def test_words_before_or_behind_change_no_amount(fen: int, words: str) -> None:
    assert amount_in(f"{words} {yuan_of(fen)}元") == (fen, words)
    assert amount_in(f"{yuan_of(fen)}元 {words}") == (fen, words)


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_a_shown_amount_never_loses_a_fen(fen: int) -> None:
    assert int(yuan_of(fen).replace(",", "").replace(".", "")) == fen


@given(st.text("0123456789.,。-负¥元块角毛分一二三十百千万亿点零wk 买%", max_size=40) | st.text())
def test_any_words_are_a_sum_or_a_refusal(typed: str) -> None:
    try:
        fen, _ = amount_in(typed)
    except Refusal as refusal:
        assert refusal.key.startswith("money_")
    else:
        assert type(fen) is int and 0 < fen <= MOST_FEN
