"""The life of the long connection: each way in which it can end, and what follows from it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from bot.platforms.wecom.connection import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    PING_EVERY_S,
    Connection,
    Credentials,
    Offline,
    Refused,
    Unknown,
)
from bot.platforms.wecom.wire import Frame
from tests.platforms.desk import until
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom
from tests.platforms.held_timing import HeldTiming


class Line:
    """A connection to the fake, what it was told, and the clock of both."""

    def __init__(self, fake: FakeWeCom, timing: HeldTiming, secret: str = SECRET) -> None:
        self.fake = fake
        self.timing = timing
        self.states: list[str] = []
        self.heard: list[Frame] = []
        self.connection = Connection(
            Credentials(BOT_ID, secret, fake.url),
            heard=self.heard.append,
            tell=self.states.append,
            timing=timing,
        )
        self.running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.running = asyncio.create_task(self.connection.run())

    async def is_ready(self) -> None:
        self.start()
        await self.until(lambda: self.connection.is_ready)

    async def until(self, holds: Callable[[], bool]) -> None:
        await until(holds)

    async def waits(self) -> float:
        """How long it waits before it connects again."""
        await self.until(lambda: self.states[-1] == "unreachable")
        await self.until(lambda: self.timing.next_in is not None)
        return self.timing.asked[-1]

    async def end(self) -> None:
        await self.connection.stop()
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)


@pytest.fixture
def timing() -> HeldTiming:
    return HeldTiming()


@pytest.fixture
async def fake(timing: HeldTiming) -> AsyncIterator[FakeWeCom]:
    server = FakeWeCom(timing)
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []


@pytest.fixture
async def line(fake: FakeWeCom, timing: HeldTiming) -> AsyncIterator[Line]:
    opened = Line(fake, timing)
    yield opened
    await opened.end()


async def test_it_subscribes_and_is_ready(line: Line) -> None:
    await line.is_ready()

    assert line.states == ["connecting", "ok"]
    assert line.fake.subscribes == [BOT_ID]


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_clean_close_is_followed_by_a_new_connection(line: Line, code: int) -> None:
    await line.is_ready()
    await line.fake.close(code)
    wait = await line.waits()
    await line.timing.move(FIRST_WAIT_S)
    await line.until(lambda: line.connection.is_ready)

    assert 0.75 * FIRST_WAIT_S <= wait <= FIRST_WAIT_S
    assert line.states == ["connecting", "ok", "unreachable", "connecting", "ok"]


async def test_an_abort_is_followed_by_a_new_connection(line: Line) -> None:
    await line.is_ready()
    line.fake.abort()
    await line.waits()
    await line.timing.move(FIRST_WAIT_S)

    await line.until(lambda: line.states[-1] == "ok" and len(line.fake.subscribes) == 2)


async def test_a_heartbeat_goes_out_every_half_minute(line: Line) -> None:
    await line.is_ready()
    for beats in (1, 2, 3):
        await line.until(lambda: line.timing.waits(PING_EVERY_S))
        await line.timing.move(PING_EVERY_S)
        await line.until(lambda beats=beats: line.fake.pings == beats)  # type: ignore[misc]

    assert line.states == ["connecting", "ok"]


async def test_two_heartbeats_without_an_answer_end_a_mute_connection(line: Line) -> None:
    await line.is_ready()
    line.fake.is_mute = True
    for _ in range(3):
        await line.until(lambda: line.timing.waits(PING_EVERY_S))
        await line.timing.move(PING_EVERY_S)
    await line.waits()
    line.fake.is_mute = False
    await line.timing.move(FIRST_WAIT_S)

    await line.until(lambda: line.states[-1] == "ok" and len(line.fake.subscribes) == 2)


async def test_a_wrong_secret_ends_it_for_good(fake: FakeWeCom, timing: HeldTiming) -> None:
    line = Line(fake, timing, secret="wrong")
    line.start()
    assert line.running is not None
    async with asyncio.timeout(10):
        await line.running

    assert line.states == ["connecting", "auth_failed"]
    assert fake.subscribes == [BOT_ID]
    assert fake.socket is None


async def test_being_kicked_ends_it_for_good(
    line: Line, fake: FakeWeCom, timing: HeldTiming
) -> None:
    await line.is_ready()
    other = Line(fake, timing)
    await other.is_ready()
    assert line.running is not None
    async with asyncio.timeout(10):
        await line.running
    await timing.move(10 * LONGEST_WAIT_S)

    assert line.states == ["connecting", "ok", "superseded"]
    assert other.states == ["connecting", "ok"]
    await other.end()


async def test_waits_double_up_to_half_a_minute(line: Line) -> None:
    await line.fake.stop()
    line.start()
    waits = []
    for number in range(1, 8):
        await line.until(lambda n=number: line.states.count("unreachable") == n)  # type: ignore[misc]
        waits.append(await line.waits())
        await line.timing.move(LONGEST_WAIT_S)

    most = [min(FIRST_WAIT_S * 2**n, LONGEST_WAIT_S) for n in range(7)]
    assert all(0.75 * high <= wait <= high for wait, high in zip(waits, most, strict=True))
    assert len(set(waits)) == len(waits)


async def test_the_count_begins_anew_only_once_subscribed(line: Line) -> None:
    line.fake.next_refusals["aibot_subscribe"] = [45009, 45009]
    line.start()
    waits = []
    for number in (1, 2):
        await line.until(lambda n=number: line.states.count("unreachable") == n)  # type: ignore[misc]
        waits.append(await line.waits())
        await line.timing.move(LONGEST_WAIT_S)
    await line.until(lambda: line.connection.is_ready)
    await line.fake.close(1000)
    waits.append(await line.waits())

    assert waits[0] <= FIRST_WAIT_S < waits[1]
    assert waits[2] <= FIRST_WAIT_S


async def test_a_request_is_acknowledged_or_refused(line: Line) -> None:
    await line.is_ready()
    body = {"chatid": "群", "chat_type": 2, "msgtype": "text", "text": {"content": "x"}}
    with pytest.raises(Refused) as refused:
        await line.connection.request("aibot_send_msg", body)

    assert refused.value.code == 40008


async def test_what_is_not_acknowledged_is_unknown(line: Line) -> None:
    await line.is_ready()
    line.fake.loses_acks = True
    body = {"chatid": "群", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "x"}}
    asked = asyncio.create_task(line.connection.request("aibot_send_msg", body))
    await line.until(lambda: bool(line.fake.frames))
    await line.timing.move(5)
    with pytest.raises(Unknown):
        await asked


async def test_what_was_on_its_way_when_the_connection_broke_is_unknown(line: Line) -> None:
    await line.is_ready()
    line.fake.loses_acks = True
    body = {"chatid": "群", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "x"}}
    asked = asyncio.create_task(line.connection.request("aibot_send_msg", body))
    await line.until(lambda: bool(line.fake.frames))
    line.fake.abort()
    with pytest.raises(Unknown):
        await asked


async def test_without_a_connection_nothing_is_sent(line: Line) -> None:
    with pytest.raises(Offline):
        await line.connection.request("aibot_send_msg", {})


async def test_a_stop_closes_politely_and_does_not_come_back(line: Line) -> None:
    await line.is_ready()
    await line.connection.stop()
    assert line.running is not None
    async with asyncio.timeout(10):
        await line.running

    await line.until(lambda: line.fake.socket is None)
    assert line.fake.subscribes == [BOT_ID]


async def test_neither_secret_nor_words_are_logged(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await line.is_ready()
    await line.fake.says("wang", "家里没人")
    await line.until(lambda: len(line.heard) == 1)

    assert SECRET not in caplog.text
    assert "家里没人" not in caplog.text and "\\u5bb6" not in caplog.text


async def test_a_broken_frame_is_passed_over(line: Line) -> None:
    await line.is_ready()
    assert line.fake.socket is not None
    await line.fake.socket.send("{half a fra")
    await line.fake.socket.send(
        '{"cmd":"aibot_msg_callback","headers":{"req_id":"R"},"body":\x01{}}'
    )

    await line.until(lambda: len(line.heard) == 1)
    assert line.states == ["connecting", "ok"]
