"""Polls store 投票: the polls that concern somebody, among those of a whole district."""

from datetime import timedelta

from domain.places import Place
from domain.polls import Manner, Poll
from storage.unit import Unit
from tests.conftest import Stairwell


async def opened(unit: Unit, number: int, at: Place, hours: int) -> None:
    """A poll that closes in so many hours."""
    assert at.community_id is not None
    poll = Poll(
        id=0,
        community_id=at.community_id,
        number=number,
        place_id=at.id,
        path=at.path,
        author_id=1,
        question="车棚建在哪",
        options=("东侧", "西侧"),
        manner=Manner(),
        opened_at=unit.now,
        closes_at=unit.now + timedelta(hours=hours),
    )
    await unit.polls.add(poll)


async def test_polls_of_other_buildings_do_not_crowd_out_ones_own(town: Stairwell) -> None:
    async def filled(unit: Unit) -> None:
        community = (await unit.places.communities())[0]
        building, other = [
            (await unit.places.named(name, below=community.path))[0] for name in ("3号楼", "1号楼")
        ]
        for number in range(1, 206):
            await opened(unit, number, other, 1)
        await opened(unit, 206, building, 20)
        await opened(unit, 207, community, 30)

    await town.town.app.database.unit(filled)

    said = await town.says("王阿姨", "投票列表")
    assert [f"票{n} " in said for n in (1, 206, 207)] == [False, True, True]
