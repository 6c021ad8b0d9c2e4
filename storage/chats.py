"""Chats store 会话: groups and private chats, their place, drafts, the inbox."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from domain.places import Place
from storage import moving
from storage.menus import Menus
from storage.places import PLACE, Places, below_any
from storage.statement import (
    Part,
    Statement,
    affected,
    columns,
    instant,
    marks,
    row,
    rows,
    stored,
)

CHAT: Final = (
    *("id", "platform", "address", "is_private"),
    *("place_id", "community_id", "thread", "left_at"),
)
"""Columns of a chat."""
DRAFT: Final = ("command", "args", "asking", "changed_at")
"""Columns of a draft."""
_CHATS: Final = f"select {columns('c', CHAT)} from chats c"


class Chat(msgspec.Struct, frozen=True):
    """One chat on one platform; ``place_id`` is set once staff bound it.

    ``is_left`` tells that we were removed or blocked, as far as we know.
    """

    id: int
    platform: str
    address: str
    is_private: bool
    place_id: int | None = None
    community_id: int | None = None
    thread: str | None = None
    is_left: bool = False


class Draft(msgspec.Struct, frozen=True):
    """A command that still lacks something: what was said so far, and what is asked now.

    ``asked_at`` is None until it is stored.
    """

    command: str
    args: Mapping[str, Any]
    asking: str
    asked_at: datetime | None = None


class Chats:
    """Repository of chats and what is going on in them.

    ``awaits`` tells, for each person and chat whose draft changed in this unit, whether an answer
    is now awaited.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self.menus = Menus()
        self.awaits: dict[tuple[int, int], bool] = {}
        self._drafts: dict[tuple[int, int], Draft | None] = {}

    async def met(self, platform: str, address: str, *, is_private: bool) -> Chat:
        """The chat at that address; made known on first sight."""
        found = await self.at(platform, address)
        if found is not None:
            return found
        # Doing nothing locks nothing: an update would stand in the way of whoever made it.
        await Statement(
            "insert into chats (platform, address, is_private) values (?, ?, ?) "
            "on conflict (platform, address) do nothing",
            platform,
            address,
            int(is_private),
        )
        found = await self.at(platform, address)
        assert found is not None
        return found

    async def at(self, platform: str, address: str) -> Chat | None:
        """The chat at that address, or None."""
        found = await row(
            f"select {columns('c', CHAT)}, {columns('p', PLACE)} from chats c "
            "left join places p on p.id = c.place_id where c.platform = ? and c.address = ?",
            platform,
            address,
        )
        if found is None:
            return None
        met = chat_of(found[: len(CHAT)])
        if met.place_id is not None:
            self._places.learn(found[len(CHAT) :])
        return met

    async def bind(self, chat_id: int, place: Place, thread: str | None) -> None:
        """Bind a group to its place (and its forum topic); what it sees follows from that."""
        await Statement(
            "update chats set place_id = ?, community_id = ?, thread = ?, left_at = null "
            "where id = ?",
            place.id,
            place.community_id,
            thread,
            chat_id,
        )

    async def bound_to(self, place_ids: Sequence[int]) -> list[Chat]:
        """Groups bound to one of these very places, where we still are."""
        found = await rows(
            f"{_CHATS} where c.place_id in ({marks(place_ids)}) and c.is_private = 0 "
            "and c.left_at is null order by c.id",
            *place_ids,
        )
        return [chat_of(r) for r in found]

    async def bound_below(self, path: str) -> list[Chat]:
        """Groups bound to a place at or below ``path``, where we still are."""
        where, bounds = below_any("p.path", [path])
        found = await rows(
            f"{_CHATS} join places p on p.id = c.place_id where {where} "
            "and c.is_private = 0 and c.left_at is null order by c.id",
            *bounds,
        )
        return [chat_of(r) for r in found]

    async def moved(self, platform: str, address: str, new_address: str) -> None:
        """Follow a group to its new address; messages that wait go there too."""
        await moving.moved(platform, address, new_address)

    async def left(self, platform: str, address: str, now: datetime) -> None:
        """Note that we were removed from a group, or blocked by a person."""
        await Statement(
            "update chats set left_at = ? where platform = ? and address = ?",
            stored(now),
            platform,
            address,
        )

    async def back(self, platform: str, address: str) -> None:
        """Note that we are in a chat again; its cards are kept up to date from now on."""
        await Statement(
            "update chats set left_at = null where platform = ? and address = ?", platform, address
        )

    async def greet(self, chat_id: int, person_id: int) -> bool:
        """Note that somebody was greeted in a chat; whether it was the first time."""
        noted = await affected(
            "insert into greetings (chat_id, person_id) values (?, ?) on conflict do nothing",
            chat_id,
            person_id,
        )
        return noted > 0

    async def first_sight(self, platform: str, delivery: str, now: datetime) -> bool:
        """Note a delivery; False if it was handled before."""
        noted = await affected(
            "insert into inbox (platform, delivery, at) values (?, ?, ?) on conflict do nothing",
            platform,
            delivery,
            stored(now),
        )
        return noted > 0

    async def forget_deliveries(self, before: datetime) -> None:
        """Drop inbox rows that no platform delivers again."""
        await Statement("delete from inbox where at < ?", stored(before))

    async def draft(self, person_id: int, chat_id: int) -> Draft | None:
        """What that person was last asked in that chat, or None."""
        asked = person_id, chat_id
        if asked not in self._drafts:
            found = await row(
                f"select {', '.join(DRAFT)} from drafts where person_id = ? and chat_id = ?", *asked
            )
            self._drafts[asked] = _draft_of(found) if found is not None else None
        draft = self._drafts[asked]
        if draft is None:
            self.awaits[asked] = False
        return draft

    def learn_draft(self, person_id: int, chat_id: int, found: Part) -> None:
        """Note a draft whose columns (``DRAFT``, null for none) came with another question."""
        draft = _draft_of(found) if found[0] is not None else None
        self._drafts[person_id, chat_id] = draft

    async def asked(self, platform: str, address: str, account: str) -> tuple[int, Draft] | None:
        """Who an account is, and what it was last asked in that chat; None for nothing."""
        found = await row(
            "select d.* from drafts d join chats c on c.id = d.chat_id "
            "join identities i on i.person_id = d.person_id and i.platform = c.platform "
            "where c.platform = ? and c.address = ? and i.address = ?",
            platform,
            address,
            account,
        )
        if found is None:
            return None
        draft = Draft(found["command"], json.loads(found["args"]), found["asking"])
        return found["person_id"], draft

    async def asked_in(self, chat_id: int) -> list[str]:
        """Names of those who were asked something in that chat and have not answered."""
        found = await rows(
            "select p.name from drafts d join people p on p.id = d.person_id "
            "where d.chat_id = ? order by d.changed_at",
            chat_id,
        )
        return [r["name"] for r in found]

    async def save_draft(self, person_id: int, chat_id: int, draft: Draft, now: datetime) -> None:
        """Remember what is asked; a later question replaces an earlier one."""
        await Statement(
            "insert into drafts (person_id, chat_id, command, args, asking, changed_at) "
            "values (?, ?, ?, ?, ?, ?) on conflict (person_id, chat_id) do update set "
            "command = excluded.command, args = excluded.args, asking = excluded.asking, "
            "changed_at = excluded.changed_at",
            person_id,
            chat_id,
            draft.command,
            json.dumps(dict(draft.args), ensure_ascii=False),
            draft.asking,
            stored(now),
        )
        self._drafts.pop((person_id, chat_id), None)
        self.awaits[person_id, chat_id] = True

    async def drop_draft(self, person_id: int, chat_id: int) -> bool:
        """Forget what was asked; whether there was anything."""
        dropped = await affected(
            "delete from drafts where person_id = ? and chat_id = ?", person_id, chat_id
        )
        self._drafts[person_id, chat_id] = None
        self.awaits[person_id, chat_id] = False
        return dropped > 0

    async def drop_drafts(self, before: datetime) -> None:
        """Forget questions that nobody answered since ``before``."""
        await Statement("delete from drafts where changed_at < ?", stored(before))

    async def awaiting(self) -> list[tuple[str, str, str]]:
        """Platform, chat and account of everybody who was asked something."""
        found = await rows(
            "select c.platform, c.address, i.address as account from drafts d "
            "join chats c on c.id = d.chat_id "
            "join identities i on i.person_id = d.person_id and i.platform = c.platform"
        )
        return [(r["platform"], r["address"], r["account"]) for r in found]


def chat_of(found: Part) -> Chat:
    """The chat in the columns ``CHAT``."""
    chat_id, platform, address, is_private, place_id, community_id, thread, left_at = found
    return Chat(
        chat_id,
        platform,
        address,
        bool(is_private),
        place_id,
        community_id,
        thread,
        is_left=left_at is not None,
    )


def _draft_of(found: Part) -> Draft:
    command, args, asking, changed_at = found
    return Draft(command, json.loads(args), asking, instant(changed_at))
