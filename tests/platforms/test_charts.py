"""Charts 图表: drawn with Chinese words where the machine has a font for them."""

import io

import pytest
from PIL import Image

from bot.charts import WIDTH_PX, drawn, font_path
from handlers.messages import Bar, Chart
from storage.unit import Unit
from tests.conftest import Stairwell

NEEDS_FONT = pytest.mark.skipif(font_path() is None, reason="no font with Chinese characters")


def chart_of(options: int, label: str) -> Chart:
    bars = tuple(Bar(f"{label}{n}", n, f"{n}票 · {n}%") for n in range(options))
    return Chart("车棚建在哪？", bars, "40人已投")


@NEEDS_FONT
def test_twenty_long_options_all_find_room() -> None:
    short, long = drawn(chart_of(2, "东")), drawn(chart_of(20, "很长的选项" * 8))
    assert short is not None and long is not None

    heights = [Image.open(io.BytesIO(picture.content)).size for picture in (short, long)]

    assert heights[0][0] == heights[1][0] == WIDTH_PX
    assert heights[1][1] > 8 * heights[0][1]


@NEEDS_FONT
async def test_the_result_goes_out_with_its_chart(town: Stairwell) -> None:
    await town.says("张楼长", "投票 车棚建在哪 东侧/西侧 周五晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.moves("+7d")
    photo_id = next(e.shown.photo for e in town.events if "投票结束" in e.shown.text)
    assert photo_id is not None

    async def stored(unit: Unit) -> str | None:
        found = await unit.photos.get(photo_id)
        return found.mime if found else None

    assert await town.town.app.database.unit(stored) == "image/png"
