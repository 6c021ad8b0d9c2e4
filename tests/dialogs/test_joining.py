"""Joining 入住: codes, the building head's tap, several platforms, newcomers in a group."""

import re

import pytest

from bot.platforms.memory import MemoryPlatform
from handlers.messages import Incoming, Press
from tests.conftest import ON_ONE_DATABASE, Stairwell


def code_in(told: str) -> str:
    """The one-time code that somebody was told."""
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told)
    assert found is not None, told
    return found[0]


async def registers(town: Stairwell, who: str, flat: str) -> str:
    """Somebody says where they live, and agrees to what is kept."""
    await town.says(who, f"登记 {flat}")
    return await town.presses(who, "同意，登记")


async def uses(town: Stairwell, who: str, code: str) -> str:
    """Somebody types a code, and agrees to what is kept."""
    await town.says(who, code)
    return await town.presses(who, "同意，登记")


async def test_a_newcomer_is_answered_once_in_a_group_with_the_taps_that_he_needs(
    town: Stairwell,
) -> None:
    greeted = await town.says("小新", "报事 水管漏了", at="3号楼")

    assert "小新您好" in greeted
    for tap in ("[我住这栋楼]", "[我有邀请码]", "[帮助]"):
        assert tap in greeted
    assert await town.says("小新", "报事 水管漏了", at="3号楼") == ""


async def test_a_newcomer_is_always_answered_in_private(town: Stairwell) -> None:
    for _ in range(2):
        assert "[我住这栋楼]" in await town.says("小新", "你好")


async def test_a_newcomers_report_is_not_taken(town: Stairwell) -> None:
    await town.says("小新", "报事 水管漏了", at="3号楼")

    assert "没有未办完" in await town.says("王阿姨", "列表", at="3号楼") + await town.says(
        "王阿姨", "/列表", at="3号楼"
    )


async def test_a_newcomer_who_only_chats_is_left_alone(town: Stairwell) -> None:
    assert await town.says("小新", "大家好，今天天气不错", at="3号楼") == ""


async def test_the_building_head_lets_a_newcomer_in(town: Stairwell) -> None:
    await town.says("小新", "你好")
    await town.presses("小新", "我住这栋楼")
    assert "同意吗" in await town.says("小新", "3-2-102")
    assert "楼栋长确认" in await town.presses("小新", "同意，登记")
    assert "小新 说住在 3-2-102" in town.told("张楼长")

    await town.presses("张楼长", "同意加入")

    assert "您已登记在 3-2-102" in town.told("小新")
    assert "报1" in await town.says("小新", "报事 水管漏了")


async def test_a_newcomer_whom_nobody_knows_is_told_so(town: Stairwell) -> None:
    await registers(town, "小新", "3-2-102")
    await town.presses("张楼长", "不认识")

    assert "没有确认" in town.told("小新")
    assert "[我住这栋楼]" in await town.says("小新", "报事 水管漏了")


async def test_whoever_taps_first_decides(town: Stairwell) -> None:
    await town.says("孙主任", "任命 小陈 楼栋长 3号楼")
    await registers(town, "小新", "3-2-102")

    assert "认识吗" in town.told("张楼长") and "认识吗" in town.told("小陈")
    assert "已同意" in await town.presses("小陈", "同意加入")
    assert "别人已经处理了" in await town.presses("张楼长", "不认识")


async def test_a_neighbour_cannot_let_anybody_in(town: Stairwell) -> None:
    await registers(town, "小新", "3-2-102")

    assert "需要楼栋长或工作人员" in await town.taps("刘大爷", "admit:1:1")
    assert "过期" in await town.taps("何楼长", "admit:1:1")
    assert "[我住这栋楼]" in await town.says("小新", "你好")


async def test_asking_twice_tells_the_building_head_once(town: Stairwell) -> None:
    await registers(town, "小新", "3-2-102")
    await registers(town, "小新", "3-2-102")

    assert town.told("张楼长") == ""


async def test_nobody_floods_the_building_head(town: Stairwell) -> None:
    await registers(town, "小新", "3-2-101")
    for door in ("102", "103"):
        await town.says("小新", f"登记 3-2-{door}")

    assert "登记过几次" in await town.says("小新", "登记 3-2-104")
    assert town.told("张楼长") == ""


async def test_a_building_without_a_head_asks_the_grid_worker(town: Stairwell) -> None:
    await town.says("孙主任", "免去 张楼长 楼栋长 3号楼")
    await registers(town, "小新", "3-2-102")

    assert "认识吗" in town.told("李网格")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "flat", ["3-2-102", "三号楼二单元102室", "３－２－１０２", "3栋2单元102", "3号楼2单元102室"]
)
async def test_a_flat_may_be_written_as_people_write_it(town: Stairwell, flat: str) -> None:
    await registers(town, "小新", flat)

    assert "小新 说住在 3-2-102" in town.told("张楼长")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("flat", "answer"),
    [("火星", "没看懂"), ("3号楼", "没看懂"), ("🙂", "没看懂"), ("9-1-101", "没有找到")],
)
async def test_a_flat_that_is_none_is_asked_again(town: Stairwell, flat: str, answer: str) -> None:
    await town.says("小新", "你好")
    await town.presses("小新", "我住这栋楼")

    assert answer in await town.says("小新", flat)
    assert "同意吗" in await town.says("小新", "3-2-102")
    assert "楼栋长确认" in await town.presses("小新", "同意，登记")


async def test_a_flat_is_asked_for_in_private_only(town: Stairwell) -> None:
    await town.says("小新", "你好")
    await town.says("小新", "报事 水管漏了", at="3号楼")

    await town.presses("小新", "我住这栋楼", at="3号楼")

    assert "您住哪一户" in town.told("小新")
    assert "您住哪一户" not in town.told("3号楼")


async def test_who_has_no_private_chat_is_led_there(town: Stairwell) -> None:
    await town.says("小新", "报事 水管漏了", at="3号楼")

    told = await town.presses("小新", "我住这栋楼", at="3号楼")

    assert "请先点开和我的私聊" in told and "[打开私聊]" in told


async def test_a_household_joins_with_its_code(town: Stairwell) -> None:
    code = code_in(await town.says("张楼长", "邀请 3-2-102"))

    assert "您已登记：3-2-102（居民）" in await uses(town, "小新", f"邀请码 {code}")
    assert "报1" in await town.says("小新", "报事 水管漏了", at="3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize("spelt", [str.lower, lambda code: code.replace("-", " ")])
async def test_a_code_may_be_typed_as_it_comes(town: Stairwell, spelt: object) -> None:
    assert callable(spelt)
    code = spelt(code_in(await town.says("张楼长", "邀请 3-2-102")))
    await town.says("小新", "你好")
    await town.presses("小新", "我有邀请码")

    assert "您已登记" in await uses(town, "小新", code)


async def test_a_code_works_once(town: Stairwell) -> None:
    code = code_in(await town.says("张楼长", "邀请 3-2-102"))
    await uses(town, "小新", f"邀请码 {code}")

    assert "用过了" in await town.says("小旧", f"邀请码 {code}")


@ON_ONE_DATABASE
async def test_a_code_ends_after_two_weeks(town: Stairwell) -> None:
    code = code_in(await town.says("张楼长", "邀请 3-2-102"))
    await town.moves("+15d")

    assert "过期" in await town.says("小新", f"邀请码 {code}")


async def test_a_wrong_code_may_be_typed_again(town: Stairwell) -> None:
    code = code_in(await town.says("张楼长", "邀请 3-2-102"))
    await town.says("小新", "你好")
    await town.presses("小新", "我有邀请码")

    assert "8 个字母数字" in await town.says("小新", "啊？")
    assert "不对" in await town.says("小新", "AAAA-2222")
    assert "您已登记" in await uses(town, "小新", code)


async def test_nobody_invites_into_another_building(town: Stairwell) -> None:
    assert "没有找到" in await town.says("张楼长", "邀请 5-1-302")
    assert "需要楼栋长" in await town.says("王阿姨", "邀请 3-2-102")


async def test_one_person_on_two_platforms(town: Stairwell) -> None:
    other = MemoryPlatform(name="other")
    code = code_in(await town.says("王阿姨", "关联"))
    yes = Press(f"code:{code.replace('-', '')}:1", "tap")
    handled = await town.town.app.router.receive(
        Incoming(other.name, "1", "@w", True, "w", "wang", press=yes)
    )
    assert handled.outcome == "answered"
    await town.says("王阿姨", "报事 灯坏了")

    again = await town.town.app.router.receive(
        Incoming(other.name, "2", "@w", True, "w", "wang", "我的")
    )

    assert "报1" in again.posts[0].body


async def test_a_link_code_ends_after_half_an_hour(town: Stairwell) -> None:
    code = code_in(await town.says("王阿姨", "关联"))
    await town.moves("+31m")

    assert "过期" in await town.says("小新", f"邀请码 {code}")


async def test_nobody_becomes_two_people(town: Stairwell) -> None:
    code = code_in(await town.says("王阿姨", "关联"))

    assert "不能再关联" in await town.says("刘大爷", f"邀请码 {code}")
    assert "同一个人" in await town.says("王阿姨", f"邀请码 {code}")


async def test_a_name_is_chosen(town: Stairwell) -> None:
    assert "「501 的王阿姨」" in await town.says("王阿姨", "改名 501 的王阿姨")
    await town.says("王阿姨", "报事 灯坏了")

    assert "501 的王阿姨" in town.told("张楼长")
