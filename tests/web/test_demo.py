"""Demo page 示例页: alive when a visitor comes, and its clock makes things happen."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.app import App
from bot.clock import ShiftedClock
from bot.demo import HISTORY, STARRING, Demo, characters, demo_clock
from bot.platforms.webchat import WebChatPlatform
from handlers.messages import Incoming
from storage.database import Database, Driver, UnitWork
from storage.unit import Unit
from storage.webchat import WebMessage
from tests.conftest import ON_ONE_DATABASE

SPOKEN = [scene for scene in HISTORY if scene.words]
"""Scenes that leave a bubble; a tap leaves none."""


async def test_the_first_page_says_whom_to_be_and_what_to_try(demo: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        page = (await client.get("/")).text

    assert "点「报事」" in page
    assert all(f"/as/{quote(name)}" in page for name in STARRING)


async def test_a_fresh_example_has_a_life_of_the_last_days(demo: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        page = (await client.get(f"/as/{quote('王阿姨')}")).text

    assert "报2 · 待验单" in page
    assert "报4 · 处理中" in page
    assert "报5 · 待派单" in page
    assert "谁知道物业周末上班吗" in page


async def test_a_visitor_answers_for_the_own_household(demo: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        page = (await client.get(f"/as/{quote('王阿姨')}", params={"tab": "group"})).text

    assert "楼道装声控灯" in page and "已答3/6户，还有3户没答" in page
    assert "surveyanswer:1" in page


@ON_ONE_DATABASE
async def test_every_scene_of_the_past_worked_and_happened_in_the_past(driver: Driver) -> None:
    clock, app, example = _example(driver)
    await app.open()
    await example.open()
    said = await app.database.unit(_said)
    told = [m for who in characters() for m in await app.database.unit(_of(f"@{who.name}"))]
    group = await app.database.unit(_of("3号楼"))
    now = clock()
    await app.close()

    assert len(said) == len(SPOKEN)
    assert all(message.at < now - timedelta(hours=1) for message in said)
    assert max(m.at for m in said) - min(m.at for m in said) > timedelta(days=3)
    assert not [m for m in told if "没听懂" in m.body or "不能做" in m.body or "出错" in m.body]
    assert any("东侧：2票" in m.body for m in group)
    assert any("同意2户 · 不同意1户" in m.body for m in group)
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


@ON_ONE_DATABASE
async def test_opening_it_again_keeps_what_is_there_and_where_the_clock_was(
    driver: Driver,
) -> None:
    _, app, example = _example(driver)
    await app.open()
    await example.open()
    await example.forward(timedelta(days=2))
    await app.database.unit(_mark)
    await app.close()
    clock, app, example = _example(driver)
    await app.open()
    await example.open()
    said = await app.database.unit(_said)
    now = clock()
    await app.close()

    assert len(said) == len(SPOKEN)
    assert now - datetime.now(UTC) > timedelta(days=1, hours=23)


@ON_ONE_DATABASE
async def test_moving_the_clock_makes_what_is_due_happen(driver: Driver) -> None:
    _, app, example = _example(driver)
    await app.open()
    await example.open()
    await example.forward(timedelta(days=3))
    told = await app.database.unit(_of("@郑师母"))
    await app.close()

    assert "三天前办结" in "".join(message.body for message in told)


@ON_ONE_DATABASE
async def test_a_poll_and_a_meeting_are_under_way(driver: Driver) -> None:
    _, app, example = _example(driver)
    await app.open()
    await example.open()
    group = [m.body for m in await app.database.unit(_of("3号楼"))]
    await app.close()

    assert any("票1 · 投票中" in body and "东侧：2票" in body for body in group)
    assert any("会1 · 睦邻夜话 · 报名中" in body and "3人来" in body for body in group)
    assert any("业委会已确认✓" in body for body in group)


@ON_ONE_DATABASE
async def test_tomorrow_at_eight_shows_the_digest(driver: Driver) -> None:
    clock, app, example = _example(driver)
    await app.open()
    await example.open()
    await example.forward(_at(clock, days=1, hour=8) - clock())
    told = [m.body for m in await app.database.unit(_of("@李网格"))]
    await app.close()

    assert "日报" in told[-1] and "充电桩第3个插座没电" in told[-1]


@ON_ONE_DATABASE
async def test_the_meetings_eve_shows_its_reminder(driver: Driver) -> None:
    clock, app, example = _example(driver)
    await app.open()
    await example.open()
    await example.forward(_at(clock, days=2, hour=19) - clock())
    told = [m.body for m in await app.database.unit(_of("@刘大爷"))]
    await app.close()

    assert "明天有睦邻夜话" in told[-1] and "凉亭" in told[-1]


@ON_ONE_DATABASE
async def test_what_waits_for_the_morning_is_sent_when_the_clock_comes_to_it(
    driver: Driver,
) -> None:
    clock, app, example = _example(driver)
    await app.open()
    await example.open()
    night = clock().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=23, minute=30)
    await example.forward(night + timedelta(days=1) - clock())
    await _says(app, "小陈", "报事 大门锁不上了")
    before = len(await app.database.unit(_of("@李网格")))
    await example.forward(timedelta(hours=9))
    told = await app.database.unit(_of("@李网格"))
    await app.close()

    card, digest = told[before:]
    assert "大门锁不上了" in card.body and "日报" in digest.body
    assert card.at.astimezone(ZoneInfo("Asia/Shanghai")).hour == 7


async def test_a_double_tap_on_the_clock_is_one_leap(demo: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        page = (await client.get(f"/as/{quote('王阿姨')}")).text
        form = page[page.index('action="/clock"') :]
        delivery = re.search(r'name="delivery" value="([^"]*)"', form)
        assert delivery is not None
        leap = {"by": "3d", "delivery": delivery[1], "back": "/as/x"}
        await client.post("/clock", data=leap)
        await client.post("/clock", data=leap)
        after = (await client.get(f"/as/{quote('王阿姨')}")).text

    shown = [re.findall(r'id="clock">(\d+)月(\d+)日', text)[0] for text in (page, after)]
    first, second = (datetime(2024, int(month), int(day)) for month, day in shown)
    assert (second - first) % timedelta(days=366) in {timedelta(days=3), timedelta(days=4)}


@pytest.mark.parametrize("path", ["/as/nobody", "/as/<script>"])
async def test_nobody_leads_back_to_the_choice(demo: str, path: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        found = await client.get(path)

    assert found.status_code == 303
    assert found.headers["location"] == "/"


async def test_an_invitation_of_the_example_works_too(demo: str) -> None:
    async with httpx.AsyncClient(base_url=demo, follow_redirects=True) as client:
        head = f"/as/{quote('张楼长')}"
        form = {"panel": "me", "delivery": "invitation-1", "back": head, "text": "邀请 3-2-701"}
        page = (await client.post(head, data=form)).text
        link = re.search(r"/j/\w+", page)
        assert link is not None
        page = (await client.get(link[0])).text

    assert "欢迎来到睦邻社区" in page


def _example(driver: Driver) -> tuple[ShiftedClock, App, Demo]:
    clock = demo_clock()
    database = Database(driver, clock)
    platform = WebChatPlatform(database)
    app = App(database, [platform])
    return clock, app, Demo(app, platform, clock)


def _at(clock: ShiftedClock, *, days: int, hour: int) -> datetime:
    """So many days after today at that hour, in the example."""
    today = clock().astimezone(ZoneInfo("Asia/Shanghai"))
    day = today.replace(hour=hour, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days)


async def _says(app: App, who: str, text: str) -> None:
    await app.received(Incoming("web", f"test-{text}", f"@{who}", True, who, who, text))
    await app.delivery.drain()


async def _said(unit: Unit) -> list[WebMessage]:
    chats = [f"@{who.name}" for who in characters()] + [f"{n}号楼" for n in range(1, 7)]
    found = [m for chat in chats for m in await unit.webchat.since(chat, 0)]
    return [message for message in found if message.kind == "said"]


def _of(address: str) -> UnitWork[list[WebMessage]]:
    async def work(unit: Unit) -> list[WebMessage]:
        return await unit.webchat.since(address, 0)

    return work


async def _mark(unit: Unit) -> None:
    await unit.webchat.add(WebMessage("@王阿姨", "told", '{"text":"x"}', unit.now))
