"""Cells of a roll 名册的格: areas, flats and names as people write them, made comparable."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from domain.places import place_name
from domain.roll import HUNDREDTHS, Use
from domain.text import folded, with_digits

LARGEST_M2: Final = 10_000_000

_UNIT = re.compile(r"(平方米|平米|平方|m2|m²|㎡)$")
_CO_OWNERS = re.compile(r"[、,，;；/&]|(?<=[^\x00-\x7f])和(?=[^\x00-\x7f])")
_CHINESE_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_IDENTITY = re.compile(r"\d{17}[\dXx]|\d{15}|1\d{10}")
_FLAT = re.compile(r"(.+?)(?:号楼|栋|幢|楼|-)(?:(\d{1,3})(?:单元|门|-))?(\d{1,5}[a-z]?)(?:室|号)?")
_ADDRESS = re.compile(
    r"(?:.*\D)?(\d{1,4})(?:号楼|栋|幢)(?:(\d{1,3})(?:单元|门))?(\d{1,5}[a-z]?)(?:室|号)?"
)
_CHINESE_DIGIT = re.compile(r"[零一二三四五六七八九十]")


def area_hundredths(text: str) -> int | str:
    """An area in hundredths of a m², exactly; or the key of what is wrong with ``text``."""
    bare = _UNIT.sub("", plain(folded(text))).replace(",", "")
    if not bare:
        return "no_area"
    try:
        area = Decimal(bare)
    except InvalidOperation:
        return "area_unclear"
    if not area.is_finite() or area > LARGEST_M2:
        return "area_unclear"
    if area <= 0:
        return "area_not_positive"
    hundredths = area * HUNDREDTHS
    return int(hundredths) if hundredths == int(hundredths) else "area_too_fine"


def owner_name(text: str) -> str:
    """An owner's name as it is compared: no blanks inside Chinese, co-owners in one order."""
    parts = [_CHINESE_GAP.sub("", part.strip()) for part in _CO_OWNERS.split(text)]
    return "、".join(sorted({part for part in parts if part}))


def has_identity(text: str) -> bool:
    """Whether the number of an identity card or a telephone is in it, which no roll needs."""
    return _IDENTITY.search(text) is not None


def plain(text: str) -> str:
    """``text`` without blanks."""
    return re.sub(r"\s", "", text)


def digits(text: str) -> str:
    """``二单元`` → ``2``, ``501室`` → ``501``."""
    bare = plain(text)
    if _CHINESE_DIGIT.search(bare):
        bare = with_digits(bare)
    return re.sub(r"(?<=.)(单元|室|号)$", "", bare)


def flat_parts(text: str) -> tuple[str, str, str] | None:
    """Building, entrance ("" where it has none) and door in one cell: 3-2-501, 睦邻苑3号楼501室."""
    bare = with_digits(plain(text))
    found = _ADDRESS.fullmatch(bare) or _FLAT.fullmatch(bare)
    return (found[1], found[2] or "", found[3]) if found else None


def household_name(building: str, entrance: str, door: str) -> str:
    """The short name under which a household is known (``3-2-501``)."""
    return f"{place_name(building).removesuffix('号楼')}-{entrance}-{door}"


def side_name(building: str, door: str, use: Use) -> str:
    """The name of a garage or storeroom (``3号楼车位12``)."""
    word = "车位" if use is Use.GARAGE else "储藏室"
    return f"{building}{door if door.startswith(('车', '储')) else f'{word}{door}'}"
