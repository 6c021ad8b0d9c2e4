"""Moving 搬家: a group has a new address, where we may have been spoken to already."""

from typing import Final

from storage.statement import Statement, row

LEFT_BEHIND: Final = ""
"""Reference of a card whose message nobody can edit any more."""


async def moved(platform: str, address: str, new_address: str) -> None:
    """Follow a group; what waits goes along, and a chat known at the new address becomes one
    with it. May be told as often as one likes."""
    old = await _chat_id(platform, address)
    new = await _chat_id(platform, new_address)
    if old is not None and address != new_address:
        await _left_behind(old)
    if old is not None and new is not None and old != new:
        await _merged(old, new)
    if old is not None:
        await Statement(
            "update chats set address = ?, left_at = null where id = ?", new_address, old
        )
    await Statement(
        "update outbox set address = ? where platform = ? and address = ?",
        new_address,
        platform,
        address,
    )


async def _left_behind(chat_id: int) -> None:
    """Messages stay at the old address and take no edit: each card is shown anew as it changes."""
    await Statement(
        "update cards set ref = ? where chat_id = ? and ref is not null", LEFT_BEHIND, chat_id
    )
    await Statement(
        "update outbox set ref = null where kind = 'edit' "
        "and card_id in (select id from cards where chat_id = ?)",
        chat_id,
    )


async def _chat_id(platform: str, address: str) -> int | None:
    found = await row("select id from chats where platform = ? and address = ?", platform, address)
    return int(found["id"]) if found is not None else None


async def _merged(old: int, new: int) -> None:
    """Let the chat ``old`` have what ``new`` has, and forget ``new``."""
    # Its address first: that waits for whoever is writing there, and holds up whoever comes.
    await Statement("update chats set address = ? where id = ?", f"moved:{new}", new)
    for table in ("menus", "greetings", "drafts"):
        await Statement(f"delete from {table} where chat_id = ?", new)
    await _merged_cards(old, new)
    # Who bound the new chat did so later than whoever bound the old one.
    await Statement(
        "update chats set place_id = n.place_id, community_id = n.community_id, thread = n.thread "
        "from (select * from chats where id = ?) n where chats.id = ? and n.place_id is not null",
        new,
        old,
    )
    await Statement("delete from chats where id = ?", new)


async def _merged_cards(old: int, new: int) -> None:
    """Move the cards; where both chats show a thing, the new chat's message is the living one."""
    twice = (
        "select o.id from cards o join cards n on n.kind = o.kind and n.subject_id = o.subject_id "
        "where o.chat_id = ? and n.chat_id = ?"
    )
    await Statement(f"delete from outbox where kind = 'edit' and card_id in ({twice})", old, new)
    await Statement(f"update outbox set card_id = null where card_id in ({twice})", old, new)
    await Statement(f"update menus set card_id = null where card_id in ({twice})", old, new)
    await Statement(f"delete from cards where id in ({twice})", old, new)
    await Statement("update cards set chat_id = ? where chat_id = ?", old, new)
