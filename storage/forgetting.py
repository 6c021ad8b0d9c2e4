"""Forgetting 遗忘: takes out of the database what nobody needs any more, and nothing else."""

from datetime import datetime
from typing import Final

from domain.issues import OPEN, State
from domain.proposals import LIVE
from storage.statement import Statement, rows, stored, value

_LIVE = ",".join(f"'{state}'" for state in sorted({*OPEN, State.FINISHED}))
_LIVE_ONES = ",".join(f"'{state}'" for state in sorted(LIVE))


class Forgetting:
    """Deletes rows that other repositories made."""

    async def card(self, card_id: int) -> None:
        """Keep a card up to date no longer; what waits for it is not sent."""
        await self._cards("id = ?", card_id)

    async def cards_of(self, chat_id: int) -> None:
        """The same for every card of a chat, with the buttons that a number answers there."""
        await self._cards("chat_id = ?", chat_id)
        await Statement("delete from menus where chat_id = ?", chat_id)

    async def cards_of_ended(self, before: datetime) -> None:
        """Cards of what ended before then; a later step posts new ones."""
        at = stored(before)
        ended = f"select id from issues where state not in ({_LIVE}) and changed_at < ?"
        await self._cards(f"kind = 'issue' and subject_id in ({ended})", at)
        ended = "select id from polls where state <> 'open' and closes_at < ?"
        await self._cards(f"kind = 'poll' and subject_id in ({ended})", at)
        ended = "select id from surveys where state <> 'open' and closes_at < ?"
        await self._cards(f"kind = 'survey' and subject_id in ({ended})", at)
        ended = "select id from motions where state in ('closed', 'cancelled') and closes_at < ?"
        await self._cards(f"kind = 'motion' and subject_id in ({ended})", at)
        ended = f"select id from proposals where state not in ({_LIVE_ONES}) and changed_at < ?"
        await self._cards(f"kind = 'proposal' and subject_id in ({ended})", at)
        over = "('in_force', 'rejected', 'replaced', 'cancelled')"
        ended = f"select id from conventions where state in {over} and changed_at < ?"
        await self._cards(f"kind = 'convention' and subject_id in ({ended})", at)
        ended = "select id from notices where posted_at < ?"
        await self._cards(f"kind = 'notice' and subject_id in ({ended})", at)
        ended = (
            "select id from meetings where state <> 'choosing' and (ends_at is null or ends_at < ?)"
        )
        kinds = "'meeting', 'evenings', 'minutes'"
        await self._cards(f"kind in ({kinds}) and subject_id in ({ended})", at)

    async def chats_left(self, before: datetime) -> None:
        """Cards, buttons and greetings of chats in which we are no more; the chats stay known."""
        left = "chat_id in (select id from chats where left_at < ?)"
        await self._cards(left, stored(before))
        for table in ("menus", "greetings"):
            await Statement(f"delete from {table} where {left}", stored(before))

    async def web_messages(self, before: datetime, notes_before: datetime) -> None:
        """Bubbles of the web chat, and passing notes that a crash left behind."""
        await Statement("delete from web_messages where at < ?", stored(before))
        await Statement(
            "delete from web_messages where kind = 'toast' and at < ?", stored(notes_before)
        )

    async def codes(self, before: datetime) -> None:
        """Codes that were used, or went past their time, before then."""
        at = stored(before)
        await Statement("delete from codes where expires_at < ? or used_at < ?", at, at)

    async def join_requests(self, before: datetime) -> None:
        """Requests to join that were decided before then."""
        await Statement("delete from join_requests where decided_at < ?", stored(before))

    async def roll_sheets(self, before: datetime) -> None:
        """Sheets of a roll that were sent before then and never stored."""
        await Statement("delete from roll_sheets where at < ?", stored(before))

    async def photos(self, before: datetime, now: datetime) -> None:
        """Pictures past their time, and older ones that nothing shows and no question holds."""
        past = "select id from photos where expires_at < ?"
        await Statement(
            f"update web_messages set photo_id = null where photo_id in ({past})", stored(now)
        )
        await Statement("delete from photos where expires_at < ?", stored(now))
        await Statement(
            "delete from photos where at < ? "
            "and not exists (select 1 from issue_photos i where i.photo_id = photos.id) "
            "and not exists (select 1 from survey_answers s where s.photo_id = photos.id) "
            "and not exists (select 1 from web_messages w where w.photo_id = photos.id) "
            "and not exists (select 1 from motion_papers m where m.photo_id = photos.id) "
            "and not exists (select 1 from motion_proxies m where m.photo_id = photos.id) "
            "and not exists (select 1 from project_spendings s where s.photo_id = photos.id) "
            "and not exists (select 1 from project_milestones m where m.photo_id = photos.id) "
            "and not exists (select 1 from project_undone u where u.photo_id = photos.id) "
            "and not exists (select 1 from drafts d where d.person_id = photos.person_id) "
            "and not exists (select 1 from outbox o where o.body like "
            "'%\"photo\":' || cast(photos.id as text) || '%' "
            "or o.body like '%\"file\":' || cast(photos.id as text) || '%')",
            stored(before),
        )

    async def _cards(self, where: str, *args: object) -> None:
        these = f"card_id in (select id from cards where {where})"
        await Statement(f"delete from menus where {these}", *args)
        await Statement(
            f"update outbox set card_id = null where state = 'failed' and {these}", *args
        )
        await Statement(f"delete from outbox where {these}", *args)
        await Statement(f"delete from cards where {where}", *args)


_TABLES = {
    "sqlite": "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
    "postgres": "select table_name as name from information_schema.tables "
    "where table_schema = current_schema()",
}


NAMES: Final = "motion_voters.name"
_NAMED: Final = "select count(*) from motion_voters where flats <> '[]'"


async def row_counts(dialect: str) -> dict[str, int]:
    """Table → rows, of all tables; and how many voters still have a name."""
    tables = [r["name"] for r in await rows(_TABLES[dialect])]
    found = {table: int(await value(f"select count(*) from {table}")) for table in tables}
    return {**found, NAMES: int(await value(_NAMED))}
