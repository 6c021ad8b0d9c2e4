"""Charts 图表: bars with Chinese words as a picture, for people who look before they read."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from handlers.messages import Bar, Chart, Picture

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
TITLE_LINE_PX: Final = TITLE_PX + 14
LABEL_PX: Final = 40
LABEL_LINE_PX: Final = LABEL_PX + 12
NOTE_PX: Final = 260
"""Room for the count at the right of a label."""
BAR_PX: Final = 36
BAR_ABOVE_PX: Final = 10
SHORTEST_BAR_PX: Final = 16
"""One vote of many is still seen."""
ROUND_PX: Final = 8
GAP_PX: Final = 28
PAPER: Final = "#ffffff"
INK: Final = "#1f2933"
QUIET: Final = "#616e7c"
TRACK: Final = "#e4e7eb"
FOLLOWER: Final = "#7b9ccf"
LEADER: Final = "#1b6b4a"


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
    """``chart`` as a PNG, 1,080 pixels wide; None without a Chinese font. Takes some 20 ms."""
    path = font_path()
    if path is None:
        return None
    from PIL import Image, ImageDraw, ImageFont  # 12 MB that a quiet building never needs

    fonts = _Fonts(ImageFont.truetype(path, TITLE_PX), ImageFont.truetype(path, LABEL_PX))
    title = _wrapped(chart.title, fonts.title, WIDTH_PX - 2 * MARGIN_PX)
    room = WIDTH_PX - 2 * MARGIN_PX - NOTE_PX
    labels = [_wrapped(bar.label, fonts.label, room) for bar in chart.bars]
    image = Image.new("RGB", (WIDTH_PX, _height(title, labels)), PAPER)
    painter = _Painter(ImageDraw.Draw(image), fonts)
    painter.title(title)
    most = max((bar.count for bar in chart.bars), default=0)
    for bar, label in zip(chart.bars, labels, strict=True):
        painter.bar(bar, label, most, chart.whole or most)
    painter.footer(chart.footer)
    out = io.BytesIO()
    image.quantize(64, Image.Quantize.FASTOCTREE).save(out, "PNG")
    return Picture("image/png", out.getvalue())


def _height(title: Sequence[str], labels: Sequence[Sequence[str]]) -> int:
    bars = sum(len(lines) * LABEL_LINE_PX + BAR_ABOVE_PX + BAR_PX + GAP_PX for lines in labels)
    return 2 * MARGIN_PX + len(title) * TITLE_LINE_PX + GAP_PX + bars + LABEL_PX + BAR_ABOVE_PX


@dataclass(slots=True)
class _Painter:
    """Paints from the top down; ``y`` is where it has come to, in pixels."""

    draw: "ImageDraw.ImageDraw"
    fonts: _Fonts
    y: int = MARGIN_PX

    def title(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.draw.text((MARGIN_PX, self.y), line, INK, self.fonts.title)
            self.y += TITLE_LINE_PX
        self.y += GAP_PX

    def bar(self, bar: Bar, label: Sequence[str], most: int, whole: int) -> None:
        right = WIDTH_PX - MARGIN_PX
        self.draw.text((right, self.y), bar.note, INK, self.fonts.label, anchor="ra")
        for line in label:
            self.draw.text((MARGIN_PX, self.y), line, INK, self.fonts.label)
            self.y += LABEL_LINE_PX
        self.y += BAR_ABOVE_PX
        self._stripe(right, TRACK)
        length = (right - MARGIN_PX) * bar.count // max(whole, 1)
        if length:
            colour = LEADER if bar.count == most else FOLLOWER
            self._stripe(MARGIN_PX + max(length, SHORTEST_BAR_PX), colour)
        self.y += BAR_PX + GAP_PX

    def footer(self, line: str) -> None:
        self.draw.text((MARGIN_PX, self.y), line, QUIET, self.fonts.label)

    def _stripe(self, right: int, colour: str) -> None:
        box = (MARGIN_PX, self.y, right, self.y + BAR_PX)
        self.draw.rounded_rectangle(box, ROUND_PX, colour)


def _wrapped(text: str, font: "ImageFont.FreeTypeFont", width: int) -> list[str]:
    """``text`` in lines that fit; Chinese breaks anywhere."""
    lines = [""]
    for char in text:
        if font.getlength(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines
