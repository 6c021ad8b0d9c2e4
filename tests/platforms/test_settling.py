"""Arrivals that are noted together: all of them are, and one that breaks holds up nobody."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.settling import MAX_TOGETHER, Settler
from storage.database import Database
from storage.outbox import Post
from storage.statement import value
from storage.unit import Unit

BEYOND_ANY_ID = 10**30


async def posted(database: Database, count: int) -> list[Post]:
    """That many posts on their way, each a card's in a chat of its own."""

    async def put(unit: Unit) -> list[Post]:
        for number in range(count):
            chat = await unit.chats.met("memory", f"room{number}", is_private=True)
            card_id = await unit.cards.add(chat, None, None, "issue", number)
            post = Post("memory", chat.address, "send", "{}", card_id=card_id)
            await unit.outbox.put(post)
        return unit.outbox.fresh

    return await database.unit(put)


async def refs(database: Database) -> tuple[int, int]:
    """How many posts still wait, and how many cards know where they are."""
    waiting = await database.read(lambda unit: value("select count(*) from outbox"))
    known = await database.read(
        lambda unit: value("select count(*) from cards where ref = 'm' || cast(subject_id as text)")
    )
    return int(waiting), int(known)


async def test_whatever_arrives_at_once_is_noted_whole(database: Database) -> None:
    count = 2 * MAX_TOGETHER + 1
    settler, posts = Settler(database), await posted(database, count)

    await asyncio.gather(*(settler.note(post, f"m{i}") for i, post in enumerate(posts)))

    assert await refs(database) == (0, count)


async def test_an_arrival_that_breaks_holds_up_no_other(database: Database) -> None:
    settler, posts = Settler(database), await posted(database, 3)
    broken = replace(posts[1], card_id=BEYOND_ANY_ID)

    noted = await asyncio.gather(
        settler.note(posts[0], "m0"),
        settler.note(broken, "m1"),
        settler.note(posts[2], "m2"),
        return_exceptions=True,
    )

    assert [isinstance(one, Exception) for one in noted] == [False, True, False]
    assert await refs(database) == (1, 2)


async def test_what_arrived_is_noted_after_the_database_was_away(database: Database) -> None:
    settler, posts = Settler(database), await posted(database, 1)
    await database.close()
    with pytest.raises(Exception, match="closed"):
        await settler.note(posts[0], "m0")
    await database.open()

    await settler.note(posts[0], "m0")

    assert await refs(database) == (0, 1)
