"""Forward pages 转发页: what a link from a WeChat group shows, and to whom."""

import re

from tests.web.conftest import House, hidden
from web.talk import private_chat

POLL = "投票 车棚建在哪 东侧/西侧/不建 周五晚8点"


async def forwarded(house: House, words: str = "转发 票1", opens: str = POLL) -> str:
    """张楼长 opens a poll, or what ``opens`` says, and forwards it; the path of the link."""
    await house.says("张楼长", opens, at="3号楼")
    await house.presses("张楼长", "=!", at="3号楼")
    await house.says("张楼长", words)
    said = (await house.chat(private_chat("张楼长")))[-1].body
    found = re.search(r"/f/[\w-]+", said)
    assert found is not None, said
    return found[0]


async def test_a_stranger_reads_what_the_group_reads_and_is_asked_for_the_code(
    house: House,
) -> None:
    link = await forwarded(house)
    browser = house.browser()

    page = await browser.opens(link)

    assert "车棚建在哪" in page and "20:00" in page
    assert "您家的邀请码" in page
    assert "东侧</button>" not in page


async def test_a_resident_opens_it_with_one_tap_and_votes(house: House) -> None:
    link = await forwarded(house)
    browser = await house.resident("3-2-701", "新邻居")

    assert "新邻居，点这里打开" in await browser.opens(link)
    await browser.posts(link, hidden(browser.page))
    await browser.opens("/chat")
    await browser.presses("东侧")

    assert "东侧：1票" in await browser.opens("/chat")


async def test_the_code_leads_in_and_back_to_what_was_forwarded(house: House) -> None:
    link = await forwarded(house)
    code = (await house.invited("3-2-701")).removeprefix("/j/")
    browser = house.browser()
    await browser.opens(link)

    page = await browser.posts(link, {**hidden(browser.page), "code": code})
    assert "给 3-2-701 的邀请" in page
    joined = f"/j/{code}?then={link.removeprefix('/f/')}"
    page = await browser.posts(joined, {**hidden(page), "name": "新邻居", "consent": "1"})

    assert "新邻居，点这里打开" in page and "车棚建在哪" in page


async def test_what_leads_back_is_a_link_of_ours_only(house: House) -> None:
    code = (await house.invited("3-2-701")).removeprefix("/j/")
    browser = house.browser()
    page = await browser.opens(f"/j/{code}?then=//evil.test")

    await browser.posts(
        f"/j/{code}?then=//evil.test", {**hidden(page), "name": "新邻居", "consent": "1"}
    )

    assert "欢迎！您已登记" in await browser.opens("/chat")


async def test_a_link_that_is_not_whole_says_what_to_do(house: House) -> None:
    browser = house.browser()

    page = await browser.opens("/f/abcdefgh")

    assert browser.status == 404
    assert "这个链接打不开了" in page and "楼栋长" in page


async def test_a_day_shows_its_lines(house: House) -> None:
    link = await forwarded(house, "转发")

    page = await house.browser().opens(link)

    assert "3号楼今天的事" in page
    assert "投票：车棚建在哪" in page


async def test_a_survey_is_read_by_everybody_and_answered_by_the_household(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    link = await forwarded(house, "转发 询1", "征询 加装电梯，同意吗 下周五晚8点")
    assert "加装电梯，同意吗" in await house.browser().opens(link)

    await browser.posts(link, hidden(await browser.opens(link)))
    await browser.opens("/chat")
    await browser.presses("不同意")

    assert "不同意1户" in await browser.opens("/chat")


async def test_a_notice_is_read_by_everybody_and_counted_for_the_household(house: House) -> None:
    link = await forwarded(house, "转发 告1", "公告 明天停水 8点到12点")
    assert "明天停水 8点到12点" in await house.browser().opens(link)
    browser = await house.resident("3-2-701", "新邻居")

    await browser.posts(link, hidden(await browser.opens(link)))
    await browser.opens("/chat")
    await browser.presses("知道了")

    assert "已有1人知道了" in await browser.opens("/chat")


async def test_a_foreign_form_opens_nothing(house: House) -> None:
    link = await forwarded(house)
    browser = await house.resident("3-2-701", "新邻居")
    await browser.opens(link)

    await browser.posts(link, {**hidden(browser.page), "token": "forged"})

    assert browser.status == 403
    page = await browser.opens("/chat")
    assert page.count("东侧</button>") == 1  # the group's own card
