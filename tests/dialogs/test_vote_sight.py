"""Who sees whose ballot 谁能看到谁的票: every role, before and after the close."""

import json

import pytest

from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_secret_votes import opened as opened_in_secret
from tests.dialogs.voting import announced, votes, with_roll

EVERYBODY = [
    "生人",
    "王阿姨",
    "刘大爷",
    "钱伯",
    "张楼长",
    "何楼长",
    "李网格",
    "孙主任",
    "周业委",
    "赵师傅",
    "魏科长",
]
"""A stranger, the voter, neighbours of this and of another building, and one of each role."""
SEES_ITS_OWN = {"王阿姨"}
SEES_NOTHING = {"生人"}
ASKED = ("表决名单 表1", "查回执 表1 {receipt}", "票据链 表1", "表决列表")


async def seen(town: Stairwell, who: str, receipt: str) -> str:
    """All that somebody can find out about the vote."""
    found = [await town.says(who, words.format(receipt=receipt)) for words in ASKED]
    for call in ("showmotion:1", "motiontext:1", "ballots:1::", "papers:1", "paperok:1:1"):
        found.append(await town.taps(who, call))
    return "\n".join(found)


def receipt_of(said: str) -> str:
    return said.split("回执 ")[1].split("\n")[0]


async def test_before_the_close_only_the_voter_sees_their_ballot(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    receipt = receipt_of(await votes(town, "王阿姨", "反对"))
    for who in EVERYBODY:
        told = await seen(town, who, receipt)

        assert ("3-2-501 反对" in told) == (who in SEES_ITS_OWN), who
        assert "王*姨" not in told and "📎" not in told, who


@ON_ONE_DATABASE
async def test_after_the_close_everybody_concerned_sees_the_masked_list(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    receipt = receipt_of(await votes(town, "王阿姨", "反对"))
    await town.moves("+45d")
    for who in EVERYBODY:
        told = await seen(town, who, receipt)

        assert ("3-2-501 反对" in told) == (who not in SEES_NOTHING), who
        assert "王阿姨" not in told.replace("王阿姨您好", ""), who


async def test_the_vote_of_one_building_is_unknown_in_another(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town, who="张楼长")
    receipt = receipt_of(await votes(town, "王阿姨", "反对"))
    await town.moves("+45d")
    for who in ("钱伯", "何楼长", "韩楼长", "生人"):
        told = await seen(town, who, receipt)

        assert "更换物业公司" not in told and "反对" not in told, who


@pytest.mark.parametrize("is_over", [False, True])
async def test_nobody_ever_sees_a_secret_ballot(town: Stairwell, is_over: bool) -> None:
    await opened_in_secret(town)
    said = await votes(town, "王阿姨", "反对")
    code = said.split("回执码 ")[1].split("\n")[0]
    if is_over:
        await town.moves("+45d")
    for who in EVERYBODY:
        told = await seen(town, who, code)

        assert "3-2-501 反对" not in told and "王*姨" not in told, who
        found = "找到了" in told
        assert found == (who in SEES_ITS_OWN and not is_over), who


async def test_the_frozen_roll_in_the_ledger_has_masked_names_only(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    async def ledger(unit: Unit) -> list[str]:
        return [text for _, text in await unit.motions.ledger(1)]

    async def names(unit: Unit) -> list[str]:
        return [seat.entry.name for seat in await unit.seats.of(1)]

    kept = await town.town.app.database.unit(ledger)
    assert "王阿姨" not in "".join(kept)
    assert set(json.loads(kept[7])) == {"kind", "voter", "area", "who"}
    assert (await town.town.app.database.read(names))[6].count("*") >= 1
