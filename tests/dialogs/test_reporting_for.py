"""Reporting for others 代报: a neighbour reports for a flat that is known; staff for any."""

import pytest

from storage.statement import value
from storage.unit import Unit
from tests.conftest import Stairwell


async def _households(town: Stairwell) -> int:
    async def count(unit: Unit) -> int:
        return int(await value("select count(*) from places"))

    return await town.town.app.database.unit(count)


@pytest.mark.parametrize("flat", ["3-70-9001", "3-2-999"])
async def test_a_neighbour_makes_no_flat_that_nobody_knows(town: Stairwell, flat: str) -> None:
    before = await _households(town)

    assert "楼栋长代报" in await town.says("王阿姨", f"代报 {flat} 灯坏了")
    assert await _households(town) == before


async def test_a_building_head_may_report_for_a_flat_that_is_new(town: Stairwell) -> None:
    assert "报1" in await town.says("张楼长", "代报 3-2-602 水管漏")


async def test_a_neighbour_reports_for_a_flat_that_is_known(town: Stairwell) -> None:
    assert "报1" in await town.says("王阿姨", "代报 3-1-102 门锁坏了")
