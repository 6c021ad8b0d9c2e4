"""Paper and proxies 纸票与委托: two pairs of eyes, and the owner's own word above all."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.voting import PHOTO, announced, votes, with_roll


async def opened(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)


async def entered(town: Stairwell, words: str, who: str = "孙主任") -> str:
    return await town.says(who, f"纸票 表1 {words}", pictures=[PHOTO])


@ON_ONE_DATABASE
async def test_a_paper_counts_once_a_second_person_confirmed_it(town: Stairwell) -> None:
    await opened(town)
    assert "核对照片以后才计入" in await entered(town, "3-2-501 赞成")
    assert "请核对纸票" in town.told("周业委") and "0/16户已投" in town.card("3号楼", "表1")
    await town.presses("周业委", "一样，计入")

    assert "1/16户已投" in town.card("3号楼", "表1")
    assert "已投：赞成（纸票）" in town.told("王阿姨")


async def test_nobody_confirms_a_paper_they_entered(town: Stairwell) -> None:
    await opened(town)
    await entered(town, "3-2-501 赞成")

    assert "要请另一位" in await town.taps("孙主任", "paperok:1:1")
    assert "0/16户已投" in town.card("3号楼", "表1")


async def test_a_paper_is_confirmed_once(town: Stairwell) -> None:
    await opened(town)
    await entered(town, "3-2-501 赞成")
    await town.presses("周业委", "一样，计入")

    assert "已经核对过了" in await town.taps("周业委", "paperok:1:1")
    assert "1/16户已投" in town.card("3号楼", "表1")


async def test_a_paper_that_does_not_fit_its_photo_does_not_count(town: Stairwell) -> None:
    await opened(town)
    await entered(town, "3-2-501 赞成")
    await town.presses("周业委", "不一样")

    assert "核对不符" in town.told("孙主任") and "0/16户已投" in town.card("3号楼", "表1")


async def test_a_paper_needs_its_photo(town: Stairwell) -> None:
    await opened(town)

    assert "拍照" in await town.says("孙主任", "纸票 表1 3-2-501 赞成")


async def test_a_paper_is_asked_for_step_by_step(town: Stairwell) -> None:
    await opened(town)
    await town.says("孙主任", "纸票", pictures=[PHOTO])
    await town.presses("孙主任", "表1")
    assert "纸票上写的是什么" in await town.says("孙主任", "3-2-501")
    assert "已录入" in await town.says("孙主任", "同意")


@ON_ONE_DATABASE
async def test_a_later_paper_never_overrules_an_own_vote(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "王阿姨", "反对")
    await entered(town, "3-2-501 赞成")
    said = await town.presses("周业委", "一样，计入")

    assert "自己投的是反对，纸票是赞成。以自己投的为准" in said
    assert "现在以您自己投的为准" in town.told("王阿姨")
    await town.moves("+45d")
    assert "反对：1户" in town.told("3号楼") and "赞成：0户" in town.told("3号楼")


@ON_ONE_DATABASE
async def test_the_owner_settles_a_conflict_by_voting_again(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "王阿姨", "反对")
    await entered(town, "3-2-501 赞成")
    await town.presses("周业委", "一样，计入")
    await town.presses("王阿姨", "赞成")
    await town.presses("王阿姨", "确认赞成")
    await town.moves("+45d")

    assert "赞成：1户" in town.told("3号楼")


@ON_ONE_DATABASE
async def test_a_paper_that_says_the_same_is_not_counted_twice(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "王阿姨", "赞成")
    await entered(town, "3-2-501 赞成")

    assert "不重复计" in await town.presses("周业委", "一样，计入")
    assert "1/16户已投" in town.card("3号楼", "表1")


@ON_ONE_DATABASE
async def test_an_own_vote_takes_the_place_of_a_paper(town: Stairwell) -> None:
    await opened(town)
    await entered(town, "3-2-501 赞成")
    await town.presses("周业委", "一样，计入")
    await votes(town, "王阿姨", "反对")
    await town.moves("+45d")

    assert "反对：1户" in town.told("3号楼") and "赞成：0户" in town.told("3号楼")


async def test_papers_that_wait_are_shown_one_after_the_other(town: Stairwell) -> None:
    await opened(town)
    assert "没有等着核对" in await town.says("周业委", "待核纸票 表1")
    await entered(town, "3-2-501 赞成")
    await entered(town, "3-1-102 反对", who="周业委")

    assert "3-2-501" in await town.says("周业委", "待核纸票 表1")
    assert "3-1-102" in await town.says("孙主任", "待核纸票 表1")


async def test_staff_hear_before_the_close_which_papers_nobody_confirmed(town: Stairwell) -> None:
    await opened(town)
    await entered(town, "3-2-501 赞成")
    await entered(town, "3-1-102 反对", who="周业委")
    assert "2张纸票等着第二人核对" in await town.says("周业委", "表1")
    await entered(town, "3-2-301 赞成")
    assert "3张纸票等着第二人核对" in town.card("周业委", "表1")
    await town.presses("周业委", "不一样")
    assert "2张纸票等着第二人核对" in town.card("周业委", "表1")
    assert "张纸票" not in town.told("3号楼")
    assert "张纸票" not in await town.says("王阿姨", "表1")

    await town.moves("+39d 20:30")
    assert "还有2张纸票等着第二人核对" in town.told("周业委")
    assert "其中1张是您录入的" in town.told("孙主任") and "纸票" not in town.told("王阿姨")
    assert "3-2-501" in await town.presses("周业委", "待核纸票")
    await town.presses("周业委", "一样，计入")
    await town.moves("+1d 17:00")
    assert "还有1张纸票等着第二人核对" in town.told("孙主任")


@ON_ONE_DATABASE
async def test_papers_nobody_confirmed_are_told_of_and_named_to_staff_alone(
    town: Stairwell,
) -> None:
    await opened(town)
    await entered(town, "3-2-501 赞成")
    await votes(town, "刘大爷", "反对")
    await town.moves("+45d")

    assert "1张纸票没有第二人核对，没有计入" in town.told("3号楼")
    assert "1张纸票没有第二人核对，没有计入" in town.card("3号楼", "表1")
    assert "3-2-501" not in town.told("3号楼") and "赞成：0户" in town.told("3号楼")
    for who in ("孙主任", "周业委"):
        assert "· 3-2-501（孙主任录入）" in town.told(who)
    assert "录入" not in town.told("王阿姨")
    assert "3-2-501（孙主任录入）" in await town.says("周业委", "待核纸票 表1")
    assert "结束" in await town.taps("周业委", "paperok:1:1")


async def test_a_flat_that_is_not_on_the_roll_has_no_paper(town: Stairwell) -> None:
    await opened(town)

    assert "没有 3-9-999" in await entered(town, "3-9-999 赞成")


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", ["王阿姨", "赵师傅"])
async def test_neighbours_and_property_staff_enter_no_paper(town: Stairwell, who: str) -> None:
    await opened(town)

    assert "需要楼栋长" in await entered(town, "3-2-501 赞成", who=who)


async def test_another_buildings_head_enters_no_paper_of_ours(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town, who="张楼长")

    assert "没有找到 表1" in await entered(town, "3-2-501 赞成", who="韩楼长")


async def entrusted(town: Stairwell, flat: str, holder: str) -> str:
    return await town.says("孙主任", f"委托 表1 {flat} {holder}", pictures=[PHOTO])


async def test_a_proxy_votes_beside_their_own_vote(town: Stairwell) -> None:
    await opened(town)
    assert "已登记" in await entrusted(town, "3-1-102", "王阿姨")
    assert "委托您代投" in town.told("王阿姨") and "委托就作废" in town.told("刘大爷")
    await town.presses("王阿姨", "赞成", at="3号楼")
    assert "替哪一户" in town.told("王阿姨")
    await town.presses("王阿姨", "代 3-1-102")
    said = await town.presses("王阿姨", "确认赞成")

    assert "3-1-102 赞成（委托）" in said and "已投：赞成（委托）" in town.told("刘大爷")
    assert "1/16户已投" in town.card("3号楼", "表1")


@ON_ONE_DATABASE
async def test_the_owners_own_vote_cancels_the_proxy(town: Stairwell) -> None:
    await opened(town)
    await entrusted(town, "3-1-102", "王阿姨")
    await town.presses("王阿姨", "赞成", at="3号楼")
    await town.presses("王阿姨", "代 3-1-102")
    await town.presses("王阿姨", "确认赞成")
    await votes(town, "刘大爷", "反对")

    assert "不用代投了" in town.told("王阿姨")
    await town.presses("王阿姨", "赞成", at="3号楼")
    assert "您代表 3-2-501" in town.told("王阿姨")
    await town.moves("+45d")
    assert "反对：1户" in town.told("3号楼")


async def test_a_proxy_is_for_three_owners_at_most(town: Stairwell) -> None:
    await opened(town)
    for flat in ("3-1-102", "3-2-301", "3-1-403"):
        assert "已登记" in await entrusted(town, flat, "王阿姨")

    assert "最多受3位" in await entrusted(town, "3-2-202", "王阿姨")
    assert "已登记" in await entrusted(town, "3-1-102", "王阿姨")


async def test_property_staff_are_no_proxies(town: Stairwell) -> None:
    await opened(town)

    assert "物业的工作人员不能" in await entrusted(town, "3-1-102", "赵师傅")


async def test_a_proxy_comes_after_the_owner(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "刘大爷", "反对")

    assert "业主自己已经投了票" in await entrusted(town, "3-1-102", "王阿姨")


async def test_a_proxy_needs_a_photo_and_somebody_else(town: Stairwell) -> None:
    await opened(town)

    assert "委托书拍照" in await town.says("孙主任", "委托 表1 3-1-102 王阿姨")
    assert "不用委托" in await entrusted(town, "3-1-102", "刘大爷")
    assert "没有找到" in await entrusted(town, "3-1-102", "没有人")
