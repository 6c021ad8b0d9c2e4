"""The roll 名册: sent as a file, looked through, stored after a yes; who is which owner."""

import pytest

from tests.conftest import Stairwell

HEAD = "楼栋,单元,房号,业主,建筑面积,用途\n"
GOOD = HEAD + "3,2,501,王秀英,89.5,\n3,1,102,刘德福,70,\n3,2,301,未售,70,\n"


async def stored(town: Stairwell, content: str = GOOD) -> str:
    await town.sends("孙主任", "名册.csv", content)
    return await town.presses("孙主任", "存入名册")


def call_of(town: Stairwell, label: str) -> str:
    """What a button that 孙主任 sees last carries."""
    rows = town.town.screen.chats["@孙主任"][-1].shown.buttons
    return next(call for row in rows for said, call in row if said == label)


async def test_a_roll_is_looked_through_and_stored_after_a_yes(town: Stairwell) -> None:
    said = await town.sends("孙主任", "名册.csv", GOOD)

    assert "3户（处），3位业主，共229.50平方米" in said and "还没有名册" in await town.says(
        "孙主任", "名册"
    )
    await town.sends("孙主任", "名册.csv", GOOD)
    assert "新增3，改动0，删除0" in await town.presses("孙主任", "存入名册")
    assert "3位业主，3户，共229.50平方米" in await town.says("孙主任", "名册")


async def test_problems_are_listed_with_their_row_and_nothing_can_be_stored(
    town: Stairwell,
) -> None:
    said = await town.sends("孙主任", "名册.csv", GOOD + "3,2,501,李明,0,\n9,1,1,张三,-5,\n")

    assert "第5行E列：面积「0」要大于0" in said and "[存入名册]" not in said
    assert "3-2-501 重复了，第2行已有" in said and "9号楼（1户）不在社区里" in said


async def test_many_problems_come_page_by_page(town: Stairwell) -> None:
    rows = "".join(f"3,1,{n},王秀英,0,\n" for n in range(100, 120))
    assert "……还有15处" in await town.sends("孙主任", "名册.csv", HEAD + rows)

    assert "第1–8处，共21处" in await town.presses("孙主任", "看问题")
    assert "第9–16处" in await town.presses("孙主任", "下一页")
    assert "📎名册问题.csv" in await town.presses("孙主任", "下载全部")
    written = await document(town)
    assert written.count("要大于0") == 20 and "第2行E列" in written


async def document(town: Stairwell) -> str:
    """What stands in the file that 孙主任 was sent last."""
    shown = town.town.screen.chats["@孙主任"][-1].shown
    assert shown.document is not None
    file_id = shown.document.file
    found = await town.town.app.database.unit(lambda unit: unit.photos.get(file_id))
    assert found is not None
    return found.content.decode("utf-8-sig")


async def test_the_template_can_be_sent_back_as_it_is(town: Stairwell) -> None:
    assert "楼栋" in await town.says("孙主任", "导入名册")
    assert "📎名册模板.csv" in await town.presses("孙主任", "下载模板")

    said = await town.sends("孙主任", "名册.csv", await document(town))
    assert "4户（处），3位业主" in said and "[存入名册]" in said


async def test_a_second_file_shows_what_it_would_change(town: Stairwell) -> None:
    await stored(town)
    said = await town.sends("孙主任", "名册.csv", GOOD.replace("刘德福,70", "刘小福,71"))

    assert "新增0，改动1，删除0，不变2" in said
    shown = await town.presses("孙主任", "看改动")
    assert "3-1-102 业主 刘德福 → 刘小福，面积 70.00 → 71.00" in shown
    assert "一模一样" in await town.sends("孙主任", "名册.csv", GOOD)


async def test_a_stale_yes_stores_nothing(town: Stairwell) -> None:
    await town.sends("孙主任", "名册.csv", GOOD)
    await town.sends("周业委", "名册.csv", GOOD)
    await town.presses("周业委", "存入名册")

    assert "重新核对" in await town.presses("孙主任", "存入名册")
    assert "第1版" in await town.says("孙主任", "名册")


async def test_a_second_tap_stores_nothing_twice(town: Stairwell) -> None:
    await town.sends("孙主任", "名册.csv", GOOD)
    call = call_of(town, "存入名册")
    await town.taps("孙主任", call)

    assert "已存好" not in await town.taps("孙主任", call)
    assert "第1版" in await town.says("孙主任", "名册")


@pytest.mark.parametrize("who", ["王阿姨", "张楼长", "赵师傅", "李网格"])
async def test_only_the_committees_keep_the_roll(town: Stairwell, who: str) -> None:
    assert "3位业主" not in await town.sends(who, "名册.csv", GOOD)
    assert "第1版" not in await town.says(who, "名册")


async def test_anothers_sheet_cannot_be_stored_or_seen(town: Stairwell) -> None:
    await town.sends("孙主任", "名册.csv", GOOD)
    see, store = call_of(town, "看改动"), call_of(town, "存入名册")

    assert "王秀英" not in await town.taps("周业委", see)
    assert "已存好" not in await town.taps("周业委", store)
    assert "王秀英" in await town.taps("孙主任", see)


async def test_a_file_that_cannot_be_read_says_what_to_do(town: Stairwell) -> None:
    assert "另存为 .xlsx" in await town.sends("孙主任", "名册.xls", b"\xd0\xcf\x11\xe0" * 9)
    assert "名册" in await town.says("孙主任", "导入名册")


async def test_garages_count_where_the_estate_says_so(town: Stairwell) -> None:
    await stored(town, GOOD + ",,B12,王秀英,12.5,车位\n")
    assert "共229.50平方米" in await town.says("孙主任", "名册")

    assert "共242.00平方米" in await town.presses("孙主任", "车位要算")
    assert "共229.50平方米" in await town.presses("孙主任", "车位不算")


async def test_somebody_is_known_as_an_owner_after_the_title_was_seen(town: Stairwell) -> None:
    await stored(town)
    assert "名册上：王秀英" in await town.says("张楼长", "认证业主 王阿姨 3-2-501")
    await town.presses("张楼长", "是本人")

    assert "您已认证为 3-2-501 的业主" in town.told("王阿姨")
    assert "不再代表" in await town.says("张楼长", "取消业主 王阿姨 3-2-501")
    assert "本来就不是" in await town.says("张楼长", "取消业主 王阿姨 3-2-501")


async def test_a_building_head_knows_owners_of_the_own_building_only(town: Stairwell) -> None:
    await stored(town)

    assert "名册上" not in await town.says("韩楼长", "认证业主 王阿姨 3-2-501")
    assert "不在名册上" in await town.says("张楼长", "认证业主 郑师母 3-2-202")


async def test_a_sale_between_question_and_yes_is_noticed(town: Stairwell) -> None:
    await stored(town)
    await town.says("张楼长", "认证业主 王阿姨 3-2-501")
    await stored(town, GOOD.replace("王秀英", "赵六"))

    assert "可以代表" not in await town.presses("张楼长", "是本人")


async def test_the_roll_is_spoken_of_in_private_only(town: Stairwell) -> None:
    await stored(town)

    assert "私聊" in await town.says("孙主任", "/名册", at="睦邻社区")
