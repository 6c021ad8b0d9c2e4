"""Polls 投票: opened in one line, voted by tapping, told when they end."""

import asyncio
from datetime import UTC, datetime

import pytest

from domain.people import Role
from domain.places import PlaceKind
from handlers.messages import Incoming, Press
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell

OPEN = "投票 车棚建在哪 东侧/西侧/不建 周五晚8点"


async def opened(town: Stairwell, words: str = OPEN, at: str = "3号楼") -> None:
    """张楼长 opens a poll and confirms what is read back."""
    assert "11月27日周五 20:00 截止" in await town.says("张楼长", words, at=at)
    await town.presses("张楼长", "发布", at=at)


async def test_a_poll_is_read_back_before_it_opens(town: Stairwell) -> None:
    said = await town.says("张楼长", OPEN, at="3号楼")

    assert "对不对" in said and "11月27日周五 20:00 截止" in said
    assert "票1 · 投票中" in await town.presses("张楼长", "发布", at="3号楼")


async def test_the_count_is_live_on_one_card(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.presses("刘大爷", "西侧", at="3号楼")

    assert "东侧：1票（50%）" in town.sees("3号楼")
    assert len([b for b in town.town.screen.chats["3号楼"] if "票1 ·" in b.shown.text]) == 1


async def test_a_vote_can_be_changed_until_the_close(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "东侧", at="3号楼")

    assert "您投了：西侧" in await town.presses("王阿姨", "西侧", at="3号楼")
    assert "东侧：0票" in town.sees("3号楼") and "1人已投" in town.sees("3号楼")


async def test_those_who_have_not_voted_are_reminded_once(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.moves("+6d 17:30")

    assert "车棚建在哪" in town.told("刘大爷")
    assert town.told("王阿姨") == ""


async def test_nobody_is_reminded_of_a_poll_that_is_over(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 周五凌晨1点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.moves("+5d 21:45")
    assert town.told("刘大爷") == ""

    await town.moves("21:55")
    assert "车棚建在哪" in town.told("刘大爷")

    await town.moves("7:30")
    assert [event.kind for event in town.events if event.chat == "@刘大爷"] == ["edit"]


@ON_ONE_DATABASE
async def test_the_result_is_told_in_words_and_as_a_chart(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.moves("+7d")

    assert "投票结束：东侧" in town.told("3号楼")


async def test_a_press_after_the_close_says_so(town: Stairwell) -> None:
    await opened(town)
    await town.moves("+7d")

    assert "已经结束" in await town.taps("王阿姨", "vote:1:0", at="3号楼")


async def test_an_anonymous_vote_is_final_and_says_so(town: Stairwell) -> None:
    await opened(town, "投票 匿名 车棚建在哪 东侧/西侧/不建 周五晚8点")

    assert "不能改" in await town.presses("王阿姨", "东侧", at="3号楼")
    assert "不能改" in await town.presses("王阿姨", "西侧", at="3号楼")
    assert "东侧：1票" in town.sees("3号楼")


async def test_another_building_cannot_vote(town: Stairwell) -> None:
    await opened(town)

    assert "没有找到" in await town.taps("钱伯", "vote:1:0")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("投票 建不建 建 周五晚8点", "选项"),
        ("投票 建不建 建/建 周五晚8点", "一样"),
        ("投票 选几 " + "/".join(map(str, range(21))) + " 周五晚8点", "最多"),
        ("投票 建不建 建/不建 昨天晚上8点", "已经过去"),
        ("投票 建不建 建/不建 2040年1月1日晚8点", "太久"),
    ],
)
async def test_what_cannot_be_a_poll_is_explained(town: Stairwell, words: str, answer: str) -> None:
    assert answer in await town.says("张楼长", words, at="3号楼")


async def test_a_resident_cannot_open_a_poll(town: Stairwell) -> None:
    assert "需要楼栋长" in await town.says("王阿姨", OPEN, at="3号楼")


async def test_a_grids_poll_runs_in_all_its_buildings_with_one_count(town: Stairwell) -> None:
    await town.says("李网格", OPEN, at="第一网格")
    await town.presses("李网格", "发布", at="第一网格")
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.presses("冯叔", "东侧", at="1号楼")

    assert "东侧：2票" in town.sees("2号楼")


async def test_a_poll_is_asked_step_by_step(town: Stairwell) -> None:
    assert "要问大家什么" in await town.says("张楼长", "投票")
    assert "有哪些选项" in await town.says("张楼长", "车棚建在哪")
    assert "什么时候截止" in await town.says("张楼长", "东侧/西侧")
    assert "11月27日周五 20:00 截止" in await town.says("张楼长", "周五晚8点")


async def test_an_unclear_hour_is_asked(town: Stairwell) -> None:
    assert "哪一天" in await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 下周")
    assert "11月25日周三 20:00 截止" in await town.says("张楼长", "下周三晚8点")


async def test_options_with_slashes_are_listed_with_another_mark(town: Stairwell) -> None:
    said = await town.says("张楼长", "投票 哪天修 12/5上午|12/6上午 周五晚8点", at="3号楼")

    assert "· 12/5上午" in said and "· 12/6上午" in said


async def test_several_choices_and_taking_one_back(town: Stairwell) -> None:
    await opened(town, "投票 多选 种什么 桂花/月季/竹子 周五晚8点")
    await town.presses("王阿姨", "桂花", at="3号楼")

    assert "您投了：桂花、竹子" in await town.presses("王阿姨", "竹子", at="3号楼")
    assert "您投了：竹子" in await town.presses("王阿姨", "桂花", at="3号楼")
    assert "已取消" in await town.presses("王阿姨", "竹子", at="3号楼")
    assert "0人已投" in town.sees("3号楼")


async def test_several_choices_are_listed_as_the_voters_language_does(town: Stairwell) -> None:
    await opened(town, "投票 多选 种什么 桂花/月季/竹子 周五晚8点")
    await town.says("王阿姨", "language English")
    await town.presses("王阿姨", "桂花", at="3号楼")

    assert "桂花, 竹子" in await town.presses("王阿姨", "竹子", at="3号楼")


async def test_one_vote_a_household(town: Stairwell) -> None:
    await town.says("赵师傅", "登记 3-2-501")
    await town.presses("张楼长", "同意")
    await opened(town, "投票 每户 装不装门禁 装/不装 周五晚8点")
    await town.presses("王阿姨", "装", at="3号楼")
    await town.presses("赵师傅", "不装", at="3号楼")

    assert "装：0票" in town.sees("3号楼") and "1户已投" in town.sees("3号楼")


async def test_a_poll_that_is_not_open_yet_can_be_made_anonymous_with_a_tap(
    town: Stairwell,
) -> None:
    await town.says("张楼长", OPEN)

    assert "匿名" in await town.presses("张楼长", "改成匿名")
    assert "单选 · 匿名 · 每户一票" in await town.presses("张楼长", "每户一票")


async def test_an_anonymous_poll_has_one_choice_whatever_is_typed(town: Stairwell) -> None:
    said = await town.says("张楼长", "投票 匿名 多选 种什么 桂花/月季/竹子 周五晚8点")

    assert "单选 · 匿名" in said and "可以多选" not in said


async def test_a_poll_is_extended_and_the_group_is_told_by_whom(town: Stairwell) -> None:
    await opened(town)

    assert "11月29日周日 20:00（张楼长）" in await town.says(
        "张楼长", "延期 票1 下周日晚8点", at="3号楼"
    )
    await town.moves("+7d")
    assert "投票结束" not in town.told("3号楼")
    assert "11月29日周日 20:00" in await town.says("王阿姨", "投票列表")


async def test_an_early_close_tells_the_result_at_once(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "西侧", at="3号楼")
    asked = await town.says("张楼长", "结束投票 票1")
    assert "要现在结束 票1 吗" in asked and "本来到" in asked
    await town.presses("张楼长", "现在结束")

    assert "投票结束：西侧" in town.told("3号楼")


async def test_a_cancelled_poll_counts_nothing(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "西侧", at="3号楼")

    assert "取消以后都不算" in await town.says("张楼长", "取消投票 票1", at="3号楼")
    assert "什么也没变" in await town.presses("张楼长", "不，照常", at="3号楼")
    assert "投票中" in town.card("3号楼", "票1")
    await town.says("张楼长", "取消投票 票1", at="3号楼")
    assert "已取消（张楼长）" in await town.presses("张楼长", "取消这次投票", at="3号楼")
    assert "已经取消" in await town.taps("王阿姨", "vote:1:0", at="3号楼")
    await town.moves("+7d")
    assert "投票结束" not in town.told("3号楼")


async def test_which_poll_is_meant_is_asked_with_its_name(town: Stairwell) -> None:
    await opened(town)

    assert "[票1 车棚建在哪]" in await town.says("张楼长", "结束投票")
    assert "票1" in await town.says("张楼长", "1")
    await town.presses("张楼长", "现在结束")
    assert "已结束" in town.card("3号楼", "票1")


async def test_only_the_author_or_staff_above_may_end_a_poll(town: Stairwell) -> None:
    await opened(town)

    assert "没有找到" in await town.says("韩楼长", "结束投票 票1")
    await town.says("李网格", "结束投票 票1")
    await town.presses("李网格", "现在结束")
    assert "投票结束" in town.told("3号楼")


async def test_anybody_concerned_can_count_a_named_poll_again(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "东侧", at="3号楼")

    assert "东侧：王阿姨" in await town.says("刘大爷", "投票名单 票1")


async def test_an_anonymous_poll_stores_no_link_between_person_and_choice(
    town: Stairwell,
) -> None:
    await opened(town, "投票 匿名 车棚建在哪 东侧/西侧 周五晚8点")
    await town.presses("王阿姨", "东侧", at="3号楼")

    async def stored(unit: Unit) -> list[str | None]:
        return [r["choices"] for r in await rows("select choices from poll_voters")]

    assert await town.town.app.database.unit(stored) == [None]
    assert "没有名单" in await town.says("刘大爷", "投票名单 票1")


async def test_a_vote_at_the_very_second_of_the_close_is_too_late(town: Stairwell) -> None:
    await opened(town)
    town.town.clock.move_to(datetime(2026, 11, 27, 12, 0, tzinfo=UTC))

    assert "已经结束" in await town.presses("王阿姨", "东侧", at="3号楼")


async def test_two_hundred_people_at_once_are_counted_exactly(town: Stairwell) -> None:
    await opened(town, "投票 车棚建在哪 东侧/西侧 周五晚8点")
    names = [f"邻居{n}" for n in range(200)]

    async def move_in(unit: Unit) -> None:
        community = (await unit.places.communities())[0]
        building = (await unit.places.named("3号楼", below=community.path))[0]
        door = await unit.places.add(PlaceKind.ENTRANCE, "9单元", building)
        for n, name in enumerate(names):
            home = await unit.places.add(PlaceKind.HOUSEHOLD, f"3-9-{n}", door)
            person = await unit.people.add(name, unit.now)
            await unit.people.identify(person, "memory", name, unit.now)
            await unit.people.grant(person, Role.RESIDENT, home.id, by=None, now=unit.now)

    await town.town.app.database.unit(move_in)
    presses = [
        Incoming(
            platform="memory",
            delivery=f"many{n}",
            chat="3号楼",
            is_private=False,
            account=name,
            name=name,
            press=Press(f"vote:1:{n % 2}", f"{name}|{n}"),
        )
        for n, name in enumerate(names * 2)
    ]
    await asyncio.gather(*(town.town.app.received(press) for press in presses))
    await town.town.app.delivery.drain()

    async def counted(unit: Unit) -> tuple[tuple[int, ...], int]:
        poll = await unit.polls.by_id(1)
        return poll.votes, poll.voters

    assert await town.town.app.database.unit(counted) == ((100, 100), 200)


@ON_ONE_DATABASE
async def test_who_is_reminded_reads_that_nothing_was_voted_yet(town: Stairwell) -> None:
    await opened(town)
    await town.moves("+6d 17:00")

    assert "您还没投票" in town.told("王阿姨")
    await town.presses("王阿姨", "东侧")
    assert "您投了：东侧" in town.sees("王阿姨") and "您还没投票" in town.sees("刘大爷")
    assert "您" not in town.sees("3号楼")


async def test_an_anonymous_choice_is_not_told_to_its_voter_either(town: Stairwell) -> None:
    await opened(town, "投票 匿名 车棚建在哪 东侧/西侧 周五晚8点")
    await town.says("王阿姨", "投票列表")
    await town.presses("王阿姨", "票1")
    await town.presses("王阿姨", "东侧")

    assert town.sees("王阿姨").count("东侧") == 2 and "您已经投过了" in town.sees("王阿姨")


async def test_many_short_options_stand_two_in_a_row(town: Stairwell) -> None:
    await opened(town, "投票 哪天大扫除 一号/二号/三号/四号/五号/六号/七号/八号/九号 周五晚8点")
    rows = town.town.screen.chats["3号楼"][-1].shown.buttons

    assert [len(row) for row in rows] == [2, 2, 2, 2, 1]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("“东侧/靠门”/西侧", ("东侧/靠门", "西侧")),
        ("“东侧 靠门”、西侧", ("东侧 靠门", "西侧")),
        ('「东、西」/"南,北"/都不', ("东、西", "南,北", "都不")),
        ("“周六晚8点”/“周日早8点”", ("周六晚8点", "周日早8点")),
        ("用“A/B”款/不用", ("用“A/B”款", "不用")),
        ("“东侧/西侧", ("“东侧", "西侧")),
    ],
)
async def test_quotes_keep_an_option_together(
    town: Stairwell, line: str, options: tuple[str, ...]
) -> None:
    said = await town.says("张楼长", f"投票 车棚建在哪 {line} 周五晚8点", at="3号楼")

    assert "【车棚建在哪】" in said and "11月27日周五 20:00" in said
    assert said.count("· ") - said.count(" · ") == len(options)
    assert all(f"· {option}\n" in said for option in options)
    card = await town.presses("张楼长", "发布", at="3号楼")
    assert all(f"{option}：0票" in card for option in options)
