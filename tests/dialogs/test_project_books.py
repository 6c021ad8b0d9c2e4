"""Open books 账目: posted with receipts, struck, printed; nobody overspends, even at once."""

import asyncio

from handlers.messages import Incoming, Press
from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.test_mydata import document
from tests.dialogs.test_projects import RECEIPT, granted, spent


@ON_ONE_DATABASE
async def test_a_receipt_alone_answers_the_question_for_it(town: Stairwell) -> None:
    await granted(town)
    for at in ("", "3号楼"):
        await town.says("王阿姨", "花费 议1 9.9元 买土", at=at)

        said = await town.says("王阿姨", "", at=at, pictures=[RECEIPT])
        assert "9.90 元 买土 · 11月22日周日 📷" in said


@ON_ONE_DATABASE
async def test_what_is_spent_stands_on_every_card_and_in_the_book(town: Stairwell) -> None:
    await granted(town)
    said = await town.says("王阿姨", "花费 议1 128.5元 买花盆", at="3号楼", pictures=[RECEIPT])
    assert "128.50 元 买花盆 · 11月22日周日 📷\n记了以后还剩 2,871.50 元" in said

    said = await town.presses("王阿姨", "记账", at="3号楼")

    assert "记好了：议1 第1笔 128.50 元 买花盆\n已用 128.50 / 3,000.00 元" in said
    assert "💰 已用 128.50 / 3,000.00 元" in town.card("3号楼", "议1")
    said = await town.says("小陈", "账目 议1", at="3号楼")
    assert "1. 128.50 元 买花盆 · 11月22日周日 📷" in said
    assert "已经私下发给您" in await town.presses("小陈", "单据1", at="3号楼")
    assert [e.chat for e in town.events if e.shown.photo] == ["@小陈"]
    assert "没有找到 议1" in await town.says("钱伯", "账目 议1")
    assert "没有找到 议1" in await town.taps("钱伯", "bill:1:1")


@ON_ONE_DATABASE
async def test_what_is_missing_is_asked_for(town: Stairwell) -> None:
    await granted(town)

    assert "花了多少钱" in await town.says("王阿姨", "花费")
    assert "只剩 3,000.00 元，记不了 9,000.00 元" in await town.says("王阿姨", "9000元")
    assert "买了什么" in await town.says("王阿姨", "九块九")
    assert "小票或发票" in await town.says("王阿姨", "昨天买土")
    assert "9.90 元 买土 · 11月21日周六\n" in await town.presses("王阿姨", "没有单据")
    await town.says("王阿姨", "取消")
    assert "还没有花过钱" in await town.says("王阿姨", "账目")


@ON_ONE_DATABASE
async def test_a_wrong_line_is_struck_and_stays(town: Stairwell) -> None:
    await granted(town)
    await spent(town)
    assert "已经有一样的一笔（第1笔）" in await town.says(
        "王阿姨", "花费 128.5元 买花盆", pictures=[RECEIPT]
    )
    await town.presses("王阿姨", "记账")

    await town.says("王阿姨", "冲正 议1")
    assert "为什么冲正" in await town.presses("王阿姨", "2. 128.50")
    said = await town.says("王阿姨", "同一张小票")

    assert "第2笔 128.50 元已冲正" in said and "已用 128.50 / 3,000.00 元" in said
    said = await town.says("刘大爷", "账目 议1")
    assert "✗ 2. 128.50 元 买花盆" in said and "3. -128.50 元 冲正第2笔：同一张小票" in said
    assert "已经冲正过" in await town.says("王阿姨", "冲正 议1 第2笔 再来")
    assert "已经冲正过" in await town.says("孙主任", "冲正 议1 3 再来")
    assert "没有第9笔" in await town.says("王阿姨", "冲正 议1 9 没有")
    assert "由提议的人和帮手" in await town.says("小陈", "冲正 议1 1 不对")


async def test_one_press_is_one_line_and_two_people_are_two(town: Stairwell) -> None:
    await granted(town)
    await town.says("王阿姨", "帮手 议1 刘大爷")
    assert "王阿姨 请您一起办 议1「楼道花架」" in town.told("刘大爷")
    for who in ("王阿姨", "刘大爷"):
        await town.says(who, "花费 议1 128.5元 买花盆", pictures=[RECEIPT])
    taps = [
        Incoming("memory", f"{who}-{n}", f"@{who}", True, who, who, press=Press("=!", f"t{n}"))
        for n in (1, 2)
        for who in ("王阿姨", "刘大爷")
    ]

    await asyncio.gather(*(town.town.app.router.receive(tap) for tap in taps))

    assert "已用 257.00 / 3,000.00 元" in await town.says("小陈", "账目 议1")


async def test_at_once_no_more_is_spent_than_there_is(town: Stairwell) -> None:
    await granted(town)
    await town.says("王阿姨", "帮手 议1 刘大爷")
    for who in ("王阿姨", "刘大爷"):
        await town.says(who, "花费 议1 2000元 架子", pictures=[RECEIPT])
    taps = [
        Incoming("memory", f"tap-{who}", f"@{who}", True, who, who, press=Press("=!", who))
        for who in ("王阿姨", "刘大爷")
    ]

    await asyncio.gather(*(town.town.app.router.receive(tap) for tap in taps))

    assert "已用 2,000.00 / 3,000.00 元" in await town.says("小陈", "账目 议1")


async def test_only_who_runs_it_posts(town: Stairwell) -> None:
    await granted(town)

    for who in ("小陈", "张楼长", "孙主任"):
        assert "由提议的人和帮手来记" in await town.says(who, "花费 议1 5元 水")
    assert "已经在一起办" in await town.says("王阿姨", "帮手 议1 王阿姨")
    assert "不住在这里" in await town.says("王阿姨", "帮手 议1 钱伯")
    await town.says("王阿姨", "帮手 小陈")
    assert "不再记 议1 的账" in await town.presses("王阿姨", "不用帮手了")
    assert "由提议的人和帮手来记" in await town.says("小陈", "花费 议1 5元 水")


@ON_ONE_DATABASE
async def test_the_book_is_printed_and_opens_as_a_spreadsheet(town: Stairwell) -> None:
    await granted(town)
    await spent(town, what="1234.5元 =架子")
    await town.says("王阿姨", "冲正 议1 1 记错了")

    await town.says("小陈", "账目 议1")
    assert "project-1.pdf" in await town.presses("小陈", "打印账目")
    await town.says("小陈", "账目 议1")
    await town.presses("小陈", "账目表格")

    rows = (await document(town)).splitlines()
    assert rows[1] == "1,2026-11-22,'=架子,1234.50,有,已冲正"
    assert rows[2] == "2,2026-11-22,记错了,-1234.50,无,冲正第1笔"
    assert rows[3] == ",,合计,0.00,,"


async def test_my_data_tells_what_i_posted(town: Stairwell) -> None:
    await granted(town)
    await spent(town)

    for who, heading, said in (
        ("王阿姨", "【记过的账】", "yuan: 128.50; what: 买花盆"),
        ("孙主任", "【批准的拨款】", "yuan: 3000.00"),
    ):
        await town.says(who, "我的数据")
        await town.presses(who, "下载（给人看）")
        file = await document(town)
        assert heading in file and said in file


@ON_ONE_DATABASE
async def test_who_deletes_themselves_leaves_a_book_that_adds_up(town: Stairwell) -> None:
    await granted(town)
    await spent(town)
    await town.says("王阿姨", "帮手 刘大爷")
    await town.says("王阿姨", "我的数据")
    await town.presses("王阿姨", "删除我的数据")
    await town.presses("王阿姨", "确认，全部删除")

    assert "1. 128.50 元 买花盆" in await town.says("小陈", "账目 议1")
    assert "第2笔 5.00 元" in await spent(town, "刘大爷", "5元 水")
    await town.says("孙主任", "结项 议1")
    await town.presses("孙主任", "结项")
    assert "退回 2,866.50 元" in town.told("刘大爷")


@ON_ONE_DATABASE
async def test_a_long_book_has_pages(town: Stairwell) -> None:
    await granted(town)
    for fen in range(1, 11):
        await spent(town, what=f"{fen}元 花{fen}")

    said = await town.says("小陈", "账目 议1")
    assert "10. 10.00 元 花10" in said and "\n2. 2.00" not in said
    said = await town.presses("小陈", "更早的")
    assert "1. 1.00 元 花1" in said and "\n2. 2.00" in said and "更早的" not in said
