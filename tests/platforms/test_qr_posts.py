"""QR posts 二维码: each platform's own link, drawn once."""

from bot.platforms.memory import MemoryPlatform
from bot.platforms.telegram import TelegramPlatform
from bot.qr_posts import with_qr
from handlers.messages import QrCode, Shown, packed, unpacked
from handlers.people import qr_code
from storage.database import Database
from storage.outbox import Post
from storage.unit import Unit
from tests.platforms.fake_telegram import TOKEN, FakeTelegram
from tests.platforms.fake_world import BOT_NAME
from tests.platforms.telegram_town import NO_PACE, load_from

CODE = QrCode("in_ABCD2345", "https://mulin.example.org/in/ABCD2345")


async def picture_of(database: Database, post: Post) -> bytes:
    photo_id = unpacked(post.body).photo
    assert photo_id is not None and unpacked(post.body).qr is None

    async def stored(unit: Unit) -> bytes:
        found = await unit.photos.get(photo_id)
        return found.content if found else b""

    return await database.unit(stored)


async def test_telegram_gets_a_link_that_opens_the_private_chat(
    database: Database, fake: FakeTelegram
) -> None:
    platform = TelegramPlatform(
        TOKEN, api_url=fake.url, load_photo=load_from(database), pace=NO_PACE
    )
    post = await with_qr(
        database, platform, Post("telegram", "1", "send", packed(Shown("会1", qr=CODE)))
    )
    await platform.stop()

    wanted = qr_code(f"https://t.me/{BOT_NAME}?start=in_ABCD2345")
    assert await picture_of(database, post) == wanted


async def test_a_platform_without_links_of_its_own_gets_that_of_the_web_chat(
    database: Database,
) -> None:
    body = packed(Shown("会1", qr=CODE))

    post = await with_qr(database, MemoryPlatform(), Post("memory", "@张楼长", "send", body))

    assert await picture_of(database, post) == qr_code(CODE.link)


async def test_what_was_drawn_is_not_drawn_again(database: Database) -> None:
    body = packed(Shown("会1", qr=CODE))
    once = await with_qr(database, MemoryPlatform(), Post("memory", "@张楼长", "send", body))

    assert await with_qr(database, MemoryPlatform(), once) is once
