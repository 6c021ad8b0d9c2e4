"""Example weather 示例天气: the same every time, and it turns now and then."""

from datetime import UTC, datetime, timedelta

from bot.example_weather import DAYS, POSITION, ExampleWeather

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


async def test_it_is_the_same_every_time() -> None:
    assert await ExampleWeather().forecast(POSITION, NOW) == await ExampleWeather().forecast(
        POSITION, NOW
    )


async def test_an_evening_that_was_fine_from_far_may_be_wet_from_near() -> None:
    evening = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)

    far = await ExampleWeather().forecast(POSITION, NOW)
    near = await ExampleWeather().forecast(POSITION, evening - timedelta(days=1))

    assert len(far.hours) == 24 * DAYS
    assert not far.hours[evening].is_rainy and near.hours[evening].is_rainy
