"""Web chat store 网页聊天: messages that a browser shows, and who a browser is."""

from dataclasses import dataclass
from datetime import datetime

from storage.statement import Row, Statement, instant, row, rows, stored, value

SHOWN = 60
"""Newest messages of a chat that a page shows."""


@dataclass(frozen=True, slots=True)
class WebMessage:
    """One bubble. ``kind`` is ``said`` (by a person) or ``told`` (by us); body is text or JSON."""

    id: int
    address: str
    kind: str
    person: str
    body: str
    photo_id: int | None
    at: datetime


class WebChat:
    """Repository of the web chat."""

    async def add(self, message: WebMessage) -> int:
        """Store a bubble; its id."""
        return int(
            await value(
                "insert into web_messages (address, kind, person, body, photo_id, at, changed_at) "
                "values (?, ?, ?, ?, ?, ?, ?) returning id",
                message.address,
                message.kind,
                message.person,
                message.body,
                message.photo_id,
                stored(message.at),
                stored(message.at),
            )
        )

    async def change(self, message_id: int, body: str, now: datetime) -> bool:
        """Let a bubble show ``body``; False if it is gone."""
        found = await rows(
            "update web_messages set body = ?, changed_at = ? where id = ? returning id",
            body,
            stored(now),
            message_id,
        )
        return bool(found)

    async def newest(self, address: str) -> list[WebMessage]:
        """What a chat's page shows, oldest first."""
        found = await rows(
            f"select * from web_messages where address = ? order by id desc limit {SHOWN}", address
        )
        return [_message(r) for r in reversed(found)]

    async def get(self, message_id: int) -> WebMessage | None:
        """That bubble, or None."""
        found = await row("select * from web_messages where id = ?", message_id)
        return _message(found) if found is not None else None

    async def open_session(self, token_hash: str, address: str, now: datetime) -> None:
        """Let the browser that holds the token be the account ``address``."""
        await Statement(
            "insert into web_sessions (token_hash, address, made_at, seen_at) values (?, ?, ?, ?)",
            token_hash,
            address,
            stored(now),
            stored(now),
        )

    async def session(self, token_hash: str) -> str | None:
        """The account of a browser, or None."""
        found = await value("select address from web_sessions where token_hash = ?", token_hash)
        return str(found) if found else None


def _message(found: Row) -> WebMessage:
    return WebMessage(
        id=found["id"],
        address=found["address"],
        kind=found["kind"],
        person=found["person"],
        body=found["body"],
        photo_id=found["photo_id"],
        at=instant(found["at"]),
    )
