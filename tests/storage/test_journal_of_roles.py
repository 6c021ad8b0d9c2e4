"""Roles leave a trace 留痕: who gave what to whom, sealed like everything else."""

from storage.unit import Unit
from tests.conftest import Stairwell


async def test_appointing_and_dismissing_are_journaled(town: Stairwell) -> None:
    await town.says("孙主任", "任命 小陈 楼栋长 3号楼")
    await town.says("孙主任", "免去 小陈 楼栋长 3号楼")

    async def asked(unit: Unit) -> tuple[list[tuple[str, str]], int | None]:
        community = (await unit.places.communities())[0]
        trace = await unit.journal.newest(community.id, 2)
        return [(e.subject, e.verb) for e in trace], await unit.journal.first_break(community.id)

    trace, first_break = await town.town.app.database.unit(asked)

    assert trace == [("grant", "grant"), ("grant", "revoke")]
    assert first_break is None
