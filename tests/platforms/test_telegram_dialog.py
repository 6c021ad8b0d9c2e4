"""The life of a report over Telegram, from the first word to the last tap."""

from tests.platforms.telegram_town import TelegramTown


async def test_a_broken_lamp_is_reported_and_seen_through(either_street: TelegramTown) -> None:
    street = either_street
    assert "报1 · 待派单" in await street.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await street.presses("刘大爷", "附议", at="3号楼")
    assert "1位邻居也遇到" in street.fake.last("3号楼")

    await street.presses("李网格", "派单")
    assert "派给维修队" in await street.presses("李网格", "维修队")
    assert "您已接单" in await street.presses("赵师傅", "接单")
    await street.presses("赵师傅", "办结")
    await street.says("赵师傅", "已换新灯")
    assert "已换新灯" in street.fake.sees("王阿姨")
    await street.presses("王阿姨", "修好了")

    assert "报1 · 已验单" in street.fake.last("3号楼")
    assert len(street.fake.bubbles("3号楼")) == 1


async def test_a_meeting_is_called_joined_and_put_into_a_calendar(
    either_street: TelegramTown,
) -> None:
    street = either_street
    await street.says("张楼长", "睦邻夜话 下周五晚7点 凉亭", at="3号楼")
    await street.presses("张楼长", "召集", at="3号楼")
    assert "会1 · 睦邻夜话" in street.fake.last("3号楼")
    await street.presses("王阿姨", "我来", at="3号楼")
    assert "1人来" in street.fake.last("3号楼")

    await street.presses("王阿姨", "加到日历", at="3号楼")
    assert "请点开这个文件" in street.fake.sees("王阿姨")

    await street.says("张楼长", "签到码 会1")
    assert "签到码" in street.fake.sees("张楼长")
    assert street.fake.uploads == ["meeting-1.ics", "photo.png"]
