"""Many rows 行数很多: what votes and nights ask stays quick, however much is stored."""

from contextlib import suppress

from bot.clock import HeldClock
from storage.database import Database
from storage.forgetting import Forgetting
from storage.outbox import Outbox
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import OF_SQLITE


@OF_SQLITE
async def test_a_vote_looks_for_what_waits_of_each_card_not_through_all_that_waits(
    database: Database, clock: HeldClock
) -> None:
    """Three thousand owners have the card in private, and it waits for the morning."""
    sql, args, _ = Outbox(clock(), "w", is_shared=False).refresh("motion", 1).send(None)

    async def plan(unit: Unit) -> list[str]:
        return [r["detail"] for r in await rows(f"explain query plan {sql}", *args)]

    steps = await database.unit(plan)

    assert "SEARCH s USING INDEX outbox_by_card (card_id=? AND state=?)" in steps


@OF_SQLITE
async def test_the_night_finds_old_pictures_without_reading_them(
    database: Database, clock: HeldClock
) -> None:
    """Ten thousand reports have pictures by the gigabyte, and all of them are old and in use."""
    asked: list[str] = []

    async def night(unit: Unit) -> None:
        looking = Forgetting().photos(clock(), clock())
        with suppress(StopIteration):
            question = looking.send(None)
            while True:
                plan = await rows(f"explain query plan {question[0]}", *question[1])
                asked.extend(r["detail"] for r in plan)
                question = looking.send([])

    await database.unit(night)

    assert "SEARCH photos USING COVERING INDEX photos_by_age (at<?)" in asked
    assert "SEARCH i USING COVERING INDEX issue_photos_by_photo (photo_id=?)" in asked
    assert not [step for step in asked if step.startswith("SCAN photos")]
