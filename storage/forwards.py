"""Forwards store 转发: one link for each thing, whoever forwards it and however often."""

from dataclasses import replace
from datetime import datetime

from domain.forwards import Forward, Forwarded
from storage.statement import Row, Statement, instant, row, stored, value


class Forwards:
    """Repository of links into groups where no bot may be."""

    async def open(self, forward: Forward, *, by: int, now: datetime) -> Forward:
        """The link of a thing: the one that is out already, else ``forward``'s own.

        It opens at least as long as ``forward`` says.
        """
        known = await value(
            "update forwards set until = case when until < ? then cast(? as text) else until end "
            "where kind = ? and subject_id = ? and until > ? returning token",
            stored(forward.until),
            stored(forward.until),
            forward.kind,
            forward.subject_id,
            stored(now),
        )
        if known is not None:
            return replace(forward, token=known)
        await Statement(
            "insert into forwards (token, community_id, kind, subject_id, made_by, made_at, until) "
            "values (?, ?, ?, ?, ?, ?, ?)",
            forward.token,
            forward.community_id,
            forward.kind,
            forward.subject_id,
            by,
            stored(now),
            stored(forward.until),
        )
        return forward

    async def find(self, token: str, now: datetime) -> Forward | None:
        """What a link opens; None where there is none or it opens no more."""
        found = await row(
            "select * from forwards where token = ? and until > ?", token, stored(now)
        )
        return _forward(found) if found is not None else None

    async def forget(self, before: datetime) -> None:
        """Drop links that have not opened anything since ``before``."""
        await Statement("delete from forwards where until < ?", stored(before))


def _forward(found: Row) -> Forward:
    return Forward(
        found["token"],
        found["community_id"],
        Forwarded(found["kind"]),
        found["subject_id"],
        instant(found["until"]),
    )
