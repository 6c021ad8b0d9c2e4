"""Lists 列表: what is open, what is mine, what waits for me, what could not be delivered."""

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_issue_life import mended, reported

BROKEN = ("灯坏了", "门坏了", "水管漏", "电梯停", "井盖翘", "车棚漏雨", "信箱掉", "墙皮落")
MORE = ("扶手松", "窗碎了", "蚊子多", "垃圾堆", "路面坑", "水压小")


async def many(town: Stairwell) -> None:
    """王阿姨 reports more than fits on a page."""
    for text in (*BROKEN, *MORE):
        await town.says("王阿姨", f"报事 {text}")


@ON_ONE_DATABASE
async def test_a_page_is_never_longer_than_a_phone(town: Stairwell) -> None:
    await many(town)

    for said in ("列表", "我的", "待办", "找 了"):
        for who in ("王阿姨", "李网格"):
            told = await town.says(who, said)
            lines = [line for line in told.split("\n") if not line.startswith("[")]
            assert len(lines) <= 12, said


async def test_common_matters_stand_first(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 灯坏了")
    await town.says("王阿姨", "报事 门坏了")
    await town.says("刘大爷", "附议 1")

    listed = await town.says("小陈", "列表")

    assert listed.index("报1 灯坏了 · 待派单 +1") < listed.index("报2 门坏了")


async def test_a_tap_on_a_list_shows_the_card(town: Stairwell) -> None:
    await reported(town)
    await town.says("刘大爷", "列表")

    assert "报1 · 待派单\n五楼灯坏了" in await town.presses("刘大爷", "报1")


async def test_what_is_over_is_found_but_not_listed(town: Stairwell) -> None:
    await mended(town)
    await town.says("王阿姨", "验单 1")

    assert "没有未办完的事" in await town.says("刘大爷", "列表")
    assert "报1 五楼灯坏了 · 已验单" in await town.says("刘大爷", "找 灯")


async def test_a_search_takes_words_as_they_are(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 Lamp 100% broken")

    assert "报1" in await town.says("刘大爷", "找 lamp")
    assert "报1" in await town.says("刘大爷", "找 100%")
    assert "没有找到" in await town.says("刘大爷", "找 1_0")


async def test_mine_is_what_i_reported_seconded_or_handle(town: Stairwell) -> None:
    await reported(town)
    await town.says("刘大爷", "附议 1")
    await town.says("李网格", "派单 1 吴老师")

    for who in ("王阿姨", "刘大爷", "吴老师"):
        assert "报1" in await town.says(who, "我的报事")
    assert "还没有报过事" in await town.says("小陈", "我的报事")


async def test_what_waits_changes_hands(town: Stairwell) -> None:
    async def waits() -> set[str]:
        return {
            who
            for who in ("王阿姨", "张楼长", "李网格", "赵师傅", "吴老师", "小陈")
            if "报1" in await town.says(who, "待办")
        }

    await reported(town)
    assert await waits() == {"张楼长", "李网格"}
    await town.says("李网格", "派单 1 维修队")
    assert await waits() == {"赵师傅", "吴老师"}
    await town.says("赵师傅", "接单 1")
    assert await waits() == {"赵师傅"}
    await town.says("赵师傅", "办结 1 好了")
    assert await waits() == {"王阿姨"}
    await town.says("王阿姨", "验单 1")
    assert await waits() == set()


async def test_staff_reads_what_could_not_be_delivered(town: Stairwell) -> None:
    assert "一切正常" in await town.says("李网格", "运行")
    await reported(town)
    town.town.screen.blocked.add("@王阿姨")
    await town.says("李网格", "派单 1 维修队")

    told = await town.says("李网格", "运行")

    assert "私聊：对方停用了机器人" in told and "王阿姨" not in told
    assert "一切正常" in await town.says("唐网格", "运行")


async def test_whoever_cannot_be_reached_is_named_to_who_dispatches(town: Stairwell) -> None:
    await reported(town)
    database = town.town.app.database
    await database.unit(lambda unit: unit.people.unreachable("memory", "@小陈", unit.now))

    assert "我联系不上，请当面说一声" in await town.says("张楼长", "派单 1 小陈")
