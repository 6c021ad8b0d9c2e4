"""Tidying 清理: tried first, it tells what would go and takes nothing away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import HeldClock
from bot.clockwork import Clockwork
from bot.dialog import Town
from bot.example import seed
from bot.tidying import tidied, would_go
from storage.database import Database
from storage.sqlite import SqliteDriver
from storage.statement import value
from storage.unit import Unit
from tests.conftest import Stairwell
from tests.dialogs.voting import announced, with_roll
from tests.ops.keeping import bare_environment

__all__ = ["bare_environment"]


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


async def test_names_on_ballots_are_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bare_environment: None
) -> None:
    clock = HeldClock(datetime(2020, 1, 4, 4, tzinfo=UTC))
    town = Town(Database(SqliteDriver(tmp_path / "mulin.db"), clock), clock)
    await town.open()
    await town.app.database.unit(lambda unit: seed(unit, town.screen.name))
    stairwell = Stairwell(town)
    await with_roll(stairwell)
    await announced(stairwell)
    await stairwell.moves("+400d")
    await town.close()
    config = tmp_path / "config.toml"
    config.write_text(f'[database]\nurl = "{tmp_path}/mulin.db"\n', "utf-8")

    assert await tidied(config, is_dry=True) == 0
    assert "票上到期的姓名和门牌：会删 16 行" in capsys.readouterr().out
