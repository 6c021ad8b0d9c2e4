"""Words of moments 时间用语: what neighbours type, brought into one plain form.

The plain form is half width, lower case, simplified, with numerals as digits, English words turned
into their Chinese ones, and without fillers (``下周五的 晚上八點開始`` → ``下周5晚上8点``).
"""

import re
from collections.abc import Callable
from typing import Final

from domain.moment_english import in_chinese
from domain.text import folded

_SIMPLE: Final = str.maketrans(
    "後個點號禮週這時兩鐘鍾間過內開臘曆歷節陽陰勞動國慶兒親師聖誕從還終處離驚蟄穀種滿結約雙長裡裏幾會見為閏後當"
    "遲隔裝準們個農舊",
    "后个点号礼周这时两钟钟间过内开腊历历节阳阴劳动国庆儿亲师圣诞从还终处离惊蛰谷种满结约双长里里几会见为闰后当"
    "迟隔装准们个农旧",
)
_DIGITS: Final = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}

WEEK: Final = "(?:周|星期|礼拜)"
WEEKDAYS: Final = {str(n): n - 1 for n in range(1, 8)} | {"日": 6, "天": 6, "末": 5}
WEEKDAY: Final = "[1-7日天末]"

# A weekday's numeral is one character, whatever numeral follows it: 周五八点 is not 58 o'clock, and
# 周一三五 lists three days.
_WEEKDAYS = re.compile(
    f"({WEEK})([一二三四五六])((?:[、和及,]?[一二三四五六日天](?![点时刻十百天]))*)"
)
_LISTED = re.compile("[、和及,]?([一二三四五六日天])")
_FIRST_DAYS = re.compile("(初)([一二三四五六七八九])")
# 七八点, 三五天: two numerals in a row that are neither a year nor spelled with a nought.
_VAGUE_NUMERALS = re.compile(
    "(?<![零〇一二两三四五六七八九十百])[一二两三四五六七八九]{2}(?=[点天个周小分])"
)
# Only what is a numeral: 十五八点 is the 15th, 8 o'clock.
_NUMERAL = re.compile(
    "[一二两三四五六七八九]?百(?:零[一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?"
    "|[一二三四五六七八九])?"
    "|[二三四五六七八九]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?"
    "|[零〇一二两三四五六七八九]+"
)
_NOT_AFTER: Final = "(?<![零〇一二三四五六七八九十周期拜第月初年双])"
_BEFORE: Final = (
    "(?=节|劳动|儿童|假|长假|黄金周|国庆|晚|早|上午|中午|下午|当|那|前|后|$"
    "|[0-9 一二三四五六七八九十]+[点:])"
)
_BY_NUMBER: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(f"{_NOT_AFTER}五一(?:国际)?(?:劳动)?{_BEFORE}"), "劳动"),
    (re.compile(f"{_NOT_AFTER}六一(?:国际)?(?:儿童)?{_BEFORE}"), "儿童"),
    (re.compile(f"{_NOT_AFTER}十一(?:国庆)?{_BEFORE}"), "国庆"),
    (re.compile(f"{_NOT_AFTER}三八(?:国际)?(?:妇女)?(?=节)"), "妇女"),
    (re.compile(f"{_NOT_AFTER}五四(?:青年)?(?=节)"), "青年"),
    (re.compile(f"{_NOT_AFTER}七一(?:建党)?(?=节|$)"), "建党"),
    (re.compile(f"{_NOT_AFTER}八一(?:建军)?(?=节|$)"), "建军"),
)
_BLANK_BY_CHINESE = re.compile("(?<=[\u3400-\u9fff]) +| +(?=[\u3400-\u9fff])")
_MARKS: Final = " ,。.;、!?~:"
_FILLER = re.compile(
    "(?:(?<=[点半刻整])(?:以|之)?后|开始|开会|开|截止|截至|结束|准时|集合|见|左右|前后|之前|以前|前|为止|止|起|全天|整天|当天|那天|这天|"
    "吧|哦|啊|呢|吗|好吗|行吗|可以吗|怎么样|好不好)+$"
)
# 3天前 lies in the past; 25日前 and 周5前 are deadlines.
_AGO = re.compile("(?:小时|分钟|刻钟|[0-9半]天|[0-9个]周|星期|礼拜|个月|[0-9半]年|半)(?:之|以)?前$")
_LEAD = re.compile(
    "^(?:就|请|于|定在|定于|改到|改成|改为|改在|约在|大约|大概|暂定|约|时间|最晚|最迟|不晚于|到|在|从|自|截止到|截止|截至|至|:)+(?=.)"
)


def _number(found: re.Match[str]) -> str:
    """A numeral in digits; ``零五`` keeps its nought, ``廿三`` is 23."""
    text = found[0].replace("廿", "二十").replace("卅", "三十")
    if not set(text) & {"十", "百"}:
        return "".join(_DIGITS[char] for char in text)
    total, digit = 0, ""
    for char in text:
        if char in "十百":
            total += int(digit or "1") * (10 if char == "十" else 100)
            digit = ""
        else:
            digit = _DIGITS[char]
    last = int(digit or "0") * (10 if text[-2:-1] == "百" else 1)  # 二百五 is 250
    return str(total + last)


def _weekdays(found: re.Match[str]) -> str:
    more = _LISTED.sub(lambda m: "、" + _DIGITS.get(m[1], m[1]), found[3])
    return found[1] + _DIGITS[found[2]] + more


_STEPS: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: text.replace("双休日", "周末"),
    lambda text: re.sub("[()\\[\\]【】「」《》<>\"']|的", "", text),
    lambda text: re.sub("[—–―−‐〜~]+", "-", text),
    lambda text: _BLANK_BY_CHINESE.sub("", text),
    lambda text: _WEEKDAYS.sub(_weekdays, text),
    lambda text: _FIRST_DAYS.sub(lambda m: m[1] + _DIGITS[m[2]], text),
    lambda text: _VAGUE_NUMERALS.sub("几", text),
)


def plain(text: str) -> str:
    """``text`` in the plain form; empty where it held nothing but fillers."""
    text = in_chinese(folded(text)).translate(_SIMPLE)
    for step in _STEPS[:4]:
        text = step(text)
    for pattern, word in _BY_NUMBER:
        text = pattern.sub(word, text)
    for step in _STEPS[4:]:
        text = step(text)
    return without_fillers(_NUMERAL.sub(_number, text))


def without_fillers(text: str) -> str:
    """A plain text without the words around a moment (``就周5前吧`` → ``周5``)."""
    text = text.strip(_MARKS)
    if not _AGO.search(text):
        text = _FILLER.sub("", text)
    return _LEAD.sub("", text).strip(_MARKS)
