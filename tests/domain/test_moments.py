"""Moments 时间: what neighbours type is read as they mean it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.moment_search import moment_in
from domain.moments import Answer, Context, Every, Moment, Question, Repeat, Setting, moment_of
from handlers.almanac import LunarAlmanac
from handlers.wording import Speaker

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
CASES = Path(__file__).with_name("moment_cases.txt")
PEERS = Path(__file__).parents[1] / "data" / "duckling-time-zh.json"


def read(text: str, now: datetime = FRIDAY_NOON, context: Context | None = None) -> Answer:
    """What ``text`` says, in the zone of ``now``."""
    assert now.tzinfo is not None
    return moment_of(text, Setting(now, now.tzinfo, LunarAlmanac(), context))


def written(answer: Answer) -> str:
    """The answer as the case file writes it."""
    if answer is None:
        return "-"
    if isinstance(answer, Question):
        return f"? {answer.key}"
    form = "%Y-%m-%dT%H:%M" if answer.has_hour else "%Y-%m-%d"
    return " ".join(f"{at:{form}}" for at in (answer.start, answer.end) if at)


def cases() -> Iterator[tuple[str, datetime, str]]:
    """Text, now and answer of each line of the case file."""
    now = FRIDAY_NOON
    for line in CASES.read_text("utf-8").splitlines():
        if line.startswith("@"):
            now = datetime.fromisoformat(line.split()[1]).replace(tzinfo=SHANGHAI)
        elif line and not line.startswith("#"):
            text, _, answer = line.partition(" => ")
            yield text, now, answer


def test_a_moment_is_read_as_neighbours_mean_it() -> None:
    told = {(text, now): written(read(text, now)) for text, now, _ in cases()}

    assert told == {(text, now): answer for text, now, answer in cases()}


def test_what_duckling_reads_is_read_alike() -> None:
    now = datetime(2013, 2, 12, 4, 30, tzinfo=SHANGHAI)
    known = json.loads(PEERS.read_text("utf-8"))["cases"]
    told = {text: written(read(text, now)) for text, _, _ in known}

    assert told == {t: value[: 10 if grain == "day" else 16] for t, value, grain in known}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("7点", "2026-11-20T19:00"),
        ("下周五7点半", "2026-11-27T19:30"),
        ("7点到9点", "2026-11-20T19:00 2026-11-20T21:00"),
        ("周六9点", "2026-11-21T21:00"),
        ("周六早上9点", "2026-11-21T09:00"),
        ("周六2点", "2026-11-21T14:00"),
        ("周六07:30", "2026-11-21T07:30"),
        ("8:30", "2026-11-20T20:30"),
        ("每月第二个周五7点", "2026-12-11T19:00"),
    ],
)
def test_an_evening_meeting_settles_the_hour(text: str, answer: str) -> None:
    assert written(read(text, context=Context.EVENING)) == answer


def test_an_unclear_hour_offers_both_moments() -> None:
    asked = read("周六七点半到九点")

    assert isinstance(asked, Question)
    assert (asked.hour, asked.minute) == (7, 30)
    assert [written(option) for option in asked.options] == [
        "2026-11-21T07:30 2026-11-21T09:00",
        "2026-11-21T19:30 2026-11-21T21:00",
    ]


def test_a_date_that_is_another_weekday_offers_both_days() -> None:
    asked = read("11月28日周五")

    assert isinstance(asked, Question)
    assert [written(option) for option in asked.options] == ["2026-11-28", "2026-11-27"]


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("睦邻夜话 下周五晚7点 凉亭", "2026-11-27T19:00", "睦邻夜话 凉亭"),
        (
            "投票 车棚建在哪 东侧/西侧/不建 周五晚8点截止",
            "2026-11-20T20:00",
            "投票 车棚建在哪 东侧/西侧/不建",
        ),
        ("投票 哪天 周六/周日 截止周五晚8点", "2026-11-20T20:00", "投票 哪天 周六/周日"),
        ("投票 几号 12/5 12/6 12/5 19:30截止", "2026-12-05T19:30", "投票 几号 12/5 12/6"),
        ("睦邻夜话 下周五 凉亭 晚7点", "2026-11-27T19:00", "睦邻夜话 凉亭"),
        ("睦邻夜话，下周五 晚7点，凉亭", "2026-11-27T19:00", "睦邻夜话 凉亭"),
        (
            "月悦谈 11月28日 晚7点 到 9点 会议室",
            "2026-11-28T19:00 2026-11-28T21:00",
            "月悦谈 会议室",
        ),
        ("poll shed east/west/none friday 8pm", "2026-11-20T20:00", "poll shed east/west/none"),
        ("last friday of the month 7pm garden", "2026-11-27T19:00", "garden"),
        ("睦邻夜话 下周 凉亭", "? which_day", "睦邻夜话 凉亭"),
        ("睦邻夜话 7点 凉亭", "? morning_or_evening", "睦邻夜话 凉亭"),
    ],
)  # fmt: skip
def test_a_moment_is_found_among_the_words_of_a_command(text: str, found: str, rest: str) -> None:
    answer = moment_in(text, Setting(FRIDAY_NOON, SHANGHAI, LunarAlmanac()))

    assert answer is not None
    assert (written(answer.answer), answer.rest) == (found, rest)


@pytest.mark.parametrize(
    "text",
    [
        "投票 哪天开会 周六 周日",
        "投票 几号 12/5 12/6 12/7",
        "投票 选几 一 二 三",
        "投票 哪天 周六晚7点 周日晚7点",
        "报事 3号楼 灯坏了",
        "公告 大雪 注意防滑",
        "你好",
        "",
    ],
)
def test_options_and_talk_are_not_taken_for_a_moment(text: str) -> None:
    assert moment_in(text, Setting(FRIDAY_NOON, SHANGHAI, LunarAlmanac())) is None


@pytest.mark.parametrize(
    ("text", "rule", "second"),
    [
        ("每月第二个周五晚7点", "FREQ=MONTHLY;BYDAY=2FR", "2027-01-08T19:00"),
        ("每月最后一个周五晚7点", "FREQ=MONTHLY;BYDAY=-1FR", "2026-12-25T19:00"),
        ("每周四下午两点", "FREQ=WEEKLY;BYDAY=TH", "2026-12-03T14:00"),
        ("每周一三五晚7点", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-23T19:00"),
        ("每周五夜里2点", "FREQ=WEEKLY;BYDAY=FR", "2026-11-28T02:00"),
        ("每天早上8点", "FREQ=DAILY", "2026-11-22T08:00"),
        ("每月15号上午9点", "FREQ=MONTHLY;BYMONTHDAY=15", "2027-01-15T09:00"),
        ("每月31号上午9点", "FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31T09:00"),
        ("每月底晚8点", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026-12-31T20:00"),
        ("every thursday 2pm", "FREQ=WEEKLY;BYDAY=TH", "2026-12-03T14:00"),
        ("每年11月28日晚7点", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=28", "2027-11-28T19:00"),
    ],
)
def test_a_repetition_tells_the_occurrence_after_the_next(
    text: str, rule: str, second: str
) -> None:
    moment = read(text)

    assert isinstance(moment, Moment)
    assert moment.repeats is not None
    assert moment.repeats.rule == rule
    assert f"{moment.repeats.next_after(moment.start):%Y-%m-%dT%H:%M}" == second
    assert moment.repeats.next_after(FRIDAY_NOON) == moment.start
    assert Repeat.read(rule, moment.repeats.minutes) == moment.repeats


def test_a_rule_that_never_holds_says_so() -> None:
    with pytest.raises(ValueError, match="never holds"):
        Repeat(Every.YEAR, month=2, day=31).next_after(FRIDAY_NOON)


@pytest.mark.parametrize(
    ("now", "text", "answer"),
    [
        # Clocks skip 2:00 to 3:00: what is said to be in between is an hour later.
        ("2026-03-28T20:00", "明天凌晨2点半", "2026-03-29T03:30:00+02:00"),
        ("2026-03-28T23:30", "3小时后", "2026-03-29T03:30:00+02:00"),
        # They show 2:00 to 3:00 twice: the first is meant, unless hours are counted.
        ("2026-10-24T20:00", "明天凌晨2点半", "2026-10-25T02:30:00+02:00"),
        ("2026-10-24T23:30", "4小时后", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_a_night_on_which_clocks_change_has_no_gap(now: str, text: str, answer: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moment = read(text, datetime.fromisoformat(now).replace(tzinfo=berlin))

    assert isinstance(moment, Moment)
    assert moment.start.isoformat() == answer


DAYS_AHEAD = st.integers(0, 364)
NOWS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(
    lambda at: at.replace(tzinfo=SHANGHAI, second=0, microsecond=0)
)


@given(now=NOWS, days=DAYS_AHEAD, lang=st.sampled_from(["zh", "en"]))
def test_a_date_said_back_is_read_as_the_same_date(now: datetime, days: int, lang: str) -> None:
    on = now.date() + timedelta(days=days)
    start = datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)
    said = Speaker(lang, SHANGHAI).said_back(Moment(start, has_hour=False))

    assert read(said, now) == Moment(start, has_hour=False)


@given(now=NOWS, minutes=st.integers(1, 364 * 24 * 60), lang=st.sampled_from(["zh", "en"]))
def test_an_instant_said_back_is_read_as_the_same(now: datetime, minutes: int, lang: str) -> None:
    start = now + timedelta(minutes=minutes)
    said = Speaker(lang, SHANGHAI).said_back(Moment(start, has_hour=True))

    assert read(said, now) == Moment(start, has_hour=True)


@given(now=NOWS, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_an_hour_without_a_day_is_always_ahead_within_a_day(
    now: datetime, hour: int, minute: int
) -> None:
    moment = read(f"{hour:02d}:{minute:02d}", now)

    assert isinstance(moment, Moment)
    assert timedelta() < moment.start - now <= timedelta(days=1)
    assert (moment.start.hour, moment.start.minute) == (hour, minute)


@given(now=NOWS, weekday=st.integers(0, 6), weeks=st.integers(1, 3))
def test_a_weekday_of_a_coming_week_lies_in_that_week(
    now: datetime, weekday: int, weeks: int
) -> None:
    moment = read("下" * weeks + "周" + "一二三四五六日"[weekday], now)

    assert isinstance(moment, Moment)
    assert moment.start.weekday() == weekday
    assert moment.start.date() - now.date() + timedelta(days=now.weekday()) == timedelta(
        weeks=weeks, days=weekday
    )


@given(now=NOWS, month=st.integers(1, 12), day=st.integers(1, 31))
def test_a_day_of_the_year_is_the_next_one_or_none(now: datetime, month: int, day: int) -> None:
    moment = read(f"{month}月{day}日", now)

    if (month, day) in {(2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31)}:
        assert moment is None
    else:
        assert isinstance(moment, Moment)
        assert moment.start.date() >= now.date()
        assert (moment.start.month, moment.start.day) == (month, day)
        assert (month, day) == (2, 29) or moment.start.date() - now.date() <= timedelta(days=366)


_SHARDS = (
    "下", "周", "五", "晚", "7", "点", "半", "到", "-", "号", "月", "年", "第二个", "最后", "每",
    "后", "前", "天", "小时", "农历", "初一", "除夕", "中秋", "差", "分", "刻", ":", "/", ".", "pm",
    "next ", " in ", "friday", "nov ", "的", "截止", "99999", "9999", "零", "百", "十", "2月30日",
    "上", "个", "明", "(", ")", "\u0000", "😀", "ß", " ",
)  # fmt: skip


@settings(max_examples=400)
@given(
    text=st.one_of(
        st.text(max_size=60), st.lists(st.sampled_from(_SHARDS), max_size=9).map("".join)
    ),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]),
    now=NOWS,
)
def test_no_text_is_too_strange(text: str, zone: str, now: datetime) -> None:
    setting = Setting(now, ZoneInfo(zone), LunarAlmanac())
    answer = moment_of(text, setting)
    moment_in(f"投票 {text} 周五", setting)

    assert answer is None or isinstance(answer, (Moment, Question))
    if isinstance(answer, Moment) and answer.end is not None:
        assert answer.start <= answer.end


@pytest.mark.parametrize("part", ["明晚七点半", "零", "一百", "9", "到", "-", "晚", " ", "每", "("])
def test_a_text_longer_than_any_moment_is_none(part: str) -> None:
    assert read(part * 10_000) is None


def test_the_almanac_knows_its_bounds() -> None:
    almanac = LunarAlmanac()

    assert almanac.lunar(2026, 8, 15) == date(2026, 9, 25)
    assert almanac.lunar(2026, 12, 30) is None
    assert almanac.lunar(2101, 1, 1) is None
    assert almanac.lunar(2026, 13, 1) is None
    assert almanac.term(2026, "冬至") == date(2026, 12, 22)
    assert almanac.term(2200, "冬至") is None
