"""Moving and calling off 改期、取消会议: whoever signed up is told, the group hears it once."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_meetings import called


async def signed_up(town: Stairwell) -> None:
    """A meeting to which two come or may come, and one does not."""
    await called(town)
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.presses("刘大爷", "可能来", at="3号楼")
    await town.presses("小陈", "不来", at="3号楼")


async def test_everybody_who_signed_up_hears_of_a_move(town: Stairwell) -> None:
    await signed_up(town)
    said = await town.says("张楼长", "改期 会1 下周六晚8点 活动室", at="3号楼")
    assert "原来：11月27日周五 19:00" in said and "11月28日周六 20:00" in said and "2人" in said

    await town.presses("张楼长", "改期", at="3号楼")

    assert "改期了（张楼长）" in town.told("3号楼")
    for who in ("王阿姨", "刘大爷"):
        assert "11月28日周六 20:00" in town.told(who) and "活动室" in town.told(who)
    assert town.told("小陈") == ""


async def test_a_day_alone_keeps_hour_and_place(town: Stairwell) -> None:
    await called(town)

    said = await town.says("张楼长", "改期 会1 下周六")
    assert "🕐11月28日周六 19:00" in said and "📍凉亭" in said


async def test_who_signed_up_can_still_say_no_after_a_move(town: Stairwell) -> None:
    await signed_up(town)
    await town.says("张楼长", "改期 会1 下周六", at="3号楼")
    await town.presses("张楼长", "改期", at="3号楼")

    assert "您不来" in await town.presses("王阿姨", "不来")


async def test_the_three_parties_confirm_anew_after_a_move(town: Stairwell) -> None:
    await called(town)
    await town.presses("孙主任", "三方确认参加")
    await town.says("张楼长", "改期 会1 下周六", at="3号楼")
    await town.presses("张楼长", "改期", at="3号楼")

    assert "改期了" in town.told("孙主任")
    assert "居委会未确认" in town.card("3号楼", "会1")
    await town.presses("孙主任", "三方确认参加")
    assert "居委会已确认✓" in town.card("3号楼", "会1")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("昨晚8点", "已经过去"),
        ("凌晨3点", "休息"),
        ("下周五晚7点", "本来就是"),
        ("早点吧", "不是时间"),
        ("下周", "哪一天"),
    ],
)
async def test_what_cannot_be_a_move_is_explained(town: Stairwell, line: str, answer: str) -> None:
    await called(town)

    assert answer in await town.says("张楼长", f"改期 会1 {line}", at="3号楼")


async def test_a_meeting_is_called_off_after_one_question(town: Stairwell) -> None:
    await signed_up(town)
    assert "要取消 会1" in await town.says("张楼长", "取消会议 会1 下雨", at="3号楼")

    await town.presses("张楼长", "取消这次会", at="3号楼")

    assert "取消了（张楼长）" in town.told("3号楼") and "原因：下雨" in town.told("3号楼")
    assert "取消了" in town.told("王阿姨") and "取消了" in town.told("刘大爷")
    assert town.told("小陈") == ""
    assert "已经取消" in await town.taps("王阿姨", "rsvp:1:yes", at="3号楼")


@ON_ONE_DATABASE
async def test_a_meeting_that_was_called_off_does_not_end(town: Stairwell) -> None:
    await called(town)
    await town.says("张楼长", "取消会议 会1", at="3号楼")
    await town.presses("张楼长", "取消这次会", at="3号楼")
    await town.moves("+7d")

    assert "会1 · 睦邻夜话 · 已取消" in town.card("3号楼", "会1")
    assert "已经取消" in await town.says("张楼长", "改期 会1 下周六", at="3号楼")


async def test_only_the_convener_or_staff_above_may_change_it(town: Stairwell) -> None:
    await called(town)

    assert "需要楼栋长" in await town.says("王阿姨", "取消会议 会1")
    assert "没有找到" in await town.says("韩楼长", "改期 会1 下周六")
    assert "对不对" in await town.says("李网格", "改期 会1 下周六")


async def test_meetings_to_come_are_listed_with_a_button_each(town: Stairwell) -> None:
    assert "没有要开的会" in await town.says("王阿姨", "会议列表")
    await called(town)

    assert "会1 睦邻夜话 · 11月27日周五 19:00 凉亭" in await town.says("王阿姨", "会议列表")
    assert "报名中" in await town.presses("王阿姨", "会1 睦邻夜话")
    assert "没有要开的会" in await town.says("钱伯", "会议列表")
