"""Notices 公告 and 辟谣: posted once in every group of the place, counted, kept, forwarded."""

import asyncio
import re

import pytest

from handlers.messages import Incoming, Press
from tests.conftest import Stairwell
from tests.dialogs.test_mydata import document

WATER = "公告 明天停水 8点到12点"


async def posted(
    town: Stairwell, who: str = "张楼长", at: str = "3号楼", words: str = WATER
) -> None:
    """Somebody posts a notice in their group."""
    await town.says(who, words, at=at)
    await town.presses(who, "发布", at=at)


async def test_a_notice_is_read_back_before_anybody_reads_it(town: Stairwell) -> None:
    said = await town.says("张楼长", WATER)

    assert "请看一下，对不对" in said and "【公告】" in said
    assert "明天停水 8点到12点" in said and "发到：3号楼的群" in said
    assert town.sees("3号楼") == ""


async def test_it_stands_in_the_group_with_who_says_it(town: Stairwell) -> None:
    await posted(town)

    card = town.sees("3号楼")
    assert card.startswith("告1 · 公告\n明天停水 8点到12点\n3号楼 · 张楼长 · 11月21日周六 12:00")
    assert "已有0人知道了" in card and "[知道了]" in card
    assert town.sees("4号楼") == ""


async def test_readers_are_counted_once_on_one_card(town: Stairwell) -> None:
    await posted(town)

    assert "谢谢！告1 已有1人知道了" in await town.presses("王阿姨", "知道了", at="3号楼")
    assert "已有2人知道了" in await town.presses("刘大爷", "知道了", at="3号楼")
    assert "您点过了，告1 已有2人知道了" in await town.presses("王阿姨", "知道了", at="3号楼")
    assert "已有2人知道了" in town.sees("3号楼")


async def test_ten_taps_at_once_are_ten_readers(town: Stairwell) -> None:
    await posted(town)
    call = town.call("3号楼", "知道了")
    people = ("王阿姨", "刘大爷", "小陈", "吴老师", "郑师母")
    taps = [
        Incoming("memory", f"tap-{n}", "3号楼", False, who, who, press=Press(call, f"t{n}"))
        for n, who in enumerate([*people, *people])
    ]

    await asyncio.gather(*(town.town.app.router.receive(tap) for tap in taps))

    await town.says("张楼长", "公告列表")
    assert "已有5人知道了" in await town.presses("张楼长", "告1")


async def test_a_grids_notice_stands_in_all_its_groups_with_one_count(town: Stairwell) -> None:
    await town.says("李网格", WATER)
    await town.presses("李网格", "发布")

    assert "告1 · 公告" in town.sees("3号楼") and "告1 · 公告" in town.sees("1号楼")
    await town.presses("王阿姨", "知道了", at="3号楼")
    assert "已有1人知道了" in town.sees("1号楼")


async def test_at_night_it_waits_for_the_morning_in_other_groups(town: Stairwell) -> None:
    await town.moves("+0d 23:00")
    await town.says("李网格", WATER)
    await town.presses("李网格", "发布")
    assert town.told("3号楼") == ""

    await town.moves("+1d 7:00")

    assert "告1 · 公告" in town.told("3号楼")


async def test_a_rumour_is_set_right(town: Stairwell) -> None:
    await posted(town, words="辟谣 网上说停电一周，不是真的，只停今天下午")

    assert town.sees("3号楼").startswith("告1 · 辟谣\n网上说停电一周，不是真的，只停今天下午")


async def test_without_words_it_is_asked_what_to_tell(town: Stairwell) -> None:
    assert "请问要告诉大家什么" in await town.says("张楼长", "公告")
    assert "【公告】\n明天停水" in await town.says("张楼长", "明天停水")

    assert "真的是什么" in await town.says("张楼长", "辟谣")


async def test_notices_are_kept_and_listed_the_newest_first(town: Stairwell) -> None:
    assert "最近没有公告" in await town.says("王阿姨", "公告列表")
    await posted(town)
    await town.moves("+1d 9:00")
    await posted(town, words="公告 周三灭蟑")

    said = await town.says("王阿姨", "公告列表")

    assert said.index("告2 公告：周三灭蟑") < said.index("告1 公告：明天停水")
    shown = await town.presses("王阿姨", "告1 明天停水")
    assert "已有0人知道了" in shown and "转发" not in shown
    await town.presses("王阿姨", "知道了")
    assert "您点过「知道了」" in town.sees("王阿姨")


async def test_another_building_reads_nothing_of_it(town: Stairwell) -> None:
    await posted(town)

    assert "最近没有公告" in await town.says("钱伯", "公告列表")
    assert "没有找到 告1" in await town.taps("钱伯", "readnotice:1")
    assert "没有找到 告1" in await town.taps("钱伯", "shownotice:1")


async def test_what_was_wrong_is_withdrawn_and_the_groups_are_told(town: Stairwell) -> None:
    await posted(town)
    card = town.town.screen.chats["3号楼"][-1]

    assert "要撤回 告1 吗" in await town.says("张楼长", "撤回公告 告1", at="3号楼")
    assert "撤回了（张楼长）" in await town.presses("张楼长", "撤回", at="3号楼")

    assert "请不要再转" in card.shown.text and "停水" not in card.shown.text
    assert not card.shown.buttons
    assert "最近没有公告" in await town.says("王阿姨", "公告列表")
    assert "已经撤回了" in await town.taps("王阿姨", "readnotice:1", at="3号楼")
    assert "已经撤回了" in await town.says("张楼长", "撤回公告 告1", at="3号楼")


async def test_who_stands_above_can_withdraw_it_and_who_stands_below_cannot(
    town: Stairwell,
) -> None:
    await posted(town)
    await town.says("李网格", "公告 全网格灭蟑")
    await town.presses("李网格", "发布")

    assert "由发布人或上级来撤回" in await town.says("张楼长", "撤回公告 告2")
    await town.says("李网格", "撤回公告 告1")
    assert "撤回了（李网格）" in await town.presses("李网格", "撤回")


async def test_the_own_card_has_a_button_for_it_and_a_neighbours_has_not(town: Stairwell) -> None:
    await posted(town)
    await town.says("王阿姨", "公告列表")
    assert "撤回" not in await town.presses("王阿姨", "告1")

    await town.says("张楼长", "公告列表")
    await town.presses("张楼长", "告1")
    await town.presses("张楼长", "撤回这条公告")
    assert "撤回了" not in town.sees("3号楼")

    await town.presses("张楼长", "撤回")
    assert "撤回了（张楼长）" in town.told("3号楼")


@pytest.mark.parametrize("who", ["王阿姨", "周业委", "赵师傅"])
async def test_only_who_answers_for_the_place_posts(town: Stairwell, who: str) -> None:
    assert "需要" in await town.says(who, WATER, at="3号楼")
    assert "告1" not in town.sees("3号楼")


async def test_a_building_head_posts_in_no_other_building(town: Stairwell) -> None:
    said = await town.says("张楼长", WATER, at="4号楼")

    assert "发布" not in said and "请找" in said


async def test_a_long_one_is_refused_since_nobody_would_read_it(town: Stairwell) -> None:
    assert "300" in await town.says("张楼长", f"公告 {'很长' * 151}")


async def test_it_is_forwarded_and_read_through_its_link(town: Stairwell) -> None:
    await posted(town)

    said = await town.says("张楼长", "转发 告1")

    assert "【3号楼】公告：明天停水 8点到12点" in said and len(said) <= 256
    found = re.search(r"/f/([\w-]+)", said)
    assert found is not None
    assert "告1 · 公告" in await town.taps("王阿姨", f"fwd:{found[1]}")
    assert "已有1人知道了" in await town.presses("王阿姨", "知道了")


async def test_the_days_text_begins_with_todays_notice(town: Stairwell) -> None:
    await posted(town)
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 周五晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")

    said = await town.says("张楼长", "转发")
    assert said.index("· 公告：明天停水") < said.index("· 投票：车棚")

    await town.moves("+2d 9:00")
    assert "停水" not in await town.says("张楼长", "转发")


async def test_what_was_withdrawn_is_not_forwarded(town: Stairwell) -> None:
    await posted(town)
    await town.says("张楼长", "撤回公告 告1", at="3号楼")
    await town.presses("张楼长", "撤回", at="3号楼")

    assert "已经撤回了" in await town.says("张楼长", "转发 告1")


async def test_my_data_tells_what_i_posted_and_read(town: Stairwell) -> None:
    await posted(town)
    await town.presses("王阿姨", "知道了", at="3号楼")

    for who, heading, said in (
        ("张楼长", "【发布的公告】", "明天停水 8点到12点"),
        ("王阿姨", "【看过的公告】", "告1"),
    ):
        await town.says(who, "我的数据")
        await town.presses(who, "下载（给人看）")
        file = await document(town)
        assert heading in file and said in file


async def test_who_deletes_themselves_stays_in_the_count(town: Stairwell) -> None:
    await posted(town)
    await town.presses("王阿姨", "知道了", at="3号楼")

    await town.says("王阿姨", "我的数据")
    await town.presses("王阿姨", "删除我的数据")
    await town.presses("王阿姨", "确认，全部删除")

    await town.says("张楼长", "公告列表")
    assert "已有1人知道了" in await town.presses("张楼长", "告1")


async def test_english_readers_read_the_same(town: Stairwell) -> None:
    await town.says("张楼长", "language English")

    assert "[Notice]\nno water tomorrow" in await town.says("张楼长", "notice no water tomorrow")
    said = await town.presses("张楼长", "Post")
    assert said.startswith("告1 · Notice\nno water tomorrow") and "0 know" in said
