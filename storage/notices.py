"""Notices store 公告: what was posted, and everybody who said 知道了 once."""

from dataclasses import replace
from datetime import datetime

from domain.journal import Entry, Facts
from domain.notices import Notice, NoticeKind, NoticeState
from domain.people import Actor
from domain.places import ancestors
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import Row, Statement, affected, inserted, instant, marks, row, rows, stored


class Notices:
    """Repository of notices and of who read them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Notice:
        """The notice 告``number``.

        Raises:
            Refusal: ``notice_absent``, alike for "there is none" and "not for you".
        """
        found = await numbered("notices", number, community_id=community_id, seen_by=seen_by)
        return _notice(found)

    async def by_id(self, notice_id: int) -> Notice:
        """The notice with that id, for the program itself; a bug if there is none."""
        return _notice(await kept("notices", notice_id))

    async def add(self, notice: Notice) -> Notice:
        """Store a new notice; it comes back with its id."""
        notice_id = await inserted(
            "insert into notices (community_id, number, place_id, path, author_id, kind, text, "
            "posted_at, state, readers) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            notice.community_id,
            notice.number,
            notice.place_id,
            notice.path,
            notice.author_id,
            notice.kind,
            notice.text,
            stored(notice.posted_at),
            notice.state,
        )
        notice = replace(notice, id=notice_id)
        after: Facts = {"number": notice.number, "kind": notice.kind}
        self._note(notice, "post", notice.author_id, notice.posted_at, after)
        return notice

    async def withdraw(self, notice: Notice, *, by: int, now: datetime) -> None:
        """Store that it was taken back.

        Raises:
            Conflict: Somebody else just did; the driver runs the unit again.
        """
        saved = await affected(
            "update notices set state = ? where id = ? and state = ?",
            NoticeState.WITHDRAWN,
            notice.id,
            NoticeState.POSTED,
        )
        if not saved:
            raise Conflict("notices", notice.id)
        self._note(notice, "withdraw", by, now, {"state": NoticeState.WITHDRAWN})

    async def read(self, notice: Notice, person_id: int, now: datetime) -> bool:
        """Note that somebody read it, once; whether this was the first time."""
        found = await rows(
            "insert into notice_readers (notice_id, person_id, at) values (?, ?, ?) "
            "on conflict do nothing returning notice_id",
            notice.id,
            person_id,
            stored(now),
        )
        if found:
            await Statement("update notices set readers = readers + 1 where id = ?", notice.id)
        return bool(found)

    async def has_read(self, notice: Notice, person_id: int) -> bool:
        """Whether somebody said that they know."""
        found = await row(
            "select 1 from notice_readers where notice_id = ? and person_id = ?",
            notice.id,
            person_id,
        )
        return found is not None

    async def newest_for(self, actor: Actor, since: datetime | None = None) -> list[Notice]:
        """What was posted at, above or below where somebody belongs, the newest first; ten."""
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("path", homes)
        found = await rows(
            f"select * from notices where state = 'posted' and posted_at >= ? and ({below} "
            f"or place_id in ({marks(above)})) order by posted_at desc, id desc limit 10",
            stored(since) if since else "",
            *bounds,
            *above,
        )
        return [_notice(r) for r in found]

    def _note(self, notice: Notice, verb: str, by: int, now: datetime, after: Facts) -> None:
        entry = Entry(now, by, "notice", notice.id, verb, {}, after)
        self._journal.note(notice.community_id, entry)


def _notice(found: Row) -> Notice:
    return Notice(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        kind=NoticeKind(found["kind"]),
        text=found["text"],
        posted_at=instant(found["posted_at"]),
        state=NoticeState(found["state"]),
        readers=found["readers"],
    )
