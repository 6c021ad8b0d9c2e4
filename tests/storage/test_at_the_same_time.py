"""At the same time 同时: many neighbours at once, on one router and on several workers."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from domain.issues import Step
from domain.proposals import ProposalState
from domain.refusal import Refusal
from handlers.messages import Incoming, unpacked
from handlers.proposal_results import task_changed
from handlers.telling import Teller
from storage.faults import Conflict
from storage.statement import Statement, rows, value
from storage.unit import Unit
from tests.conftest import NEEDS_POSTGRES, NOON, Stairwell
from tests.storage.crowds import Crowd, hung

RESIDENTS = ("王阿姨", "刘大爷", "小陈", "吴老师", "郑师母")


async def first_break(crowd: Crowd) -> int | None:
    async def asked(unit: Unit) -> int | None:
        community = (await unit.places.communities())[0]
        return await unit.journal.first_break(community.id)

    return await crowd.apps[0].database.read(asked)


async def test_no_number_is_given_twice_and_none_is_left_out(crowd: Crowd) -> None:
    reports = [crowd.said(RESIDENTS[n % 5], f"报事 第{n}盏灯坏了") for n in range(50)]

    handled = await crowd.at_once(reports)

    async def numbers(unit: Unit) -> list[int]:
        return [r["number"] for r in await rows("select number from issues order by number")]

    assert {h.outcome for h in handled} == {"silent"}
    assert await crowd.apps[0].database.read(numbers) == list(range(1, 51))
    assert await first_break(crowd) is None


async def test_two_who_press_at_once_are_first_and_too_late(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("王阿姨", "报事 灯坏了")])
    await crowd.at_once([crowd.said("李网格", "派单 1 维修队")])

    both = await crowd.at_once([crowd.pressed(who, "accept:1") for who in ("赵师傅", "吴老师")])

    assert sorted(h.outcome for h in both) == ["answered", "refused"]
    late = next(h for h in both if h.outcome == "refused")
    assert "处理中" in unpacked(late.posts[0].body).text


async def test_whoever_lets_in_first_decides_also_at_once(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("孙主任", "任命 小陈 楼栋长 3号楼")])
    await crowd.at_once([crowd.pressed("小新", "join:3-2-102:1")])

    both = await crowd.at_once([crowd.pressed(who, "admit:1:1") for who in ("张楼长", "小陈")])

    assert sorted(h.outcome for h in both) == ["answered", "refused"]


async def test_everybody_who_seconds_at_once_is_counted(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("王阿姨", "报事 灯坏了")])

    handled = await crowd.at_once([crowd.said(who, "附议 1") for who in RESIDENTS[1:]])

    async def seconders(unit: Unit) -> int:
        return int(await value("select count(*) from seconds"))

    assert [h.outcome for h in handled] == ["answered"] * 4
    assert await crowd.apps[0].database.read(seconders) == 4


async def test_a_code_is_spent_by_one(crowd: Crowd) -> None:
    told = (await crowd.at_once([crowd.said("张楼长", "邀请 3-2-102")]))[0]
    code = unpacked(told.posts[0].body).text.split("：")[1][:9].replace("-", "")

    handled = await crowd.at_once([crowd.pressed(f"客{n}", f"code:{code}:1") for n in range(5)])

    assert sorted(h.outcome for h in handled) == ["answered", *["refused"] * 4]


async def test_the_journal_is_unbroken_after_two_hundred_at_once(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("王阿姨", f"报事 第{n}盏灯坏了") for n in range(1, 41)])

    await crowd.at_once(
        [crowd.said(who, f"附议 {n}") for n in range(1, 41) for who in RESIDENTS[1:]]
    )

    async def length(unit: Unit) -> int:
        return int(await value("select count(*) from journal where subject = 'issue'"))

    assert await crowd.apps[0].database.read(length) == 200
    assert await first_break(crowd) is None


async def test_what_is_said_in_one_chat_keeps_its_order(crowd: Crowd) -> None:
    app = crowd.apps[0]
    said = [crowd.said("王阿姨", f"报事 第{n}盏灯坏了", "3号楼") for n in range(1, 21)]

    await asyncio.gather(*(app.router.receive(message) for message in said))

    async def texts(unit: Unit) -> list[str]:
        return [r["text"] for r in await rows("select text from issues order by number")]

    assert await app.database.read(texts) == [f"第{n}盏灯坏了" for n in range(1, 21)]


async def test_a_delivery_that_comes_to_all_workers_is_handled_once(crowd: Crowd) -> None:
    report = crowd.said("王阿姨", "报事 灯坏了")

    handled = await crowd.at_once([report] * 9)

    assert sorted(h.outcome for h in handled) == [*["repeated"] * 8, "silent"]


async def test_what_somebody_else_changed_meanwhile_is_tried_again(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("王阿姨", "报事 灯坏了")])
    database = crowd.apps[0].database
    tries: list[int] = []

    async def stale_once(unit: Unit) -> int:
        tries.append(1)
        issue = await unit.issues.by_id(1)
        if len(tries) == 1:
            await Statement("update issues set version = version + 1 where id = 1")
        return (await unit.issues.save(issue, Step.AMEND, by=None)).version

    if database.driver.is_shared:
        await database.unit(stale_once)
        assert len(tries) == 2
    else:  # one file, one writer: nobody can come between, so it is a bug
        with pytest.raises(Conflict):
            await database.unit(stale_once)


async def test_a_delivery_that_comes_again_changes_nothing(town: Stairwell) -> None:
    app = town.town.app
    report = Incoming("memory", "again", "3号楼", False, "王阿姨", "王阿姨", "报事 灯坏了")
    await app.received(report)
    before = len(town.town.screen.events)

    handled = await app.router.receive(report)

    assert (handled.outcome, handled.posts) == ("repeated", [])
    assert len(town.town.screen.events) == before
    assert "没有找到" in await town.says("王阿姨", "看 2")


async def test_a_refused_delivery_that_comes_again_is_not_answered_again(town: Stairwell) -> None:
    app = town.town.app
    asked = Incoming("memory", "again", "@王阿姨", True, "王阿姨", "王阿姨", "看 99")
    await app.received(asked)

    assert (await app.router.receive(asked)).outcome == "repeated"


async def test_a_refusal_keeps_nothing(town: Stairwell) -> None:
    async def asked(unit: Unit) -> None:
        await unit.people.add("谁", unit.now)
        await unit.places.next_number(2, "issue")
        raise Refusal("unclear")

    with pytest.raises(Refusal):
        await town.town.app.database.unit(asked)

    assert "报1" in await town.says("王阿姨", "报事 灯坏了")


async def test_a_bug_keeps_nothing_apologises_and_names_nobody(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(self: object, *args: object, **named: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("storage.issues.Issues.add", broken)
    told = await town.says("王阿姨", "报事 三楼灯坏了")
    monkeypatch.undo()

    assert "没有做任何改动" in told and "broken" not in told
    assert "三楼灯坏了" not in caplog.text and "王阿姨" not in caplog.text
    assert "报1 " in await town.says("王阿姨", "报事 三楼灯坏了")


def test_noon_is_noon() -> None:
    assert NOON.hour == 4


async def test_two_meetings_of_a_place_do_not_get_the_same_evening_at_once(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("张楼长", "睦邻夜话 择日 凉亭", "3号楼")])
    await crowd.at_once([crowd.said("李网格", "坝坝会 择日 院坝", "3号楼")])
    friday = int(NOON.timestamp()) // 60 + (6 * 24 + 7) * 60

    handled = await crowd.at_once(
        [
            crowd.pressed("张楼长", f"evening:1:{friday}"),
            crowd.pressed("李网格", f"evening:2:{friday}"),
        ]
    )

    assert sorted(one.outcome for one in handled) == ["refused", "silent"]


@pytest.mark.parametrize("is_shown", [True, False], ids=["an edit waits", "the card waits"])
@pytest.mark.parametrize("driver", [pytest.param("postgres", marks=NEEDS_POSTGRES)], indirect=True)
async def test_no_card_is_drawn_while_what_it_shows_changes(crowd: Crowd, is_shown: bool) -> None:
    database, other = crowd.apps[0].database, crowd.apps[1].database
    await database.unit(lambda unit: hung(unit, is_shown=is_shown))

    async def change(unit: Unit) -> None:
        await unit.outbox.refresh("poll", 1)
        await Statement("select pg_sleep(0.4)")

    changing = asyncio.ensure_future(database.unit(change))
    await asyncio.sleep(0.15)
    early = await other.unit(lambda unit: unit.outbox.claim("memory", 10))
    await changing

    assert early == []
    assert len(await other.unit(lambda unit: unit.outbox.claim("memory", 10))) == 1


async def test_two_who_word_a_clause_anew_at_once_come_one_after_the_other(crowd: Crowd) -> None:
    for who, text in (
        ("张楼长", "公约 3号楼楼道公约"),
        ("张楼长", "11月28日晚8点"),
        ("王阿姨", "加一条 约1 楼道不堆杂物"),
    ):
        await crowd.at_once([crowd.said(who, text)])
        if text.startswith("11月"):
            await crowd.at_once([crowd.pressed(who, "=!")])

    calls = [("张楼长", "clausereword:1:楼道放空"), ("孙主任", "clausereword:1:楼道不放东西")]
    handled = await crowd.at_once([crowd.pressed(who, call) for who, call in calls])

    async def wordings(unit: Unit) -> int:
        return len((await unit.clauses.of(1))[0].wordings)

    assert [h.outcome for h in handled] == ["answered"] * 2
    assert await crowd.apps[0].database.read(wordings) == 3


@pytest.mark.parametrize("driver", [pytest.param("postgres", marks=NEEDS_POSTGRES)], indirect=True)
async def test_a_proposal_is_done_though_its_last_two_tasks_end_at_once(crowd: Crowd) -> None:
    await crowd.at_once([crowd.said("吴老师", "提议 楼道装扶手")])
    await crowd.at_once([crowd.said("王阿姨", f"报事 第{n}盏灯坏了") for n in (1, 2)])

    async def passed(unit: Unit) -> None:
        await Statement("update proposals set state = 'passed'")
        for n in (1, 2):
            await Statement("insert into proposal_tasks (issue_id, proposal_id) values (?, 1)", n)

    await crowd.apps[0].database.unit(passed)
    verified = [app.database.unit(_verified(n)) for n, app in enumerate(crowd.apps[:2], 1)]
    await asyncio.gather(*verified)

    proposal = await crowd.apps[0].database.read(lambda unit: unit.proposals.by_id(1))
    assert proposal.state is ProposalState.DONE


def _verified(issue_id: int) -> Callable[[Unit], Coroutine[Any, Any, None]]:
    """A task of a proposal is in order; its unit takes a while to end."""

    async def work(unit: Unit) -> None:
        await Statement("update issues set state = 'verified' where id = ?", issue_id)
        issue = await unit.issues.by_id(issue_id)
        community = await unit.places.community(issue.community_id)
        await task_changed(unit, Teller(unit, community), issue)
        await Statement("select pg_sleep(0.3)")

    return work


async def test_a_yes_that_is_tapped_twice_at_once_counts_once(crowd: Crowd) -> None:
    for text in ("公约 3号楼楼道公约", "11月28日晚8点"):
        await crowd.at_once([crowd.said("张楼长", text)])

    handled = await crowd.at_once([crowd.pressed("张楼长", "=!") for _ in range(3)])

    async def count(unit: Unit) -> int:
        return int(await value("select count(*) from conventions"))

    assert await crowd.apps[0].database.read(count) == 1
    assert sorted(h.outcome for h in handled) == ["refused", "refused", "silent"]
