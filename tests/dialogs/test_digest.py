"""The digest 日报: one message a day that replaces a form."""

import pytest

from domain.digest import Timetable
from domain.people import Actor
from handlers.digest import plan_digests
from handlers.messages import Reply
from handlers.registry import REGISTRY
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.voting import with_roll


async def test_nothing_to_tell_is_one_line(town: Stairwell) -> None:
    said = await town.says("李网格", "日报")

    assert "今天没有要办的事" in said and "\n" not in said


async def test_a_grid_worker_starts_the_day_with_one_message(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("钱伯", "报事 大门关不上", at="4号楼")
    await town.moves("+1d 08:00")

    assert "新报的（1）" in town.told("李网格") and "五楼灯坏了" in town.told("李网格")
    assert "大门关不上" not in town.told("李网格") and "大门关不上" in town.told("唐网格")


async def test_the_digest_comes_every_day(town: Stairwell) -> None:
    await town.moves("+1d 08:00")
    await town.moves("+1d 08:00")

    assert town.told("李网格").count("日报") == 1


async def test_what_was_left_lying_is_overdue(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.moves("+3d 08:00")

    assert "超过两天没动（1）" in town.told("李网格")


async def test_the_digest_is_edited_as_things_get_done(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.moves("+1d 08:00")
    await town.says("王阿姨", "撤回 报1")
    await town.presses("王阿姨", "还是撤回")

    assert "今天没有要办的事" in town.sees("李网格")


async def test_each_line_has_its_button(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.moves("+1d 08:00")

    assert "派单" in await town.presses("李网格", "报1")


async def test_newcomers_whom_nobody_answered_stand_in_it(town: Stairwell) -> None:
    await town.says("新来的", "登记 3-2-602")
    await town.presses("新来的", "同意，登记")
    await town.moves("+1d 08:00")

    assert "新来的 说住 3-2-602" in town.told("李网格")
    await town.presses("李网格", "同意 新来的")
    assert "已登记" in town.told("新来的")


async def test_polls_that_close_today_stand_in_it(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 明晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.moves("+1d 08:00")

    assert "今天截止的投票（1）" in town.told("李网格")


@ON_ONE_DATABASE
async def test_silent_households_of_a_running_survey_are_counted(town: Stairwell) -> None:
    await town.says("张楼长", "征询 加装电梯，同意吗 下周五晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.presses("王阿姨", "同意", at="3号楼")
    await town.moves("+1d 08:00")

    assert "还有户没答的征询（1）" in town.told("李网格") and "询1 加装电梯" in town.told("李网格")
    assert "5户没答" in town.told("李网格") and "3-1-102" not in town.told("李网格")
    assert "没答" not in town.told("唐网格")
    assert "3-1-102" in await town.presses("李网格", "询1")

    await town.moves("+7d")
    assert "没答" not in await town.says("李网格", "日报")


async def test_residents_have_no_digest(town: Stairwell) -> None:
    assert "需要楼栋长" in await town.says("王阿姨", "日报")


async def test_nothing_open_is_forgotten_between_two_days(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("钱伯", "报事 大门关不上", at="4号楼")
    await town.says("唐网格", "派单 2 维修队")
    await town.moves("+1d 08:00")
    await town.moves("+1d 07:00")
    await town.moves("08:00")

    assert "还没派出去（1）" in town.told("李网格")
    assert "正在办（1）" in town.told("唐网格")


async def test_the_weekly_edition_says_what_to_decide_and_what_was_done(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("李网格", "派单 1 维修队")
    await town.says("赵师傅", "接单 1")
    await town.says("赵师傅", "办结 1 换了灯泡")
    await town.says("王阿姨", "验单 1")
    await town.says("刘大爷", "报事 地下室一直漏水", at="3号楼")
    await town.says("张楼长", "上报 2 要请社区定")
    said = await town.says("李网格", "周报")

    assert "周报 11月14日周六 到 11月21日周六" in said
    assert "新报 2 件 · 办完 1 件（邻居认可 1 件）· 还没办完 1 件" in said
    assert "要一起商量的（1）】\n报2 地下室一直漏水" in said and "办完的（1）】\n报1" in said


async def test_the_weekly_edition_tells_next_weeks_polls_and_meetings(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 下周四晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "1", at="3号楼")

    assert "会1" not in await town.says("李网格", "日报")
    said = await town.says("李网格", "周报")
    assert "接下来的会（1）】\n会1 睦邻夜话 · 11月27日周五 19:00 凉亭" in said
    assert "接下来截止的投票（1）】\n票1 车棚建在哪" in said


async def test_todays_meeting_stands_in_the_digest(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话 明晚7点 凉亭", at="3号楼")
    await town.presses("张楼长", "1", at="3号楼")
    await town.moves("+1d 08:00")

    assert "今天的会（1）】\n会1 睦邻夜话" in town.told("李网格")


async def test_the_monthly_edition_has_the_figures_of_each_building(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("赵师傅", "报事 一号楼水表坏了", at="1号楼")
    said = await town.says("孙主任", "月报")

    assert "月报 10月21日周三 到 11月21日周六" in said
    assert "3号楼：新报 1 · 办完 0（认可 0）· 没办完 1" in said


async def test_an_edition_with_nothing_to_tell_is_one_line(town: Stairwell) -> None:
    for word, nothing in (("周报", "这一周没有事"), ("月报", "这个月没有事")):
        said = await town.says("李网格", word)

        assert nothing in said and "\n" not in said


@ON_ONE_DATABASE
async def test_the_longer_editions_come_on_their_day_where_the_community_wants_them(
    town: Stairwell,
) -> None:
    async def wanted(unit: Unit) -> None:
        (place,) = await unit.places.communities()
        table = Timetable(weekday=0, day=1)
        await unit.places.open_community(place, zone="Asia/Shanghai", lang="zh", digests=table)
        await plan_digests(unit, place.id)

    await town.town.app.database.unit(wanted)
    await town.moves("+1d 08:00")
    assert "周报" not in town.told("李网格")
    await town.moves("+1d 08:00")
    assert "周报" in town.told("李网格") and "周报" in town.told("孙主任")
    assert "周报" not in town.told("张楼长")
    await town.moves("+8d 08:00")
    assert "月报" in town.told("李网格")


async def test_how_long_a_newcomer_has_waited_is_said(town: Stairwell) -> None:
    await town.says("新来的", "登记 3-2-602")
    await town.presses("新来的", "同意，登记")
    assert "等了" not in await town.says("李网格", "日报")
    await town.moves("+3d 08:00")

    assert "新来的 说住 3-2-602（等了 2 天）" in town.told("李网格")


async def test_one_bad_card_does_not_spoil_the_day_of_the_others(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = REGISTRY.cards["digest"]

    async def broken(unit: Unit, person_id: int, viewer: Actor | None) -> Reply:
        if (await unit.people.actor(person_id)).name == "李网格":
            raise ZeroDivisionError
        return await whole(unit, person_id, viewer)

    with monkeypatch.context() as patched:
        patched.setitem(REGISTRY.cards, "digest", broken)
        await town.moves("+1d 08:00")
        assert "日报" in town.told("唐网格") and "日报" not in town.told("李网格")
    await town.moves("08:30")

    assert "日报" in town.told("李网格") and "日报" not in town.told("唐网格")


@ON_ONE_DATABASE
async def test_a_vote_of_owners_that_closes_today_stands_in_it(town: Stairwell) -> None:
    await with_roll(town)
    await town.plays(
        "张楼长: 表决 楼道加扶手\n张楼长: 同意加装扶手\n张楼长: 明天晚8点\n张楼长> 公示"
    )
    await town.moves("+1d 08:00")

    assert "【今天截止的表决（1）】\n表1 楼道加扶手" in town.told("李网格")
    assert "楼道加扶手" in await town.presses("李网格", "表1")
