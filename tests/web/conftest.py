"""Fixtures 夹具: the program on the web chat, browsers without a window, and pages over ASGI."""

import asyncio
import html
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.app import App
from bot.clock import HeldClock
from bot.demo import Demo, demo_clock
from bot.example import seed
from bot.platforms.webchat import WebChatPlatform
from storage.database import Database, Driver
from storage.sqlite import SqliteDriver
from storage.webchat import WebMessage
from web.talk import Voice, private_chat

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CONTRASTS = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = 21;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.offsetParent) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return least;
}"""
"""Script for a page: the least contrast of any words on it."""
NEEDS_CHROMIUM = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM} (Debian: apt install chromium)"
)
BASE = "http://mulin.test"


@dataclass
class Browser:
    """A browser without a window: it keeps its cookies and fills in the forms that it is given."""

    client: httpx.AsyncClient
    settled: Callable[[], Awaitable[None]]
    page: str = ""
    status: int = 0

    async def opens(self, path: str) -> str:
        """Go to a page once all that was to be sent has arrived; its words."""
        await self.settled()
        return self._got(await self.client.get(path, follow_redirects=True))

    async def posts(
        self, path: str, form: dict[str, str], photo: bytes | None = None, **headers: str
    ) -> str:
        """Send a form as it is; what comes back."""
        files = {"photo": ("p.jpg", photo, "image/jpeg")} if photo is not None else None
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self._got(
            await self.client.post(
                path, data=form, files=files, headers=named, follow_redirects=True
            )
        )

    async def says(self, text: str, photo: bytes | None = None, **changed: str) -> str:
        """Fill in the field of one's own chat and send it."""
        form = {**self.form("me"), "text": text, **changed}
        return await self.posts("/chat", form, photo)

    async def presses(self, label: str, **changed: str) -> str:
        """Press the last button that says so."""
        found = list(re.finditer(r'name="press" value="([^"]*)"[^>]*>([^<]*)</button>', self.page))
        button = next(one for one in reversed(found) if label == html.unescape(one[2]))
        bubbles = re.findall(r'name="bubble" value="(\d+)"', self.page[: button.start()])
        pressed = {"press": button[1], "bubble": bubbles[-1] if bubbles else ""}
        return await self.posts("/chat", {**self.form("me"), **pressed, **changed})

    def form(self, panel: str) -> dict[str, str]:
        """The hidden fields of a panel's form on the page that is shown."""
        fields = dict.fromkeys(("token", "back", "delivery"), "")
        start = self.page.index(f'name="panel" value="{panel}"')
        for name in fields:
            found = re.compile(f'name="{name}" value="([^"]*)"').search(self.page, start)
            fields[name] = html.unescape(found[1]) if found else ""
        return {"panel": panel, **fields}

    def _got(self, response: httpx.Response) -> str:
        self.status, self.page = response.status_code, response.text
        return self.page


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page of an invitation."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


@dataclass
class House:
    """The example neighbourhood on the web chat, under a held clock."""

    app: App
    platform: WebChatPlatform
    clock: HeldClock
    web: Starlette
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, base: str = BASE) -> Browser:
        """A new browser that nobody has used yet."""
        transport = httpx.ASGITransport(app=self.web)
        self.clients.append(httpx.AsyncClient(transport=transport, base_url=base))
        return Browser(self.clients[-1], self.settled)

    async def says(self, who: str, text: str, at: str = "") -> None:
        """Somebody of the example says something."""
        voice = Voice(who, at or private_chat(who), who)
        await self.platform.talk.say(voice, text, (), f"said-{len(text)}-{id(voice)}")
        await _until(self.is_quiet)

    async def presses(self, who: str, call: str, at: str = "") -> None:
        """Somebody of the example taps a button."""
        voice = Voice(who, at or private_chat(who), who)
        await self.platform.talk.press(voice, call, f"press-{call}-{id(voice)}")
        await _until(self.is_quiet)

    async def settled(self) -> None:
        """Wait until all that was to be sent has arrived."""
        await _until(self.is_quiet)

    async def is_quiet(self) -> bool:
        """Whether all that was to be sent has arrived."""
        return await self.app.database.unit(lambda unit: unit.outbox.waiting()) == 0

    async def chat(self, address: str) -> list[WebMessage]:
        """The bubbles of a chat as they are stored."""
        return await self.app.database.read(lambda unit: unit.webchat.since(address, 0))

    async def invited(self, flat: str, by: str = "张楼长") -> str:
        """The link of a fresh invitation for a household."""
        await self.says(by, f"邀请 {flat}")
        found = re.search(r"/j/\w+", (await self.chat(private_chat(by)))[-1].body)
        assert found is not None
        return found[0]

    async def resident(self, flat: str, name: str, by: str = "张楼长") -> Browser:
        """A browser whose household has come in through its link."""
        browser, link = self.browser(), await self.invited(flat, by)
        page = await browser.opens(link)
        await browser.posts(link, {"name": name, "consent": "1", **hidden(page)})
        await self.settled()
        assert browser.status == 200
        return browser


async def _until(is_true: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    for _ in range(400):
        found = is_true()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")


@pytest.fixture
async def house(driver: Driver, clock: HeldClock) -> AsyncIterator[House]:
    """The program on the web chat, on either database."""
    database = Database(driver, clock)
    platform = WebChatPlatform(database, base_url=BASE)
    app = App(database, [platform], base_url=BASE)
    await app.open()
    await database.unit(lambda unit: seed(unit, platform.name))
    running = asyncio.create_task(app.run())
    await _until(lambda: platform.talk.received is not None)
    house = House(app, platform, clock, Starlette(routes=[*platform.routes()]))
    yield house
    for client in house.clients:
        await client.aclose()
    await app.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def shown(folder: Path) -> AsyncIterator[str]:
    """The example neighbourhood as ``make run`` shows it, on a real port; its address."""
    clock = demo_clock()
    database = Database(SqliteDriver(folder / "demo.db"), clock)
    platform = WebChatPlatform(database)
    app = App(database, [platform])
    pages = Demo(app, platform, clock)
    await app.open()
    await pages.open()
    running = asyncio.create_task(app.run())
    listener = socket.create_server(("127.0.0.1", 0))
    server = _served(Starlette(routes=[*platform.routes(), *pages.routes()]))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await _until(lambda: server.started)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await app.close()
    running.cancel()
    await asyncio.gather(running, serving, return_exceptions=True)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """A fresh example neighbourhood; its address."""
    async with shown(tmp_path) as address:
        yield address


def _served(web: Starlette) -> "_Server":
    config = uvicorn.Config(web, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    return _Server(config)


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """The test's own signals stay its own."""
