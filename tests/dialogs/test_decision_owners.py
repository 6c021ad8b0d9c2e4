"""Owners of decisions 谁来办: what their card asks of them."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_minutes import held


@ON_ONE_DATABASE
@pytest.mark.parametrize(("owner", "who"), [("维修队", "吴老师"), ("小陈", "小陈")])
async def test_who_has_a_decision_in_hand_is_not_asked_to_second_it(
    town: Stairwell, owner: str, who: str
) -> None:
    await held(town)
    await town.says("张楼长", "议定 会1 清理三楼")
    await town.says("张楼长", owner)
    await town.presses("张楼长", "一周内")
    await town.presses("张楼长", "记下")

    said = await town.says(who, "看 报1")
    assert "[接单]" in said.replace("1·", "") and "附议" not in said
    assert "就是请您办的" in await town.says(who, "附议 报1")
    assert "附议" in await town.says("刘大爷", "看 报1")
