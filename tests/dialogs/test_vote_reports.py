"""Reports 表决报告 and paper forms 空白纸票: files for the notice board, read by other programs."""

import asyncio
import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot import printing
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.documents import (
    NEEDS_FONT,
    NEEDS_OFFICE,
    as_pdf,
    bare,
    file_of,
    said_in_pdf,
    said_in_word,
)
from tests.dialogs.voting import MANY, PHOTO, announced, give_many, votes, with_roll


async def voted(town: Stairwell) -> None:
    """A vote of sixteen, of whom three vote and one of them against."""
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "赞成")
    await votes(town, "刘大爷", "赞成")
    await votes(town, "小陈", "反对")


WANTED = (
    *("业主表决结果公告", "更换物业公司", "睦邻社区", "摸底用，参加的人过半数同意"),
    *("意见征询，没有约束力", "2/3", "66.66%", "177.06", "监票人（签名）", "王*姨", "3-2-501"),
)
"""What has to stand in a result, in whichever file."""


@ON_ONE_DATABASE
@pytest.mark.usefixtures("printed_elsewhere")
async def test_the_result_comes_as_a_word_document(town: Stairwell) -> None:
    await voted(town)
    await town.says("孙主任", "纸票 表1 3-1-403 赞成", pictures=[PHOTO])
    await town.moves("+45d")
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))

    assert [words for words in WANTED if words.replace("2/3", "2 / 3") not in said] == []
    assert said.count("没有投") == 1 + 13
    assert "1张纸票没有第二人核对，没有计入" in said and "孙主任" not in said


@ON_ONE_DATABASE
@NEEDS_FONT
@pytest.mark.usefixtures("printed_elsewhere")
async def test_the_result_comes_as_a_pdf_with_its_font(town: Stairwell) -> None:
    await voted(town)
    await town.moves("+45d")
    await town.presses("王阿姨", "表决报告", at="3号楼")
    content = await file_of(town, ".pdf")
    said = said_in_pdf(content)

    assert [words for words in WANTED if words not in said] == []
    assert b"/FontFile3" in content and len(content) < 200_000


@ON_ONE_DATABASE
async def test_the_report_says_the_full_fingerprint_and_both_heads(town: Stairwell) -> None:
    await voted(town)
    await town.moves("+45d")
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))

    async def of(unit: Unit) -> tuple[str, str, str]:
        community = (await unit.places.communities())[0]
        motion = (await unit.motions.all_of(community.id))[0]
        return motion.fingerprint, motion.opening_head, motion.closing_head

    proofs = await town.town.app.database.unit(of)
    assert all(len(proof) == 64 and proof in said for proof in proofs)


@ON_ONE_DATABASE
async def test_before_the_close_the_report_tells_no_count(town: Stairwell) -> None:
    await voted(town)
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))

    assert "业主表决公告" in said and "同意更换物业公司，聘期三年。" in said
    assert "反对" not in said and "66.66%" not in said and "王*姨" not in said


@ON_ONE_DATABASE
async def test_a_secret_vote_lists_nobody(town: Stairwell) -> None:
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")
    for who in list(MANY.values())[:6]:
        await votes(town, who, "赞成")
    await town.moves("+45d")
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))

    assert "不记名：谁投过和投了什么分开存放" in said and "通过" in said
    assert "投票名单" not in said and "3-1-102" not in said


@ON_ONE_DATABASE
@NEEDS_FONT
async def test_paper_forms_have_a_page_and_a_code_for_each_owner(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    said = await town.says("周业委", "空白纸票 表1 3号楼")
    pages = PdfReader(io.BytesIO(await file_of(town, ".pdf"))).pages
    words = [bare(page.extract_text()) for page in pages]

    assert "空白纸票：6张" in said and len(words) == 6
    assert all("业主表决票" in page and "赞成反对弃权" in page for page in words)
    assert all("截止以后按门牌公布选择" in page and "没有约束力" in page for page in words)
    codes = {page.partition("票号")[2].partition("范围")[0] for page in words}
    assert len(codes) == 6


@ON_ONE_DATABASE
@NEEDS_FONT
async def test_one_flat_gets_its_own_form(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)
    await town.says("周业委", "空白纸票 表1 3-2-501")
    said = said_in_pdf(await file_of(town, ".pdf"))

    assert "3-2-501" in said and "王*姨" in said and "3-1-102" not in said


async def test_a_secret_vote_has_no_paper_forms(town: Stairwell) -> None:
    await town.town.app.database.unit(give_many)
    await announced(town, "改成不记名")

    assert "不收纸票" in await town.says("周业委", "空白纸票 表1")


async def test_a_neighbour_prints_no_forms(town: Stairwell) -> None:
    await with_roll(town)
    await announced(town)

    assert "需要楼栋长或工作人员" in await town.says("王阿姨", "空白纸票 表1")


@ON_ONE_DATABASE
async def test_without_a_chinese_font_it_is_said_plainly(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "font_path", lambda: None)
    await voted(town)
    await town.moves("+45d")
    said = await town.says("刘大爷", "表决报告 表1")

    assert "得有中文字体" in said and "📎" not in said and "Word 文档" in said
    await town.presses("刘大爷", "要 Word 文档")
    assert "王*姨" in said_in_word(await file_of(town, ".docx"))


@ON_ONE_DATABASE
@NEEDS_OFFICE
async def test_libreoffice_opens_the_word_document(town: Stairwell, tmp_path: Path) -> None:
    await voted(town)
    await town.moves("+45d")
    await town.says("刘大爷", "表决报告 表1")
    await town.presses("刘大爷", "要 Word 文档")
    given = tmp_path / "motion.docx"
    given.write_bytes(await file_of(town, ".docx"))
    await asyncio.to_thread(as_pdf, given)
    said = said_in_pdf((tmp_path / "motion.pdf").read_bytes())

    assert "业主表决结果公告" in said and "王*姨" in said and "66.66%" in said


@ON_ONE_DATABASE
@pytest.mark.usefixtures("printed_elsewhere")
async def test_a_file_that_takes_too_long_is_given_up_and_said_so(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    await voted(town)
    await town.says("刘大爷", "表决报告 表1")
    monkeypatch.setattr(printing, "LONGEST_S", 0.0)
    said = await town.presses("刘大爷", "要 Word 文档")

    assert "文件没有做出来" in said and "📎" not in said
