"""Pictures 照片: whatever a phone or a screen sends comes out upright, bare, in its own colours."""

import io
from typing import Any

import pytest
from PIL import Image

from bot.pictures import NotAPicture, without_exif

GREEN, RED = (20, 200, 40), (200, 30, 30)


def two_halves(mode: str = "RGB") -> Image.Image:
    """Green on the left, red on the right."""
    drawn = Image.new("RGB", (64, 32), RED)
    drawn.paste(GREEN, (0, 0, 32, 32))
    return drawn if mode == "RGB" else drawn.convert(mode)


def packed(picture: Image.Image, form: str = "PNG", **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


async def cleaned(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO((await without_exif(content)).content))


def near(found: Any, wanted: tuple[int, ...]) -> bool:
    """Whether two colours are the same but for what JPEG does to them."""
    return all(abs(a - b) <= 12 for a, b in zip(found, wanted, strict=True))


def shows_halves(picture: Image.Image) -> bool:
    seen = picture.convert("RGB")
    return near(seen.getpixel((5, 5)), GREEN) and near(seen.getpixel((58, 5)), RED)


async def test_a_palette_keeps_its_colours() -> None:
    drawn = two_halves().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)

    assert shows_halves(await cleaned(packed(drawn)))


async def test_a_transparent_palette_keeps_colours_and_holes() -> None:
    drawn = two_halves().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    hole = drawn.getpixel((58, 5))

    found = await cleaned(packed(drawn, transparency=hole))

    assert found.mode == "RGBA"
    assert near(found.getpixel((5, 5)), (*GREEN, 255))
    assert found.getchannel("A").getpixel((58, 5)) == 0


async def test_grey_with_alpha_keeps_both() -> None:
    found = await cleaned(packed(Image.new("LA", (8, 8), (90, 128))))

    assert found.convert("RGBA").getpixel((3, 3)) == (90, 90, 90, 128)


async def test_sixteen_bits_of_grey_become_eight() -> None:
    drawn = Image.new("I;16", (8, 8), 0x8000)

    assert (await cleaned(packed(drawn))).getpixel((3, 3)) == 128


async def test_black_and_white_stays() -> None:
    assert (await cleaned(packed(Image.new("1", (8, 8), 1)))).convert("L").getpixel((3, 3)) == 255


async def test_an_animation_shows_its_first_frame() -> None:
    other = Image.new("RGB", (64, 32), "blue")

    found = await cleaned(packed(two_halves(), "GIF", save_all=True, append_images=[other]))

    assert found.format == "JPEG" and shows_halves(found)


async def test_a_print_in_cmyk_keeps_its_colours() -> None:
    found = await cleaned(packed(two_halves("CMYK"), "JPEG"))

    assert found.mode == "RGB" and shows_halves(found)


async def test_transparency_of_other_formats_is_white() -> None:
    found = await cleaned(packed(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "WEBP", lossless=True))

    assert near(found.getpixel((3, 3)), (255, 255, 255))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
async def test_a_photo_taken_on_its_side_stands_up_and_is_bare(form: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "SECRET-PLACE"
    drawn = two_halves().rotate(90, expand=True)  # as a phone held upright stores it

    content = packed(drawn, form, exif=exif)
    picture = await without_exif(content)

    assert b"SECRET-PLACE" in content and b"SECRET-PLACE" not in picture.content
    found = Image.open(io.BytesIO(picture.content))
    assert found.size == (64, 32) and shows_halves(found) and not found.getexif()


async def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(NotAPicture):
        await without_exif(b"GIF89a and then nothing")
