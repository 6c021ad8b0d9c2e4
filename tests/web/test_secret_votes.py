"""Secret votes on the web page 网页上的不记名表决: where we keep the messages, they are erased."""

import re
from datetime import timedelta

from handlers.messages import unpacked
from storage.statement import rows
from storage.unit import Unit
from tests.dialogs.voting import TEXT, give_many
from tests.web.conftest import House


async def button(house: House, who: str, call: str) -> str:
    """The call of the button in somebody's last message that begins so."""
    last = unpacked((await house.chat(f"@{who}"))[-1].body)
    return next(c for row in last.buttons for _, c in row if c.startswith(call))


async def opened(house: House) -> None:
    """A secret vote is open."""
    await house.app.database.unit(give_many)
    for words in ("表决 更换物业公司", TEXT, "12月31日晚上8点"):
        await house.says("周业委", words)
    await house.presses("周业委", await button(house, "周业委", "motionsecret:1"))
    await house.presses("周业委", await button(house, "周业委", "=!"))


async def dropped_in(house: House) -> str:
    """王阿姨 votes against it in her own chat; her receipt's code."""
    await house.presses("王阿姨", "ballot:1:no")
    await house.presses("王阿姨", await button(house, "王阿姨", "cast:"))
    last = (await house.chat("@王阿姨"))[-1]
    found = re.search(r"回执码 ([A-Z0-9-]+)", unpacked(last.body).text)
    assert found is not None
    return found[1]


async def kept(house: House) -> str:
    """All that the web chat keeps of anybody."""

    async def read(unit: Unit) -> str:
        return "\n".join(r["body"] for r in await rows("select body from web_messages"))

    return await house.app.database.unit(read)


async def test_receipt_and_read_back_are_erased_after_ten_minutes(house: House) -> None:
    await opened(house)
    code = await dropped_in(house)
    assert code in await kept(house)

    house.clock.move_to(house.clock() + timedelta(minutes=11))
    await house.platform.erase()
    left = await kept(house)

    assert code not in left and "【反对】" not in left and "cast:" not in left
    assert "已按保密规定擦除" in left


async def test_a_code_that_was_typed_is_taken_back_at_once(house: House) -> None:
    await opened(house)
    code = await dropped_in(house)
    house.clock.move_to(house.clock() + timedelta(minutes=11))
    await house.platform.erase()
    await house.says("王阿姨", f"查回执 表1 {code}")

    assert "票在票箱里" in (await house.chat("@王阿姨"))[-1].body
    assert code not in await kept(house)


async def test_a_number_by_which_somebody_chose_is_taken_back(house: House) -> None:
    await opened(house)
    await house.presses("王阿姨", "showmotion:1")
    await house.says("王阿姨", "2")

    said = [m.body for m in await house.chat("@王阿姨") if m.kind == "said"]
    assert "2" not in said


async def test_choices_on_several_matters_are_taken_back_and_erased(house: House) -> None:
    await house.app.database.unit(give_many)
    for words in ("表决 更换物业公司", TEXT, "12月31日晚上8点"):
        await house.says("周业委", words)
    await house.presses("周业委", await button(house, "周业委", "motionadd"))
    for words in ("刷墙", "楼道墙面刷白。"):
        await house.says("周业委", words)
    await house.presses("周业委", await button(house, "周业委", "motionsecret:1"))
    await house.presses("周业委", await button(house, "周业委", "=!"))
    await house.presses("王阿姨", "ballot:1")
    await house.presses("王阿姨", await button(house, "王阿姨", "mark:1.2:no"))
    await house.says("王阿姨", "3")
    assert "1. 更换物业公司：反对" in (await house.chat("@王阿姨"))[-1].body
    await house.presses("王阿姨", await button(house, "王阿姨", "cast:"))
    found = re.search(r"回执码 ([A-Z0-9-]+)", (await house.chat("@王阿姨"))[-1].body)
    assert found is not None
    code = found[1]

    said = [m.body for m in await house.chat("@王阿姨") if m.kind == "said"]
    assert "3" not in said
    house.clock.move_to(house.clock() + timedelta(minutes=11))
    await house.platform.erase()
    left = await kept(house)
    assert code not in left and "mark:" not in left and "cast:" not in left
