"""Money 金额: amounts as neighbours type them, kept in fen, exact.

``128.5元``, ``一百二十块``, ``¥3,000``, ``1.2万``, ``三块五``; what is shown reads back the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.refusal import Refusal
from domain.text import chinese_number, folded

MOST_FEN: Final = 10_000_000_000
"""A hundred million yuan: no neighbourhood has them, so more is a slip of the finger."""
_LONGEST: Final = 16
"""Characters of a number; nobody means more, and all of them are exact."""

_ONE: Final = "[0-9０-９零〇一二两三四五六七八九]"
_NUMERAL: Final = "0-9０-９零〇一二两三四五六七八九十百千万亿"
_NUMBER: Final = rf"[{_NUMERAL}](?:[{_NUMERAL}点,，.．。kwＫＷ]*[{_NUMERAL}kwＫＷ])?"
_MARK: Final = "[¥￥]|人民币|rmb|cny"
_UNIT: Final = r"元|圆|块|(?:yuan|rmb|cny)\b"
_COIN: Final = rf"零?{_ONE}[角毛](?:零?{_ONE}分|{_ONE}(?![{_NUMERAL}\w]))?|零?{_ONE}分(?!钟)"
_HALF: Final = rf"[零〇]?{_ONE}{{1,2}}(?=钱|[^\w%％]|$)"
_AMOUNT: Final = re.compile(
    rf"(?P<minus>[-－−–﹣负]\s*)?(?P<mark>(?:{_MARK})\s*)?(?P<inner>[-－−–﹣]\s*)?"
    rf"(?:(?P<coins>{_COIN})"
    rf"|(?P<number>{_NUMBER})(?:\s*(?P<unit>{_UNIT})(?P<small>{_COIN}|{_HALF})?)?)"
    r"(?:钱|整|正)?",
    re.IGNORECASE,
)
_FOREIGN: Final = re.compile(r"\s*(?:美|欧|港|日元|英镑|usd|eur|hkd|jpy|gbp|[$€£])", re.IGNORECASE)
_DIGIT: Final = "[一二两三四五六七八九]"
_CHINESE: Final = re.compile(
    rf"(?:{_DIGIT}千零?)?(?:{_DIGIT}百零?)?(?:{_DIGIT}?十)?{_DIGIT}?|[零一二三四五六七八九]+"
)
_PLAIN: Final = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_SPOKEN: Final = str.maketrans("0123456789〇", "零一二三四五六七八九零")
_WRITTEN: Final = str.maketrans("零〇一二两三四五六七八九", "001223456789")
_TYPED: Final = str.maketrans("wk。", "万千.")
"""How 万, 千 and the point are typed in a hurry."""
_AROUND: Final = " \n,，。.;；:：、"


@dataclass(frozen=True, slots=True)
class _Found:
    """An amount in a text: how much, where, and whether it says that it is money."""

    yuan: Decimal | None
    start: int
    end: int
    is_marked: bool


def yuan_of(fen: int) -> str:
    """An amount as it is shown, in yuan (``300050`` → ``3,000.50``)."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def amount_in(text: str, *, is_bare_enough: bool = True) -> tuple[int, str]:
    """The one amount that ``text`` says, in fen, and the words around it.

    It stands first or last, or is the only one. Without 元 it stands first, or apart at the end,
    and is read only where a bare number is enough to mean money.

    Raises:
        Refusal: ``money_unclear``, ``money_two``, ``money_negative``, ``money_zero``,
            ``money_too_fine`` (half a fen), ``money_too_large``.
    """
    text = text.strip()
    found = _meant(text, is_bare_enough=is_bare_enough)
    if found is None or found.yuan is None:
        raise Refusal("money_unclear")
    around = (text[: found.start].rstrip(_AROUND), text[found.end :].lstrip(_AROUND))
    return _fen(found.yuan), " ".join(part for part in around if part)


def _fen(yuan: Decimal) -> int:
    fen = yuan * 100
    if fen < 0:
        raise Refusal("money_negative")
    if fen > MOST_FEN:
        raise Refusal("money_too_large", most=yuan_of(MOST_FEN))
    if fen != fen.to_integral_value():
        raise Refusal("money_too_fine")
    if not fen:
        raise Refusal("money_zero")
    return int(fen)


def _meant(text: str, *, is_bare_enough: bool) -> _Found | None:
    """The amount that is meant: what says that it is money goes before a mere number."""
    listed = list(_amounts(text))
    marked = [one for one in listed if one.is_marked]
    edges = [one for one in marked if one.start == 0 or one.end == len(text)] or marked
    if len(edges) > 1:
        raise Refusal("money_two")
    if edges or not is_bare_enough:
        return edges[0] if edges else None
    ends = [one for one in listed if one.end == len(text) and text[one.start - 1].isspace()]
    return next((one for one in listed if one.start == 0), ends[0] if ends else None)


def _amounts(text: str) -> Iterator[_Found]:
    for match in _AMOUNT.finditer(text):
        is_marked = bool(match["mark"] or match["unit"] or match["coins"])
        is_clear = _ends_clearly(match, text[match.end() :])
        yuan = _yuan(match) if is_clear else None
        yield _Found(yuan, match.start(), match.end(), is_marked)


def _ends_clearly(match: re.Match[str], behind: str) -> bool:
    """Whether no half of a word or number is left behind it: not 3号楼, 三块五个, 300美元."""
    if _FOREIGN.match(behind):
        return False
    if match["unit"] == "块" and not match["small"]:
        return not re.match(_ONE, behind)
    is_bare = not match["unit"] and not match["coins"]
    return not (is_bare and re.match(r"[\w%％./／\-－]", behind))


def _yuan(match: re.Match[str]) -> Decimal | None:
    whole = Decimal(0) if match["coins"] else _number(match["number"])
    if whole is None or (match["small"] and whole != whole.to_integral_value()):
        return None
    yuan = whole + Decimal(_small_fen(match["coins"] or match["small"] or "")).scaleb(-2)
    return -yuan if match["minus"] or match["inner"] else yuan


def _small_fen(text: str) -> int:
    """Fen of what stands behind the yuan: 5角3分, 5毛, 零5, 5, 25."""
    digits = folded(text).translate(_WRITTEN)
    jiao, mark, fen = re.sub("[毛]", "角", digits).partition("角")
    if mark:
        return int(jiao) * 10 + int(fen.rstrip("分") or 0)
    return int(digits.rstrip("分") or 0) * (10 if len(digits) == 1 else 1)


def _number(run: str) -> Decimal | None:
    """Value of ``3,000``, ``1.2万``, ``一万二``, ``3千5``; None where it is no number."""
    text = folded(run).translate(_TYPED)
    if "亿" in text or (len(text) > _LONGEST and "." not in text):
        return Decimal(MOST_FEN)  # in yuan: more than anybody may mean
    if len(text) > _LONGEST:
        return None
    high, mark, low = text.partition("万")
    value = _below_wan(high)
    if not mark or value is None:
        return value
    rest = _behind_wan(low) if low else Decimal(0)
    is_whole = value == value.to_integral_value() or not low
    return value * 10_000 + rest if rest is not None and is_whole else None


def _behind_wan(text: str) -> Decimal | None:
    """What follows 万: a lone digit counts thousands (一万二), a 零 or three digits as they are."""
    if len(text) == 1:
        value = chinese_number(text.translate(_SPOKEN))
        return None if value is None else Decimal(value * 1_000)
    is_full = text[0] in "零〇" or re.search("[十百千]", text) or len(text) >= 3
    value_below = _below_wan(text.lstrip("零〇")) if is_full else None
    return value_below if value_below is not None and value_below < 10_000 else None


def _below_wan(text: str) -> Decimal | None:
    """A number without 万: in digits, in words, or as people mix them (1.5千, 3千5)."""
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    scale = {"千": 1_000, "百": 100}.get(text[-1:])
    if scale and _PLAIN.fullmatch(text[:-1]):
        return Decimal(text[:-1].replace(",", "")) * scale
    whole, point, part = text.translate(_SPOKEN).partition("点")
    if not whole or not _CHINESE.fullmatch(whole):
        return None
    value = chinese_number(whole)
    if value is None or (point and not re.fullmatch("[零一二两三四五六七八九]+", part)):
        return None
    return Decimal(f"{value}.{part.translate(_WRITTEN) or 0}")
