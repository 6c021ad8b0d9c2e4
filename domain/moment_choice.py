"""Choice 取舍: which of the moments that a text can mean is meant, or what must be asked."""

from datetime import date, timedelta

from domain.moment_days import Day, Frame
from domain.moment_hours import PARTS, Hour
from domain.moment_kinds import Answer, Context, Moment, Question, Setting
from domain.moment_parts import Parts

_Way = tuple[date, Moment]


def started(parts: Parts, setting: Setting) -> Answer:
    """The moment of one day and hour."""
    if parts.instant is not None:
        return Moment(parts.instant.astimezone(setting.zone), has_hour=True)
    if parts.asks:
        return Question(parts.asks)
    if parts.hour is None:
        found = [_on_day(parts, setting)]
    else:
        readings = readings_in(parts.hour, setting.context)
        found = [_at_hour(parts, minutes, setting) for minutes in readings]
    ways = [way for way in found if way is not None]
    if not ways:
        return None
    if parts.check is not None and not parts.check.includes(ways[0][0]):
        return _conflict(parts.check, ways[0][1], setting)
    if parts.hour is None:
        return ways[0][1]
    return _chosen(parts, parts.hour, [moment for _, moment in ways], setting)


def _conflict(check: Day, first: Moment, setting: Setting) -> Question:
    """11月28日周五, which is a Saturday: which of the two?"""
    other = _on_day(Parts(day=check), setting)
    return Question("day_conflict", options=(first, other[1]) if other else (first,))


def readings_in(hour: Hour, context: Context | None) -> tuple[int, ...]:
    """What an hour can mean where ``context`` is known."""
    if context == Context.EVENING and hour.is_open and 5 <= hour.said[0] <= 11:
        return (max(hour.readings),)
    return hour.readings


def _on_day(parts: Parts, setting: Setting) -> _Way | None:
    day = parts.day
    if day is None:
        return None
    frame = setting.frame(parts.since)
    earliest = frame.since if day.today_counts else frame.since + timedelta(days=1)
    for on in day.dates:
        if day.is_fixed or on >= earliest:
            return on, Moment(setting.at(on, 0), has_hour=False, repeats=day.repeat)
    return None


def _at_hour(parts: Parts, minutes: int, setting: Setting) -> _Way | None:
    frame = setting.frame(parts.since)
    day = parts.day or _any_day(frame)
    for on in day.dates:
        start = setting.at(on, minutes)
        if day.is_fixed or (start > setting.now and on >= (parts.since or on)):
            repeats = day.repeat.at(minutes) if day.repeat else None
            return on, Moment(start, has_hour=True, repeats=repeats)
    return None


def _any_day(frame: Frame) -> Day:
    return Day(tuple(frame.since + timedelta(days=n) for n in range(-1, 3)))


def _chosen(parts: Parts, hour: Hour, ways: list[Moment], setting: Setting) -> Answer:
    """Which reading of an hour is meant: the only one still ahead today, the usual, or ask."""
    if hour.is_whole_part:
        return _part_of_day(hour, ways[0], parts, setting)
    if len(ways) == 1:
        return ways[0]
    ahead = [way for way in ways if way.start > setting.now]
    if parts.is_today(setting.frame()):
        if len(ahead) == 1 or (ahead and not hour.is_unclear):
            return ahead[0]
        if not ahead:
            return ways[-1] if hour.is_unclear else ways[0]
    if hour.is_unclear:
        return Question("morning_or_evening", *hour.said, options=tuple(ways))
    return ways[0]


def _part_of_day(hour: Hour, way: Moment, parts: Parts, setting: Setting) -> Answer:
    """今晚 said in the evening: it has begun, and only an hour tells what is meant."""
    today = setting.frame().today
    if parts.day is not None and today not in parts.day.dates:
        return way
    begun, over = (setting.at(today, begin * 60) for begin in PARTS[hour.part][:2])
    return Question("which_hour") if begun <= setting.now < over else way
