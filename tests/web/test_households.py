"""Household pages 住户页面: in through a link, seen by nobody else, whatever is typed."""

import asyncio
import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from starlette.responses import Response

from storage.statement import Statement, rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE
from tests.web.conftest import House, hidden
from web.sessions import Cookie


def picture(with_place: bool = True) -> bytes:
    """A small photo as a phone takes it, with the place in its EXIF."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=exif if with_place else b"")
    return out.getvalue()


async def test_a_household_comes_in_through_its_link_and_reports(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")

    assert "欢迎！您已登记：3-2-701" in browser.page
    await browser.presses("报事")
    assert "哪里坏了" in await browser.opens("/chat")
    await browser.says("七楼窗户关不上")
    assert "报1 · 待派单" in await browser.opens("/chat")


async def test_the_card_reaches_the_buildings_own_group_on_the_page(house: House) -> None:
    ours = await house.resident("3-2-701", "新邻居")
    await house.says("王阿姨", "报事 四楼水管漏了", at="3号楼")

    page = await ours.opens("/chat")

    assert "3号楼群" in page
    assert "四楼水管漏了" in page
    assert "附议：我也遇到" in page


async def test_a_building_without_a_web_group_gets_one_with_its_first_resident(
    house: House,
) -> None:
    await house.app.database.unit(_forget_groups)
    ours = await house.resident("3-2-701", "新邻居")
    await ours.says("报事 七楼窗户关不上")

    page = await ours.opens("/chat")

    assert "3号楼群" in page
    assert page.count("七楼窗户关不上") >= 3  # said, own card, the group's card


async def test_a_foreign_building_sees_nothing(house: House) -> None:
    await house.resident("3-2-701", "新邻居")
    await house.says("王阿姨", "报事 四楼水管漏了", at="3号楼")
    theirs = await house.resident("4-2-502", "远邻", by="韩楼长")

    page = await theirs.opens("/chat")

    assert "四楼水管漏了" not in page
    assert "3号楼群" not in page
    form = {**theirs.form("me"), "panel": "group", "press": "second:1"}
    await theirs.posts("/chat", form)
    assert theirs.status == 403


@ON_ONE_DATABASE
@pytest.mark.parametrize("path", ["/chat", "/chat/news", "/chat/live"])
async def test_without_a_session_there_is_nothing(house: House, path: str) -> None:
    browser = house.browser()

    page = await browser.opens(path)

    assert browser.status == 403
    assert "panel" not in page


@ON_ONE_DATABASE
async def test_a_guessed_cookie_is_nobody(house: House) -> None:
    browser = house.browser()
    browser.client.cookies.set("mulin", "x" * 43)

    await browser.opens("/chat")

    assert browser.status == 403


@ON_ONE_DATABASE
async def test_a_cookie_that_somebody_planted_never_becomes_a_session(house: House) -> None:
    link, victim, other = await house.invited("3-2-701"), house.browser(), house.browser()
    victim.client.cookies.set("mulin", "known-to-somebody-else")
    page = await victim.opens(link)
    await victim.posts(link, _join_form(page))
    assert "欢迎！您已登记：3-2-701" in await victim.opens("/chat")

    other.client.cookies.set("mulin", "known-to-somebody-else")
    await other.opens("/chat")

    assert other.status == 403


@ON_ONE_DATABASE
async def test_a_cookie_planted_between_page_and_form_is_refused(house: House) -> None:
    link, victim, other = await house.invited("3-2-701"), house.browser(), house.browser()
    await other.opens(link)
    page = await victim.opens(link)
    victim.client.cookies.clear()
    victim.client.cookies.set("mulin", other.client.cookies["mulin"])

    await victim.posts(link, _join_form(page))

    assert victim.status == 403
    await other.opens("/chat")
    assert other.status == 403


def test_behind_https_only_our_very_host_can_set_the_cookie() -> None:
    response = Response()

    Cookie(is_secure=True).keep(response, "t")

    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-mulin=t;")
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


async def test_the_link_works_once_and_says_no_more_than_that(house: House) -> None:
    link = await house.invited("3-2-701")
    first = house.browser()
    page = await first.opens(link)
    assert "欢迎来到睦邻社区" in page and "3-2-701" in page
    await first.posts(link, _join_form(page))
    second = house.browser()

    used, wrong = await second.opens(link), await second.opens("/j/ZZZZ9999")

    assert second.status == 404
    assert used == wrong
    assert "请找楼栋长再要一个" in used


async def test_an_expired_link_looks_like_a_wrong_one(house: House) -> None:
    link = await house.invited("3-2-701")
    house.clock.move_to(house.clock() + timedelta(days=15))

    assert "这个邀请不能用了" in await house.browser().opens(link)


async def test_a_double_tap_on_enter_is_one_household(house: House) -> None:
    link = await house.invited("3-2-701")
    browser = house.browser()
    form = _join_form(await browser.opens(link))
    await browser.posts(link, form)

    page = await browser.posts(link, form)

    assert browser.status == 200
    assert page.count("欢迎！您已登记") == 1


async def test_without_consent_nothing_is_stored(house: House) -> None:
    link = await house.invited("3-2-701")
    browser = house.browser()
    form = _join_form(await browser.opens(link))
    del form["consent"]

    page = await browser.posts(link, form)

    assert "请先勾选同意" in page
    await browser.opens("/chat")
    assert browser.status == 403


async def test_only_the_hash_of_the_token_is_stored(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    token = browser.client.cookies["mulin"]

    found = await house.app.database.read(_sessions)

    assert found and token not in "".join(found)


async def test_a_form_that_is_sent_twice_changes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.exchange.ANSWER_WAIT_S", 0.05)
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "text": "报事 七楼窗户关不上"}
    await browser.posts("/chat", form)
    await browser.posts("/chat", form)

    page = await browser.opens("/chat?tab=me")

    assert "报1 " in page
    assert "报2 " not in page
    assert page.count("报事 七楼窗户关不上") == 1


async def test_taps_at_the_very_same_moment_are_one(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "text": "报事 七楼窗户关不上"}
    await asyncio.gather(*(browser.posts("/chat", form) for _ in range(5)))

    page = await browser.opens("/chat")

    assert page.count("报事 七楼窗户关不上") == 1
    assert "报1 " in page
    assert "报2 " not in page


async def test_a_press_that_is_sent_twice_is_one_press(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.exchange.ANSWER_WAIT_S", 0.05)
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "press": "issue"}
    await browser.posts("/chat", form)
    await browser.posts("/chat", form)

    assert (await browser.opens("/chat")).count("哪里坏了？也可以发照片") == 1


async def test_a_photo_is_shown_without_its_place_and_only_to_those_concerned(
    house: House,
) -> None:
    ours = await house.resident("3-2-701", "新邻居")
    theirs = await house.resident("4-2-502", "远邻", by="韩楼长")
    await ours.says("报事 窗户关不上", photo=picture())
    paths = set(re.findall(r"/photo/\d+", await ours.opens("/chat")))

    assert len(paths) == 2  # the bubble's and the card's
    for path in paths:
        shown = await ours.client.get(path)
        assert shown.status_code == 200
        assert shown.headers["content-type"] == "image/jpeg"
        assert b"SECRET-PLACE" not in shown.content
        assert (await theirs.client.get(path)).status_code == 404
        assert (await house.browser().client.get(path)).status_code == 404


@ON_ONE_DATABASE
async def test_the_invitation_carries_a_qr_code_that_only_its_maker_sees(house: House) -> None:
    ours = await house.resident("3-2-701", "新邻居")
    await house.invited("3-2-702")
    told = (await house.chat("@张楼长"))[-1]

    assert told.photo_id is not None
    assert (await ours.client.get(f"/photo/{told.photo_id}")).status_code == 404
    photo = await house.app.database.read(lambda unit: unit.photos.get(told.photo_id or 0))
    assert photo is not None and photo.content.startswith(b"\x89PNG")


@ON_ONE_DATABASE
@pytest.mark.parametrize("number", ["0", "999999999999999999999999"])
async def test_a_photo_that_is_not_there_is_not_found(house: House, number: str) -> None:
    browser = await house.resident("3-2-701", "新邻居")

    assert (await browser.client.get(f"/photo/{number}")).status_code == 404


@ON_ONE_DATABASE
async def test_the_script_is_answered_in_json_with_the_next_forms_id(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "text": "报事 灯坏了"}
    headers = {"x-requested-with": "XMLHttpRequest"}

    good = (await browser.client.post("/chat", data=form, headers=headers)).json()
    bad = (await browser.client.post("/chat", data={**form, "text": ""}, headers=headers)).json()

    assert good["ok"] is True
    assert good["delivery"] not in {"", form["delivery"]}
    assert bad["ok"] is False
    assert "请先写一句话" in bad["note"]


async def test_news_tells_what_changed_since_the_page_last_looked(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    before = (await browser.client.get("/chat/news?me=0")).json()
    stamp = before["chats"][0]["change"]
    nothing = (await browser.client.get(f"/chat/news?me={stamp}&g0=x&%00=1")).json()
    await browser.says("报事 灯坏了")

    after = (await browser.client.get(f"/chat/news?me={stamp}")).json()

    assert "me" not in {chat["key"] for chat in nothing["chats"]}
    words = "".join(bubble["html"] for bubble in after["chats"][0]["bubbles"])
    assert "报1 · 待派单" in words
    assert "欢迎" not in words


@ON_ONE_DATABASE
async def test_a_note_on_a_tap_is_for_the_one_who_tapped(house: House) -> None:
    ours = await house.resident("3-2-701", "新邻居")
    other = await house.resident("3-2-702", "另一户")
    await house.says("王阿姨", "报事 四楼水管漏了", at="3号楼")
    await ours.opens("/chat")
    group = re.findall(r'name="panel" value="(g\d+)"', ours.page)[0]
    form = {**ours.form("me"), "panel": group, "press": "second:1"}

    assert "报1 已附议" in await ours.posts("/chat", form)
    assert "报1 已附议" not in await other.opens("/chat")


async def test_a_note_is_kept_no_longer_than_it_is_shown(house: House) -> None:
    await house.says("王阿姨", "报事 四楼水管漏了", at="3号楼")
    await house.presses("刘大爷", "second:1", at="3号楼")
    notes = [m for m in await house.chat("@刘大爷") if m.kind == "toast"]
    assert len(notes) == 1

    house.clock.move_to(house.clock() + timedelta(seconds=20))
    await house.platform.drop_notes()

    assert [m for m in await house.chat("@刘大爷") if m.kind == "toast"] == []


async def test_an_anonymous_vote_is_kept_nowhere_with_its_voter(house: House) -> None:
    await house.says("张楼长", "投票 匿名 车棚建在哪 东侧/西侧 周五晚8点", at="3号楼")
    await house.presses("张楼长", "=!", at="3号楼")
    await house.presses("王阿姨", "vote:1:1", at="3号楼")

    kept = await house.chat("@王阿姨")

    assert any("票1" in message.body for message in kept)
    assert not any("西侧" in message.body for message in kept)


async def test_a_session_lives_as_long_as_its_browser_comes_back(house: House) -> None:
    browser, gone = [await house.resident(f"3-2-70{n}", f"邻居{n}") for n in (1, 2)]
    for _ in range(3):
        house.clock.move_to(house.clock() + timedelta(days=200))
        await browser.opens("/chat")
    await house.app.clockwork.tidy()

    await browser.opens("/chat")
    await gone.opens("/chat")

    assert (browser.status, gone.status) == (200, 403)


async def test_leaving_makes_the_browser_nobody(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await browser.posts("/chat/leave", {"token": browser.form("me")["token"]})

    await browser.opens("/chat")

    assert browser.status == 403


def _join_form(page: str) -> dict[str, str]:
    return {"name": "新邻居", "consent": "1", **hidden(page)}


async def _forget_groups(unit: Unit) -> None:
    await Statement("update chats set left_at = '2026' where platform = 'web' and is_private = 0")


async def _sessions(unit: Unit) -> list[str]:
    return [str(row[0]) for row in await rows("select token_hash from web_sessions")]


@ON_ONE_DATABASE
async def test_a_calendar_file_is_downloaded_by_those_concerned_only(house: House) -> None:
    ours = await house.resident("3-2-701", "新邻居")
    theirs = await house.resident("4-2-502", "远邻", by="韩楼长")
    await house.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await house.presses("张楼长", "=!", at="3号楼")
    await ours.posts("/chat", {**ours.form("me"), "press": "meetics:1"})
    page = await ours.opens("/chat")
    (path,) = set(re.findall(r'href="(/photo/\d+)" download="meeting-1.ics"', page))

    file = await ours.client.get(path)
    assert file.headers["content-type"].startswith("text/calendar")
    assert file.headers["content-disposition"] == "attachment"
    assert file.content.startswith(b"BEGIN:VCALENDAR") and "<img" not in page
    assert (await theirs.client.get(path)).status_code == 404
