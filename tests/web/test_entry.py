"""Entry page 签到页: what the QR code at a meeting opens, and for whom."""

import re
from datetime import UTC, datetime

from storage.unit import Unit
from tests.web.conftest import House, hidden
from web.talk import private_chat


async def called(house: House) -> str:
    """张楼长 calls a meeting; the path of its check-in."""
    await house.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await house.presses("张楼长", "=!", at="3号楼")
    await house.says("张楼长", "签到码 会1")
    told = (await house.chat(private_chat("张楼长")))[-1]
    found = re.search(r"/in/\w+", told.body)
    assert found is not None and told.photo_id is not None
    photo = await house.app.database.read(lambda unit: unit.photos.get(told.photo_id or 0))
    assert photo is not None and photo.content.startswith(b"\x89PNG")
    return found[0]


async def test_a_resident_checks_in_with_one_tap(house: House) -> None:
    link = await called(house)
    browser = await house.resident("3-2-701", "新邻居")
    house.clock.move_to(datetime(2026, 11, 27, 10, 45, tzinfo=UTC))

    page = await browser.opens(link)
    assert "睦邻夜话签到" in page and "11月27日周五 19:00" in page
    await browser.posts(link, hidden(page))

    assert "签到好了，欢迎您" in await browser.opens("/chat")


async def test_looking_checks_nobody_in(house: House) -> None:
    link = await called(house)
    browser = await house.resident("3-2-701", "新邻居")
    house.clock.move_to(datetime(2026, 11, 27, 10, 45, tzinfo=UTC))
    await browser.opens(link)

    async def came(unit: Unit) -> int:
        return (await unit.attendance.counts(await unit.meetings.by_id(1))).came

    assert await house.app.database.read(came) == 0


async def test_a_stranger_and_another_building_learn_nothing(house: House) -> None:
    link = await called(house)
    stranger = house.browser()
    theirs = await house.resident("4-2-502", "远邻", by="韩楼长")

    assert "睦邻夜话" not in await stranger.opens(link) and stranger.status == 403
    assert "没有找到这个会" in await theirs.opens(link) and theirs.status == 404
    assert "没有找到这个会" in await theirs.opens("/in/AAAABBBB")


async def test_a_form_of_another_page_checks_nobody_in(house: House) -> None:
    link = await called(house)
    browser = await house.resident("3-2-701", "新邻居")
    house.clock.move_to(datetime(2026, 11, 27, 10, 45, tzinfo=UTC))
    form = {**hidden(await browser.opens(link)), "token": "x"}
    await browser.posts(link, form)

    assert browser.status == 403
