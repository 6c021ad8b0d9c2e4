"""Namesakes 重名: nobody hides behind an officer's name, and two of one name are told apart."""

import pytest

from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell


async def _renamed(town: Stairwell, who: str, name: str) -> None:
    """As if the platform had told that name before they joined."""

    async def store(unit: Unit) -> None:
        found = await rows("select id from people where name = ?", who)
        await unit.people.rename(found[0]["id"], name, unit.now)

    await town.town.app.database.unit(store)


@ON_ONE_DATABASE
@pytest.mark.parametrize("name", ["张楼长", "张 楼长", " 张楼长 ", "魏科长", "p1", "ｐ12"])
async def test_nobody_takes_an_officers_name(town: Stairwell, name: str) -> None:
    assert "请换一个" in await town.says("王阿姨", f"改名 {name}")
    assert "张楼长" in await town.says("孙主任", "免去 张楼长 楼栋长 3号楼")


async def test_a_name_is_chosen_again_and_by_its_owner(town: Stairwell) -> None:
    assert "请换一个" not in await town.says("张楼长", "改名 张楼长")
    assert "请换一个" not in await town.says("王阿姨", "改名 刘大爷")


@pytest.mark.parametrize("which", ["楼栋长", "1"])
async def test_an_officer_with_a_namesake_can_be_dismissed(town: Stairwell, which: str) -> None:
    await _renamed(town, "王阿姨", "张楼长")

    asked = await town.says("孙主任", "免去 张楼长 楼栋长 3号楼")
    assert "[张楼长（3号楼 楼栋长）]" in asked and "[张楼长（3-2-501 居民）]" in asked
    if which.isdigit():
        await town.says("孙主任", which)
    else:
        await town.presses("孙主任", which)
    assert "3号楼" in town.told("张楼长")
    assert "需要" in await town.says("张楼长", "投票 建不建 建/不建 周五晚8点")


async def test_a_namesake_can_be_appointed_and_flats_are_masked_in_groups(
    town: Stairwell,
) -> None:
    await _renamed(town, "王阿姨", "刘大爷")
    await town.says("孙主任", "任命 刘大爷 楼栋长 3号楼", at="3号楼")
    assert "3-2-501" not in town.told("3号楼")

    await town.says("孙主任", "任命 刘大爷 楼栋长 3号楼")
    await town.presses("孙主任", "3-2-501")
    assert "楼栋长" in town.told("王阿姨")


async def test_a_report_can_be_given_to_one_of_two_namesakes(town: Stairwell) -> None:
    await _renamed(town, "王阿姨", "赵师傅")
    await town.says("刘大爷", "报事 灯坏了", at="3号楼")

    assert "不止一位" in await town.says("张楼长", "派单 1 赵师傅")
    await town.presses("张楼长", "物业")
    assert "报1" in town.told("赵师傅") and town.told("王阿姨") == ""


async def test_an_id_of_nobody_here_is_no_name(town: Stairwell) -> None:
    await town.says("刘大爷", "报事 灯坏了", at="3号楼")

    assert "没有找到" in await town.taps("张楼长", "dispatch:1:p999")
    assert "没有找到" in await town.says("孙主任", "任命 p999 楼栋长 3号楼")


async def test_a_new_name_is_journaled_without_the_words(town: Stairwell) -> None:
    await town.says("王阿姨", "改名 王秀英")

    async def last(unit: Unit) -> dict[str, object]:
        found = await rows("select * from journal where verb = 'rename'")
        return {key: found[0][key] for key in ("subject", "before", "after")}

    kept = await town.town.app.database.unit(last)
    assert kept == {"subject": "person", "before": "{}", "after": "{}"}
