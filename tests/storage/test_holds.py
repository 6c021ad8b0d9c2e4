"""Holds 留存: names on ballots are held, told, and taken out in time; the count stays checkable."""

from datetime import timedelta

from bot.clock import HeldClock
from bot.tidying import would_go
from domain.audit import audited
from domain.holds import renamed
from domain.ledger import export_line
from domain.people import Role
from storage.forgetting import NAMES
from storage.statement import Row, rows, value
from storage.unit import Unit
from tests.conftest import Stairwell
from tests.dialogs.test_conventions import passed
from tests.dialogs.voting import OWNERS, PHOTO, announced, votes, with_roll

_HOLD_NAMES = ("motion_voters", "motion_homes", "motion_papers", "motion_proxies", "motion_ledger")


async def voted(town: Stairwell) -> None:
    """A named vote with a paper and a proxy, to its end on the 31st of December."""
    await with_roll(town)
    await announced(town)
    await votes(town, "王阿姨", "赞成")
    await town.says("周业委", "纸票 表1 3-1-102 反对", pictures=[PHOTO])
    await town.presses("孙主任", "一样，计入")
    await town.says("周业委", "委托 表1 3-1-403 小陈", pictures=[PHOTO])
    await town.moves("+45d")


async def words_of(unit: Unit) -> str:
    """All that the tables of votes hold, as one text."""
    found: list[Row] = []
    for table in _HOLD_NAMES:
        found += await rows(f"select * from {table}")
    return "\n".join(str([r[name] for name in list(r.keys())]) for r in found)


async def test_names_are_taken_out_of_a_vote_when_they_have_had_their_time(
    town: Stairwell, clock: HeldClock
) -> None:
    await voted(town)
    database, tidy = town.town.app.database, town.town.app.clockwork.tidy
    ledger = await database.read(lambda unit: unit.motions.ledger(1))
    held = await database.read(words_of)

    told = await town.says("王阿姨", "我的数据")
    assert "要经得起查" in told and "您的门牌和名字留到2029年12月31日" in told
    assert "要经得起查" not in await town.says("赵师傅", "我的数据")
    assert "3-2-501" in held and "王*" in held
    assert not any("3-2-501" in text or "王*" in text for _, text in ledger)

    clock.move_to(clock() + timedelta(days=1000))
    await tidy()
    assert NAMES not in await would_go(database)
    clock.move_to(clock() + timedelta(days=100))
    assert (await would_go(database))[NAMES] == len(OWNERS)
    await tidy()

    left = await database.read(words_of)
    assert not any(flat in left for flat in OWNERS) and "*" not in left
    assert await database.read(lambda unit: value("select count(*) from photos")) == 0
    assert await database.read(lambda unit: unit.motions.ledger(1)) == ledger
    found = audited(export_line(head, text) for head, text in ledger)
    motion = await database.read(lambda unit: unit.motions.by_id(1))
    tallies = await database.read(lambda unit: unit.ballots.tallies(motion))
    assert found.flaws == () and found.tallies == tallies and motion.took_part.heads == 2
    assert await would_go(database) == {}


async def test_what_is_shown_of_a_vote_without_names(town: Stairwell, clock: HeldClock) -> None:
    await voted(town)
    clock.move_to(clock() + timedelta(days=1100))
    await town.town.app.clockwork.tidy()

    assert "留存期满，已经去掉" in await town.says("王阿姨", "表决名单 表1")
    assert "表1" in await town.says("王阿姨", "表决报告 表1")
    assert "motion-1.zip" in await town.says("王阿姨", "票据链 表1")
    assert "门牌和名字留到" not in await town.says("王阿姨", "我的数据")


async def test_the_roll_of_a_ledger_seals_its_names(town: Stairwell) -> None:
    await voted(town)

    async def unfit(unit: Unit) -> list[int]:
        texts = [text for _, text in await unit.motions.ledger(1)]
        return renamed([seat.entry for seat in await unit.seats.of(1)], texts)

    database = town.town.app.database
    assert await database.read(unfit) == []


async def test_who_moved_in_later_reads_nothing_of_a_households_ballot(town: Stairwell) -> None:
    await passed(town)

    async def move_in(unit: Unit) -> tuple[int, int]:
        community = (await unit.places.communities())[0]
        home = (await unit.places.named("3-2-501", below=community.path))[0]
        new = await unit.people.add("新邻居", unit.now)
        await unit.people.grant(new, Role.RESIDENT, home.id, by=None, now=unit.now)
        old = (await unit.people.named("王阿姨", community.id))[0]
        return len(await unit.holds.of(new)), len(await unit.holds.of(old))

    assert await town.town.app.database.unit(move_in) == (0, 1)
