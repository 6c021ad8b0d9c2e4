"""Parts of a moment 组成: which day and which hour a plain text names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.moment_dates import DATES
from domain.moment_days import Day, Frame, Maker
from domain.moment_festivals import FESTIVALS
from domain.moment_hours import PART, Hour, hour_at_start
from domain.moment_recurring import RECURRING
from domain.moment_words import without_fillers

_DAYS: Final[tuple[tuple[re.Pattern[str], Maker], ...]] = tuple(
    (re.compile(pattern), maker) for pattern, maker in (*RECURRING, *FESTIVALS, *DATES)
)
_BETWEEN: Final = " ,、;:。"
_THAT_DAY = re.compile("^(?:当天|当日|那天|这天|当(?=晚))")
_SHIFT = re.compile(r"之?(?P<way>前|后)(?P<n>\d{1,2})[天日]|(?P<eve>前夕|前1天|前1晚|前夜)")
_EXACT = re.compile(
    r"(?P<ahead>再过|过|再)?(?P<n>\d{1,4}(?:\.\d)?|半)个?(?P<half>半)?"
    r"(?P<unit>小时|钟头|分钟|分|刻钟)(?P<half_more>半)?(?:零?(?P<more>\d{1,2})分钟?)?"
    r"(?P<way>(?:之|以)?[后前]|之?内|以内)?"
)
_UNIT_MINUTES: Final = {"小时": 60, "钟头": 60, "分钟": 1, "分": 1, "刻钟": 15}
_NOW: Final = frozenset({"现在", "此刻", "即刻", "立刻"})
_UNSAID_HOUR = re.compile(
    rf"(?:{PART})?(?:几点钟?半?|\d\d?点多|\d\d?个多小时(?:之|以)?后|晚点儿?|晚1点儿|晚些时候|1会儿?"
    r"|[待等]1?会儿?|稍后|稍晚|几个?(?:小时|分钟|钟头)(?:之|以)?[后内])"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text names.

    Attributes:
        check: A second day said with the first, which it must agree with (11月28日周六).
        instant: An exact instant instead of a day and an hour (两小时后).
        asks: Key of the question where too little was said.
        since: Days are reckoned from there, for the end of a range.
    """

    day: Day | None = None
    hour: Hour | None = None
    check: Day | None = None
    instant: datetime | None = None
    asks: str = ""
    since: date | None = None

    def is_today(self, frame: Frame) -> bool:
        """Whether today was said in so many words."""
        return self.day is not None and self.day.is_fixed and self.day.dates == (frame.today,)


def parts_of(text: str, frame: Frame, now: datetime) -> Parts | None:
    """The day and hour of a plain text, or None where it names none or more than these."""
    text = without_fillers(text)
    if text in _NOW:
        return Parts(instant=now.replace(second=0, microsecond=0))
    if (found := _EXACT.fullmatch(text)) and (found["ahead"] or found["way"]):
        return Parts(instant=_instant(found, now))
    if _UNSAID_HOUR.fullmatch(text):
        return Parts(asks="which_hour")
    return _day_first(text, frame) or _hour_first(text, frame)


def _instant(found: re.Match[str], now: datetime) -> datetime:
    count = 0.5 if found["n"] == "半" else float(found["n"])
    half = 0.5 if found["half"] or found["half_more"] else 0
    minutes = (count + half) * _UNIT_MINUTES[found["unit"]] + int(found["more"] or 0)
    sign = -1 if (found["way"] or "").endswith("前") else 1
    return (now + sign * timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def _day_first(text: str, frame: Frame) -> Parts | None:
    since = frame.since if frame.since != frame.today else None
    for day, rest in _days_at_start(text, frame):
        found = _behind_day(day, rest, frame)
        if found is not None:
            hour, check, asks = found
            if day.weekday is not None and check is not None and not asks:
                day, check = check, day  # 周六11月28日: the date is what is meant
            asks = day.asks or asks
            return Parts(day, hour, check, asks=asks, since=since)
    return None


def _behind_day(day: Day, rest: str, frame: Frame) -> tuple[Hour | None, Day | None, str] | None:
    """What follows a day: nothing, an hour, or a second day that confirms it, and an hour."""
    if not rest:
        return None, None, ""
    if _UNSAID_HOUR.fullmatch(rest):
        return None, None, "which_hour"
    hour, end = hour_at_start(rest)
    if hour is not None and end == len(rest):
        return hour, None, ""
    if day.asks:
        return None
    for check, behind in _days_at_start(rest, frame):
        hour, end = hour_at_start(behind)
        if not check.asks and (not behind or (hour is not None and end == len(behind))):
            return hour, check, ""
    return None


def _hour_first(text: str, frame: Frame) -> Parts | None:
    """晚上8点, and the English order 8pm tomorrow."""
    hour, end = hour_at_start(text)
    if hour is None or len(text) == 1:  # 早! is a greeting
        return None
    rest = text[end:].lstrip(_BETWEEN)
    if rest:
        return _day_first(f"{rest} {text[:end]}", frame)
    return Parts(hour=hour, since=frame.since if frame.since != frame.today else None)


def _days_at_start(text: str, frame: Frame) -> Iterator[tuple[Day, str]]:
    """Each way to read a day at the start of ``text``, with what is left behind it."""
    for pattern, maker in _DAYS:
        found = pattern.match(text)
        if found is None:
            continue
        rest = _THAT_DAY.sub("", text[found.end() :].lstrip(_BETWEEN))
        shift = _SHIFT.match(rest)
        if shift is not None:
            yield from _shifted(maker, found, shift, frame)
        day = maker(found, frame)
        if day is not None:
            yield day, rest


def _shifted(
    maker: Maker, found: re.Match[str], shift: re.Match[str], frame: Frame
) -> Iterator[tuple[Day, str]]:
    """中秋前一天, 国庆后三天: reckoned so that the day itself may be past already."""
    days = 1 if shift["eve"] else int(shift["n"])
    by = timedelta(days=-days if shift["eve"] or shift["way"] == "前" else days)
    day = maker(found, Frame(frame.today, frame.since - by, frame.almanac))
    if day is None or day.repeat or day.asks:
        return
    dates = tuple(on + by for on in day.dates)
    rest = found.string[found.end() :].lstrip(_BETWEEN)[shift.end() :].lstrip(_BETWEEN)
    if shift["eve"] in {"前1晚", "前夜"}:
        rest = "晚上" + rest
    yield Day(dates, is_fixed=day.is_fixed), rest
