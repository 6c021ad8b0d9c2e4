"""Web chat store 网页聊天: messages that a browser shows, and who a browser is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.places import Place
from storage.chats import Chat
from storage.places import PLACE, place_of
from storage.statement import (
    Row,
    Statement,
    affected,
    columns,
    inserted_or_none,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    stored_or_none,
    value,
)

PLATFORM: Final = "web"
SHOWN: Final = 60
"""Newest messages of a chat that a page shows."""
MAX_REF: Final = 18
"""Digits of a message's id."""
UNSAID: Final = "•••"
"""Stands where words were taken back."""
_SEEN_EVERY: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class WebMessage:
    """One bubble, or a passing note.

    Attributes:
        kind: ``said`` (by a person), ``told`` (by us) or ``toast`` (a passing note by us).
        body: What was said as it was typed; otherwise the rendered message (JSON).
        account: Who said it; empty where we did.
        name: What they are called now; read, never stored here.
        delivery: The page's own id of what was said, so that it is stored once.
        change: Number of the chat's change that gave the bubble its present shape.
        erase_at: When its words are taken away again; None where they stay.
    """

    address: str
    kind: str
    body: str
    at: datetime
    account: str = ""
    photo_id: int | None = None
    delivery: str | None = None
    id: int = 0
    name: str = ""
    change: int = 0
    erase_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that holds a token."""

    account: str
    seen_at: datetime


class WebChat:
    """Repository of the web chat."""

    async def add(self, message: WebMessage) -> int | None:
        """Store a bubble; its id, or None where that delivery is stored already."""
        change = await self._changed(message.address)
        return await inserted_or_none(
            "insert into web_messages "
            "(address, kind, account, body, photo_id, delivery, at, change, erase_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (address, delivery) do nothing",
            message.address,
            message.kind,
            message.account,
            message.body,
            message.photo_id,
            message.delivery,
            stored(message.at),
            change,
            stored_or_none(message.erase_at),
        )

    async def is_stored(self, address: str, delivery: str) -> bool:
        """Whether a bubble of that delivery is there already."""
        return bool(
            await value(
                "select 1 from web_messages where address = ? and delivery = ?", address, delivery
            )
        )

    async def show(self, message_id: int, address: str, body: str, photo_id: int | None) -> bool:
        """Let a bubble of that chat show ``body``; False if there is none."""
        change = await self._changed(address)
        shown = await affected(
            "update web_messages set body = ?, photo_id = ?, change = ? "
            "where id = ? and address = ? and kind = 'told'",
            body,
            photo_id,
            change,
            message_id,
            address,
        )
        return shown > 0

    async def body(self, chat: Chat, ref: str) -> str | None:
        """What our message ``ref`` of a chat on our own page shows; None elsewhere."""
        if chat.platform != PLATFORM or not ref.isdecimal() or len(ref) > MAX_REF:
            return None
        found = await value(
            "select body from web_messages where id = ? and address = ? and kind = 'told'",
            int(ref),
            chat.address,
        )
        return str(found) if found is not None else None

    async def reword(self, chat: Chat, ref: str, body: str) -> None:
        """Let our message ``ref`` show ``body``; its files stay."""
        change = await self._changed(chat.address)
        await Statement(
            "update web_messages set body = ?, change = ? "
            "where id = ? and address = ? and kind = 'told'",
            body,
            change,
            int(ref),
            chat.address,
        )

    async def unsay(self, chat: Chat, ref: str) -> None:
        """Take back what somebody typed on our own page, where it is kept; nothing elsewhere."""
        if chat.platform != PLATFORM or not ref.isdecimal():
            return
        change = await self._changed(chat.address)
        await Statement(
            "update web_messages set body = ?, change = ? "
            "where id = ? and address = ? and kind = 'said'",
            UNSAID,
            change,
            int(ref),
            chat.address,
        )

    async def to_erase(self, now: datetime) -> list[WebMessage]:
        """Bubbles whose words are to be taken away by now."""
        found = await rows(
            "select m.*, '' as name from web_messages m where m.erase_at <= ?", stored(now)
        )
        return [_message(r) for r in found]

    async def erase(self, message_id: int, address: str, body: str) -> None:
        """Let a bubble show ``body`` in the place of its words."""
        await Statement(
            "update web_messages set body = ?, erase_at = null, change = ? "
            "where id = ? and address = ?",
            body,
            await self._changed(address),
            message_id,
            address,
        )

    async def note(self, message: WebMessage) -> None:
        """Store a passing note; it takes the place of an earlier one."""
        await Statement(
            "delete from web_messages where address = ? and kind = 'toast'", message.address
        )
        await self.add(message)

    async def drop_notes(self, addresses: Sequence[str], before: datetime) -> None:
        """Drop the passing notes of these chats that no page shows any more."""
        await Statement(
            "delete from web_messages where kind = 'toast' and at <= ? "
            f"and address in ({marks(addresses)})",
            stored(before),
            *addresses,
        )

    async def _changed(self, address: str) -> int:
        # The row stays locked until the commit, so numbers appear in the order of the commits
        # and a page that has seen one of them has missed none before it.
        return int(
            await value(
                "insert into web_chats (address, changes) values (?, 1) on conflict (address) "
                "do update set changes = web_chats.changes + 1 returning changes",
                address,
            )
        )

    async def changes(self, address: str) -> int:
        """Number of a chat's last change; 0 for an empty one."""
        found = await value("select changes from web_chats where address = ?", address)
        return int(found or 0)

    async def since(self, address: str, change: int) -> list[WebMessage]:
        """The newest bubbles of a chat that changed after ``change``, oldest first."""
        found = await rows(
            "select m.*, p.name from web_messages m "
            "left join identities i on i.platform = 'web' and i.address = m.account "
            "left join people p on p.id = i.person_id "
            f"where m.address = ? and m.change > ? order by m.id desc limit {SHOWN}",
            address,
            change,
        )
        return [_message(r) for r in reversed(found)]

    async def shows_photo(self, photo_id: int, addresses: Sequence[str]) -> bool:
        """Whether a bubble in one of these chats shows that picture."""
        return bool(
            await value(
                "select 1 from web_messages where photo_id = ? "
                f"and address in ({marks(addresses)}) limit 1",
                photo_id,
                *addresses,
            )
        )

    async def newest_at(self) -> datetime | None:
        """When the last bubble of all was made; None for an empty database."""
        found = await value("select max(at) from web_messages")
        return instant(found) if found else None

    async def person(self, account: str) -> int | None:
        """Id of the person behind an account, or None before they first spoke."""
        found = await value(
            "select person_id from identities where platform = 'web' and address = ?", account
        )
        return int(found) if found is not None else None

    async def groups(self, community_ids: Sequence[int]) -> list[tuple[str, Place]]:
        """Address and place of every web group of these communities."""
        found = await rows(
            f"select c.address, {columns('p', PLACE)} from chats c "
            "join places p on p.id = c.place_id "
            "where c.platform = 'web' and c.is_private = 0 and c.left_at is null "
            f"and c.community_id in ({marks(community_ids)}) order by p.path",
            *community_ids,
        )
        return [(address, place_of(place)) for address, *place in found]

    async def open_session(self, token_hash: str, account: str, now: datetime) -> bool:
        """Let the browser that holds the token be the account; False if it is somebody already."""
        found = await rows(
            "insert into web_sessions (token_hash, account, made_at, seen_at) "
            "values (?, ?, ?, ?) on conflict (token_hash) do nothing returning account",
            token_hash,
            account,
            stored(now),
            stored(now),
        )
        return bool(found)

    async def session(self, token_hash: str) -> Session | None:
        """Who a browser is, or None."""
        found = await row("select * from web_sessions where token_hash = ?", token_hash)
        return Session(found["account"], instant(found["seen_at"])) if found is not None else None

    async def touch_session(self, token_hash: str, now: datetime) -> None:
        """Note that a browser is still in use; at most twice a day."""
        await Statement(
            "update web_sessions set seen_at = ? where token_hash = ? and seen_at < ?",
            stored(now),
            token_hash,
            stored(now - _SEEN_EVERY),
        )

    async def forget_sessions(self, before: datetime) -> None:
        """Drop sessions of browsers that have not come back; they hold no cookie any more."""
        await Statement("delete from web_sessions where seen_at < ?", stored(before))

    async def close_session(self, token_hash: str) -> None:
        """Let the browser be nobody again."""
        await Statement("delete from web_sessions where token_hash = ?", token_hash)


def _message(found: Row) -> WebMessage:
    return WebMessage(
        id=found["id"],
        address=found["address"],
        kind=found["kind"],
        account=found["account"],
        name=found["name"] or "",
        body=found["body"],
        photo_id=found["photo_id"],
        at=instant(found["at"]),
        change=found["change"],
        erase_at=instant_or_none(found["erase_at"]),
    )
