"""Answered 答过: what a page shows once a question was answered, and what it does not keep."""

import re

from tests.web.conftest import House


async def test_a_number_typed_for_an_anonymous_poll_does_not_stay_beside_its_voter(
    house: House,
) -> None:
    await house.says("张楼长", "投票 匿名 车棚建在哪 东侧/西侧 周五晚8点", at="3号楼")
    await house.presses("张楼长", "=!", at="3号楼")
    await house.says("王阿姨", "@助手 2", at="3号楼")

    (said,) = [m.body for m in await house.chat("3号楼") if m.account == "王阿姨"]

    assert said == "•••"
    assert any("西侧：1票" in m.body for m in await house.chat("3号楼"))


async def test_a_question_that_one_tap_answered_is_greyed(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await browser.says("报事 四楼水管漏了", panel="me")
    for who, said in (("李网格", "派单 1 维修队"), ("赵师傅", "接单 1"), ("赵师傅", "办结 1 好了")):
        await house.says(who, said)
    page = await browser.opens("/chat")
    question = re.search(r'data-id="(\d+)"(?:(?!data-id).)*请看看', page, re.DOTALL)
    assert question is not None and "✓" not in page
    await browser.presses("修好了", bubble=question[1])
    page = await browser.opens("/chat")

    assert "disabled>✓ 修好了" in page and "disabled>没修好" in page


async def test_a_tap_names_no_message_that_is_not_its_own(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await house.says("王阿姨", "报事 四楼水管漏了")
    for who, said in (("李网格", "派单 1 维修队"), ("赵师傅", "接单 1"), ("赵师傅", "办结 1 好了")):
        await house.says(who, said)
    (asked,) = [m for m in await house.chat("@王阿姨") if "请看看" in m.body]
    for bubble in (str(asked.id), "0" * 30, "x", "９"):
        await browser.posts("/chat", {**browser.form("me"), "press": "help", "bubble": bubble})
        assert browser.status == 200

    (after,) = [m for m in await house.chat("@王阿姨") if m.id == asked.id]

    assert after.body == asked.body
