"""Once 一次: a message that is brought twice, counts once and is heard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from handlers.messages import Incoming
from storage.faults import Fault, StorageFault
from tests.conftest import Stairwell


def said(text: str, *, at: str = "") -> Incoming:
    """One delivery of 王阿姨; the same one each time."""
    return Incoming(
        platform="memory",
        delivery="same",
        chat=at or "@王阿姨",
        is_private=not at,
        account="王阿姨",
        name="王阿姨",
        text=text,
        ref="q1",
    )


async def test_a_refused_message_that_comes_twice_is_refused_once(town: Stairwell) -> None:
    router = town.town.app.router
    got = await asyncio.gather(*(router.receive(said("看 报99")) for _ in range(2)))

    assert sorted(handled.outcome for handled in got) == ["refused", "repeated"]
    assert sum(len(handled.posts) for handled in got) == 1


async def test_an_answer_is_heard_again_when_its_unit_could_not_be_stored(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.says("王阿姨", "/报事", at="3号楼")
    driver = town.town.app.database.driver
    real = driver.run

    async def full(work: Callable[[], Awaitable[Any]], *rest: Any) -> Any:
        async def undone() -> Any:
            await work()
            raise StorageFault(Fault.FULL, "no room")

        return await real(undone, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(driver, "run", full)
        with pytest.raises(StorageFault):
            await town.town.app.router.receive(said("五楼灯坏了", at="3号楼"))

    handled = await town.town.app.router.receive(said("五楼灯坏了", at="3号楼"))
    assert handled.code == "issue" and handled.posts


@pytest.mark.parametrize("closes", ["2027-01-01", "xx", "20270101T1000+08", ""])
async def test_a_poll_opens_only_behind_what_was_read_back(town: Stairwell, closes: str) -> None:
    said = await town.taps("张楼长", f"pollopen:q:a/b:{closes}", at="3号楼")

    assert "过期" in said
    assert "没有" in await town.says("张楼长", "投票列表")
