"""Cards store 卡片: messages that show one thing and are edited as it changes."""

import msgspec

from storage.chats import Chat
from storage.statement import inserted_or_none, row, value


class Card(msgspec.Struct, frozen=True):
    """A message that shows one thing and is edited as it changes; for a group, nobody's."""

    id: int
    community_id: int | None
    person_id: int | None
    kind: str
    subject_id: int


class Cards:
    """Repository of cards; ``Outbox.refresh`` lets them be drawn anew."""

    async def add(
        self, chat: Chat, community_id: int | None, person_id: int | None, kind: str, subject: int
    ) -> int:
        """The card of a thing in a chat, as it will be once it is sent anew; its id."""
        made = await inserted_or_none(
            "insert into cards (chat_id, community_id, person_id, kind, subject_id) "
            "values (?, ?, ?, ?, ?) on conflict (kind, subject_id, chat_id) do nothing",
            chat.id,
            community_id,
            person_id,
            kind,
            subject,
        )
        if made is not None:
            return made
        return int(
            await value(
                "update cards set ref = null where kind = ? and subject_id = ? and chat_id = ? "
                "returning id",
                kind,
                subject,
                chat.id,
            )
        )

    async def find(self, card_id: int) -> Card | None:
        """What a card shows, and to whom; None once it was forgotten."""
        found = await row("select * from cards where id = ?", card_id)
        if found is None:
            return None
        return Card(
            found["id"],
            found["community_id"],
            found["person_id"],
            found["kind"],
            found["subject_id"],
        )
