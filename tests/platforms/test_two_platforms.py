"""Two platforms 两个平台: people of one home answer in the same second, here and there."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.app import App
from bot.clock import HeldClock
from bot.platforms.webchat import WebChatPlatform
from domain.people import Role
from storage.database import Database, Driver
from storage.unit import Unit
from storage.webchat import PLATFORM as WEB
from tests.dialogs.voting import OWNERS, give_roll
from tests.platforms.fake_telegram import FakeTelegram
from tests.platforms.streets import WebStreet
from tests.platforms.telegram_town import TelegramTown

HOME = "3-2-301"
"""小陈 lives there and is on Telegram, 晓梅 is on the page."""


class Both:
    """The program on Telegram and on the web chat at once."""

    def __init__(self, town: TelegramTown, page: WebStreet) -> None:
        self.town, self.page = town, page

    async def looks(self, words: str, *labels: str) -> None:
        """晓梅 says something on the page and presses what comes."""
        await self.page.says("晓梅", words)
        for label in labels:
            await self.town.settle()
            await self.page.presses("晓梅", label)
        await self.town.settle()

    async def at_once(self, here: str, there: str, *, group: str = "") -> None:
        """小陈 presses ``here`` on Telegram in the second in which 晓梅 presses ``there``."""
        self.town.fake.presses("小陈", here, group)
        await asyncio.gather(self.page.presses("晓梅", there), self.town.settle())
        await self.town.settle()

    async def seen(self) -> tuple[str, str]:
        """What 小陈 and 晓梅 see in private."""
        return self.town.fake.sees("小陈"), await self.page.sees("晓梅")


@pytest.fixture
async def both(driver: Driver, clock: HeldClock, fake: FakeTelegram) -> AsyncIterator[Both]:
    database = Database(driver, clock)
    town = TelegramTown(database, fake)
    town.app = App(database, [town.platform, WebChatPlatform(database)])
    await town.open()
    await database.unit(_move_in)
    yield Both(town, WebStreet(database, town.app))
    await town.close()


async def _move_in(unit: Unit) -> None:
    community = (await unit.places.communities())[0]
    await give_roll(unit, OWNERS)
    home = (await unit.places.named(HOME, below=community.path))[0]
    person_id = await unit.people.add("晓梅", unit.now)
    await unit.people.identify(person_id, WEB, "晓梅", unit.now)
    await unit.people.reachable_at(WEB, "晓梅", "@晓梅")
    await unit.people.grant(person_id, Role.RESIDENT, home.id, by=None, now=unit.now)
    other = (await unit.people.named("小陈", community.id))[0]
    owner = (await unit.roll.owners_of(other, community.id))[0]
    await unit.roll.link(owner.id, person_id, by=None, now=unit.now)


async def test_a_household_has_one_vote_in_a_poll(both: Both) -> None:
    await both.town.says("张楼长", "投票 车棚建在哪 东侧/西侧 周五晚8点", "3号楼")
    for label in ("每户一票", "发布"):
        await both.town.presses("张楼长", label, "3号楼")
    await both.looks("投票列表", "票1")

    await both.at_once("东侧", "西侧", group="3号楼")

    card = both.town.fake.sees("3号楼")
    assert "1户已投" in card and ("东侧：1票" in card) != ("西侧：1票" in card)
    assert "您投了：西侧" in (await both.seen())[1] and "您投了：东侧" in both.town.note


async def test_a_household_that_differs_is_told_so_and_not_counted(both: Both) -> None:
    await both.town.says("张楼长", "征询 装门禁，同意吗 下周五晚8点", "3号楼")
    await both.town.presses("张楼长", "发布", "3号楼")
    await both.looks("征询列表", "询1")

    await both.at_once("同意", "不同意", group="3号楼")

    assert "同意0户 · 不同意0户" in both.town.fake.sees("3号楼")
    assert all("3-2-301" in seen and "商量" in seen for seen in await both.seen())


async def test_an_owner_has_one_ballot_that_counts(both: Both) -> None:
    await both.town.says("周业委", "表决 更换物业公司")
    await both.town.says("周业委", "同意更换物业公司，聘期三年。")
    await both.town.says("周业委", "12月31日晚8点")
    await both.town.presses("周业委", "公示")
    await both.town.presses("小陈", "赞成", "3号楼")
    await both.looks("表决列表", "表1", "反对")

    await both.at_once("确认赞成", "确认反对")

    tally, rows = await both.town.app.database.unit(_counted)
    assert tally == 1 and rows.count('"kind":"ballot"') in {1, 2}
    assert all("已计入" in seen or "之前" in seen for seen in await both.seen())


async def _counted(unit: Unit) -> tuple[int, str]:
    motion = await unit.motions.by_id(1)
    tally = (await unit.ballots.tallies(motion))[0]
    ledger = "".join(text for _, text in await unit.motions.ledger(1))
    return tally.took_part.heads, ledger
