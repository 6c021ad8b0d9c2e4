"""Permissions 权限: every role tries every command through the real router."""

import pytest

from bot.reference import DOCS, PAGES, allowed
from domain.people import Role
from handlers.registry import loaded
from tests.conftest import ON_ONE_DATABASE, Stairwell

WHO = {
    None: "生人",
    Role.RESIDENT: "王阿姨",
    Role.BUILDING_HEAD: "何楼长",
    Role.GRID_WORKER: "李网格",
    Role.COMMITTEE: "孙主任",
    Role.OWNERS_COMMITTEE: "周业委",
    Role.PROPERTY: "赵师傅",
    Role.STREET_STAFF: "魏科长",
}
"""Who holds that role, and no other."""
REFUSED = "需要楼栋长或工作人员"
GREETED = "请先告诉我您住哪一户"


def test_every_role_has_somebody() -> None:
    assert set(WHO) == {None, *Role}


@ON_ONE_DATABASE
@pytest.mark.parametrize("role", list(WHO), ids=lambda role: role or "stranger")
async def test_every_command_is_allowed_or_refused_as_the_table_says(
    town: Stairwell, role: Role | None
) -> None:
    wrong = []
    for command in loaded().typed():
        at = "1号楼" if command.where == "group" else ""
        told = await town.says(WHO[role], f"/{command.code}", at=at)
        is_refused = REFUSED in told or (GREETED in told and command.code != "help")
        is_silent = told == "" and role is None and at != ""
        if (is_refused or is_silent) == allowed(command)[role]:
            wrong.append((command.code, told))
        await town.says(WHO[role], "取消", at=at)

    assert wrong == []


@ON_ONE_DATABASE
@pytest.mark.parametrize("role", list(WHO), ids=lambda role: role or "stranger")
async def test_a_tap_is_allowed_or_refused_like_the_word(
    town: Stairwell, role: Role | None
) -> None:
    wrong = []
    for command in loaded().commands.values():
        at = "1号楼" if command.where == "group" else ""
        call = "admit:1:1" if command.code == "admit" else command.code
        told = await town.taps(WHO[role], call, at=at)
        if command.is_internal:
            is_right = "过期" in told
        else:
            is_right = (REFUSED in told or "请先登记" in told) != allowed(command)[role]
        if not is_right:
            wrong.append((command.code, told))

    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_the_generated_pages_are_up_to_date(page: str) -> None:
    """``make docs`` writes them anew."""
    assert (DOCS / page).read_text("utf-8") == PAGES[page]()
