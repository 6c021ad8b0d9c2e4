"""My data 我的数据: all that is stored of a person, where it stands, and what erasing does with it.

``HELD`` names every column that points to a person; a test compares it with the tables, so that
nothing new is stored of people without being shown to them here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from storage.forgetting import Forgetting
from storage.holds import Holds
from storage.people import People
from storage.statement import Row, Statement, row, rows, stored
from storage.webchat import PLATFORM as WEB

Facts = dict[str, Any]
Stored = dict[str, list[Facts]]
"""Table → rows, each with its columns' names."""


class Fate(StrEnum):
    """What erasing does with rows of a person.

    ``GONE``: they are deleted. ``UNNAMED``: they no longer say whose they are. ``KEPT``: they stay
    for the sake of others (a count, a record of office), under a number that has no name any more.
    """

    GONE = "gone"
    UNNAMED = "unnamed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Held:
    """One column that points to a person. ``shown`` is what its rows tell them, as SQL; empty
    where the rows are somebody else's and only name who did it."""

    table: str
    column: str
    fate: Fate
    shown: str = ""

    @property
    def name(self) -> str:
        """``table.column``."""
        return f"{self.table}.{self.column}"


_PLACE: Final = "(select name from places where places.id = {}) as place"
_ISSUE: Final = "(select '报' || number from issues where issues.id = issue_id) as issue"
_MEETING: Final = "(select '会' || number from meetings where meetings.id = meeting_id) as meeting"
_PROPOSAL: Final = (
    "(select '议' || number from proposals where proposals.id = proposal_id) as proposal"
)
_NOTICE: Final = "(select '告' || number from notices where notices.id = notice_id) as notice"
_YUAN: Final = (
    "case when fen < 0 then '-' else '' end || "
    "(abs(fen) / 100) || '.' || (abs(fen) % 100 / 10) || (abs(fen) % 10) as yuan"
)
_CONVENTION: Final = (
    "(select '约' || number from conventions where conventions.id = convention_id) as convention"
)

HELD: Final = (
    Held("consents", "person_id", Fate.KEPT, "kind, given_at, withdrawn_at"),
    Held("identities", "person_id", Fate.GONE, "platform, address, seen_at, blocked_at"),
    Held("grants", "person_id", Fate.GONE, f"role, {_PLACE.format('place_id')}, since, until"),
    Held("grants", "granted_by", Fate.KEPT),
    Held("squad_members", "person_id", Fate.GONE, "squad_id"),
    Held("join_requests", "person_id", Fate.GONE, "flat, asked_at, decided_at"),
    Held("codes", "person_id", Fate.GONE, "purpose, expires_at, used_at"),
    Held("codes", "made_by", Fate.KEPT),
    Held("drafts", "person_id", Fate.GONE, "command, args, changed_at"),
    Held("greetings", "person_id", Fate.GONE),
    Held("menus", "person_id", Fate.GONE),
    Held("cards", "person_id", Fate.GONE),
    Held("issues", "reporter_id", Fate.KEPT, "number, text, state, reported_at"),
    Held("issues", "handler_id", Fate.KEPT, "number, text, state, finished_at"),
    Held("seconds", "person_id", Fate.KEPT, f"{_ISSUE}, at"),
    Held("remarks", "person_id", Fate.UNNAMED, "text, at"),
    Held("photos", "person_id", Fate.UNNAMED, "id, mime, at, expires_at"),
    Held("polls", "author_id", Fate.KEPT, "number, question, opened_at"),
    Held("meetings", "author_id", Fate.KEPT, "number, kind, venue, starts_at"),
    Held("meeting_series", "author_id", Fate.KEPT, "kind, venue, rule"),
    Held("meeting_answers", "person_id", Fate.KEPT, f"{_MEETING}, answer, at"),
    Held("meeting_parties", "person_id", Fate.KEPT, f"{_MEETING}, party, at"),
    Held("meeting_check_ins", "person_id", Fate.KEPT, f"{_MEETING}, at"),
    Held("owner_people", "person_id", Fate.GONE, "owner_id, at"),
    Held("owner_people", "linked_by", Fate.KEPT),
    Held("roll_sheets", "person_id", Fate.GONE, "name, at"),
    Held("topics", "author_id", Fate.KEPT, f"{_MEETING}, text, proposed_at"),
    Held("topic_seconds", "person_id", Fate.KEPT, "topic_id, at"),
    Held("minutes", "scribe_id", Fate.KEPT, f"{_MEETING}, published_at"),
    Held("decisions", "decided_by", Fate.KEPT, f"{_MEETING}, text, decided_at"),
    Held("meeting_ratings", "person_id", Fate.KEPT, f"{_MEETING}, rating, at"),
    Held("motions", "author_id", Fate.KEPT, "number, title, announced_at"),
    Held("surveys", "author_id", Fate.KEPT, "number, question, opened_at"),
    Held("survey_answers", "person_id", Fate.KEPT, "survey_id, choice, at"),
    Held("survey_answers", "objector_id", Fate.KEPT, "survey_id, at"),
    Held("survey_answers", "entered_by", Fate.KEPT),
    Held("survey_visits", "person_id", Fate.KEPT, "survey_id, note, at"),
    Held("motion_papers", "entered_by", Fate.KEPT),
    Held("motion_papers", "decided_by", Fate.KEPT),
    Held("motion_proxies", "holder_id", Fate.KEPT, "motion_id, entered_at"),
    Held("motion_proxies", "entered_by", Fate.KEPT),
    Held("notices", "author_id", Fate.KEPT, "number, text, posted_at"),
    Held("notice_readers", "person_id", Fate.GONE, f"{_NOTICE}, at"),
    Held("proposals", "author_id", Fate.KEPT, "number, text, state, proposed_at"),
    Held("projects", "settled_by", Fate.KEPT),
    Held("project_grants", "person_id", Fate.KEPT, f"{_PROPOSAL}, {_YUAN}, why, at"),
    Held("project_milestones", "done_by", Fate.KEPT, f"{_PROPOSAL}, title, note, done_at"),
    Held("project_undone", "done_by", Fate.KEPT, f"{_PROPOSAL}, note, done_at"),
    Held("project_undone", "undone_by", Fate.KEPT, f"{_PROPOSAL}, why, undone_at"),
    Held("project_spendings", "person_id", Fate.KEPT, f"{_PROPOSAL}, {_YUAN}, what, posted_at"),
    Held("project_helpers", "person_id", Fate.GONE, f"{_PROPOSAL}, at"),
    Held("project_helpers", "named_by", Fate.KEPT),
    Held("proposal_seconds", "person_id", Fate.KEPT, f"{_PROPOSAL}, at"),
    Held("proposal_ratings", "person_id", Fate.KEPT, f"{_PROPOSAL}, rating, at"),
    Held("conventions", "author_id", Fate.KEPT, "number, name, started_at"),
    Held("clauses", "author_id", Fate.UNNAMED, f"id, {_CONVENTION}"),
    Held("clause_words", "person_id", Fate.UNNAMED, "text, at"),
    Held("clause_seconds", "person_id", Fate.KEPT, "clause_id, at"),
    Held("journal", "actor_id", Fate.KEPT, "subject, subject_id, verb, at"),
    Held("forwards", "made_by", Fate.KEPT, "kind, subject_id, made_at, until"),
)


class MyData:
    """Repository of one person's data, across all tables."""

    def __init__(self, people: People, holds: Holds) -> None:
        self._people, self._holds = people, holds

    async def of(self, person_id: int) -> Stored:
        """Table → rows, of all that is stored of somebody and tells anything of them."""
        found: Stored = {}
        about = await rows("select name, lang, created_at from people where id = ?", person_id)
        found["people"] = _plain(about)
        for held in HELD:
            if held.shown:
                key = held.table if held.table not in found else held.name
                found[key] = _plain(
                    await rows(
                        f"select {held.shown} from {held.table} where {held.column} = ?", person_id
                    )
                )
        found["motion_voters"] = _plain(await self._holds.of(person_id))
        found["votes"] = await self._votes(person_id)
        found["web_messages"] = await self._said(person_id)
        return {name: listed for name, listed in found.items() if listed}

    async def _votes(self, person_id: int) -> list[Facts]:
        """Polls in which they or their household took part, and in named ones what was chosen.

        Not what a household had chosen before they moved in. Where no instant is kept, who lived
        there when the poll opened is told; of an anonymous one, which tells no choice, who lived
        there when it closed.
        """
        found = await rows(
            "select '票' || o.number as poll, v.choices, v.voted_at as at from poll_voters v "
            "join polls o on o.id = v.poll_id left join (select 'h' || place_id as voter, "
            "min(since) as since from grants where person_id = ? and role = 'resident' "
            "and until is null group by place_id) g on g.voter = v.voter "
            "where v.voter = ? or g.since <= case o.is_anonymous when 1 then o.closes_at "
            "else coalesce(v.voted_at, o.opened_at) end order by o.number",
            person_id,
            f"p{person_id}",
        )
        return _plain(found)

    async def _said(self, person_id: int) -> list[Facts]:
        """What they said in the web chat, as long as it is kept."""
        found = await rows(
            "select at, body from web_messages where kind = 'said' and account in "
            "(select address from identities where platform = ? and person_id = ?) order by id",
            WEB,
            person_id,
        )
        return _plain(found)

    async def erase(self, person_id: int, name: str, now: datetime) -> None:
        """Take somebody out of the database; ``name`` stands where theirs stood."""
        self._people.changed(person_id)
        for account in await rows("select * from identities where person_id = ?", person_id):
            await self._forget_chat(account["platform"], account["chat_address"])
            if account["platform"] == WEB:
                await self._forget_browser(account["address"])
        await self._forget_files(person_id)
        for held in HELD:
            if held.fate is Fate.GONE:
                await self._gone(held, person_id)
            elif held.fate is Fate.UNNAMED:
                await Statement(
                    f"update {held.table} set {held.column} = null where {held.column} = ?",
                    person_id,
                )
        await Statement("update issues set household_id = null where reporter_id = ?", person_id)
        await Statement(
            "update consents set withdrawn_at = ? where person_id = ? and withdrawn_at is null",
            stored(now),
            person_id,
        )
        await Statement(
            "update people set name = ?, lang = null, erased_at = ? where id = ?",
            name,
            stored(now),
            person_id,
        )

    async def _gone(self, held: Held, person_id: int) -> None:
        if held.table == "cards":
            ids = await rows("select id from cards where person_id = ?", person_id)
            for found in ids:
                await Forgetting().card(found["id"])
            return
        await Statement(f"delete from {held.table} where {held.column} = ?", person_id)

    async def _forget_files(self, person_id: int) -> None:
        """Files that were made for them alone."""
        mine = "select id from photos where person_id = ? and expires_at is not null"
        await Statement(
            f"update web_messages set photo_id = null where photo_id in ({mine})", person_id
        )
        await Statement(
            "delete from photos where person_id = ? and expires_at is not null", person_id
        )

    async def _forget_chat(self, platform: str, address: str | None) -> None:
        """The private chat, and all that waits to be sent there."""
        chat = await row(
            "select id from chats where platform = ? and address = ? and is_private = 1",
            platform,
            address,
        )
        await Statement(
            "delete from outbox where platform = ? and address = ? and kind <> 'toast'",
            platform,
            address,
        )
        if chat is None:
            return
        await Forgetting().cards_of(chat["id"])
        for table in ("drafts", "greetings"):
            await Statement(f"delete from {table} where chat_id = ?", chat["id"])
        await Statement("delete from chats where id = ?", chat["id"])  # its address names them

    async def _forget_browser(self, account: str) -> None:
        """What they said and were told in the web chat, and every browser that was theirs."""
        await Statement("delete from web_sessions where account = ?", account)
        await Statement(
            "delete from web_messages where account = ? or address = ?", account, f"@{account}"
        )
        await Statement(
            "delete from inbox where platform = ? and delivery like ? || ':%'", WEB, account
        )

    async def strangers(self, before: datetime) -> list[int]:
        """Ids of those who never joined, or asked to, and were seen last before then; five hundred
        at most."""
        found = await rows(
            "select p.id from people p where p.erased_at is null "
            "and not exists (select 1 from grants g where g.person_id = p.id) "
            "and not exists (select 1 from owner_people o where o.person_id = p.id) "
            "and not exists (select 1 from squad_members s where s.person_id = p.id) "
            "and not exists (select 1 from join_requests j where j.person_id = p.id) "
            "and p.created_at < ? and not exists (select 1 from identities i "
            "where i.person_id = p.id and i.seen_at >= ?) order by p.id limit 500",
            stored(before),
            stored(before),
        )
        return [r["id"] for r in found]

    async def unfinished(self, person_id: int) -> list[int]:
        """Numbers of issues that somebody took on and has not finished."""
        found = await rows(
            "select number from issues where handler_id = ? and state in ('accepted', 'reopened') "
            "order by number",
            person_id,
        )
        return [r["number"] for r in found]


def _plain(found: Sequence[Row]) -> list[Facts]:
    return [{name: r[name] for name in list(r.keys())} for r in found]
