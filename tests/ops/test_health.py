"""Health 健康: /healthz and /metrics tell how the program is, and nothing about anybody."""

import json
from datetime import timedelta

import pytest

from bot.health import LATE_S
from bot.serving import application
from storage.faults import Fault, StorageFault
from storage.unit import Unit
from tests.conftest import Stairwell
from tests.ops.asking import asked


async def test_a_program_that_is_fine_says_so(town: Stairwell) -> None:
    status, text = await asked(application(town.town.app), "/healthz")

    assert status == 200
    assert json.loads(text) == {
        "status": "ok",
        "database": "ok",
        "platforms": {"memory": "ok"},
        "outbox_backlog": 0,
        "deadline_lag_s": 0.0,
        "failed_deadlines": 0,
    }


async def test_a_platform_that_is_away_is_told(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(town.town.screen), "state", lambda screen: "unreachable")

    status, text = await asked(application(town.town.app), "/healthz")

    assert status == 503
    assert json.loads(text)["platforms"] == {"memory": "unreachable"}


async def test_deadlines_that_nobody_fires_are_told(town: Stairwell) -> None:
    app, now = town.town.app, town.town.clock()

    async def late(unit: Unit) -> None:
        await unit.deadlines.set("remind", 1, now - timedelta(seconds=LATE_S + 5))

    await app.database.unit(late)
    status, text = await asked(application(app), "/healthz")

    assert status == 503
    assert json.loads(text)["deadline_lag_s"] == LATE_S + 5


async def test_a_database_that_is_gone_is_told(town: Stairwell) -> None:
    app = town.town.app
    await app.database.close()

    status, text = await asked(application(app), "/healthz")
    await app.database.open()

    assert (status, json.loads(text)["database"]) == (503, "closed")


async def test_a_unit_that_could_not_be_stored_is_told_though_reading_works(
    town: Stairwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = town.town.app

    async def full(*_: object) -> None:
        raise StorageFault(Fault.FULL, "disk")

    monkeypatch.setattr(app.router, "receive", full)
    with pytest.raises(StorageFault):
        await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    status, text = await asked(application(app), "/healthz")

    assert (status, json.loads(text)["database"]) == (503, "full")


async def test_metrics_count_what_happened_and_name_nobody(town: Stairwell) -> None:
    web = application(town.town.app)
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("王阿姨", "验单 报77", at="3号楼")
    await town.says("刘大爷", "今天天气真好", at="3号楼")
    await town.moves("+1d")

    _, text = await asked(web, "/metrics")

    for line in (
        'mulin_messages_total{code="issue",outcome="silent"} 1.0',
        'mulin_messages_total{code="",outcome="refused"} 1.0',
        'mulin_messages_total{code="",outcome="silent"} 1.0',
        'mulin_units_total{kind="message"} 3.0',
        "mulin_receive_seconds_count 3.0",
        "mulin_outbox_backlog 0.0",
        'mulin_platform_up{platform="memory"} 1.0',
    ):
        assert line in text
    assert 'mulin_posts_total{outcome="sent"}' in text
    assert not [word for word in ("王阿姨", "五楼", "3号楼", "刘大爷") if word in text]
