"""Secret votes 不记名表决: who took part is known, what they chose is not."""

import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import pytest

from domain.verdict import Choice
from handlers.messages import Reply, packed
from handlers.showing import shown
from handlers.wording import Speaker
from storage.outbox import Post
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import Stairwell
from tests.dialogs.voting import OWNERS, announced, give_many, votes, with_roll


async def opened(town: Stairwell) -> None:
    """A secret vote of the estate is open."""
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")


def code_in(said: str) -> str:
    return said.split("回执码 ")[1].split("\n")[0]


async def everything(town: Stairwell) -> dict[str, Sequence[Any]]:
    """Every row of every table that could tell something."""
    tables = "journal outbox inbox drafts menus motion_voters motions motion_secrets "
    tables += "motion_sums motion_ledger deadlines web_messages"

    async def read(unit: Unit) -> dict[str, Sequence[Any]]:
        names = tables.split()
        return {t: [_plain(r) for r in await rows(f"select * from {t}")] for t in names}

    return await town.town.app.database.unit(read)


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row.values() if hasattr(row, "values") else row)


async def test_secret_is_said_in_plain_words_on_the_ballot(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "赞成", at="3号楼")

    assert "没有人能看到您投了什么" in town.told("王阿姨")
    assert "不记名" in town.card("3号楼", "表1")


async def test_the_receipt_is_shown_once_and_not_the_choice(town: Stairwell) -> None:
    await opened(town)
    said = await votes(town, "王阿姨", "赞成")

    assert "回执码" in said and "赞成" not in said
    assert "1/22户已投" in town.card("3号楼", "表1")


async def test_nothing_in_the_database_links_a_voter_to_a_choice(town: Stairwell) -> None:
    await opened(town)
    said = await votes(town, "王阿姨", "反对")
    stored = await everything(town)

    assert [row[2] for row in stored["motion_secrets"]] == ["no"]
    assert stored["outbox"] == []
    told = json.dumps({t: [list(map(str, r)) for r in found] for t, found in stored.items()})
    assert code_in(said) not in told and code_in(said).replace("-", "") not in told
    assert "cast:" not in told
    for table in ("journal", "inbox", "drafts", "motion_voters", "deadlines"):
        assert "no" not in [str(part) for row in stored[table] for part in row]
        assert ":no" not in json.dumps([list(map(str, row)) for row in stored[table]])


async def test_a_choice_that_was_not_confirmed_is_forgotten(town: Stairwell) -> None:
    await opened(town)
    await town.presses("王阿姨", "反对", at="3号楼")
    await town.moves("+15m")

    menus = (await everything(town))["menus"]
    assert not any("cast:" in str(row) for row in menus)


async def test_a_second_vote_needs_the_receipt(town: Stairwell) -> None:
    await opened(town)
    code = code_in(await votes(town, "王阿姨", "反对"))

    await town.presses("王阿姨", "赞成", at="3号楼")
    assert "请先凭回执码取回选票" in town.told("王阿姨")
    assert "没有找到这张回执的票" in await town.says("王阿姨", "取回选票 表1 2222-3333-4444")
    assert "没有找到这张回执的票" in await town.says("刘大爷", f"取回选票 表1 {code}")
    assert "已经取出来了" in await town.says("王阿姨", f"取回选票 表1 {code}")
    assert "0/22户已投" in town.card("3号楼", "表1")
    await votes(town, "王阿姨", "赞成")
    assert [row[2] for row in (await everything(town))["motion_secrets"]] == ["yes"]


async def test_no_interim_count_and_no_list(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "王阿姨", "反对")

    assert "不记名表决，没有名单" in await town.says("刘大爷", "表决名单 表1")
    assert "反对：" not in town.card("3号楼", "表1")


async def test_ballots_come_into_the_ledger_as_one_sorted_list(town: Stairwell) -> None:
    await opened(town)
    codes = {}
    for n, who in enumerate(list(OWNERS.values())[:6]):
        codes[who] = code_in(await votes(town, who, "反对" if n % 2 else "赞成"))
    assert "票在票箱里" in await town.says("冯叔", f"查回执 表1 {codes['冯叔']}")
    await town.moves("+45d")

    ledger = [json.loads(row[2]) for row in (await everything(town))["motion_ledger"]]
    receipts = [row["receipt"] for row in ledger if row["kind"] == "secret"]
    present = [row["voter"] for row in ledger if row["kind"] == "took_part"]
    assert len(receipts) == 6 and receipts == sorted(receipts) and present == sorted(present)
    assert not any("at" in row for row in ledger if row["kind"] in {"secret", "took_part"})
    assert (await everything(town))["motion_secrets"] == []
    assert "赞成：3户" in town.told("3号楼")
    assert "已计入结果" in await town.says("冯叔", f"查回执 表1 {codes['冯叔']}")


async def test_too_few_ballots_stay_unopened(town: Stairwell) -> None:
    await opened(town)
    for who in list(OWNERS.values())[:4]:
        await votes(town, who, "赞成")
    await town.moves("+45d")

    assert "为了保密不开票" in town.told("3号楼") and "赞成：" not in town.told("3号楼")
    stored = await everything(town)
    assert {row[-2:] for row in stored["motion_sums"]} == {(0, 0)}
    assert "yes" not in json.dumps([str(row) for row in stored["motion_ledger"]][-5:])


async def test_a_small_roll_cannot_vote_in_secret(town: Stairwell) -> None:
    await with_roll(town)

    assert "不记名也猜得出来" in await announced(town, "改成不记名")


async def test_a_secret_vote_takes_no_paper_and_no_proxy(town: Stairwell) -> None:
    await opened(town)

    assert "不收纸票和委托" in await town.says("孙主任", "纸票 表1 3-2-501 赞成")
    assert "不收纸票和委托" in await town.says("孙主任", "委托 表1 3-2-501 刘大爷")


async def test_the_rows_are_written_anew_every_hour_until_the_close(town: Stairwell) -> None:
    await opened(town)
    await votes(town, "王阿姨", "反对")
    await town.moves("+3h")
    kinds = [row[1] for row in (await everything(town))["deadlines"]]
    assert "motion.mix" in kinds

    await town.moves("+45d")
    kinds = [row[1] for row in (await everything(town))["deadlines"]]
    assert "motion.mix" not in kinds


async def test_a_receipt_that_cannot_be_delivered_is_erased(town: Stairwell) -> None:
    await opened(town)

    async def failed(unit: Unit) -> list[str]:
        tell = Reply("motion.receipt_in_box", {"label": "表1"}, is_fleeting=True)
        body = packed(shown(tell, Speaker("zh", UTC)))
        await unit.outbox.put(Post("memory", "@王阿姨", "send", body))
        post = unit.outbox.fresh[0]
        await unit.outbox.give_up(post, "blocked")
        return [r["body"] for r in await rows("select body from outbox")]

    assert await town.town.app.database.unit(failed) == [""]


@pytest.mark.parametrize("choice", list(Choice))
async def test_every_choice_goes_into_the_box(town: Stairwell, choice: Choice) -> None:
    await opened(town)
    words = {Choice.YES: "赞成", Choice.NO: "反对", Choice.ABSTAIN: "弃权"}
    await votes(town, "王阿姨", words[choice])

    assert [row[2] for row in (await everything(town))["motion_secrets"]] == [choice.value]


async def test_who_votes_for_two_entries_leaves_no_choice_behind(town: Stairwell) -> None:
    await opened(town)
    await town.town.app.database.unit(_owns_another)
    await town.presses("王阿姨", "反对", at="3号楼")
    assert "这次替哪一户" in town.told("王阿姨")
    await town.moves("+15m")
    assert ":no:" not in str((await everything(town))["menus"])

    await town.presses("王阿姨", "反对", at="3号楼")
    await town.presses("王阿姨", "3-2-501")
    await town.presses("王阿姨", "确认反对")

    assert [row[2] for row in (await everything(town))["motion_secrets"]] == ["no"]


async def _owns_another(unit: Unit) -> None:
    """王阿姨 owns 3-1-102 as well, together with 刘大爷."""
    community = (await unit.places.communities())[0]
    person = (await unit.people.named("王阿姨", community.id))[0]
    other = (await unit.people.named("刘大爷", community.id))[0]
    owner = (await unit.roll.owners_of(other, community.id))[0]
    await unit.roll.link(owner.id, person, by=None, now=unit.now)
