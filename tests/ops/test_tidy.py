"""Tidying 清理: tried first, it tells what would go and takes nothing away."""

from datetime import timedelta

from bot.clock import HeldClock
from bot.clockwork import Clockwork
from bot.tidying import would_go
from storage.statement import value
from storage.unit import Unit
from tests.conftest import Stairwell


async def test_what_is_tried_is_what_goes(town: Stairwell, clock: HeldClock) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    database = town.town.app.database
    assert await would_go(database) == {}
    clock.move_to(clock() + timedelta(days=31))
    before = await database.read(_deliveries)

    tried = await would_go(database)
    kept = await database.read(_deliveries)
    await Clockwork(database).tidy()

    assert kept == before > 0
    assert tried["inbox"] == before
    assert await database.read(_deliveries) == 0


async def _deliveries(unit: Unit) -> int:
    return int(await value("select count(*) from inbox"))
