"""Webhook 回调: who may deliver, and that 200 means stored."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from bot.clock import HeldClock
from bot.platforms.base import Finding
from bot.platforms.telegram.menu import menu
from bot.platforms.telegram.webhook import HEADER, with_path
from handlers.registry import loaded
from handlers.wording import LANGUAGES, texts
from storage.database import Database
from storage.faults import Fault as StorageFailure
from storage.faults import StorageFault
from storage.sqlite import SqliteDriver
from tests.platforms.fake_telegram import FakeTelegram
from tests.platforms.fake_world import Json
from tests.platforms.telegram_town import TelegramTown

SECRET = "s3cret_token"
URL = "https://mulin.example/telegram"


@pytest.fixture
async def hooked(
    tmp_path: Path, clock: HeldClock, fake: FakeTelegram
) -> AsyncIterator[TelegramTown]:
    """The neighbourhood, with updates delivered to the webhook."""
    options = {"mode": "webhook", "webhook_url": URL, "secret_token": SECRET}
    opened = TelegramTown(Database(SqliteDriver(tmp_path / "mulin.db"), clock), fake, **options)
    await opened.open()
    yield opened
    await opened.close()


async def deliver(town: TelegramTown, body: bytes, secret: str | None = SECRET) -> int:
    app = Starlette(routes=list(town.platform.routes()))
    headers = {HEADER.encode(): secret.encode()} if secret is not None else {}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://mulin.example") as http:
        return (await http.post("/telegram", content=body, headers=headers)).status_code


def report(town: TelegramTown) -> bytes:
    message = town.fake.message("王阿姨", "报事 五楼灯坏了", "3号楼")
    return msgspec.json.encode({"update_id": 5000, "message": message})


async def test_the_webhook_is_set_with_its_secret(hooked: TelegramTown) -> None:
    (call,) = hooked.fake.called("setWebhook")

    assert (call["url"], call["secret_token"]) == (URL, SECRET)
    assert call["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]


async def test_an_update_is_stored_when_it_is_answered(hooked: TelegramTown) -> None:
    assert await deliver(hooked, report(hooked)) == 200
    assert await deliver(hooked, report(hooked)) == 200
    await hooked.settle()

    assert "报1 · 待派单" in hooked.fake.last("3号楼")
    assert len(hooked.fake.bubbles("3号楼")) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", "s3cret_tokeN", "s3cret_token2", "密"])
async def test_without_the_secret_nothing_is_taken(
    hooked: TelegramTown, secret: str | None
) -> None:
    assert await deliver(hooked, report(hooked), secret) == 403
    await hooked.settle()

    assert hooked.fake.bubbles("3号楼") == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"{", b'{"update_id":"x"}', b"\xff" * 9])
async def test_nonsense_is_taken_and_forgotten(hooked: TelegramTown, body: bytes) -> None:
    assert await deliver(hooked, body) == 200


async def test_an_update_too_large_is_refused(hooked: TelegramTown) -> None:
    assert await deliver(hooked, b" " * 1_000_001) == 413


async def test_what_cannot_be_stored_is_asked_for_again(hooked: TelegramTown) -> None:
    real = hooked.platform._received

    async def away(_: object) -> None:
        raise StorageFault(StorageFailure.FULL, "mulin.db")

    hooked.platform._received = away
    answer = asyncio.create_task(deliver(hooked, report(hooked)))
    await asyncio.sleep(0.02)
    assert not answer.done()
    hooked.platform._received = real

    assert await answer == 200
    await hooked.settle()
    assert "报1" in hooked.fake.last("3号楼")


async def test_once_stopped_nothing_is_taken(hooked: TelegramTown) -> None:
    await hooked.platform.stop()

    assert await deliver(hooked, report(hooked)) == 503


def test_an_address_without_a_path_gets_ours() -> None:
    assert with_path("https://mulin.example/") == "https://mulin.example/telegram"
    assert with_path("https://mulin.example/hook") == "https://mulin.example/hook"


# Menu and check


async def test_the_menus_are_set_once_and_only_when_they_changed(
    street: TelegramTown, clock: HeldClock
) -> None:
    fake = street.fake
    await street.until(lambda: fake.counts["setmycommands"] == 6)
    again = TelegramTown(street.app.database, fake)
    task = asyncio.create_task(again.platform.run(again.app.received))
    await again.until(lambda: again.platform.state() == "ok")
    await again.until(lambda: fake.counts["getmycommands"] == 12)
    await again.platform.stop()
    await task

    assert fake.counts["setmycommands"] == 6
    assert {scope for scope, _ in fake.commands} == {"all_private_chats", "all_group_chats"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("where", ["private", "group"])
def test_a_menu_line_is_a_word_that_works_there(where: str, lang: str) -> None:
    known = {command.code: command for command in loaded().typed()}
    found = menu(loaded(), where, lang)

    assert {"issue", "help", "mine"} <= {line.command for line in found}
    assert all(known[line.command].where in {"any", where} for line in found)
    assert "dispatch" not in {line.command for line in found}


@pytest.mark.parametrize("reads_all", [True, False])
async def test_the_check_explains_privacy_mode(street: TelegramTown, reads_all: bool) -> None:
    street.fake.reads_all = reads_all
    found = {line.key.split(".")[-1]: line.is_ok for line in await street.platform.check()}

    assert found == {
        "token": True,
        "privacy_off" if reads_all else "privacy_on": reads_all,
        "polling": True,
    }


async def test_the_check_sees_a_failing_webhook(hooked: TelegramTown) -> None:
    assert (await hooked.platform.check())[-1].key == "telegram.check.webhook_ok"
    hooked.fake.webhook["url"] = "https://elsewhere.example"
    assert (await hooked.platform.check())[-1].key == "telegram.check.webhook_unset"


async def test_the_check_tells_a_refused_token(street: TelegramTown) -> None:
    street.fake.token = "777:other"
    (found,) = await street.platform.check()

    assert (found.key, found.is_ok) == ("telegram.check.token_refused", False)


def test_every_finding_has_its_words() -> None:
    source: Json = {key: None for key in texts("zh") if key.startswith("telegram.check.")}

    assert len(source) == 10
    assert set(source) <= set(texts("en"))
    assert Finding("telegram.check.token", True).key in source
