"""The digest 日报: one message a day that replaces a form."""

from tests.conftest import Stairwell


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

    assert "今天没有要办的事" in town.sees("李网格")


async def test_each_line_has_its_button(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.moves("+1d 08:00")

    assert "派单" in await town.presses("李网格", "报1")


async def test_newcomers_whom_nobody_answered_stand_in_it(town: Stairwell) -> None:
    await town.says("新来的", "登记 3-2-602")
    await town.moves("+1d 08:00")

    assert "新来的 说住 3-2-602" in town.told("李网格")
    await town.presses("李网格", "同意 新来的")
    assert "已登记" in town.told("新来的")


async def test_polls_that_close_today_stand_in_it(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 明晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.moves("+1d 08:00")

    assert "今天截止的投票（1）" in town.told("李网格")


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
