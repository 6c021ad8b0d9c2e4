"""Charts 图表: bars with Chinese words as a picture, for people who look before they read."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from handlers.messages import Chart, Picture

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

FONT_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("fonts"))
FONT_NAMES: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "NotoSerifCJK-Regular.ttc",
    "simsun.ttc",
)
WIDTH_PX: Final = 1080
MARGIN_PX: Final = 48
TITLE_PX: Final = 52
LABEL_PX: Final = 40
BAR_PX: Final = 36
GAP_PX: Final = 28
PAPER: Final = "#ffffff"
INK: Final = "#1f2933"
QUIET: Final = "#616e7c"
TRACK: Final = "#e4e7eb"
BAR: Final = "#7b9ccf"
LEADER: Final = "#c2410c"


@dataclass(frozen=True, slots=True)
class _Fonts:
    title: "ImageFont.FreeTypeFont"
    label: "ImageFont.FreeTypeFont"


@cache
def font_path() -> Path | None:
    """A font with Chinese characters, or None where the machine has none."""
    found = {p.name: p for folder in FONT_FOLDERS for p in folder.rglob("*.[to]t[cf]")}
    return next((found[name] for name in FONT_NAMES if name in found), None)


def drawn(chart: Chart) -> Picture | None:
    """``chart`` as a PNG, 1,080 pixels wide; None without a Chinese font. Takes some 50 ms."""
    path = font_path()
    if path is None:
        return None
    from PIL import Image, ImageDraw, ImageFont  # 12 MB that a quiet building never needs

    fonts = _Fonts(ImageFont.truetype(path, TITLE_PX), ImageFont.truetype(path, LABEL_PX))
    title = _wrapped(chart.title, fonts.title, WIDTH_PX - 2 * MARGIN_PX)
    labels = [
        _wrapped(bar.label, fonts.label, WIDTH_PX - 2 * MARGIN_PX - 260) for bar in chart.bars
    ]
    height = _height(title, labels)
    image = Image.new("RGB", (WIDTH_PX, height), PAPER)
    _paint(ImageDraw.Draw(image), chart, fonts, title, labels)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return Picture("image/png", out.getvalue())


def _height(title: Sequence[str], labels: Sequence[Sequence[str]]) -> int:
    bars = sum(len(lines) * (LABEL_PX + 12) + BAR_PX + GAP_PX + 10 for lines in labels)
    return 2 * MARGIN_PX + len(title) * (TITLE_PX + 14) + GAP_PX + bars + LABEL_PX + 10


def _paint(
    draw: "ImageDraw.ImageDraw",
    chart: Chart,
    fonts: _Fonts,
    title: Sequence[str],
    labels: Sequence[Sequence[str]],
) -> None:
    y = MARGIN_PX
    for line in title:
        draw.text((MARGIN_PX, y), line, INK, fonts.title)
        y += TITLE_PX + 14
    y += GAP_PX
    most = max((bar.count for bar in chart.bars), default=0)
    for bar, lines in zip(chart.bars, labels, strict=True):
        right = WIDTH_PX - MARGIN_PX
        draw.text((right, y), bar.note, INK, fonts.label, anchor="ra")
        for line in lines:
            draw.text((MARGIN_PX, y), line, INK, fonts.label)
            y += LABEL_PX + 12
        y += 10
        length = (right - MARGIN_PX) * bar.count // max(most, 1)
        draw.rounded_rectangle((MARGIN_PX, y, right, y + BAR_PX), 8, TRACK)
        if length:
            colour = LEADER if bar.count == most else BAR
            draw.rounded_rectangle(
                (MARGIN_PX, y, MARGIN_PX + max(length, 16), y + BAR_PX), 8, colour
            )
        y += BAR_PX + GAP_PX
    draw.text((MARGIN_PX, y), chart.footer, QUIET, fonts.label)


def _wrapped(text: str, font: "ImageFont.FreeTypeFont", width: int) -> list[str]:
    """``text`` in lines that fit; Chinese breaks anywhere."""
    lines = [""]
    for char in text:
        if font.getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines
