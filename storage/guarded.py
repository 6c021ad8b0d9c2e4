"""Guarded 有权才见: the one way from a number that people say to the row that they may see."""

from domain.people import Actor
from domain.refusal import Refusal
from storage.statement import Row, row


async def numbered(table: str, number: int, *, community_id: int, seen_by: Actor) -> Row:
    """The row of ``table`` that people of a community call by ``number``.

    Raises:
        Refusal: ``<kind>_absent``, alike for "there is none" and "not for you".
    """
    found = await row(
        f"select * from {table} where community_id = ? and number = ?", community_id, number
    )
    if found is None or not seen_by.sees(found["path"]):
        raise Refusal(f"{_kind(table)}_absent", number=number)
    return found


async def kept(table: str, row_id: int) -> Row:
    """The row with that id, for the program itself; a bug if there is none."""
    found = await row(f"select * from {table} where id = ?", row_id)
    if found is None:
        raise ValueError(f"no {_kind(table)} {row_id}")
    return found


def _kind(table: str) -> str:
    return table.removesuffix("s")
