"""The callback way: signed and sealed, answered in the response, and nothing unasked."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.app import App
from bot.clock import HeldClock
from bot.example import seed
from bot.platforms.base import Pace
from bot.platforms.wecom.callback import Endpoint
from bot.platforms.wecom.crypto import Envelope
from bot.platforms.wecom.platform import Options, WeComPlatform
from handlers.messages import Shown, packed
from storage.database import Database, Driver
from storage.outbox import Post, Priority
from storage.statement import value
from tests.conftest import ON_ONE_DATABASE
from tests.platforms.desk import until
from tests.platforms.fake_webhooks import FakeWebhooks
from tests.platforms.fake_wecom_world import Json, WeComWorld

TOKEN = "QDG6eK"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass
class Counter:
    """WeCom's side: what it posts, and what comes back, opened."""

    app: App
    client: httpx.AsyncClient
    webhooks: FakeWebhooks
    world: WeComWorld
    envelope: Envelope

    async def posts(self, body: Json) -> Json:
        """Post a callback; the answer in the response, empty for none."""
        content = self.envelope.sealed(json.dumps(body, ensure_ascii=False).encode())
        answer = await self.client.post(
            "/wecom", params=self.signed(content), json={"encrypt": content}
        )
        assert answer.status_code == 200
        if not answer.content:
            return {}
        told = answer.json()
        found: Json = json.loads(
            self.envelope.opened(
                told["msgsignature"], str(told["timestamp"]), told["nonce"], told["encrypt"]
            )
        )
        return found

    def signed(self, content: str) -> dict[str, str]:
        """The query beside a callback."""
        signature = self.envelope.signature("1641002400", "n", content)
        return {"msg_signature": signature, "timestamp": "1641002400", "nonce": "n"}


@pytest.fixture
async def office(driver: Driver, clock: HeldClock) -> AsyncIterator[Counter]:
    webhooks = FakeWebhooks()
    await webhooks.start()
    database = Database(driver, clock)
    options = Options("助手", pace=Pace(), robots={"3号楼": f"{webhooks.url}/robot"})
    endpoint = Endpoint("https://mulin.example.org/wecom", TOKEN, KEY)
    platform = WeComPlatform(endpoint, database, options)
    app = App(database, [platform])
    await app.open()
    await database.unit(lambda unit: seed(unit, "wecom"))
    running = asyncio.create_task(app.run())
    await until(lambda: platform.state() == "ok")
    transport = httpx.ASGITransport(Starlette(routes=list(platform.routes())))
    async with httpx.AsyncClient(transport=transport, base_url="http://mulin.test") as client:
        yield Counter(app, client, webhooks, WeComWorld(), Envelope(TOKEN, KEY))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await app.close()
    await webhooks.stop()


async def test_the_admin_console_is_answered_with_what_it_sealed(office: Counter) -> None:
    echo = office.envelope.sealed(b"1616140317555161061")
    right = await office.client.get("/wecom", params={**office.signed(echo), "echostr": echo})
    wrong = await office.client.get("/wecom", params={**office.signed("x"), "echostr": echo})

    assert (right.status_code, right.text) == (200, "1616140317555161061")
    assert wrong.status_code == 403


async def test_a_message_is_answered_in_the_response(office: Counter) -> None:
    told = await office.posts(office.world.message("王阿姨", "报事"))

    assert told["msgtype"] in {"stream", "template_card"}


async def test_the_same_message_again_changes_nothing(
    office: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.wecom.callback.ANSWERED_WITHIN_S", 0.1)
    body = office.world.message("王阿姨", "报事 五楼灯坏了")
    await office.posts(body)
    await office.posts(body)

    count = await office.app.database.unit(lambda unit: value("select count(*) from issues"))
    assert count == 1


async def test_a_tap_is_answered_with_the_changed_card(office: Counter) -> None:
    told = await office.posts(office.world.message("王阿姨", "@助手 报事 五楼灯坏了", "3号楼"))
    card = told["template_card"]
    details = {
        "card_type": card["card_type"],
        "event_key": card["button_list"][0]["key"],
        "task_id": card["task_id"],
    }
    event = {"eventtype": "template_card_event", "template_card_event": details}
    told = await office.posts(office.world.happening("刘大爷", event, "3号楼"))

    assert told["response_type"] == "update_template_card"
    assert told["userids"] == ["刘大爷"]
    assert "邻居也遇到" in told["template_card"]["sub_title_text"]


async def test_a_second_answer_goes_by_the_response_url(
    office: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.wecom.callback.ANSWERED_WITHIN_S", 0.1)
    platform = office.app.platforms["wecom"]
    url = f"{office.webhooks.url}/later"
    body = office.world.message("王阿姨", "哦", response_url=url)
    await office.posts(body)
    await office.posts(body)
    post = Post("wecom", "@王阿姨", "send", packed(Shown("办好了")), id=77)
    await platform.send(post)

    assert office.webhooks.words("later") == ["办好了"]


async def test_what_is_unasked_is_said_by_the_groups_robot(office: Counter) -> None:
    platform = office.app.platforms["wecom"]
    post = Post("wecom", "3号楼", "send", packed(Shown("明天停水")), Priority.REMINDER, id=78)
    await platform.send(post)

    assert office.webhooks.words("robot") == ["明天停水"]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{}", 403), (b"nonsense", 403), (b'{"encrypt":"AAAA"}', 403)],
)
async def test_what_is_not_wecoms_is_forbidden(
    office: Counter, content: bytes, status: int
) -> None:
    answer: Any = await office.client.post("/wecom", params=office.signed("AAAA"), content=content)

    assert answer.status_code == status


@ON_ONE_DATABASE
async def test_a_post_that_hides_its_size_is_cut_off(office: Counter) -> None:
    """Anybody can post here; who it was is known only once all of it was read."""
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 64:
            taken += 1
            yield b" " * 1024 * 1024

    answer = await office.client.post("/wecom", params=office.signed("AAAA"), content=endless())

    assert answer.status_code == 413
    assert taken < 4
