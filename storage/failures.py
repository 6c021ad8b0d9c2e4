"""Failures store 没发出去: posts that will never arrive, kept until staff had time to see them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage.places import below_any
from storage.statement import Statement, instant, rows, stored


class Failure(msgspec.Struct, frozen=True):
    """A post that will never arrive; ``place`` is None for a private chat."""

    place: str | None
    reason: str
    made_at: datetime


class Failures:
    """Repository of posts that were given up."""

    async def below(self, paths: Sequence[str]) -> list[Failure]:
        """The newest failures in groups, and with people, at or below ``paths``."""
        groups, bounds = below_any("p.path", paths)
        homes, _ = below_any("h.path", paths)
        found = await rows(
            "select o.error, o.made_at, p.name from outbox o "
            "join chats c on c.platform = o.platform and c.address = o.address "
            f"left join places p on p.id = c.place_id where o.state = 'failed' and ({groups} "
            "or (c.is_private = 1 and exists (select 1 from identities i "
            "join grants g on g.person_id = i.person_id and g.until is null "
            "join places h on h.id = g.place_id "
            f"where i.platform = o.platform and i.chat_address = o.address and {homes}))) "
            "order by o.id desc limit 10",
            *bounds,
            *bounds,
        )
        return [Failure(r["name"], r["error"], instant(r["made_at"])) for r in found]

    async def forget(self, before: datetime) -> None:
        """Drop failures that staff had time to see."""
        await Statement("delete from outbox where state = 'failed' and made_at < ?", stored(before))
