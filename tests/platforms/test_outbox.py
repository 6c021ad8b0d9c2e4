"""Outbox 待发: retries, give-ups, crashes and busy cards, over real storage."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import HeldClock
from bot.outbox import Delivery
from bot.platforms.base import SendError
from storage.outbox import Post
from tests.platforms.desk import Desk


async def test_a_retry_keeps_the_order_of_its_chat(desk: Desk) -> None:
    desk.screen.refusals = [SendError("tried_often"), SendError("tried_often")]
    desk.start()
    await desk.post("一", "二", "三")
    await desk.sent()

    assert desk.sees() == ["一", "二", "三"]
    assert len(desk.screen.tried) == 5


async def test_a_wait_that_is_asked_for_is_kept(desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    desk.screen.refusals = [SendError("tried_often", retry_after=timedelta(milliseconds=30))]
    desk.start()
    begun = loop.time()
    await desk.post("一")
    await desk.sent()

    assert loop.time() - begun >= 0.03
    assert desk.sees() == ["一"]


async def test_a_permanent_refusal_is_marked_and_the_next_post_goes(desk: Desk) -> None:
    desk.screen.refusals = [SendError("refused", is_permanent=True)]
    desk.start()
    await desk.post("一", "二")
    await desk.sent()
    failed = await desk.database.unit(lambda unit: unit.failures.below(["/"]))

    assert desk.sees() == ["二"]
    assert [(f.place, f.reason) for f in failed] == [("3号楼", "refused")]
    assert desk.app.delivery.failed == 1


async def test_a_bug_while_sending_is_given_up_and_ends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(post: Post) -> str | None:
        raise ZeroDivisionError

    desk.start()
    with monkeypatch.context() as patched:
        patched.setattr(desk.screen, "send", broken)
        await desk.post("一")
        await desk.sent()
    await desk.post("二")
    await desk.sent()

    assert desk.sees() == ["二"]


async def test_after_a_crash_everything_unsent_goes_once_and_in_order(
    desk: Desk, tmp_path: Path, clock: HeldClock
) -> None:
    await desk.post("一", "二", "三")  # claimed from birth by a worker that then dies
    reborn = Delivery(desk.database, {"memory": desk.screen}, desk.app.router.changed)
    await reborn.start()
    await reborn.drain()

    assert desk.sees() == ["一", "二", "三"]
    assert await desk.waiting() == 0


async def test_another_workers_lease_is_left_alone_until_it_ends(
    desk: Desk, clock: HeldClock
) -> None:
    await desk.post("一")
    release = desk.database.unit
    await release(lambda unit: unit.outbox.release(everything=False))
    assert await desk.database.unit(lambda unit: unit.outbox.claim("memory", 9)) == []

    clock.move_to(clock() + timedelta(seconds=61))
    await release(lambda unit: unit.outbox.release(everything=False))
    assert len(await desk.database.unit(lambda unit: unit.outbox.claim("memory", 9))) == 1


async def test_five_hundred_refreshes_of_a_card_wait_as_one_edit(
    desk: Desk, tmp_path: Path
) -> None:
    chat = await desk.database.unit(
        lambda unit: unit.chats.met("memory", "3号楼", is_private=False)
    )
    await desk.database.unit(lambda unit: unit.cards.add(chat, None, None, "issue", 1))
    for _ in range(500):
        await desk.database.unit(lambda unit: unit.outbox.refresh("issue", 1))

    assert await desk.waiting() == 1


async def test_a_stop_leaves_what_is_not_sent_in_the_table(desk: Desk) -> None:
    desk.screen.refusals = [SendError("tried_often", retry_after=timedelta(hours=1))]
    desk.start()
    await desk.post("一")
    async with asyncio.timeout(5):
        while True:
            if desk.screen.tried:
                break
            await asyncio.sleep(0.003)
        await desk.stop()

    assert await desk.waiting() == 1
    assert desk.sees() == []


async def test_being_cancelled_ends_delivery_at_whatever_step(desk: Desk) -> None:
    """Also in the very step in which it was woken for something to send."""
    for steps in range(8):
        task = asyncio.create_task(desk.app.delivery.run())
        await asyncio.sleep(0.02)
        desk.app.delivery.take([], has_waiting=True)
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=1)

        assert task.done(), f"still running when cancelled after {steps} steps"
