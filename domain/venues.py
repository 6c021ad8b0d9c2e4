"""Venues 地点: where a place ends and a topic begins, though only a blank parts them."""

import re
from typing import Final

_ESTATE: Final = re.compile(r"(?:[楼栋幢]|单元|小区|社区|居委会|大院)$")
"""Of such a place there are many spots: 3号楼 车棚 is one."""
_PLACE: Final = re.compile(
    r"(?:[亭室厅楼栋幢层院场园堂馆店站处所房棚廊家坝台阁桥池]|单元|中心|门口|路口|空地|地方|小区|社区|居委会|树下)$"
)
_PART_OF_IT: Final = re.compile(
    r"(?:[楼栋幢层室厅侧边旁角里下前后内外]|单元|门口|[0-9０-９]+[号房]?)$"
)
"""What only says where within a place: 一楼大厅, 东侧, 201."""
_LEADS: Final = re.compile(r"聊|谈|议|商量|讨论|说说")
_ABOUT: Final = re.compile(r"(?:关于|主题是?|议题是?|话题是?|about\b)\s*[:：]?\s*", re.IGNORECASE)


def parted_venue(text: str) -> tuple[str, str]:
    """A place and what follows it, empty where nothing can be told apart: ``凉亭 楼道堆物``."""
    words = text.split(" ")
    if _PART_OF_IT.search(words[-1]):
        return text, ""
    for at in range(1, len(words)):
        place, rest = words[:at], " ".join(words[at:])
        if lead := _ABOUT.match(rest):
            return " ".join(place), rest[lead.end() :]
        if _LEADS.match(words[at]) or _is_whole(place[-1], words[at]):
            return " ".join(place), rest
    return text, ""


def _is_whole(place: str, behind: str) -> bool:
    """Whether ``place`` is one, and ``behind`` no part of it."""
    return bool(_PLACE.search(place)) and not _continues(place, behind)


def _continues(place: str, behind: str) -> bool:
    if _PART_OF_IT.search(behind):
        return True
    return bool(_ESTATE.search(place) and _PLACE.search(behind))
