"""Forgetting 遗忘: takes out of the database what nobody needs any more, and nothing else."""

from storage.statement import Statement


class Forgetting:
    """Deletes rows that other repositories made."""

    async def card(self, card_id: int) -> None:
        """Keep a card up to date no longer; what waits for it is not sent."""
        await self._cards("id = ?", card_id)

    async def cards_of(self, chat_id: int) -> None:
        """The same for every card of a chat, with the buttons that a number answers there."""
        await self._cards("chat_id = ?", chat_id)
        await Statement("delete from menus where chat_id = ?", chat_id)

    async def _cards(self, where: str, *args: object) -> None:
        these = f"card_id in (select id from cards where {where})"
        await Statement(f"delete from menus where {these}", *args)
        await Statement(
            f"update outbox set card_id = null where state = 'failed' and {these}", *args
        )
        await Statement(f"delete from outbox where {these}", *args)
        await Statement(f"delete from cards where {where}", *args)
