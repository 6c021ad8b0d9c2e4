"""Pictures 照片: re-encoded without EXIF and at a sensible size before anything stores them."""

import asyncio
import io
from typing import TYPE_CHECKING, Final

from handlers.messages import Picture

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_SIDE_PX: Final = 2048
MAX_PIXELS: Final = 64_000_000
"""A phone's largest photo; beyond it a small file may unpack to gigabytes."""


class NotAPicture(Exception):
    """These bytes are no picture that we can read, or too large a one."""


async def without_exif(content: bytes) -> Picture:
    """``content`` as an upright JPEG (or PNG) without place, time and device, on a thread.

    Raises:
        NotAPicture: It cannot be read, or is larger than we take.
    """
    return await asyncio.to_thread(_cleaned, content)


def _cleaned(content: bytes) -> Picture:
    from PIL import Image, ImageOps  # 12 MB that a quiet building never needs

    if len(content) > MAX_BYTES:
        raise NotAPicture("too large")
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF"]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise NotAPicture("too many pixels")
            upright = _plain(ImageOps.exif_transpose(opened))
            upright.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
            out = io.BytesIO()
            if opened.format == "PNG":
                Image.frombytes(upright.mode, upright.size, upright.tobytes()).save(out, "PNG")
                return Picture("image/png", out.getvalue())
            _on_white(upright).save(out, "JPEG", quality=85, exif=b"")
            return Picture("image/jpeg", out.getvalue())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from error


def _plain(picture: "Image.Image") -> "Image.Image":
    """The same picture without palette and in 8 bits: its bytes alone are the whole of it."""
    if picture.mode in {"L", "RGB", "RGBA"}:
        return picture
    if picture.mode.startswith("I"):  # grey in 16 bits; a plain conversion would cut it to white
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _on_white(picture: "Image.Image") -> "Image.Image":
    """The same picture without transparency, as it looks on a page."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    from PIL import Image

    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
