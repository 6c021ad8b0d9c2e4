"""Spreadsheets over the web chat: posted by the page, read, and answered in words."""

from tests.web.conftest import Browser, House

ROLL = "楼栋,单元,房号,业主,面积\n3,2,501,王秀英,89.5\n".encode("gbk")


async def handed(browser: Browser, name: str, content: bytes) -> str:
    """The private chat's page after that file was posted with its form."""
    files = {"photo": (name, content, "application/octet-stream")}
    response = await browser.client.post(
        "/chat", data=browser.form("me"), files=files, follow_redirects=True
    )
    browser.page = response.text
    return response.text


async def test_a_roll_is_handed_over_and_stored(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await house.says("孙主任", "任命 新邻居 居委会 睦邻社区")
    await browser.opens("/chat")
    said = await handed(browser, "名册.csv", ROLL)

    assert "【名册.csv】" in said and "1户（处），1位业主，共89.50平方米" in said
    assert "名册已存好" in await browser.presses("存入名册")


async def test_a_neighbour_who_hands_one_over_is_told_who_keeps_the_roll(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await browser.opens("/chat")

    assert "1位业主" not in await handed(browser, "名册.csv", ROLL)
