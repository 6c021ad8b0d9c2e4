"""Fixtures for chaos: the fake Bot API, without limits."""

from collections.abc import AsyncIterator

import pytest

from tests.platforms.fake_telegram import FakeTelegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A fake Bot API; a call that it would not understand fails the test."""
    server = FakeTelegram()
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []
