"""Outbox 待发: what is to be sent, stored by the unit that decided it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import IntEnum

import msgspec
from msgspec.structs import replace

from storage.statement import (
    Row,
    Statement,
    inserted,
    marks,
    rows,
    stored,
    value,
)

LEASE = timedelta(seconds=60)
"""How long a claimed row is one worker's own; renewed while it waits for its turn."""


class Priority(IntEnum):
    """The smaller goes first: an answer never waits behind reminders."""

    ANSWER = 0
    REMINDER = 1
    DIGEST = 2


class Post(msgspec.Struct, frozen=True):
    """One message on its way. ``kind`` is ``send``, ``edit`` or ``toast``.

    ``body`` is the rendered message (JSON); ``ref`` is the platform's name for the message that is
    edited, or for the press that is answered. ``due_at`` is when it was to go, where it waited.
    """

    platform: str
    address: str
    kind: str
    body: str
    priority: Priority = Priority.ANSWER
    thread: str | None = None
    ref: str | None = None
    card_id: int | None = None
    id: int = 0
    attempts: int = 0
    due_at: str = ""


class Outbox:
    """Repository of posts. ``fresh`` holds the unit's posts that may go at once."""

    def __init__(self, now: datetime, worker: str, *, is_shared: bool) -> None:
        self._now = now
        self._worker = worker
        self._is_shared = is_shared
        self.fresh: list[Post] = []
        self.later: bool = False

    async def put(self, post: Post, due_at: datetime | None = None) -> None:
        """Store ``post``. One that is due now is this worker's from birth, and goes at once."""
        is_due = due_at is None or due_at <= self._now
        lease = stored(self._now + LEASE) if is_due else None
        post_id = await inserted(
            "insert into outbox (platform, address, thread, kind, priority, body, ref, card_id, "
            "due_at, state, worker, lease_until, made_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            post.platform,
            post.address,
            post.thread,
            post.kind,
            int(post.priority),
            post.body,
            post.ref,
            post.card_id,
            stored(due_at or self._now),
            "sending" if is_due else "waiting",
            self._worker if is_due else None,
            lease,
            stored(self._now),
        )
        if is_due:
            self.fresh.append(replace(post, id=post_id))
        self.later = self.later or not is_due

    async def refresh(
        self, kind: str, *subject_ids: int, only_of: Collection[int] | None = None
    ) -> None:
        """Let every card of these things be drawn anew; however often, one edit a card waits.

        Its words are made when it is claimed, so that a card shows how things stand then. An edit
        that waits already, or a card that waits to be sent, is held by this unit until its end:
        claimed before, it would be drawn without what this unit changes, and never again.
        With ``only_of`` just the private cards of these people.
        """
        if not subject_ids:
            return
        people = sorted(only_of or ())
        some = "" if only_of is None else f"and k.person_id in ({marks(people)}) "
        hold = " for update" if self._is_shared else ""  # on SQLite nobody else writes meanwhile
        held = "update set made_at = outbox.made_at" if self._is_shared else "nothing"
        await Statement(
            "insert into outbox (platform, address, thread, kind, priority, body, card_id, due_at, "
            "state, made_at) select c.platform, c.address, c.thread, 'edit', cast(? as bigint), "
            "'', k.id, cast(? as text), 'waiting', cast(? as text) "
            "from cards k join chats c on c.id = k.chat_id "
            f"where k.kind = ? and k.subject_id in ({marks(subject_ids)}) "
            f"{some}and c.left_at is null and not exists "
            "(select 1 from outbox s where s.card_id = k.id and s.kind = 'send' "
            f"and s.state = 'waiting'{hold}) order by k.subject_id, k.chat_id "
            f"on conflict (card_id) where state = 'waiting' and kind = 'edit' do {held}",
            int(Priority.ANSWER),
            stored(self._now),
            stored(self._now),
            kind,
            *subject_ids,
            *people,
        )
        self.later = True

    async def claim(self, platform: str, limit: int) -> list[Post]:
        """Take up to ``limit`` of a platform's due posts for this worker, in one statement.

        Chats that have something on its way are left alone, so that their order is kept.
        """
        skip = " for update skip locked" if self._is_shared else ""
        now = stored(self._now)
        found = await rows(
            "update outbox set state = 'sending', worker = ?, lease_until = ?, "
            "ref = coalesce(outbox.ref, (select k.ref from cards k where k.id = outbox.card_id)) "
            "where id in (select o.id from outbox o where o.state = 'waiting' and o.due_at <= ? "
            "and o.platform = ? and not exists (select 1 from outbox b where b.state = 'sending' "
            "and b.platform = o.platform and b.address = o.address) "
            f"order by o.priority, o.id limit {limit}{skip}) returning *",
            self._worker,
            stored(self._now + LEASE),
            now,
            platform,
        )
        return sorted((_post(r) for r in found), key=lambda post: (post.priority, post.id))

    async def show_anew(self, post: Post) -> Post:
        """Let an edit of a card whose message was left behind be a message of its own."""
        await Statement("update outbox set kind = 'send', ref = null where id = ?", post.id)
        return replace(post, kind="send", ref=None)

    async def reword(self, post: Post, body: str) -> None:
        """Let a post that is not sent yet say something else."""
        await Statement("update outbox set body = ? where id = ?", body, post.id)

    async def settle(self, post: Post, ref: str | None) -> None:
        """Forget a post that arrived, its words with it; its card learns where it is."""
        await self.settle_all([(post, ref)])

    async def settle_all(self, arrived: Sequence[tuple[Post, str | None]]) -> None:
        """Forget posts that arrived, their words with them; their cards learn where they are."""
        ids = [post.id for post, _ in arrived]
        await Statement(f"delete from outbox where id in ({marks(ids)})", *ids)
        # In one order, so that two workers do not wait for each other.
        shown = sorted((p.card_id, ref) for p, ref in arrived if p.card_id is not None and ref)
        if shown:
            values = ", ".join(["(cast(? as bigint), cast(? as text))"] * len(shown))
            await Statement(
                f"with arrived (id, ref) as (values {values}) "
                "update cards set ref = arrived.ref from arrived where cards.id = arrived.id",
                *(part for pair in shown for part in pair),
            )

    async def lose_message(self, post: Post) -> None:
        """Forget an edit whose message was deleted; its card has none until it is sent anew."""
        await Statement("delete from outbox where id = ?", post.id)
        await Statement(
            "update cards set ref = null where id = ? and ref = ?", post.card_id, post.ref
        )

    async def again(self, post: Post, due_at: datetime, error: str) -> None:
        """Put a post back until ``due_at``; a newer edit of the same card replaces it."""
        if await self._is_overtaken(post):
            await Statement("delete from outbox where id = ?", post.id)
            return
        await Statement(
            "update outbox set state = 'waiting', due_at = ?, attempts = attempts + 1, error = ?, "
            "lease_until = null where id = ?",
            stored(due_at),
            error,
            post.id,
        )

    async def put_off(self, post: Post, due_at: datetime) -> None:
        """Let a post that was not tried yet wait until ``due_at``."""
        await Statement(
            "update outbox set state = 'waiting', due_at = ?, lease_until = null where id = ?",
            stored(due_at),
            post.id,
        )

    async def give_up(self, post: Post, error: str) -> None:
        """Mark a post that will never arrive; staff sees it with its reason.

        Fleeting words (``Shown.fleeting``) are erased, since a failure is kept for a while.
        """
        await Statement(
            "update outbox set state = 'failed', error = ?, attempts = attempts + 1, "
            "body = case when body like '%\"fleeting\":\"%' then '' else body end, "
            "lease_until = null where id = ?",
            error,
            post.id,
        )

    async def renew(self, post_ids: Sequence[int]) -> None:
        """Keep posts that still wait for their turn in this process."""
        await Statement(
            f"update outbox set lease_until = ? where id in ({marks(post_ids)})",
            stored(self._now + LEASE),
            *post_ids,
        )

    async def let_go(self, post_ids: Sequence[int]) -> None:
        """Free posts that this process will not send any more."""
        await Statement(
            f"update outbox set lease_until = '' where id in ({marks(post_ids)})", *post_ids
        )
        await self.release(everything=False)

    async def release(self, *, everything: bool) -> None:
        """Free the posts of a worker that is gone: expired leases, or all of them at a start."""
        before = stored(self._now) if not everything else "9"
        await Statement(
            "delete from outbox where state = 'sending' and kind = 'edit' and lease_until < ? "
            "and exists (select 1 from outbox n where n.state = 'waiting' and n.kind = 'edit' "
            "and n.card_id = outbox.card_id)",
            before,
        )
        await Statement(
            "update outbox set state = 'waiting' where state = 'sending' and lease_until < ?",
            before,
        )

    async def next_due(self, platforms: Sequence[str] | None = None) -> str | None:
        """The earliest instant at which something (for these platforms) waits, as it is stored."""
        which = "" if platforms is None else f" and platform in ({marks(platforms)})"
        found = await value(
            f"select min(due_at) from outbox where state = 'waiting'{which}", *(platforms or ())
        )
        return str(found) if found else None

    async def waiting(self) -> int:
        """How many posts have not arrived yet."""
        return int(await value("select count(*) from outbox where state <> 'failed'"))

    async def _is_overtaken(self, post: Post) -> bool:
        if post.kind != "edit":
            return False
        return bool(
            await value(
                "select 1 from outbox where card_id = ? and kind = 'edit' and state = 'waiting'",
                post.card_id,
            )
        )


def _post(found: Row) -> Post:
    return Post(
        platform=found["platform"],
        address=found["address"],
        kind=found["kind"],
        body=found["body"],
        priority=Priority(found["priority"]),
        thread=found["thread"],
        ref=found["ref"],
        card_id=found["card_id"],
        id=found["id"],
        attempts=found["attempts"],
        due_at=found["due_at"],
    )
