"""My data 我的数据: shown, taken along, corrected, deleted; agreed to before anything is kept."""

import json

import pytest

from storage.database import Database
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import Stairwell


async def test_nobody_is_registered_before_they_agreed(town: Stairwell) -> None:
    asked = await town.says("小新", "登记 3-2-102")

    assert "保存您的称呼、门牌" in asked and "同意吗" in asked
    assert town.told("张楼长") == ""
    assert "什么也没有存" in await town.presses("小新", "不同意")

    await town.says("小新", "登记 3-2-102")
    await town.presses("小新", "同意，登记")
    assert "小新 说住在 3-2-102" in town.told("张楼长")


async def test_one_sees_all_that_is_stored(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    said = await town.says("王阿姨", "我的数据")

    assert "称呼：王阿姨" in said and "3-2-501（居民）" in said
    assert "报过的事：1件" in said


async def test_what_the_household_voted_is_told_to_its_people(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 周五晚8点", at="3号楼")
    await town.presses("张楼长", "每户一票", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.presses("王阿姨", "东侧", at="3号楼")

    assert "1户已投" in town.sees("3号楼")
    assert "投票：1次" in await town.says("王阿姨", "我的数据")
    assert "投票：" not in await town.says("刘大爷", "我的数据")


async def test_who_moves_in_later_is_not_told_what_the_household_had_voted(town: Stairwell) -> None:
    await town.says("孙主任", "投票 每户 车棚建在哪 东侧/西侧 周五晚8点")
    await town.presses("孙主任", "发布")
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.moves("+1d")
    await town.says("孙主任", "任命 刘大爷 居民 3-2-501")

    assert "投票：1次" in await town.says("王阿姨", "我的数据")
    assert "投票：" not in await town.says("刘大爷", "我的数据")
    await town.presses("刘大爷", "西侧", at="3号楼")
    assert "投票：" in await town.says("刘大爷", "我的数据")


async def test_no_instant_stands_beside_an_anonymous_vote(town: Stairwell) -> None:
    await town.says("孙主任", "投票 每户 匿名 车棚建在哪 东侧/西侧 周五晚8点")
    await town.presses("孙主任", "发布")
    await town.presses("王阿姨", "东侧", at="3号楼")

    async def instants(unit: Unit) -> list[str | None]:
        return [r["voted_at"] for r in await rows("select voted_at from poll_voters")]

    assert await town.town.app.database.read(instants) == [None]
    assert "投票：1次" in await town.says("王阿姨", "我的数据")


async def test_it_can_be_taken_along_to_read_and_for_programs(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("王阿姨", "我的数据")
    await town.presses("王阿姨", "下载（给人看）")
    read = await document(town)
    await town.presses("王阿姨", "下载（JSON）")
    stored = json.loads((await document(town)).lstrip("\ufeff"))

    assert "【报过的事】" in read and "五楼灯坏了" in read
    assert stored["issues"][0]["text"] == "五楼灯坏了"
    assert stored["people"][0]["name"] == "王阿姨"


async def document(town: Stairwell) -> str:
    """The words of the newest file."""

    async def newest(unit: Unit) -> bytes:
        found = await rows("select bytes from photos order by id desc limit 1")
        return bytes(found[0]["bytes"])

    return (await town.town.app.database.read(newest)).decode()


async def test_who_deletes_is_asked_first_and_then_gone(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("王阿姨", "我的数据")

    assert "删了就找不回来" in await town.presses("王阿姨", "删除我的数据")
    assert "已经删除" in await town.presses("王阿姨", "确认，全部删除")

    assert "[我住这栋楼]" in await town.says("王阿姨", "你好")
    shown = await town.says("李网格", "看 报1")
    assert "五楼灯坏了" in shown and "王阿姨" not in shown and "501" not in shown
    assert "已退出的邻居" in shown


async def test_nothing_that_names_them_is_left(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("刘大爷", "投票列表")
    await town.taps("王阿姨", "mydatadel:1")

    left = await town.town.app.database.read(everything)

    assert "王阿姨" not in left


async def everything(unit: Unit) -> str:
    """All that the tables hold which could name somebody, as one text."""
    tables = ["people", "identities", "drafts", "outbox", "web_messages", "journal", "remarks"]
    tables += ["chats", "inbox"]
    found = [await rows(f"select * from {table}") for table in tables]
    return "\n".join(str([r[name] for name in list(r.keys())]) for each in found for r in each)


async def test_who_changes_their_mind_keeps_everything(town: Stairwell) -> None:
    await town.says("王阿姨", "我的数据")
    await town.presses("王阿姨", "删除我的数据")

    assert "什么也没删" in await town.presses("王阿姨", "不删了")
    assert "称呼：王阿姨" in await town.says("王阿姨", "我的数据")


async def test_who_holds_an_office_gives_it_back_first(town: Stairwell) -> None:
    assert "您现在是楼栋长" in await town.taps("张楼长", "mydatadel:1")


async def test_whose_hands_are_full_finishes_first(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("李网格", "派单 1 维修队")
    await town.taps("吴老师", "accept:1")

    assert "报1 还没办完" in await town.taps("吴老师", "mydatadel:1")


async def test_a_stranger_may_ask_as_well(town: Stairwell) -> None:
    assert "称呼：小新" in await town.says("小新", "我的数据")
    assert "已经删除" in await town.taps("小新", "mydatadel:1")


@pytest.mark.parametrize("words", ["删除我的信息", "能不能注销我的账号"])
async def test_free_words_lead_there(town: Stairwell, words: str) -> None:
    assert "[我的数据]" in (await town.says("王阿姨", words)).replace("1·", "")


async def test_every_column_that_points_to_a_person_is_accounted_for(database: Database) -> None:
    from storage.mydata import HELD

    async def pointing(unit: Unit) -> set[str]:
        return {f"{r['tab']}.{r['col']}" for r in await rows(_POINTING[database.driver.dialect])}

    found = await database.read(pointing)
    known = {held.name for held in HELD}

    assert set() < found <= known


_POINTING = {
    "sqlite": 'select m.name as tab, f."from" as col from sqlite_master m '
    "join pragma_foreign_key_list(m.name) f where m.type = 'table' and f.\"table\" = 'people'",
    "postgres": "select t.relname as tab, a.attname as col from pg_constraint k "
    "join pg_class t on t.oid = k.conrelid "
    "join pg_attribute a on a.attrelid = t.oid and a.attnum = any(k.conkey) "
    "where k.contype = 'f' and k.confrelid = 'people'::regclass",
}
