"""Time in the life of a report 报事与时间: reminders, silence, quiet hours."""

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_issue_life import mended, reported


@ON_ONE_DATABASE
async def test_silence_is_asked_once_more_after_three_days(town: Stairwell) -> None:
    await mended(town)
    await town.moves("+2d")
    assert town.told("王阿姨") == ""

    await town.moves("+1d")

    assert "三天前办结，还没人验单" in town.told("王阿姨")


@ON_ONE_DATABASE
async def test_silence_of_seven_days_ends_it_unconfirmed(town: Stairwell) -> None:
    await mended(town)

    await town.moves("+7d")

    assert "未确认，不算满意" in town.told("王阿姨")
    assert "已结束，未确认" in town.card("3号楼")


@ON_ONE_DATABASE
async def test_it_was_closed_by_nobody(town: Stairwell) -> None:
    await mended(town)
    await town.moves("+7d")

    told = await town.says("王阿姨", "经过 1")

    assert "七天无人验单，结束（未确认）\n" in f"{told}\n"


@ON_ONE_DATABASE
async def test_not_fixed_opens_it_again_even_then(town: Stairwell) -> None:
    await mended(town)
    await town.moves("+7d")
    await town.moves("+1d")
    await town.presses("王阿姨", "没修好")
    await town.says("王阿姨", "又不亮了")

    assert "已退回" in town.card("3号楼")
    assert "又不亮了" in town.told("赵师傅")


async def test_not_fixed_opens_it_again_even_after_it_was_verified(town: Stairwell) -> None:
    await mended(town)
    await town.says("王阿姨", "验单 1")
    await town.moves("+2d")

    assert "已退回" in await town.says("王阿姨", "没修好 1 又不亮了")


@ON_ONE_DATABASE
async def test_who_has_verified_is_not_reminded(town: Stairwell) -> None:
    await mended(town)
    await town.says("王阿姨", "验单 1")

    await town.moves("+8d")

    assert town.told("王阿姨") == town.told("赵师傅") == town.told("3号楼") == ""


@ON_ONE_DATABASE
async def test_a_second_finish_has_its_own_clock(town: Stairwell) -> None:
    await mended(town)
    await town.moves("+2d")
    await town.says("王阿姨", "退回 1 不亮")
    await town.says("赵师傅", "接单 1")
    await town.says("赵师傅", "办结 1 换了灯座")

    await town.moves("+2d")
    assert town.told("王阿姨") == ""
    await town.moves("+1d 12:00")
    assert "三天前办结" in town.told("王阿姨")


async def test_private_words_wait_for_the_morning(town: Stairwell) -> None:
    await town.moves("23:00")

    await reported(town)
    assert "报1" in town.card("3号楼")
    assert town.told("张楼长") == ""

    await town.moves("+8h")
    assert "报1" in town.told("张楼长")


async def test_who_asks_at_night_is_answered_at_night(town: Stairwell) -> None:
    await town.moves("23:00")

    assert "点一下就好" in await town.says("王阿姨", "帮助")


async def test_who_takes_it_at_night_can_go_on_at_night(town: Stairwell) -> None:
    await reported(town)
    await town.moves("23:00")

    assert "[接单]" in await town.says("张楼长", "派单 1 自己")


async def test_a_card_that_waited_shows_how_things_stand_in_the_morning(town: Stairwell) -> None:
    await town.moves("23:00")
    await reported(town)
    await town.says("刘大爷", "附议 1", at="3号楼")

    await town.moves("7:00")

    assert "1位邻居也遇到" in town.told("张楼长")


async def test_a_number_never_answers_a_button_that_was_not_seen_yet(town: Stairwell) -> None:
    await town.says("张楼长", "帮助")
    await town.moves("23:00")
    await town.taps("新邻居", "join:3-2-102:1")

    assert "同意" not in await town.says("张楼长", "1")
    await town.moves("7:00")
    assert "认识吗" in town.told("张楼长")
    assert "已同意" in await town.says("张楼长", "1")


async def test_a_reminder_that_falls_into_the_night_waits(town: Stairwell) -> None:
    await town.moves("21:30")
    await reported(town)
    await town.says("李网格", "派单 1 赵师傅")
    await town.presses("赵师傅", "接单")
    await town.moves("22:30")
    await town.says("赵师傅", "办结 1 好了")
    await town.moves("7:00")
    assert "请看看修好没有" in town.told("王阿姨")

    await town.moves("+2d 22:40")
    assert town.told("王阿姨") == ""
    await town.moves("7:00")
    assert "三天前办结" in town.told("王阿姨")


async def test_a_reminder_that_waits_is_dropped_once_it_is_verified(town: Stairwell) -> None:
    await mended_at_night(town)
    await town.moves("+2d 22:40")
    await town.says("王阿姨", "验单 1")

    await town.moves("7:00")

    assert town.told("王阿姨") == ""


@ON_ONE_DATABASE
async def test_what_ends_by_silence_at_night_can_be_verified_until_the_morning(
    town: Stairwell,
) -> None:
    await mended_at_night(town)
    await town.moves("+6d 22:40")
    assert "谢谢您" in await town.says("王阿姨", "验单 1")

    await town.moves("7:00")

    assert town.told("王阿姨") == "" and "已验单" in town.card("3号楼")


async def mended_at_night(town: Stairwell) -> None:
    """报1 was finished at 22:30, so that its reminders fall into the quiet hours."""
    await town.moves("21:30")
    await reported(town)
    await town.says("李网格", "派单 1 赵师傅")
    await town.presses("赵师傅", "接单")
    await town.moves("22:30")
    await town.says("赵师傅", "办结 1 好了")
    await town.moves("7:00")


async def test_everybody_is_told_once(town: Stairwell) -> None:
    await reported(town)

    bubbles = [event for event in town.events if event.kind == "send"]

    assert sorted(event.chat for event in bubbles) == ["3号楼", "@张楼长", "@李网格"]


async def test_steps_edit_the_card_of_the_group_and_post_no_new_one(town: Stairwell) -> None:
    await mended(town)
    await town.says("王阿姨", "验单 1")

    assert len(town.town.screen.chats["3号楼"]) == 1


async def test_danger_does_not_wait_for_the_morning(town: Stairwell) -> None:
    await town.moves("23:30")
    await town.says("王阿姨", "报事 二单元楼道冒烟着火了")

    assert "着火" in town.told("3号楼")
    assert "着火" in town.told("张楼长")
