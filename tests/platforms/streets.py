"""Streets 四条街: one neighbourhood on each platform, spoken to and looked at in the same way."""

from datetime import timedelta
from typing import Final, Protocol

from bot.app import App
from bot.clock import HeldClock
from bot.dialog import Town
from bot.example import seed
from bot.platforms.webchat import WebChatPlatform
from handlers.messages import Incoming, Press, Shown, unpacked
from storage.database import Database, Driver
from storage.webchat import PLATFORM, WebMessage
from tests.platforms.fake_telegram import FakeTelegram
from tests.platforms.fake_wecom import FakeWeCom
from tests.platforms.fake_world import BOT_NAME
from tests.platforms.telegram_town import TelegramTown
from tests.platforms.wecom_town import WeComTown

OFF_THE_HOUR: Final = timedelta(minutes=5)
"""On the hour itself what nobody waits for is held back on WeCom."""
PLATFORMS: Final = ("memory", "webchat", "telegram", "wecom")


class Street(Protocol):
    """What a dialog of the contract can do on any platform."""

    async def says(self, who: str, text: str, at: str = "") -> None:
        """Somebody speaks to us, in private or in a place's group."""

    async def presses(self, who: str, label: str, at: str = "") -> None:
        """Somebody taps what they see there."""

    async def sees(self, who: str, at: str = "") -> str:
        """All that somebody sees there, passing notes for them too."""


class MemoryStreet:
    """Chats as lists."""

    def __init__(self, town: Town) -> None:
        self._town = town

    async def says(self, who: str, text: str, at: str = "") -> None:
        await self._town.say(who, f"@助手 {text}" if at else text, at=at)

    async def presses(self, who: str, label: str, at: str = "") -> None:
        await self._town.press(who, label, at=at)

    async def sees(self, who: str, at: str = "") -> str:
        bubbles = self._town.screen.chats.get(at or f"@{who}", [])
        notes = [
            e.shown for e in self._town.screen.events if e.kind == "toast" and e.account == who
        ]
        return "\n".join(_worded(shown) for shown in [*(b.shown for b in bubbles), *notes])


class WebStreet:
    """Messages as rows; a note for whoever tapped is a row of their own chat."""

    def __init__(self, database: Database, app: App | None = None) -> None:
        self.app = app or App(database, [WebChatPlatform(database)])
        self._count = 0

    async def says(self, who: str, text: str, at: str = "") -> None:
        await self._receive(who, at, text, None)

    async def presses(self, who: str, label: str, at: str = "") -> None:
        for message in reversed(await self._messages(at or f"@{who}")):
            buttons = [b for row in unpacked(message.body).buttons for b in row]
            for words, call in buttons if message.kind == "told" else []:
                if label in words:
                    return await self._receive(who, at, "", Press(call, f"{who}|{self._count}"))
        raise AssertionError(f"{who} sees no button {label}")

    async def sees(self, who: str, at: str = "") -> str:
        messages = await self._messages(at or f"@{who}")
        notes = [m for m in await self._messages(f"@{who}") if m.kind == "toast"] if at else []
        return "\n".join(_worded(unpacked(m.body)) for m in [*messages, *notes] if m.kind != "said")

    async def _receive(self, who: str, at: str, text: str, press: Press | None) -> None:
        self._count += 1
        await self.app.received(
            Incoming(
                PLATFORM, f"d{self._count}", at or f"@{who}", not at, who, who, text,
                press=press, is_addressed=True,
            )
        )  # fmt: skip
        await self.app.delivery.drain()

    async def _messages(self, address: str) -> list[WebMessage]:
        return await self.app.database.unit(lambda unit: unit.webchat.since(address, 0))


class TelegramStreet:
    """The fake Bot API."""

    def __init__(self, town: TelegramTown) -> None:
        self._town = town
        self._notes: dict[str, list[str]] = {}

    async def says(self, who: str, text: str, at: str = "") -> None:
        if not at:
            await self._town.says(who, text)
            return
        entity = {"type": "mention", "offset": 0, "length": len(BOT_NAME) + 1}
        await self._town.says(who, f"@{BOT_NAME} {text}", at, entities=[entity])

    async def presses(self, who: str, label: str, at: str = "") -> None:
        self._notes.setdefault(who, []).append(await self._town.presses(who, label, at))

    async def sees(self, who: str, at: str = "") -> str:
        return "\n".join([self._town.fake.sees(at or who), *self._notes.get(who, [])])


class WeComStreet:
    """The fake WeCom: cards change for whoever taps them."""

    def __init__(self, town: WeComTown) -> None:
        self._town = town

    async def says(self, who: str, text: str, at: str = "") -> None:
        await self._town.says(who, text, at)

    async def presses(self, who: str, label: str, at: str = "") -> None:
        await self._town.presses(who, label, at)

    async def sees(self, who: str, at: str = "") -> str:
        return self._town.fake.sees(who, at)


class Streets:
    """Opens a street on a platform and closes it again."""

    def __init__(self, driver: Driver, clock: HeldClock) -> None:
        self._database = Database(driver, clock)
        self._clock = clock
        self._closing: list[object] = []

    async def opened(self, platform: str) -> Street:
        """The example neighbourhood on that platform."""
        if platform == "memory":
            town = Town(self._database, self._clock)
            await town.open()
            await self._database.unit(lambda unit: seed(unit, town.screen.name))
            self._closing = [town]
            return MemoryStreet(town)
        if platform == "webchat":
            street = WebStreet(self._database)
            await street.app.open()
            await self._database.unit(lambda unit: seed(unit, PLATFORM))
            self._closing = [street.app]
            return street
        if platform == "telegram":
            return await self._on_telegram()
        return await self._on_wecom()

    async def _on_telegram(self) -> Street:
        fake = FakeTelegram()
        await fake.start()
        town = TelegramTown(self._database, fake)
        await town.open()
        self._closing = [town, fake]
        return TelegramStreet(town)

    async def _on_wecom(self) -> Street:
        self._clock.move_to(self._clock() + OFF_THE_HOUR)
        fake = FakeWeCom()
        await fake.start()
        town = WeComTown(self._database, fake)
        await town.open()
        self._closing = [town, fake]
        return WeComStreet(town)

    async def close(self) -> None:
        """Let everything go; no fake has seen anything wrong."""
        for one in self._closing:
            if isinstance(one, FakeTelegram | FakeWeCom):
                await one.stop()
                assert one.problems == []
            elif isinstance(one, Town | App | TelegramTown | WeComTown):
                await one.close()


def _worded(shown: Shown) -> str:
    labels = [f"[{label}]" for row in shown.buttons for label, _ in row]
    return "\n".join([shown.text, *labels])
