"""Reports of surveys 征询报告: the sums for the notice board, never who said what."""

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.documents import NEEDS_FONT, file_of, said_in_pdf, said_in_word
from tests.dialogs.test_surveys import opened, with_roll


async def answered(town: Stairwell, *taps: str) -> None:
    """Six homes are asked; one says no, one yes."""
    await with_roll(town)
    await opened(town, *taps)
    await town.presses("王阿姨", "同意", at="3号楼")
    await town.presses("刘大爷", "不同意", at="3号楼")


@ON_ONE_DATABASE
@NEEDS_FONT
async def test_the_result_of_a_survey_comes_as_a_pdf(town: Stairwell) -> None:
    await answered(town)
    await town.moves("+8d")
    await town.presses("王阿姨", "征询报告", at="3号楼")
    said = said_in_pdf(await file_of(town, ".pdf"))

    assert "征询结果公告" in said and "加装电梯，同意吗" in said
    assert "没有通过" in said and "同意116.66%" in said and "没回答466.66%" in said
    assert "居民委员会（盖章）" in said and "2026年11月27日20:00" in said


@ON_ONE_DATABASE
async def test_the_report_of_a_survey_never_tells_who_said_what(town: Stairwell) -> None:
    await answered(town, "电梯⅔参加¾同意")
    await town.says("刘大爷", "征询报告 询1")
    await town.presses("刘大爷", "要 Word 文档")
    said = said_in_word(await file_of(town, ".docx"))

    assert "征询进展公告" in said and "加装电梯，同意吗" in said and "面积还不够" in said
    assert "3-2-501" not in said and "王" not in said and "90.00" not in said


async def test_another_building_gets_no_report(town: Stairwell) -> None:
    await answered(town)

    assert "没有找到" in await town.says("韩楼长", "征询报告 询1")
    assert not any(event.shown.document for event in town.events)
