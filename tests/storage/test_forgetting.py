"""Forgetting 遗忘: the night takes what nobody needs, and nothing that is still in use."""

from datetime import timedelta

import pytest

from bot.clock import HeldClock
from handlers.messages import Picture
from storage.statement import Statement, value
from storage.unit import Unit
from storage.webchat import WebMessage
from tests.conftest import Stairwell
from tests.dialogs.test_projects import granted, spent

LAMP = Picture("image/png", b"\x89PNG lamp")


async def tidied(town: Stairwell, clock: HeldClock, **later: int) -> None:
    """A night that is so much later; nothing else happens on the way."""
    clock.move_to(clock() + timedelta(**later))
    await town.town.app.clockwork.tidy()


async def count(town: Stairwell, what: str) -> int:
    async def counted(unit: Unit) -> int:
        return int(await value(f"select count(*) from {what}"))

    return await town.town.app.database.unit(counted)


async def test_a_picture_that_came_to_nothing_goes(town: Stairwell, clock: HeldClock) -> None:
    await town.says("王阿姨", "这是我家", pictures=[LAMP])
    await town.says("王阿姨", "取消")
    assert await count(town, "photos") == 1

    await tidied(town, clock, days=1)
    assert await count(town, "photos") == 1
    await tidied(town, clock, days=2)
    assert await count(town, "photos") == 0


async def test_pictures_of_issues_stay(town: Stairwell, clock: HeldClock) -> None:
    await town.says("王阿姨", "报事 灯坏了", at="3号楼", pictures=[LAMP])

    await tidied(town, clock, days=1000)

    assert await count(town, "photos") == 1


async def test_a_picture_on_the_web_goes_with_its_bubble(town: Stairwell, clock: HeldClock) -> None:
    await town.says("王阿姨", "这是我家", pictures=[LAMP])
    await town.says("王阿姨", "取消")

    async def bubble(unit: Unit) -> None:
        photo_id = await value("select id from photos")
        await unit.webchat.add(WebMessage("@w1", "said", "", unit.now, "w1", photo_id))

    await town.town.app.database.unit(bubble)

    await tidied(town, clock, days=179)
    assert (await count(town, "photos"), await count(town, "web_messages")) == (1, 1)
    await tidied(town, clock, days=2)
    assert (await count(town, "photos"), await count(town, "web_messages")) == (0, 0)


async def test_the_picture_of_a_code_goes_with_the_code(town: Stairwell, clock: HeldClock) -> None:
    await town.says("张楼长", "邀请 3-2-302")

    async def bubble(unit: Unit) -> None:
        photo_id = await value("select id from photos")
        await unit.webchat.add(WebMessage("@w1", "told", "{}", unit.now, photo_id=photo_id))

    await town.town.app.database.unit(bubble)

    await tidied(town, clock, days=13)
    assert await count(town, "photos") == 1
    await tidied(town, clock, days=2)
    assert await count(town, "photos") == 0
    assert await count(town, "web_messages where photo_id is not null") == 0
    assert await count(town, "codes") == 1
    await tidied(town, clock, days=30)
    assert await count(town, "codes") == 0


async def test_cards_live_as_long_as_what_they_show(town: Stairwell, clock: HeldClock) -> None:
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")
    await town.says("王阿姨", "报事 楼道门锁不上", at="3号楼")
    await town.says("王阿姨", "撤回 1")
    await town.presses("王阿姨", "还是撤回")
    await town.says("王阿姨", "好的")
    both, one = "cards", "cards where subject_id = 1"
    assert await count(town, one) > 0

    await tidied(town, clock, days=179)
    before = await count(town, both)
    gone = await count(town, one)
    await tidied(town, clock, days=2)

    assert await count(town, one) == 0
    assert await count(town, both) == before - gone > 0


@pytest.mark.parametrize(("days", "kept"), [(179, True), (181, False)])
async def test_decided_requests_go_and_open_ones_stay(
    town: Stairwell, clock: HeldClock, days: int, kept: bool
) -> None:
    for who, flat in (("新邻居", "3-2-102"), ("另一户", "3-2-103")):
        await town.taps(who, f"join:{flat}:1")

    async def decided(unit: Unit) -> None:
        await Statement("update join_requests set decided_at = asked_at where flat = '3-2-102'")

    await town.town.app.database.unit(decided)
    await tidied(town, clock, days=days)

    assert await count(town, "join_requests") == 1 + kept


async def test_a_chat_that_we_left_keeps_no_buttons(town: Stairwell, clock: HeldClock) -> None:
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")
    mine = "cards where chat_id = (select id from chats where address = '3号楼')"

    async def left(unit: Unit) -> None:
        await unit.chats.left("memory", "3号楼", unit.now)

    await town.town.app.database.unit(left)

    await tidied(town, clock, days=179)
    assert await count(town, mine) == 1
    await tidied(town, clock, days=2)
    assert await count(town, mine) == 0
    assert await count(town, "cards") > 0


async def test_a_roll_that_nobody_stored_goes_after_a_day(
    town: Stairwell, clock: HeldClock
) -> None:
    await town.sends("孙主任", "名册.csv", "楼栋,单元,房号,业主,面积\n3,2,501,王秀英,89.5\n")
    await tidied(town, clock, hours=12)
    assert await count(town, "roll_sheets") == 1

    await tidied(town, clock, hours=13)
    assert await count(town, "roll_sheets") == 0


async def test_receipts_stay_as_long_as_the_book(town: Stairwell, clock: HeldClock) -> None:
    await granted(town)
    await spent(town)
    await town.says("王阿姨", "里程碑 议1 第1步 到了", pictures=[LAMP])

    await tidied(town, clock, days=1000)

    assert await count(town, "photos") == 2


async def test_the_photo_of_a_signed_paper_stays(town: Stairwell, clock: HeldClock) -> None:
    await town.says("张楼长", "征询 装门禁，同意吗 下周五晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.says("张楼长", "代录 询1 3-1-102 同意", pictures=[LAMP])
    await tidied(town, clock, days=30)

    assert await count(town, "photos") == 1


async def test_whoever_never_joined_is_forgotten(town: Stairwell, clock: HeldClock) -> None:
    """Nobody asked the passer-by whether a name may stay; whoever waits to be let in is kept."""
    await town.says("路人", "你好")
    await town.says("小新", "登记 3-2-102")
    await town.presses("小新", "同意，登记")
    everybody = await count(town, "identities")

    await tidied(town, clock, days=20)
    await town.says("路人", "你好")
    await tidied(town, clock, days=20)
    assert await count(town, "identities") == everybody
    await tidied(town, clock, days=11)

    assert await count(town, "identities") == everybody - 1
    assert await count(town, "people where name = '路人'") == 0
    assert await count(town, "people where name = '小新'") == 1
