"""Laws of evenings 择日: never a day off, never two at once, dry before wet, and the same twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days_off import DayOff, Festival, day_off, festival
from domain.evenings import (
    LAST_DAY,
    PROPOSED,
    Busy,
    Evening,
    Habit,
    Horizon,
    Why,
    best_voted,
    evening_at,
    habit_of,
    next_dry,
    proposed,
)
from domain.weather import Forecast, Sky, Weather, is_outdoors, sky_of, worst
from handlers.almanac import LunarAlmanac

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
FINE = Weather(Sky.CLEAR, 0, 0, 5, 15)
WET = Weather(Sky.RAIN, 90, 20, 5, 12)

weathers = st.builds(
    Weather,
    st.sampled_from(Sky),
    st.integers(0, 100),
    st.integers(0, 300),
    st.integers(0, 120),
    st.integers(-30, 45),
)


def never(on: date) -> DayOff | None:
    return None


def of_days(days: Mapping[int, Weather], now: datetime = NOON) -> Forecast:
    """All hours of the days that many days from today."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0)
    return Forecast(
        now,
        {
            (midnight + timedelta(days=day, hours=hour)).astimezone(UTC): weather
            for day, weather in days.items()
            for hour in range(24)
        },
    )


def horizon_of(forecast: Forecast | None = None) -> Horizon:
    return Horizon(NOON, SHANGHAI, Habit(), never, (), forecast)


forecasts = st.builds(
    of_days, st.dictionaries(st.integers(0, LAST_DAY), weathers, max_size=LAST_DAY + 1)
)


@given(forecasts, st.sets(st.integers(0, 40)), st.lists(st.integers(0, 40), max_size=6))
def test_no_evening_is_on_a_day_off_or_during_another_meeting(
    forecast: Forecast, off: set[int], met: list[int]
) -> None:
    today = NOON.astimezone(SHANGHAI).date()
    days_off = {today + timedelta(days=day) for day in off}
    busy = [Busy("会1", at, at + timedelta(hours=2)) for at in map(at_half_past_six, met)]

    choice = proposed(
        replace(
            horizon_of(forecast),
            free=lambda on: DayOff(Festival.SPRING) if on in days_off else None,
            busy=busy,
        )
    )

    for evening in choice.evenings:
        assert evening.starts_at.astimezone(SHANGHAI).date() not in days_off
        assert not any(
            b.starts_at < evening.ends_at and evening.starts_at < b.ends_at for b in busy
        )


def at_half_past_six(day: int) -> datetime:
    return NOON + timedelta(days=day, hours=6, minutes=30)


@given(forecasts)
def test_a_wet_evening_stands_behind_all_that_are_not(forecast: Forecast) -> None:
    wet = [evening.is_rainy for evening in proposed(horizon_of(forecast)).evenings]

    assert len(wet) == PROPOSED
    assert wet == sorted(wet)


@given(forecasts)
def test_wet_evenings_are_offered_only_for_want_of_others(forecast: Forecast) -> None:
    choice = proposed(horizon_of(forecast))
    candidates = [
        evening_at(NOON + timedelta(days=day, hours=7), horizon_of(forecast))
        for day in range(2, LAST_DAY + 1)
    ]

    dry = sum(not evening.is_rainy for evening in candidates)

    assert sum(not evening.is_rainy for evening in choice.evenings) == min(PROPOSED, dry)


@given(forecasts)
def test_the_same_question_has_the_same_answer(forecast: Forecast) -> None:
    again = Forecast(forecast.fetched_at, dict(reversed(list(forecast.hours.items()))))

    assert proposed(horizon_of(forecast)) == proposed(horizon_of(again))


@given(weathers, st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_more_rain_and_more_wind_are_never_better(
    weather: Weather, percent: int, tenths: int, wind: int
) -> None:
    worse = replace(
        weather,
        rain_percent=min(100, weather.rain_percent + percent),
        rain_tenths_mm=weather.rain_tenths_mm + tenths,
        wind_kmh=weather.wind_kmh + wind,
    )

    assert (weather.is_rainy, weather.discomfort) <= (worse.is_rainy, worse.discomfort)


@given(st.lists(weathers, min_size=1, max_size=5))
def test_several_hours_are_no_better_than_each_of_them(hours: list[Weather]) -> None:
    together = worst(hours)

    assert all(together.rain_percent >= hour.rain_percent for hour in hours)
    assert together.is_rainy or not any(hour.is_rainy for hour in hours)
    assert together.celsius == hours[0].celsius


@given(st.lists(st.tuples(weathers, st.integers(0, 9)), min_size=1, max_size=5))
def test_the_evening_of_most_people_wins_and_the_clearer_one_of_a_tie(
    voted: list[tuple[Weather, int]],
) -> None:
    evenings = [
        Evening(NOON + timedelta(days=n), NOON + timedelta(days=n, hours=2), weather)
        for n, (weather, _) in enumerate(voted)
    ]
    votes = [count for _, count in voted]

    best = best_voted(evenings, votes)

    assert votes[evenings.index(best)] == max(votes)
    tied = [e for e, count in zip(evenings, votes, strict=True) if count == max(votes)]
    assert (best.is_rainy, best.weather.discomfort if best.weather else 0) == min(
        (e.is_rainy, e.weather.discomfort if e.weather else 0) for e in tied
    )


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), max_size=20))
def test_a_habit_names_every_weekday_once(starts: list[datetime]) -> None:
    habit = habit_of([start.replace(tzinfo=UTC) for start in starts], SHANGHAI)

    assert sorted(habit.weekdays) == list(range(7))


def test_without_a_forecast_the_weekday_alone_decides() -> None:
    days = [e.starts_at.astimezone(SHANGHAI) for e in proposed(horizon_of()).evenings]

    assert (days[0].weekday(), days[0].hour) == (4, 19)
    assert all(e.weather is None and e.whys == () for e in proposed(horizon_of()).evenings)


def test_people_meet_when_they_used_to_meet() -> None:
    wednesday = datetime(2026, 10, 14, 11, 30, tzinfo=UTC)
    habit = habit_of([wednesday, wednesday + timedelta(days=7)], SHANGHAI)

    best = proposed(replace(horizon_of(), habit=habit)).evenings[0]

    assert best.starts_at.astimezone(SHANGHAI).isoweekday() == 3
    assert best.starts_at.astimezone(SHANGHAI).time() == time(19, 30)
    assert best.whys == (Why.USUAL,)


def test_the_clear_evening_is_preferred_to_the_usual_one_in_the_rain() -> None:
    days = dict.fromkeys(range(LAST_DAY + 1), WET) | {3: FINE}

    best = proposed(horizon_of(of_days(days))).evenings[0]

    assert best.starts_at == NOON + timedelta(days=3, hours=7)
    assert Why.FINE in best.whys


def test_what_is_avoided_is_said_with_its_reason() -> None:
    met = NOON + timedelta(days=6, hours=7)
    busy = [Busy("会2", met, met + timedelta(hours=1))]

    assert [one.reason for one in proposed(replace(horizon_of(), busy=busy)).avoided] == busy


def test_around_the_spring_festival_later_evenings_are_offered() -> None:
    today = NOON.astimezone(SHANGHAI).date()
    choice = proposed(
        replace(
            horizon_of(),
            free=lambda on: DayOff(Festival.SPRING) if on < today + timedelta(days=20) else None,
        )
    )

    assert [e.starts_at for e in choice.evenings] == [
        NOON + timedelta(days=day, hours=7) for day in (20, 21, 22)
    ]


def test_the_next_dry_evening_is_known_to_be_dry() -> None:
    forecast = of_days({1: WET, 2: WET, 3: FINE})

    found = next_dry(horizon_of(forecast), NOON + timedelta(days=1, hours=7))

    assert found is not None and found.starts_at == NOON + timedelta(days=3, hours=7)
    assert next_dry(horizon_of(), NOON) is None


def test_one_unknown_hour_makes_an_evening_unknown() -> None:
    forecast = Forecast(NOON, {NOON + timedelta(hours=7): FINE})

    assert forecast.during(NOON + timedelta(hours=7), NOON + timedelta(hours=8)) == FINE
    assert forecast.during(NOON + timedelta(hours=7), NOON + timedelta(hours=9)) is None


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 12, 22), DayOff(Festival.SOLSTICE)),
        (date(2026, 12, 21), None),
        (date(2026, 12, 31), DayOff(Festival.NEW_YEAR, is_eve=True)),
        (date(2027, 1, 1), DayOff(Festival.NEW_YEAR)),
        (date(2027, 2, 4), DayOff(Festival.EVE, is_eve=True)),
        (date(2027, 2, 5), DayOff(Festival.EVE)),
        (date(2027, 2, 6), DayOff(Festival.SPRING)),
        (date(2027, 2, 20), DayOff(Festival.LANTERN)),
        (date(2027, 4, 5), DayOff(Festival.TOMBS)),
        (date(2026, 9, 25), DayOff(Festival.MID_AUTUMN)),
        (date(2026, 11, 27), None),
    ],
)
def test_days_off_are_known_without_the_states_arrangement(
    on: date, expected: DayOff | None
) -> None:
    assert day_off(on, LunarAlmanac(), lambda on: None) == expected


def test_the_states_arrangement_adds_days() -> None:
    added = {date(2026, 2, 23): Festival.SPRING}

    assert festival(date(2026, 2, 23), LunarAlmanac()) is None
    assert day_off(date(2026, 2, 23), LunarAlmanac(), added.get) == DayOff(Festival.SPRING)
    assert day_off(date(2026, 2, 22), LunarAlmanac(), added.get) == DayOff(
        Festival.SPRING, is_eve=True
    )


@pytest.mark.parametrize(
    ("code", "sky"),
    [
        (0, Sky.CLEAR),
        (2, Sky.CLOUDY),
        (3, Sky.OVERCAST),
        (45, Sky.FOG),
        (61, Sky.RAIN),
        (75, Sky.SNOW),
        (80, Sky.RAIN),
        (85, Sky.SNOW),
        (95, Sky.STORM),
        (99, Sky.STORM),
    ],
)
def test_weather_codes_are_skies(code: int, sky: Sky) -> None:
    assert sky_of(code) is sky


@pytest.mark.parametrize("code", [-1, 100])
def test_other_codes_are_none(code: int) -> None:
    with pytest.raises(ValueError, match="no weather code"):
        sky_of(code)


@pytest.mark.parametrize(
    "venue",
    ["凉亭", "3号楼凉亭", "小区广场", "院子", "院坝", "活动室门口", "楼下空地", "the garden"],
)
def test_venues_under_the_open_sky(venue: str) -> None:
    assert is_outdoors(venue)


@pytest.mark.parametrize("venue", ["", "活动室", "院内活动室", "居委会", "广场边会议室", "老地方"])
def test_other_venues(venue: str) -> None:
    assert not is_outdoors(venue)
