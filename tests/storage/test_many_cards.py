"""Many cards 卡片很多: what every vote asks of the outbox stays quick, however much waits there."""

from bot.clock import HeldClock
from storage.database import Database
from storage.outbox import Outbox
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE


@ON_ONE_DATABASE
async def test_a_vote_looks_for_what_waits_of_each_card_not_through_all_that_waits(
    database: Database, clock: HeldClock
) -> None:
    """Three thousand owners have the card in private, and it waits for the morning."""
    sql, args, _ = Outbox(clock(), "w", is_shared=False).refresh("motion", 1).send(None)

    async def plan(unit: Unit) -> list[str]:
        return [r["detail"] for r in await rows(f"explain query plan {sql}", *args)]

    steps = await database.unit(plan)

    assert "SEARCH s USING INDEX outbox_by_card (card_id=? AND state=?)" in steps
