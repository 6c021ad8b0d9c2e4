"""Late at night 夜里才发得出: what an outage held up wakes nobody; an answer comes at any hour."""

from datetime import timedelta

import pytest

from bot.clock import HeldClock
from handlers.messages import Shown, packed
from storage.outbox import Post, Priority
from storage.unit import Unit
from tests.conftest import Stairwell

EVENING, NIGHT = timedelta(hours=8), timedelta(hours=11, minutes=30)
"""From noon on: 20:00 and 23:30."""


@pytest.mark.parametrize("chat", ["3号楼", "@王阿姨", "@李网格"])
async def test_a_reminder_of_the_evening_waits_for_the_morning(
    town: Stairwell, clock: HeldClock, chat: str
) -> None:
    app, screen = town.town.app, town.town.screen
    word = Post("memory", chat, "send", packed(Shown("明天停水")), Priority.REMINDER)
    answer = Post("memory", chat, "send", packed(Shown("办好了")))
    noon = clock()

    async def posted(unit: Unit) -> None:
        await unit.outbox.put(word, noon + EVENING)
        await unit.outbox.put(answer, noon + EVENING)

    await app.database.unit(posted)
    clock.move_to(noon + NIGHT)
    await app.delivery.drain()

    assert [one.shown.text for one in screen.chats[chat]] == ["办好了"]
    await town.moves("+1d 07:00")
    assert "明天停水" in [one.shown.text for one in screen.chats[chat]]
