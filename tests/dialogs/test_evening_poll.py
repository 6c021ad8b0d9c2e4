"""Everybody chooses 大家选: a poll among evenings, and what the convener makes of it."""

from tests.conftest import ON_ONE_DATABASE, Stairwell
from tests.dialogs.sky import CHOOSE, Sky16, minute, sky

__all__ = ["sky"]


async def asked(town: Stairwell) -> None:
    """张楼长 lets everybody choose."""
    await town.says("张楼长", CHOOSE)
    await town.presses("张楼长", "让大家选")


async def test_everybody_taps_the_evenings_that_suit(town: Stairwell) -> None:
    await asked(town)
    assert "睦邻夜话哪天晚上合适" in town.sees("3号楼")

    await town.presses("王阿姨", "11月27日", at="3号楼")
    await town.presses("王阿姨", "11月26日", at="3号楼")
    await town.presses("刘大爷", "11月27日", at="3号楼")

    assert "11月27日周五 19:00：2票" in town.sees("3号楼")
    assert "11月26日周四 19:00：1票" in town.sees("3号楼")
    assert len([b for b in town.town.screen.chats["3号楼"] if "票1 ·" in b.shown.text]) == 1


@ON_ONE_DATABASE
async def test_the_evening_that_suits_most_is_there_to_be_confirmed(town: Stairwell) -> None:
    await asked(town)
    await town.presses("王阿姨", "11月26日", at="3号楼")
    await town.moves("+2d 20:00")

    assert "投票结束：11月26日周四 19:00" in town.told("3号楼")
    said = town.told("张楼长")
    assert "11月26日周四 19:00：1人合适" in said and "[11月26日周四 19:00]" in said
    assert "报名中" in await town.presses("张楼长", "11月26日周四")


async def test_of_a_tie_the_clearer_evening_comes_first(town: Stairwell, sky: Sky16) -> None:
    await sky.shows()
    await asked(town)
    await town.presses("王阿姨", "11月26日", at="3号楼")
    await town.presses("刘大爷", "11月27日", at="3号楼")
    await sky.shows(5)
    await town.presses("张楼长", "现在就定")

    lines = town.sees("张楼长").splitlines()
    votes = [line for line in lines if "人合适" in line]
    assert votes[0].startswith("11月27日周五 19:00 晴 9°：1人")
    assert votes[1].startswith("11月26日周四 19:00 有雨（80%）7°：1人")


async def test_nobody_votes_and_the_convener_chooses(town: Stairwell) -> None:
    await asked(town)
    await town.moves("+3d")

    assert "没有人选" in town.sees("张楼长") and "[11月27日周五 19:00]" in town.sees("张楼长")


async def test_a_poll_that_is_called_off_leads_back_to_the_proposals(town: Stairwell) -> None:
    await asked(town)
    await town.says("张楼长", "取消投票 票1")
    await town.presses("张楼长", "取消这次投票")

    assert "[让大家选]" in await town.taps("张楼长", "showevenings:1")


async def test_an_evening_chosen_in_the_meantime_ends_the_poll(town: Stairwell) -> None:
    await asked(town)
    await town.taps("张楼长", f"evening:1:{minute(6)}")

    assert "已经取消" in await town.taps("王阿姨", "vote:1:0", at="3号楼")


async def test_everybody_is_asked_once_at_a_time(town: Stairwell) -> None:
    await asked(town)

    assert "正在让大家选" in await town.taps("张楼长", "askevening:1")
    await town.taps("张楼长", "endevening:1")
    assert "现在没有让大家选" in await town.taps("张楼长", "endevening:1")
