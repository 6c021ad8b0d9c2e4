"""Receiving 收信: nothing is acknowledged before it is stored, and nothing is lost."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from PIL import Image

from bot.platforms import lanes
from bot.platforms.telegram import TelegramPlatform, platform, polling
from handlers.messages import ChatEvent, Incoming
from storage.faults import Fault as StorageFailure
from storage.faults import StorageFault
from tests.platforms.fake_telegram import TOKEN, FakeTelegram, Fault
from tests.platforms.telegram_town import NO_PACE
from tests.platforms.test_telegram_sending import one_photo

Heard = list[str]


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-off in milliseconds; that it doubles is not what is looked at here."""
    for module in (lanes, polling, platform):
        monkeypatch.setattr(module, "FIRST_WAIT_S", 0.002)
    monkeypatch.setattr(polling, "PATIENCE_S", 0.02)
    monkeypatch.setattr(platform, "FETCH_WAIT_S", 0.002)


@asynccontextmanager
async def listening(
    fake: FakeTelegram, received: Callable[[Incoming | ChatEvent], Awaitable[None]]
) -> AsyncIterator[TelegramPlatform]:
    """A platform that receives until the block ends."""
    opened = TelegramPlatform(TOKEN, api_url=fake.url, load_photo=one_photo, pace=NO_PACE)
    task = asyncio.create_task(opened.run(received))
    async with asyncio.timeout(10):
        yield opened
    await opened.stop()
    await task


async def until(holds: Callable[[], bool]) -> None:
    while True:
        if holds():
            return
        await asyncio.sleep(0.003)


class Listener:
    """Notes what it is given; ``held_…`` keeps what comes from a chat or an account waiting."""

    def __init__(self) -> None:
        self.heard: Heard = []
        self.pictures: list[int] = []
        self.free = asyncio.Event()
        self.held_chat = ""
        self.held_account = ""
        self.pressed: Heard = []
        self.failures: list[Exception] = []

    async def __call__(self, incoming: Incoming | ChatEvent) -> None:
        if isinstance(incoming, ChatEvent):
            return
        if self.failures:
            raise self.failures.pop()
        if self.held_chat == incoming.chat or self.held_account == incoming.account:
            await self.free.wait()
        if incoming.press is not None:
            self.pressed.append(incoming.press.call)
        self.heard.append(incoming.text)
        self.pictures.append(len(incoming.pictures))


async def test_an_update_is_acknowledged_only_once_it_is_stored(fake: FakeTelegram) -> None:
    listener = Listener()
    listener.held_chat = str(fake.person("王阿姨"))
    fake.says("王阿姨", "报事 灯坏了")
    async with listening(fake, listener):
        await until(lambda: fake.polls > 3)
        assert len(fake.updates) == 1

        listener.free.set()
        await until(lambda: not fake.updates)

    assert listener.heard == ["报事 灯坏了"]


async def test_a_slow_chat_holds_up_no_other(fake: FakeTelegram) -> None:
    listener = Listener()
    listener.held_chat = str(fake.person("王阿姨"))
    fake.says("王阿姨", "慢")
    async with listening(fake, listener):
        await until(lambda: fake.polls > 1)
        for number in range(5):
            fake.says("刘大爷", str(number))
        await until(lambda: len(listener.heard) == 5)
        assert len(fake.updates) == 6  # those behind the slow one are not acknowledged either

        listener.free.set()
        await until(lambda: not fake.updates)

    assert listener.heard == ["0", "1", "2", "3", "4", "慢"]


async def test_what_one_chat_says_is_heard_in_its_order(fake: FakeTelegram) -> None:
    listener = Listener()
    for number in range(60):
        fake.says(f"邻居{number % 6}", f"{number % 6}-{number:02d}")
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    for neighbour in range(6):
        said = [text for text in listener.heard if text.startswith(f"{neighbour}-")]
        assert said == sorted(said)
        assert len(said) == 10


async def test_who_presses_in_a_busy_group_waits_for_nobody_else(fake: FakeTelegram) -> None:
    listener = Listener()
    listener.held_account = str(fake.person("王阿姨"))
    fake.taps("王阿姨", "vote:1:0", "3号楼")
    fake.taps("刘大爷", "vote:1:1", "3号楼")
    async with listening(fake, listener):
        await until(lambda: listener.pressed == ["vote:1:1"])
        listener.free.set()
        await until(lambda: len(listener.pressed) == 2)

    assert listener.pressed == ["vote:1:1", "vote:1:0"]


async def test_what_one_person_presses_is_heard_in_its_order(fake: FakeTelegram) -> None:
    listener = Listener()
    for option in range(30):
        fake.taps("王阿姨", f"vote:1:{option}", "3号楼")
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert listener.pressed == [f"vote:1:{option}" for option in range(30)]


async def test_more_than_one_answer_of_updates_arrives(fake: FakeTelegram) -> None:
    listener = Listener()
    for number in range(350):
        fake.says(f"邻居{number}", str(number))
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert len(listener.heard) == 350


async def test_updates_out_of_order_all_arrive(fake: FakeTelegram) -> None:
    listener = Listener()
    fake.reverse = True
    for number in range(30):
        fake.says(f"邻居{number}", str(number))
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert sorted(listener.heard, key=int) == [str(number) for number in range(30)]


async def test_numbers_that_start_anew_are_heard(fake: FakeTelegram) -> None:
    """After a week without updates the Bot API goes on with any number, perhaps a lower one."""
    listener = Listener()
    fake.next_update, fake.hold_s = 900_000, 0.01
    fake.says("王阿姨", "上周")
    async with listening(fake, listener):
        await until(lambda: not fake.updates)
        polls = fake.polls
        await until(lambda: fake.polls > polls + 2)
        fake.next_update = 10
        fake.says("王阿姨", "这周")
        await until(lambda: not fake.updates)

    assert listener.heard == ["上周", "这周"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("refuse", "getUpdates", status=500, times=2),
        Fault("refuse", "getUpdates", status=502, description="Bad Gateway", times=2),
        Fault("refuse", "getUpdates", status=200, description="a wall on the way", times=2),
        Fault("break_before", "getUpdates", times=2),
        Fault("break_after", "getUpdates", times=2),
        Fault("refuse", "getMe", status=500, times=2),
        Fault("refuse", "deleteWebhook", status=500),
        Fault("refuse", "setMyCommands", status=500),
        Fault("refuse", "getUpdates", status=409, description="Conflict", times=2),
    ],
)
async def test_a_server_that_fails_loses_nothing(fake: FakeTelegram, fault: Fault) -> None:
    listener = Listener()
    fake.faults.append(Fault(**{name: getattr(fault, name) for name in Fault.__slots__}))
    fake.says("王阿姨", "报事 灯坏了")
    async with listening(fake, listener) as opened:
        await until(lambda: not fake.updates)
        await until(lambda: opened.state() == "ok")

    assert listener.heard == ["报事 灯坏了"]


async def test_a_second_program_with_the_same_token_is_told(fake: FakeTelegram) -> None:
    fake.faults.append(Fault("refuse", "getUpdates", status=409, times=10**6))
    async with listening(fake, Listener()) as opened:
        await until(lambda: opened.state() == "conflict")


async def test_a_refused_token_ends_receiving_and_says_so(fake: FakeTelegram) -> None:
    opened = TelegramPlatform("777:wrong", api_url=fake.url, load_photo=one_photo)
    async with asyncio.timeout(5):
        await opened.run(Listener())
    await opened.stop()

    assert opened.state() == "unauthorized"


async def test_a_database_that_is_away_is_waited_for(fake: FakeTelegram) -> None:
    listener = Listener()
    listener.failures = [StorageFault(StorageFailure.FULL, "mulin.db") for _ in range(5)]
    fake.says("王阿姨", "报事 灯坏了")
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert listener.heard == ["报事 灯坏了"]


async def test_what_breaks_each_time_is_passed_over(fake: FakeTelegram) -> None:
    listener = Listener()
    listener.failures = [ValueError() for _ in range(lanes.TRIES)]
    fake.says("王阿姨", "毒")
    fake.says("王阿姨", "报事 灯坏了")
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert listener.heard == ["报事 灯坏了"]


async def test_unknown_updates_are_acknowledged_and_forgotten(fake: FakeTelegram) -> None:
    listener = Listener()
    fake.push({"something_of_next_year": {"x": 1}})
    fake.push({"message": {"message_id": "x"}})
    fake.says("王阿姨", "报事 灯坏了")
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert listener.heard == ["报事 灯坏了"]


async def test_a_photo_that_cannot_be_had_does_not_cost_the_words(fake: FakeTelegram) -> None:
    listener = Listener()
    fake.files["broken"] = b"this is no picture"
    for file_id in ("absent", "broken"):
        photo = [{"file_id": file_id, "width": 9, "height": 9}]
        fake.says("王阿姨", photo=photo, caption=file_id)
    async with listening(fake, listener):
        await until(lambda: not fake.updates)

    assert listener.heard == ["absent", "broken"]
    assert listener.pictures == [0, 0]


async def test_photos_of_neighbours_talk_are_not_fetched(fake: FakeTelegram) -> None:
    listener = Listener()
    async with listening(fake, listener) as opened:
        opened.concerns = lambda incoming: incoming.text.startswith("报事")
        photo = [{"file_id": "f", "width": 9, "height": 9}]
        fake.says("王阿姨", at="3号楼", photo=photo, caption="我家的猫")
        fake.says("王阿姨", "报事 灯坏了", at="3号楼")
        await until(lambda: not fake.updates)

    assert listener.heard == ["报事 灯坏了"]
    assert fake.counts["getfile"] == 0


async def test_an_album_is_one_message(fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "ALBUM_WAIT_S", 0.06)
    listener = Listener()
    fake.files |= {f"p{n}": a_photo() for n in range(3)}
    async with listening(fake, listener):
        for number in range(3):
            photo = [{"file_id": f"p{number}", "width": 9, "height": 9}]
            caption = {"caption": "报事 灯坏了"} if number == 1 else {}
            fake.says("王阿姨", at="3号楼", photo=photo, media_group_id="a", **caption)
            await asyncio.sleep(0.002)
        fake.says("王阿姨", "谢谢", at="3号楼")
        await until(lambda: not fake.updates)

    assert listener.heard == ["报事 灯坏了", "谢谢"]
    assert listener.pictures == [3, 0]


async def test_stopping_finishes_what_is_being_handled(fake: FakeTelegram) -> None:
    listener = Listener()
    listener.held_chat = str(fake.person("王阿姨"))
    fake.says("王阿姨", "报事 灯坏了")
    async with listening(fake, listener) as opened:
        await until(lambda: bool(fake.polls))
        await asyncio.sleep(0.02)
        stopping = asyncio.create_task(opened.stop())
        await asyncio.sleep(0.01)
        listener.free.set()
        await stopping

    assert listener.heard == ["报事 灯坏了"]
