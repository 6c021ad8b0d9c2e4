"""Spreadsheets over Telegram: fetched, read, and answered in words."""

import io
from typing import Any

from openpyxl import Workbook

from domain.sheets import MAX_SHEET_BYTES
from tests.platforms.telegram_town import TelegramTown


def roll() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(("楼栋", "单元", "房号", "业主", "面积"))
    book.active.append(("3", "2", "501", "王秀英", 89.5))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(name: str, file_id: str = "f1", **more: Any) -> dict[str, Any]:
    return {"document": {"file_id": file_id, "file_name": name, **more}}


async def test_a_roll_is_sent_as_a_file_and_stored(street: TelegramTown) -> None:
    street.fake.files["f1"] = roll()
    said = await street.says("孙主任", "", **sent("名册.xlsx"))

    assert "名册.xlsx：1户（处），1位业主，共89.50平方米" in said
    await street.presses("孙主任", "存入名册")
    assert "名册已存好" in street.fake.last("孙主任")


async def test_a_file_that_is_too_large_is_not_even_fetched(street: TelegramTown) -> None:
    said = await street.says("孙主任", "", **sent("a.xlsx", file_size=MAX_SHEET_BYTES + 1))

    assert "太大" in said and street.fake.counts["getfile"] == 0


async def test_a_file_that_cannot_be_had_is_asked_for_again(street: TelegramTown) -> None:
    assert "再发一次" in await street.says("孙主任", "", **sent("a.xlsx", "absent"))


async def test_a_groups_files_are_its_own_business(street: TelegramTown) -> None:
    street.fake.files["f1"] = roll()
    await street.says("孙主任", "", at="3号楼", **sent("名册.xlsx"))

    assert street.fake.counts["getfile"] == 0 and street.fake.bubbles("3号楼") == []
