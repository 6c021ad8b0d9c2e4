"""Columns of a roll 名册的列: spellings of headers and of what stands below them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from domain.roll import OwnerKind, Use
from domain.sheets import Sheet
from domain.text import folded

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "grid": ("网格", "微网格", "所属网格", "grid"),
    "building": ("楼栋", "楼号", "楼幢", "楼", "栋", "栋号", "幢", "幢号", "楼栋号", "building"),
    "entrance": ("单元", "单元号", "门洞", "门", "门号", "entrance", "unit"),
    "door": ("房号", "室号", "房间号", "房间", "室", "户号", "门牌号", "车位号", "door", "room"),
    "flat": (
        "房屋",
        "门牌",
        "房屋坐落",
        "坐落",
        "地址",
        "房屋地址",
        "房屋编号",
        "flat",
        "address",
    ),
    "owner": (
        "业主",
        "业主姓名",
        "姓名",
        "产权人",
        "所有权人",
        "权利人",
        "房主",
        "户主",
        "买受人",
        "owner",
        "name",
    ),
    "area": (
        "面积",
        "建筑面积",
        "产权面积",
        "专有面积",
        "专有部分面积",
        "专有部分建筑面积",
        "房屋面积",
        "area",
    ),
    "use": ("用途", "类型", "房屋类型", "房屋用途", "性质", "房屋性质", "use", "kind"),
    "mark": ("业主编号", "区分", "区分号", "mark"),
    "owner_kind": ("业主类型", "业主性质", "owner kind"),
}
"""Column → the spellings of its header, without what stands in brackets behind it."""
USES: Final[Mapping[str, Use]] = {
    **dict.fromkeys(("", "住宅", "住房", "房屋", "公寓", "别墅", "flat"), Use.FLAT),
    **dict.fromkeys(("商铺", "商业", "店铺", "门面", "办公", "非住宅", "shop"), Use.SHOP),
    **dict.fromkeys(("车位", "车库", "停车位", "garage"), Use.GARAGE),
    **dict.fromkeys(("储藏室", "储物间", "杂物间", "地下室", "storage"), Use.STORAGE),
}
OWNER_KINDS: Final[Mapping[str, OwnerKind]] = {
    **dict.fromkeys(("", "个人", "自然人", "person"), OwnerKind.PERSON),
    **dict.fromkeys(("单位", "公司", "法人", "organisation"), OwnerKind.ORGANISATION),
    **dict.fromkeys(("开发商", "建设单位", "developer"), OwnerKind.DEVELOPER),
}
UNSOLD: Final = frozenset({"未售", "未出售", "未交付", "空置未售", "开发商", "建设单位", "unsold"})
"""Words in the owner's column for a flat that still is the developer's."""
TOTALS: Final = ("合计", "总计", "小计", "共计", "total")
HEADER_WITHIN: Final = 10
"""A title and a note may stand above the headers."""

_BRACKETS = re.compile(r"[(\[【（].*?[)\]】）]|\s|[:：*]")


def header_of(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Number of rows down to the headers, and column → index; None where there are none."""
    best: tuple[int, dict[str, int]] | None = None
    for number, cells in enumerate(sheet.rows[:HEADER_WITHIN], 1):
        columns: dict[str, int] = {}
        for index, cell in enumerate(cells):
            column = _COLUMN_OF.get(_bare(cell))
            if column is not None:
                columns.setdefault(column, index)
        if len(columns) >= 2 and (best is None or len(columns) > len(best[1])):
            best = number, columns
    return best


def missing_columns(columns: Mapping[str, int]) -> list[str]:
    """Which columns a roll cannot do without."""
    missing = [name for name in ("owner", "area") if name not in columns]
    return missing if {"flat", "door"} & set(columns) else ["flat", *missing]


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row sums up others."""
    first = next((cell for cell in cells if cell.strip()), "")
    return re.sub(r"\s", "", folded(first)).startswith(TOTALS)


def _bare(header: str) -> str:
    return _BRACKETS.sub("", folded(header))


_COLUMN_OF: Final = {_bare(word): column for column, words in HEADERS.items() for word in words}

_TEMPLATE: Final = {
    "zh": (
        ("楼栋", "单元", "房号", "业主", "建筑面积", "用途", "业主编号", "网格"),
        ("1", "1", "101", "王秀英", "89.50", "住宅", "", ""),
        ("1", "1", "102", "李明、赵小兰", "101.25", "住宅", "", ""),
        ("1", "1", "201", "未售", "89.50", "住宅", "", ""),
        ("1", "", "B12", "王秀英", "12.50", "车位", "", ""),
    ),
    "en": (
        ("building", "entrance", "door", "owner", "area", "use", "mark", "grid"),
        ("1", "1", "101", "Ann Lee", "89.50", "flat", "", ""),
        ("1", "1", "102", "Bob Roe、Eve Roe", "101.25", "flat", "", ""),
        ("1", "1", "201", "unsold", "89.50", "flat", "", ""),
        ("1", "", "B12", "Ann Lee", "12.50", "garage", "", ""),
    ),
}


def template_rows(lang: str) -> tuple[tuple[str, ...], ...]:
    """Headers and examples of every case, to be written over."""
    return _TEMPLATE.get(lang, _TEMPLATE["zh"])
