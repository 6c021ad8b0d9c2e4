"""Meetings and the clock 会前提醒、签到: told politely, once, and only while it is of use."""

from domain.people import Role
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_meetings import called


async def signed_up(town: Stairwell) -> None:
    """A meeting on Friday at 19:00 to which 王阿姨 comes, and 小陈 does not."""
    await called(town)
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.presses("小陈", "不来", at="3号楼")


@ON_ONE_DATABASE
async def test_those_who_come_are_reminded_three_days_a_day_and_two_hours_before(
    town: Stairwell,
) -> None:
    await signed_up(town)

    await town.moves("+3d 19:00")
    assert "别忘了，3天后有睦邻夜话" in town.told("王阿姨")
    assert town.told("小陈") == "" and "别忘了" not in town.told("3号楼")

    await town.moves("+2d 19:00")
    assert "别忘了，明天有睦邻夜话" in town.told("王阿姨")
    assert "别忘了，明天有睦邻夜话" in town.told("3号楼") and "已有1人说来" in town.told("3号楼")

    await town.moves("+1d 17:00")
    assert "别忘了，今天有睦邻夜话" in town.told("王阿姨")
    assert "别忘了" not in town.told("3号楼")


@ON_ONE_DATABASE
async def test_a_reminder_can_be_answered(town: Stairwell) -> None:
    await signed_up(town)
    await town.moves("+5d 19:00")

    assert "您不来" in await town.presses("王阿姨", "不来")
    await town.moves("+1d 17:00")
    assert town.told("王阿姨") == ""


async def test_a_reminder_that_falls_into_the_night_comes_at_a_polite_hour(
    town: Stairwell,
) -> None:
    await town.says("张楼长", "楼栋议事会 下周五早上8点 一楼大厅", at="3号楼")
    await town.presses("张楼长", "召集", at="3号楼")
    await town.presses("王阿姨", "我来", at="3号楼")
    await town.moves("+6d 06:30")
    assert "别忘了，今天" not in town.told("王阿姨")

    await town.moves("07:00")
    assert "别忘了，今天有楼栋议事会" in town.told("王阿姨")


async def test_after_a_day_away_only_what_is_still_of_use_is_said(town: Stairwell) -> None:
    await signed_up(town)
    town.town.clock.move_to(town.town.clock().replace(day=26, hour=12))  # 20:00 on the eve
    await town.town.app.alarm.fire()
    await town.town.app.delivery.drain()
    told = [b.shown.text for b in town.town.screen.chats["@王阿姨"] if "别忘了" in b.shown.text]

    assert len(told) == 1 and "明天" in told[0]


@ON_ONE_DATABASE
async def test_nobody_is_reminded_of_a_meeting_that_is_about_to_begin(town: Stairwell) -> None:
    await signed_up(town)
    town.town.clock.move_to(town.town.clock().replace(day=27, hour=10, minute=45))
    await town.town.app.alarm.fire()
    await town.town.app.delivery.drain()

    assert "别忘了" not in town.sees("王阿姨")


@ON_ONE_DATABASE
async def test_a_move_drops_the_old_reminders(town: Stairwell) -> None:
    await signed_up(town)
    await town.says("张楼长", "改期 会1 下周日", at="3号楼")
    await town.presses("张楼长", "改期", at="3号楼")
    await town.moves("+3d 20:00")
    assert "别忘了" not in town.told("王阿姨")

    await town.moves("+2d 19:30")
    assert "别忘了，3天后" in town.told("王阿姨")


@ON_ONE_DATABASE
async def test_a_meeting_that_was_called_off_reminds_nobody(town: Stairwell) -> None:
    await signed_up(town)
    await town.says("张楼长", "取消会议 会1", at="3号楼")
    await town.presses("张楼长", "取消这次会", at="3号楼")
    await town.moves("+7d")

    assert "别忘了" not in town.told("王阿姨") + town.told("3号楼")


@ON_ONE_DATABASE
async def test_people_check_in_from_half_an_hour_before(town: Stairwell) -> None:
    await signed_up(town)
    assert "还不能签到" in await town.taps("王阿姨", "checkin:1", at="3号楼")
    await town.moves("+6d 18:30")
    assert "签到：我到了" in town.card("3号楼", "会1")

    assert "欢迎" in await town.presses("王阿姨", "签到：我到了", at="3号楼")
    assert "已经签到" in await town.presses("王阿姨", "签到：我到了", at="3号楼")
    await town.presses("刘大爷", "签到：我到了", at="3号楼")
    assert "已签到2人" in town.card("3号楼", "会1")


@ON_ONE_DATABASE
async def test_at_the_start_signing_up_ends_and_checking_in_goes_on(town: Stairwell) -> None:
    await signed_up(town)
    await town.moves("+6d 19:00")

    assert "我来" not in town.card("3号楼", "会1") and "签到" in town.card("3号楼", "会1")
    await town.presses("刘大爷", "签到：我到了", at="3号楼")


@ON_ONE_DATABASE
async def test_afterwards_the_card_says_how_many_came_and_never_who(town: Stairwell) -> None:
    await signed_up(town)
    await town.moves("+6d 18:30")
    await town.presses("王阿姨", "签到：我到了", at="3号楼")
    await town.moves("21:00")

    assert "已结束" in town.card("3号楼", "会1")
    assert "签到1人（报名1人）" in town.card("3号楼", "会1")
    assert "王阿姨" not in town.card("3号楼", "会1")
    assert "已经开完" in await town.taps("刘大爷", "checkin:1", at="3号楼")


async def test_who_moved_away_is_reminded_no_more(town: Stairwell) -> None:
    await signed_up(town)

    async def move_out(unit: Unit) -> None:
        (person,) = await unit.people.named("王阿姨", 2)
        (home,) = (await unit.people.actor(person)).households
        await unit.people.revoke(person, Role.RESIDENT, home, by=None, now=unit.now)

    await town.town.app.database.unit(move_out)
    await town.moves("+5d 19:00")

    assert "别忘了" not in town.told("王阿姨")


async def test_a_party_that_confirmed_is_reminded_wherever_its_office_is(town: Stairwell) -> None:
    await called(town)
    await town.presses("孙主任", "三方确认参加")
    await town.moves("+5d 19:00")

    assert "别忘了，明天" in town.told("孙主任")
