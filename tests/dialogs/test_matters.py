"""Several matters on one motion 一次表决几项: one ballot, a choice and a verdict for each."""

import contextlib
import io
import json

import pytest

from domain.audit import audited
from domain.ledger import export_line
from handlers import vote_verifier
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.documents import NEEDS_FONT, file_of, said_in_pdf, said_in_word
from tests.dialogs.test_secret_votes import code_in, everything
from tests.dialogs.test_vote_sight import (
    EVERYBODY,
    SEES_ITS_OWN,
    SEES_NOTHING,
    receipt_of,
    seen,
)
from tests.dialogs.test_vote_troubles import is_whole, seat_number
from tests.dialogs.voting import OWNERS, PHOTO, closing, give_many, with_roll

LAMPS, WALLS = ("换节能灯", "楼道灯全部换成节能灯。"), ("刷墙", "楼道墙面刷白。")
VOTE = "投票（一项一项投）"


async def announced(town: Stairwell, *changes: str, who: str = "周业委") -> str:
    """Three matters are put to the vote at once."""
    await town.says(who, "表决 更换物业公司")
    await town.says(who, "同意更换物业公司，聘期三年。")
    await town.says(who, closing(changes))
    for title, text in (LAMPS, WALLS):
        await town.presses(who, "再加一项")
        await town.says(who, title)
        await town.says(who, text)
    for change in changes:
        await town.presses(who, change)
    return await town.presses(who, "公示")


async def votes(town: Stairwell, who: str, *choices: str) -> str:
    """Somebody goes through the matters one by one and confirms."""
    await town.taps(who, "ballot:1")
    for choice in choices:
        await town.presses(who, choice)
    return await town.presses(who, "确认，投票")


async def verified(town: Stairwell) -> str:
    """What the verifier tells of the first vote's ledger."""

    async def read(unit: Unit) -> list[str]:
        return [export_line(*row) for row in await unit.motions.ledger(1)]

    lines = await town.town.app.database.unit(read)
    assert not audited(lines).flaws
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        vote_verifier.verified(lines)
    return told.getvalue()


async def test_three_matters_are_voted_one_by_one_and_each_has_its_verdict(
    town: Stairwell,
) -> None:
    await with_roll(town)
    await announced(town)
    assert "更换物业公司 等3项" in town.sees("3号楼") and "2. 换节能灯" in town.sees("3号楼")

    await town.presses("王阿姨", VOTE, at="3号楼")
    assert "第1项，共3项" in town.told("王阿姨") and "聘期三年" in town.told("王阿姨")
    await town.presses("王阿姨", "赞成")
    assert "第3项，共3项" in await town.presses("王阿姨", "反对")
    assert "第2项，共3项" in await town.presses("王阿姨", "退回上一项")
    await town.presses("王阿姨", "反对")
    said = await town.presses("王阿姨", "弃权")
    assert "您代表 3-2-501" in said and "2. 换节能灯：反对" in said and "3. 刷墙：弃权" in said
    assert "0/16户已投" in town.card("3号楼", "表1")
    said = await town.presses("王阿姨", "确认，投票")
    receipt = said.split("回执 ")[1].split("\n")[0]
    assert "赞成第1项；反对第2项；弃权第3项" in await town.says("王阿姨", f"查回执 表1 {receipt}")

    await votes(town, "刘大爷", "全部赞成")
    await votes(town, "小陈", "反对", "后面都赞成")
    assert "3/16户已投" in town.card("3号楼", "表1") and await is_whole(town)
    await town.moves("+45d")
    told = town.told("3号楼")
    assert "结果：3项里通过3项" in told and "✓ 2. 换节能灯：通过 · 赞成2户（66.66%）" in told
    told = await verified(town)
    assert told.count("结论：通过") == 3 and "第 3 项 matter 3: 刷墙" in told
    assert "✓ 同意户数 2/3 = 66.66%" in await town.taps("刘大爷", "matter:1:3")


@ON_ONE_DATABASE
async def test_a_ballot_on_several_can_be_changed_until_the_close(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "全部赞成")
    await town.taps("王阿姨", "ballot:1")
    for choice in ("反对", "反对"):
        await town.presses("王阿姨", choice)
    assert "之前投的是全部赞成" in await town.presses("王阿姨", "赞成")
    assert "第1项，共3项" in await town.presses("王阿姨", "从头再选")
    await town.presses("王阿姨", "反对")
    await town.presses("王阿姨", "后面都赞成")
    await town.presses("王阿姨", "确认，投票")

    assert "1/16户已投" in town.card("3号楼", "表1") and await is_whole(town)
    await town.moves("+45d")
    assert "✗ 1. 更换物业公司：没通过 · 赞成0户" in town.told("3号楼")
    assert "✓ 2. 换节能灯：通过 · 赞成1户" in town.told("3号楼")
    first = await town.says("刘大爷", "表决名单 表1")
    assert "赞成第2、3项；反对第1项" in first + await town.presses("刘大爷", "下一页")


@ON_ONE_DATABASE
async def test_what_was_added_can_be_taken_out_and_the_last_one_stands_alone(
    town: Stairwell,
) -> None:
    await with_roll(town)
    await town.says("周业委", "表决 更换物业公司")
    await town.says("周业委", "同意更换物业公司，聘期三年。")
    await town.says("周业委", "12月31日晚8点")
    await town.presses("周业委", "再加一项")
    assert "原文" in await town.says("周业委", "刷墙")
    said = await town.says("周业委", "楼道墙面刷白。")
    assert "等2项" in said and "2. 刷墙\n楼道墙面刷白。" in said
    assert "刷墙" not in await town.presses("周业委", "去掉最后一项")
    await town.presses("周业委", "公示")

    assert "同意更换物业公司，聘期三年。" in town.sees("3号楼")
    await town.presses("王阿姨", "赞成", at="3号楼")
    assert "您代表 3-2-501 【赞成】" in town.told("王阿姨")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "call",
    [
        "ballot:1:yes",  # a lone choice is the first of three
        "cast:1:yes:7:0",
        "cast:1:yy:7:0",
        "cast:1:yyyy:7:0",
        "mark:1:yyyyyyy:7",
        "mark:1:xyz:7",
        "matter:1:4",
        "matter:1:0",
    ],
)
async def test_a_forged_ballot_on_several_counts_nothing(town: Stairwell, call: str) -> None:
    await with_roll(town)
    await announced(town)
    number = await seat_number(town, "王阿姨")
    said = await town.taps("王阿姨", call.replace(":7", f":{number}"), at="3号楼")

    assert "已计入" not in said and "0/16户已投" in town.card("3号楼", "表1")


@ON_ONE_DATABASE
async def test_paper_has_a_choice_for_each_and_a_conflict_names_them(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    wrong = await town.says("孙主任", "纸票 表1 3-2-501 赞成", pictures=[PHOTO])
    assert "有3项要选，这里写了1项" in wrong
    wrong = await town.says("孙主任", "纸票 表1 3-2-501 2反对 1赞成 3弃权", pictures=[PHOTO])
    assert "请按顺序写每一项" in wrong
    words = "纸票 表1 3-2-501 1. 赞成 2. 反对 3. 弃权"
    assert "已录入" in await town.says("孙主任", words, pictures=[PHOTO])
    assert "2. 换节能灯：反对" in town.told("周业委")
    assert "已计入" in await town.presses("周业委", "一样，计入")
    await votes(town, "刘大爷", "全部赞成")
    await town.says("孙主任", "纸票 表1 3-1-102 全部反对", pictures=[PHOTO])
    said = await town.presses("周业委", "一样，计入")

    assert "自己投的是全部赞成，纸票是全部反对" in said
    assert "以您自己投的为准" in town.told("刘大爷")
    assert "第1项，共3项" in await town.presses("刘大爷", VOTE)
    assert "2/16户已投" in town.card("3号楼", "表1") and await is_whole(town)


async def test_a_proxy_goes_through_the_matters_for_whom_they_were_asked(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.says("孙主任", "委托 表1 3-1-102 王阿姨", pictures=[PHOTO])
    assert "替哪一户" in await town.taps("王阿姨", "ballot:1")
    assert "第1项，共3项（3-1-102）" in await town.presses("王阿姨", "代 3-1-102")
    await town.presses("王阿姨", "反对")
    await town.presses("王阿姨", "后面都赞成")
    said = await town.presses("王阿姨", "确认，投票")

    assert "3-1-102 赞成第2、3项；反对第1项（委托）" in said
    assert "1/16户已投" in town.card("3号楼", "表1") and await is_whole(town)


async def test_a_secret_ballot_lies_in_as_many_pieces_as_there_are_matters(
    town: Stairwell,
) -> None:
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")
    said = await votes(town, "王阿姨", "反对", "赞成", "弃权")
    code = code_in(said)
    stored = await everything(town)
    assert [row[2:] for row in sorted(stored["motion_secrets"], key=lambda row: row[3])] == [
        ("no", 1),
        ("yes", 2),
        ("abstain", 3),
    ]
    told = json.dumps({t: [list(map(str, r)) for r in found] for t, found in stored.items()})
    assert code not in told and "nya" not in told and "mark:" not in told
    assert "请先凭回执码取回选票" in await town.taps("王阿姨", "ballot:1")
    assert "已经取出来了" in await town.says("王阿姨", f"取回选票 表1 {code}")
    assert (await everything(town))["motion_secrets"] == []

    codes = {}
    for n, who in enumerate(list(OWNERS.values())[:6]):
        codes[who] = code_in(await votes(town, who, "反对" if n % 2 else "赞成", "后面都赞成"))
    await town.moves("+45d")
    assert "结果：3项里通过2项" in town.told("3号楼") and "赞成3户（50.00%）" in town.told("3号楼")
    assert (await verified(town)).count("结论：通过") == 2
    assert "已计入结果" in await town.says("冯叔", f"查回执 表1 {codes['冯叔']}")
    await is_found_at_home(town, codes["冯叔"])


async def is_found_at_home(town: Stairwell, code: str) -> None:
    """The receipt finds all three choices in the export, which lie apart from each other."""

    async def read(unit: Unit) -> list[str]:
        return [text for _, text in await unit.motions.ledger(1)]

    ledger = [json.loads(text) for text in await town.town.app.database.unit(read)]
    number = await seat_number(town, "冯叔")
    assert vote_verifier.receipt_found(ledger, str(number), code) == ", ".join(["赞成 yes"] * 3)
    pieces = [(row["matter"], row["receipt"]) for row in ledger if row["kind"] == "secret"]
    assert len(pieces) == 18 and pieces == sorted(pieces)
    assert len({receipt for _, receipt in pieces}) == 18


async def test_a_choice_on_the_way_is_forgotten_in_a_secret_vote(town: Stairwell) -> None:
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")
    await town.taps("王阿姨", "ballot:1")
    await town.presses("王阿姨", "反对")
    await town.moves("+15m")

    async def menus(unit: Unit) -> list[str]:
        return [r["buttons"] for r in await rows("select buttons from menus")]

    assert not any("mark:" in found for found in await town.town.app.database.unit(menus))


@ON_ONE_DATABASE
@pytest.mark.parametrize("is_over", [False, True])
async def test_who_sees_whose_choices_on_several(town: Stairwell, is_over: bool) -> None:
    await with_roll(town)
    await announced(town)
    receipt = receipt_of(await votes(town, "王阿姨", "反对", "赞成", "弃权"))
    if is_over:
        await town.moves("+45d")
    for who in EVERYBODY:
        told = await seen(town, who, receipt)
        told += await town.taps(who, "matter:1:1") + await town.taps(who, "mark:1:y")

        sees = who not in SEES_NOTHING if is_over else who in SEES_ITS_OWN
        assert ("反对第1项" in told) == sees, who
        assert "王*姨" not in told or is_over, who


async def test_too_few_secret_ballots_open_no_matter(town: Stairwell) -> None:
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")
    await votes(town, "王阿姨", "全部赞成")
    await town.moves("+45d")

    told = town.told("3号楼")
    assert "为了保密不开票" in told and "换节能灯" not in told and "赞成" not in told
    assert "没有开票" in await verified(town)


@ON_ONE_DATABASE
async def test_the_report_has_a_table_of_matters_and_what_each_needed(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))
    assert "业主表决公告" in said and "3. 刷墙" in said.replace("3.刷墙", "3. 刷墙")
    await votes(town, "王阿姨", "反对", "赞成", "弃权")
    await votes(town, "刘大爷", "反对", "后面都赞成")
    await town.moves("+45d")
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))

    assert "3项里通过1项" in said and "楼道灯全部换成节能灯。" in said
    assert said.count("结果：没有通过") == 2 and "赞成第2项；反对第1项；弃权第3项" in said


@ON_ONE_DATABASE
@NEEDS_FONT
async def test_a_paper_form_has_boxes_under_each_matter(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.says("周业委", "空白纸票 表1 3-2-501")
    said = said_in_pdf(await file_of(town, ".pdf"))

    assert said.count("赞成反对弃权") == 3 and "哪一项空着，那一项算弃权" in said
