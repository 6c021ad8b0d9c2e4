"""Hours of moments 钟点: 晚7点半, 差5分8点, 19:30, 中午, in minutes from the day's midnight.

An hour after midnight that belongs to the evening before lies beyond 24 hours: 周五晚上1点 is
25:00 of that Friday.
"""

import re
from dataclasses import dataclass
from typing import Final

MINUTES_OF_DAY: Final = 24 * 60
NOON: Final = 12

_Spans = tuple[tuple[int, int, int], ...]
_DAWN: Final[_Spans] = ((0, 6, 0), (12, 12, -12))
_EARLY: Final[_Spans] = ((4, 9, 0),)
_MORNING: Final[_Spans] = ((1, 11, 0),)
_FORENOON: Final[_Spans] = ((1, 12, 0),)
_MIDDAY: Final[_Spans] = ((11, 14, 0), (1, 2, 12))
_AFTERNOON: Final[_Spans] = ((12, 20, 0), (1, 8, 12))
_DUSK: Final[_Spans] = ((16, 20, 0), (4, 8, 12))
_EVENING: Final[_Spans] = ((17, 24, 0), (5, 11, 12), (0, 4, 24), (12, 12, 12))
_NIGHT: Final[_Spans] = ((19, 24, 0), (7, 11, 12), (0, 5, 24), (12, 12, 12))

PARTS: Final[dict[str, tuple[int, int, _Spans]]] = {
    "凌晨": (0, 6, _DAWN),
    **dict.fromkeys(("清晨", "清早", "大清早", "明晨", "晨"), (6, 8, _EARLY)),
    **dict.fromkeys(("早上", "早晨", "早间", "大早上", "1大早", "1早", "早"), (8, 10, _MORNING)),
    "上午": (9, 12, _FORENOON),
    **dict.fromkeys(("中午", "午间"), (12, 14, _MIDDAY)),
    "正午": (12, 12, _MIDDAY),
    **dict.fromkeys(("下午", "午后"), (14, 18, _AFTERNOON)),
    **dict.fromkeys(("傍晚", "黄昏"), (18, 20, _DUSK)),
    **dict.fromkeys(("晚上", "晚间", "夜晚", "大晚上", "晚", "夜"), (18, 24, _EVENING)),
    **dict.fromkeys(("夜里", "夜间"), (22, 29, _NIGHT)),
    "深夜": (23, 29, _NIGHT),
    **dict.fromkeys(("半夜", "午夜"), (24, 29, _NIGHT)),
}
"""Part of the day → the hours at which it begins and ends, and which spoken hours mean which real
ones: from, to, and what is added. An hour in no span contradicts the part (晚上14点)."""

PART: Final = "|".join(sorted(PARTS, key=len, reverse=True))

_HOUR: Final = re.compile(
    rf"(?P<part>{PART})? ?,?(?:"
    r"(?P<hour>\d{1,2})(?:点钟?|时)(?:整|(?P<half>半)|(?P<quarters>[123])刻"
    r"|(?P<minute>\d{2})分?(?![\d点])|(?P<minute1>\d)分|差(?P<short>\d{1,2})分)?"
    r"|差(?:(?P<before>\d{1,2})分钟?|(?P<before_quarter>1)刻钟?)(?:到|就)?(?P<next_hour>\d{1,2})点整?"
    r"|(?P<colon_hour>\d{1,2}):(?P<colon_minute>\d{2})(?::\d{2})?分?(?![\d:])"
    r")"
)
_DOTTED: Final = re.compile(rf"(?P<part>{PART})(?P<hour>\d{{1,2}})\.(?P<minute>\d{{2}})(?!\d)")
_PART_ALONE: Final = re.compile(f"(?P<part>{PART})")


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour as said.

    Attributes:
        readings: Minutes from the day's midnight that it can mean, the likelier first; never empty.
        part: The part of the day that was said with it, empty where none was.
        is_unclear: Morning and evening are equally likely (6 to 8 o'clock).
        is_whole_part: Only a part of the day was said; ``readings`` is where it begins.
        is_24h: Written as clocks show it (19:00, 08:30, 14点).
        said: Hour and minute as they were said.
    """

    readings: tuple[int, ...]
    part: str = ""
    is_unclear: bool = False
    is_whole_part: bool = False
    is_24h: bool = False
    said: tuple[int, int] = (0, 0)

    @property
    def is_open(self) -> bool:
        """Whether nothing said tells the half of the day."""
        return not self.part and not self.is_24h and len(self.readings) > 1


def in_part(part: str, hour: int, minute: int) -> int | None:
    """Minutes of an hour said with a part of the day; None where they contradict each other."""
    for lowest, highest, more in PARTS[part][2]:
        if lowest <= hour <= highest and not (hour == 24 and minute):
            return (hour + more) * 60 + minute
    return None


def _bare(written: str, minute: int) -> Hour | None:
    """An hour without a part of the day: 1 to 5 is afternoon, 9 to 11 morning, 6 to 8 unclear."""
    hour = int(written)
    early, late, said = hour * 60 + minute, (hour + 12) * 60 + minute, (hour, minute)
    if hour > 24 or (hour == 24 and minute):
        return None
    if hour > NOON or hour == 0 or (len(written) == 2 and written[0] == "0"):
        return Hour((early,), is_24h=True, said=said)
    if hour <= 5:
        return Hour((late, early), said=said)
    return Hour((early, late), is_unclear=6 <= hour <= 8, said=said)


def _minute_of(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if found["quarters"]:
        return int(found["quarters"]) * 15
    return int(found["minute"] or found["minute1"] or found["colon_minute"] or 0)


def _less(hour: Hour | None, minutes: int) -> Hour | None:
    """``hour`` some minutes earlier (差5分8点)."""
    if hour is None or not 0 < minutes < 60:
        return None
    earlier = tuple((reading - minutes) % (2 * MINUTES_OF_DAY) for reading in hour.readings)
    said = ((hour.said[0] - 1) % 24, 60 - minutes)
    return Hour(earlier, hour.part, hour.is_unclear, is_24h=hour.is_24h, said=said)


def _clock(part: str | None, written: str, minute: int) -> Hour | None:
    if minute > 59:
        return None
    if not part:
        return _bare(written, minute)
    minutes = in_part(part, int(written), minute)
    said = (int(written), minute)
    return None if minutes is None else Hour((minutes,), part, is_24h=int(written) > 12, said=said)


def hour_at_start(text: str) -> tuple[Hour | None, int]:
    """The hour at the start of a plain text and where it ends.

    The hour is None where one is written that does not exist (25:00, 晚上14点); the end is 0 where
    none is written.
    """
    if dotted := _DOTTED.match(text):
        return _clock(dotted["part"], dotted["hour"], int(dotted["minute"])), dotted.end()
    if found := _HOUR.match(text):
        written = found["hour"] or found["next_hour"] or found["colon_hour"]
        hour = _clock(found["part"], written, _minute_of(found))
        earlier = found["before"] or found["short"] or ("15" if found["before_quarter"] else None)
        return (_less(hour, int(earlier)) if earlier else hour), found.end()
    if alone := _PART_ALONE.match(text):
        begins = PARTS[alone["part"]][0] * 60
        return Hour((begins,), alone["part"], is_whole_part=True), alone.end()
    return None, 0
