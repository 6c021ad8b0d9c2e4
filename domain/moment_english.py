"""English moments 英文时间: put into the Chinese words that the grammar knows.

``next friday 7pm`` becomes ``下周5 19:00``; one grammar reads both.
"""

import re
from collections.abc import Callable
from typing import Final

_NUMBERS: Final = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = (
    "(mon|tue|wed|thu|fri|sat|sun)(?:s|rs|day|sday|nesday|rsday|urday)?s?"  # thurs, wednesdays
)
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_MONTH: Final = (
    "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    "(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?"
)
_NTH: Final = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"}
_WHICH: Final = "(1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|last)"
_UNITS: Final = {"minute": "分钟", "min": "分钟", "hour": "小时", "day": "天", "week": "周"}
_UNITS_ALL: Final = _UNITS | {"month": "个月", "year": "年"}
_UNIT: Final = "(minute|min|hour|day|week|month|year)s?"
_HALF: Final = {"am": 0, "a": 0, "pm": 12, "p": 12}
_PARTS: Final = {"morning": "早上", "afternoon": "下午", "evening": "晚上", "night": "晚上"}
_NEXT: Final = {"next": "下", "this": "这", "last": "上", "coming": ""}


def _weekday(name: str) -> str:
    return f"周{_DAYS.index(name) + 1}"


def _month(name: str) -> str:
    return f"{_MONTHS.index(name) + 1}月"


def _nth(word: str) -> str:
    return "最后1个" if word == "last" else f"第{_NTH.get(word, word[0])}个"


def _half_day(found: re.Match[str]) -> str:
    """``7:30 pm`` as ``19:30``; hours beyond 12 stay what they are, to be refused."""
    hour = int(found[1])
    if not 1 <= hour <= 12:
        return found[0]
    return f"{hour % 12 + _HALF[found[3][0]]:02d}:{found[2] or '00'}"


def _both_halves(found: re.Match[str]) -> str:
    """``7-9pm``: the first hour is of the same half of the day where it is the smaller one."""
    first, last, half = found[1], found[2], found[3][0]
    same = int(first.split(":")[0]) % 12 < int(last.split(":")[0]) % 12
    return f"{first}{half if same or half == 'a' else 'a'}m-{last}{half}m"


def _nth_of_month(found: re.Match[str]) -> str:
    every = found[1] or (found[4] or "").startswith(("every", "each"))
    month = "下月" if found[4] == "next" else "每月" if every else ""
    return f"{month}{_nth(found[2])}{_weekday(found[3])}"


_CLOCK: Final = r"(\d{1,2}(?::\d\d)?)"
_Made = str | Callable[[re.Match[str]], str]
_TABLE: Final[tuple[tuple[str, _Made], ...]] = (
    (rf"\b({'|'.join(_NUMBERS)})\b", lambda m: str(_NUMBERS.index(m[1]) + 1)),
    (r"\bo'?clock\b", "点"),
    (rf"\b{_CLOCK} ?(?:-|–|to|till|until) ?{_CLOCK} ?([ap])\.?m\b\.?", _both_halves),
    (r"\b(\d{1,2})(?::(\d\d))? ?([ap])(?:\.?m\b\.?|\b)", _half_day),
    (r"\bhalf past (\d{1,2})\b", r"\1:30"),
    (r"\bin (?:an|1) hour and a half\b", "1个半小时后"),
    (r"\bhalf an hour\b", "半小时"),
    (r"\ban? (?=minute|hour|day|week|month|year)", "1 "),
    (rf"\bin (\d{{1,3}}(?:\.\d)?) ?{_UNIT}\b", lambda m: f"{m[1]}{_UNITS_ALL[m[2]]}后"),
    (rf"\b(\d{{1,3}}) ?{_UNIT} (?:later|from now)\b", lambda m: f"{m[1]}{_UNITS_ALL[m[2]]}后"),
    (rf"\b(\d{{1,3}}) ?{_UNIT} ago\b", lambda m: f"{m[1]}{_UNITS_ALL[m[2]]}前"),
    (r"\bin 半小时", "半小时后"),
    (r"\b(?:the )?day after tomorrow\b", "后天"),
    (r"\b(?:tomorrow|tmrw?)\b", "明天"),
    (r"\btoday\b", "今天"),
    (r"\b(?:tonight|this evening)\b", "今晚"),
    (r"\bthis (morning|afternoon|noon)\b", lambda m: "今天" + (_PARTS.get(m[1]) or "中午")),
    (r"\byesterday\b", "昨天"),
    (r"\b(?:right )?now\b", "现在"),
    (
        r"\b(every |each )?(?:the )?"
        rf"{_WHICH} {_DAY} (?:of|in) (?:the )?(next|this|every|each)? ?month",
        _nth_of_month,
    ),
    (
        rf"\b(?:every|each) month on the {_WHICH} {_DAY}\b",
        lambda m: f"每月{_nth(m[1])}{_weekday(m[2])}",
    ),
    (
        rf"\b(?:the )?{_WHICH} {_DAY} (?:of|in) {_MONTH}(?![a-z])",
        lambda m: f"{_month(m[3])}{_nth(m[1])}{_weekday(m[2])}",
    ),
    (r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th) of (?:every|each) month\b", r"每月\1号"),
    (
        r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th) of (next|this) month\b",
        lambda m: f"{_NEXT[m[2]]}月{m[1]}号",
    ),
    (r"\b(?:the )?end of (?:the |this )?month\b", "月底"),
    (r"\b(?:the )?end of (?:the |this )?year\b", "年底"),
    (r"\b(?:every weekday|weekdays)\b", "每个工作日"),
    (rf"\b(?:every|each) {_DAY}\b", lambda m: f"每{_weekday(m[1])}"),
    (r"\b(?:every ?day|each day|daily)\b", "每天"),
    (r"\bevery (morning|afternoon|evening|night)\b", lambda m: f"每天{_PARTS[m[1]]}"),
    (r"\bevery month\b|\bmonthly\b", "每月"),
    (r"\bevery week\b|\bweekly\b", "每周"),
    (rf"\b(next|this|last|coming) {_DAY}\b", lambda m: _NEXT[m[1]] + _weekday(m[2])),
    (r"\bnext (week|month|year)\b", lambda m: {"week": "下周", "month": "下月"}.get(m[1], "明年")),
    (r"\bthis (week|month)\b", lambda m: {"week": "这周", "month": "本月"}[m[1]]),
    (r"\b(?:the )?weekend\b", "周末"),
    (rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}})\b)?(?![:\d])",
     lambda m: (f"{m[3]}年" if m[3] else "") + _month(m[1]) + f"{m[2]}日"),
    (rf"\b(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (\d{{4}})\b)?(?![a-z])",
     lambda m: (f"{m[3]}年" if m[3] else "") + _month(m[2]) + f"{m[1]}日"),
    (r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b", r"\1号"),
    (rf"\b{_DAY}\b", lambda m: _weekday(m[1])),
    (r"\b(?:in the |at )?(morning|afternoon|evening|night)\b", lambda m: _PARTS[m[1]]),
    (r"\b(?:at )?noon\b", "中午12点"),
    (r"\b(?:at )?midnight\b", "晚上12点"),
    (r"\bchristmas eve\b", "平安夜"),
    (r"\bchristmas(?: day)?\b", "圣诞"),
    (r"\bnew year'?s day\b", "元旦"),
    (r"\bnew year'?s eve\b", "12月31日"),
    (r"\b(?:spring festival|chinese new year)\b", "春节"),
    (r"\bmid-?autumn(?: festival)?\b", "中秋"),
    (r"\bat (\d{1,2})(?![\d:点])", r"\1点"),
    (r"\b(?:from|at|on|by|before|the|this)\b", ""),
    (r" ?\b(?:to|till|until)\b ?", "到"),
    (r"(周\d),? ?(?:and|&) ?(?=周\d)", r"\1、"),
    (r"\b(?:someday|some day|soon|later)\b", "改天"),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern), made) for pattern, made in _TABLE)
_LATIN = re.compile("[a-z]")
# 7点晚上: English puts the part of the day behind the hour.
_PART_BEHIND = re.compile(r"\b(\d{1,2}(?::\d\d)?)(?: ?点)? (早上|下午|晚上)")


def in_chinese(text: str) -> str:
    """A folded text with its English time words in Chinese; one without Latin letters as it is."""
    if not _LATIN.search(text):
        return text
    for pattern, made in _COMPILED:
        text = pattern.sub(made, text)
    return _PART_BEHIND.sub(lambda m: m[2] + (m[1] if ":" in m[1] else f"{m[1]}点"), text)
