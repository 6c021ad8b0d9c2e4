"""Household polls 每户一票: who owns several flats votes for each of them, once."""

from tests.conftest import ON_ONE_DATABASE, Stairwell

OPEN = "投票 每户 车棚建在哪 东侧/西侧 周五晚8点"


async def _two_flats(town: Stairwell, words: str = OPEN) -> None:
    """王阿姨 owns a flat in 3号楼 and one in 4号楼; the whole community votes."""
    await town.says("孙主任", "任命 钱伯 居民 3-1-102")
    await town.says("孙主任", "任命 王阿姨 居民 4-1-101")
    await town.says("孙主任", words)
    await town.presses("孙主任", "发布")


@ON_ONE_DATABASE
async def test_an_owner_votes_for_all_own_households_and_is_not_reminded(town: Stairwell) -> None:
    await _two_flats(town)
    await town.presses("王阿姨", "东侧", at="3号楼")

    assert "东侧：2票" in town.sees("4号楼") and "2户已投" in town.sees("4号楼")
    await town.moves("+6d 17:30")
    assert town.told("王阿姨") == "" and "车棚" in town.told("小杨")


async def test_an_owner_who_votes_again_changes_each_vote(town: Stairwell) -> None:
    await _two_flats(town)
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.presses("王阿姨", "西侧", at="4号楼")

    assert "东侧：0票" in town.sees("4号楼") and "西侧：2票" in town.sees("4号楼")
    assert "2户已投" in town.sees("3号楼")


async def test_households_that_voted_anonymously_keep_their_vote(town: Stairwell) -> None:
    await _two_flats(town, OPEN.replace("每户", "每户 匿名"))
    await town.presses("钱伯", "东侧", at="4号楼")
    await town.presses("王阿姨", "西侧", at="3号楼")

    assert "东侧：2票" in town.sees("3号楼") and "西侧：1票" in town.sees("3号楼")
    assert "不能改" in await town.presses("王阿姨", "东侧", at="3号楼")
    assert "东侧：2票" in town.sees("3号楼")


async def test_several_choices_are_taken_back_for_all_own_households(town: Stairwell) -> None:
    await _two_flats(town, OPEN.replace("每户", "每户 多选"))
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.presses("王阿姨", "西侧", at="3号楼")
    await town.presses("王阿姨", "东侧", at="3号楼")

    assert "东侧：0票" in town.sees("3号楼") and "西侧：2票" in town.sees("3号楼")


async def test_who_joins_a_household_later_is_not_told_on_the_card_what_it_had_voted(
    town: Stairwell,
) -> None:
    await town.says("孙主任", OPEN.replace("每户", "每户 多选"))
    await town.presses("孙主任", "发布")
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.moves("+1d")
    await town.says("孙主任", "任命 钱伯 居民 3-2-501")
    await town.says("孙主任", "免去 钱伯 居民 4-1-101")

    said = await town.taps("钱伯", "showpoll:1")
    assert "您家已经投过了" in said and "您投了" not in said
    assert "您投了：西侧。" in await town.presses("钱伯", "西侧")
    assert "东侧：0票" in town.sees("3号楼") and "西侧：1票" in town.sees("3号楼")


async def test_neighbours_of_the_building_read_the_doors_and_others_a_mask(town: Stairwell) -> None:
    await town.says("孙主任", "投票 每户 围墙刷什么颜色 白色/绿色 周五晚8点", at="睦邻社区")
    await town.presses("孙主任", "发布", at="睦邻社区")
    assert "本楼邻居看得到哪一户投了什么" in town.sees("3号楼")
    await town.presses("王阿姨", "白色", at="3号楼")

    assert "白色：3-2-501" in await town.says("刘大爷", "投票名单 票1")
    assert "白色：3-2-5**" in await town.says("钱伯", "投票名单 票1")
    assert "白色：3-2-501" in await town.says("李网格", "投票名单 票1")
    assert "白色：3-2-5**" in await town.says("唐网格", "投票名单 票1")


async def test_a_forged_place_of_a_poll_is_passed_over(town: Stairwell) -> None:
    said = await town.taps("张楼长", "poll:装扶手吗:同意/不同意:明晚8点:9999")

    assert "3号楼 · 11月22日" in said
