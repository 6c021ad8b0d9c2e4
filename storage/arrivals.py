"""Arrivals 来信: where a message came from, who sent it, what they were asked; in one question."""

from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final

from domain.people import Actor
from storage.actors import GRANTED, WHOLE
from storage.chats import CHAT, DRAFT, Chat, Chats, chat_of
from storage.people import People
from storage.places import COMMUNITY, PLACE, Places
from storage.statement import Statement, columns, instant, rows, stored

_SEEN_EVERY: Final = timedelta(hours=12)
_PARTS: Final = {"c": CHAT, "p": PLACE, "m": COMMUNITY, "d": DRAFT, "i": ("seen_at",)}
_ENDS: Final = accumulate((len(names) for names in _PARTS.values()), initial=0)
_CUTS: Final = [slice(start, end) for start, end in pairwise(_ENDS)]
_WHO: Final = slice(_CUTS[-1].stop, None)
_ASKED: Final = ", ".join(columns(table, names) for table, names in _PARTS.items())
_ARRIVAL: Final = (
    f"select {_ASKED}, {WHOLE} from (select 1) one "
    "left join chats c on c.platform = ? and c.address = ? "
    "left join places p on p.id = c.place_id "
    "left join communities m on m.place_id = c.community_id "
    "left join identities i on i.platform = ? and i.address = ? "
    "left join people n on n.id = i.person_id "
    f"left join drafts d on d.person_id = n.id and d.chat_id = c.id {GRANTED}"
)


class Arrivals:
    """Reads what every message needs; the other repositories learn it and do not ask again."""

    def __init__(self, chats: Chats, people: People, places: Places) -> None:
        self._chats = chats
        self._people = people
        self._places = places

    async def of(
        self, platform: str, address: str, account: str, now: datetime
    ) -> tuple[Chat | None, Actor | None]:
        """The chat and whoever speaks in it; None for what we have not met yet."""
        found = await rows(_ARRIVAL, platform, address, platform, account)
        chat, place, community, draft, (seen_at,) = (found[0][cut] for cut in _CUTS)
        if place[0] is not None:
            self._places.learn(place)
        if community[0] is not None:
            self._places.learn_community(community)
        met = chat_of(chat) if chat[0] is not None else None
        if seen_at is None:
            return met, None
        who = self._people.learn([row[_WHO] for row in found])
        if met is not None:
            self._chats.learn_draft(who.id, met.id, draft)
        await self._seen(platform, account, seen_at, now)
        return met, who

    async def _seen(self, platform: str, account: str, seen_at: str, now: datetime) -> None:
        if now - instant(seen_at) > _SEEN_EVERY:
            await Statement(
                "update identities set seen_at = ? where platform = ? and address = ?",
                stored(now),
                platform,
                account,
            )
