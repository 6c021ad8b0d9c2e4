"""Choice 取舍: which of the moments that a text can mean is meant, or what must be asked."""

from datetime import timedelta

from domain.moment_days import Day, Frame
from domain.moment_hours import PARTS, Hour
from domain.moment_kinds import Answer, Context, Moment, Question, Setting
from domain.moment_parts import Parts


def started(parts: Parts, setting: Setting) -> Answer:
    """The moment of one day and hour."""
    if parts.instant is not None:
        return Moment(parts.instant.astimezone(setting.zone), has_hour=True)
    if asks := parts.asks:
        return Question(asks)
    if parts.hour is None:
        return _confirmed(parts, _on_day(parts, setting), setting)
    readings = readings_in(parts.hour, setting.context)
    ways = [_at_hour(parts, reading, setting) for reading in readings]
    answer = _chosen(parts, [way for way in ways if way], setting)
    return _confirmed(parts, answer, setting)


def readings_in(hour: Hour, context: Context | None) -> tuple[int, ...]:
    """What an hour can mean where ``context`` is known."""
    if context == Context.EVENING and hour.is_open and 5 <= hour.said[0] <= 11:
        return (max(hour.readings),)
    return hour.readings


def _on_day(parts: Parts, setting: Setting) -> Moment | None:
    day = parts.day
    if day is None:
        return None
    frame = setting.frame(parts.since)
    earliest = frame.since if day.today_counts else frame.since + timedelta(days=1)
    for on in day.dates:
        if day.is_fixed or on >= earliest:
            return Moment(setting.at(on, 0), has_hour=False, repeats=day.repeat)
    return None


def _at_hour(parts: Parts, minutes: int, setting: Setting) -> Moment | None:
    frame = setting.frame(parts.since)
    day = parts.day or _any_day(frame)
    for on in day.dates:
        start = setting.at(on, minutes)
        if day.is_fixed or (start > setting.now and on >= (parts.since or on)):
            repeats = day.repeat.at(minutes) if day.repeat else None
            return Moment(start, has_hour=True, repeats=repeats)
    return None


def _any_day(frame: Frame) -> Day:
    return Day(tuple(frame.since + timedelta(days=n) for n in range(-1, 3)))


def _chosen(parts: Parts, ways: list[Moment], setting: Setting) -> Answer:
    """Which reading of an hour is meant: the only one still ahead today, the usual, or ask."""
    hour = parts.hour
    if not ways or hour is None:
        return None
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
    begun, over = (setting.at(today, begin * 60) for begin in PARTS[hour.part][:2])
    if parts.is_today(setting.frame()) or parts.day is None:
        return Question("which_hour") if begun <= setting.now < over else way
    return way


def _confirmed(parts: Parts, answer: Answer, setting: Setting) -> Answer:
    """``answer`` if the second day that was said with it agrees (11月28日周六)."""
    check = parts.check
    if check is None or answer is None:
        return answer
    meant = answer.options if isinstance(answer, Question) else (answer,)
    if all(check.includes(one.start.date()) for one in meant):
        return answer
    other = _on_day(Parts(day=check), setting)
    return Question("day_conflict", options=(*meant[:1], *([other] if other else [])))
