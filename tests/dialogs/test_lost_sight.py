"""Lost sight 不再可见: cards that were posted stop to tell those who have lost the right."""

from handlers.registry import loaded
from handlers.sight import SIGHTS
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import Stairwell


async def cards(town: Stairwell, chat: str) -> int:
    """How many cards of that chat are kept up to date."""

    async def counted(unit: Unit) -> int:
        sql = "select k.id from cards k join chats c on c.id = k.chat_id where c.address = ?"
        return len(await rows(sql, chat))

    return await town.town.app.database.unit(counted)


def test_every_card_says_who_may_look_at_it() -> None:
    assert set(SIGHTS) == set(loaded().cards)


async def test_who_was_dismissed_is_told_nothing_more(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")
    await town.says("孙主任", "免去 张楼长 楼栋长 3号楼")
    await town.says("孙主任", "免去 张楼长 居民 3-1-201")

    await town.says("刘大爷", "附议 1")

    assert town.told("张楼长") == "" and "1位邻居也遇到" in town.card("3号楼")
    assert await cards(town, "@张楼长") == 0


async def test_who_reported_is_told_wherever_they_live_now(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 灯坏了")
    await town.says("孙主任", "免去 王阿姨 居民 3-2-501")

    await town.says("刘大爷", "附议 1")

    assert "1位邻居也遇到" in town.told("王阿姨")


async def test_a_group_bound_anew_is_told_nothing_of_its_old_place(town: Stairwell) -> None:
    await town.says("钱伯", "报事 水管漏水", at="4号楼")
    await town.says("孙主任", "绑定 3号楼", at="4号楼")

    await town.says("小杨", "附议 1")

    assert town.told("4号楼") == "" and await cards(town, "4号楼") == 0


async def test_a_group_bound_again_to_its_own_place_is_told(town: Stairwell) -> None:
    await town.says("钱伯", "报事 水管漏水", at="4号楼")
    await town.says("孙主任", "绑定 4号楼", at="4号楼")

    await town.says("小杨", "附议 1")

    assert "1位邻居也遇到" in town.told("4号楼")


async def test_a_card_held_for_the_morning_goes_to_nobody_who_left(town: Stairwell) -> None:
    await town.moves("23:00")
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")
    await town.says("孙主任", "免去 张楼长 楼栋长 3号楼")
    await town.says("孙主任", "免去 张楼长 居民 3-1-201")

    await town.moves("7:00")

    assert "报1 ·" not in town.told("张楼长")
