"""Issues store 报事: one door for writes, which writes the journal too."""

from collections.abc import Sequence
from datetime import datetime

from domain.issues import OPEN, Issue, State, Step, is_visible
from domain.journal import Entry, Facts
from domain.likeness import ALIKE_WITHIN, Near
from domain.people import Actor
from domain.refusal import Refusal
from storage.faults import Conflict
from storage.journal import Journal
from storage.places import below_any
from storage.remarks import remarked
from storage.statement import (
    Row,
    Statement,
    affected,
    inserted,
    instant,
    instant_or_none,
    marks,
    members,
    row,
    rows,
    stored,
    stored_or_none,
)

_OPEN = ",".join(f"'{state}'" for state in sorted(OPEN))
_PAGE = 10
_STATES = members(State)


class Issues:
    """Repository of issues; lists hold only what the actor may see."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._made: dict[int, tuple[Issue, list[int]]] = {}
        """Issues of this very unit with their photos: their first card need not ask for them."""

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Issue:
        """The issue 报``number``.

        Raises:
            Refusal: ``issue_absent``, alike for "there is none" and "not for you".
        """
        found = await row(
            "select * from issues where community_id = ? and number = ?", community_id, number
        )
        issue = (await self._whole([found]))[0] if found is not None else None
        if issue is None or not is_visible(issue, seen_by):
            raise Refusal("issue_absent", number=number)
        return issue

    def is_new(self, issue_id: int) -> bool:
        """Whether it was reported in this very unit, and nothing has become of it yet."""
        return issue_id in self._made

    def talked_of(self, issue_id: int) -> None:
        """It is no longer new: a meeting talks of it."""
        self._made.pop(issue_id, None)

    async def by_id(self, issue_id: int) -> Issue:
        """The issue with that id, for the program itself; a bug if there is none."""
        if issue_id in self._made:
            return self._made[issue_id][0]
        found = await row("select * from issues where id = ?", issue_id)
        if found is None:
            raise ValueError(f"no issue {issue_id}")
        return (await self._whole([found]))[0]

    async def by_ids(self, issue_ids: Sequence[int]) -> dict[int, Issue]:
        """Id → issue, for the program itself."""
        found = await rows(f"select * from issues where id in ({marks(issue_ids)})", *issue_ids)
        return {issue.id: issue for issue in await self._whole(found)}

    async def from_source(self, source: str) -> Issue | None:
        """The issue that was reported by that very message, or None."""
        found = await row("select * from issues where source = ?", source)
        return (await self._whole([found]))[0] if found is not None else None

    async def add(self, issue: Issue, *, source: str | None, photos: Sequence[int] = ()) -> Issue:
        """Store a new issue; it comes back with its id."""
        issue_id = await inserted(
            "insert into issues (community_id, number, place_id, path, level_path, reporter_id, "
            "household_id, text, state, squad_id, handler_id, due_at, reported_at, changed_at, "
            "source, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            issue.community_id,
            issue.number,
            issue.place_id,
            issue.path,
            issue.level_path,
            issue.reporter_id,
            issue.household_id,
            issue.text,
            issue.state,
            issue.squad_id,
            issue.handler_id,
            stored_or_none(issue.due_at),
            stored(issue.reported_at),
            stored(issue.changed_at),
            source,
        )
        issue = issue._replace(id=issue_id, version=1)
        for person_id in sorted(issue.seconders):
            await self._second(issue, person_id)
        await self._attach(issue, photos, Step.REPORT)
        self._made[issue_id] = issue, sorted(set(photos))
        after: Facts = {"state": issue.state, "number": issue.number}
        self._note(issue, Step.REPORT, issue.reporter_id, {}, after, None)
        return issue

    async def save(
        self,
        issue: Issue,
        step: Step,
        *,
        by: Actor | None,
        remark: str | None = None,
        photos: Sequence[int] = (),
    ) -> Issue:
        """Store what ``step`` made of ``issue`` (taken by ``by``, or by the clock).

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        self._made.pop(issue.id, None)
        was = await row("select * from issues where id = ?", issue.id)
        saved = await affected(
            "update issues set level_path = ?, text = ?, state = ?, squad_id = ?, handler_id = ?, "
            "changed_at = ?, finished_at = ?, due_at = ?, version = version + 1 "
            "where id = ? and version = ?",
            issue.level_path,
            issue.text,
            issue.state,
            issue.squad_id,
            issue.handler_id,
            stored(issue.changed_at),
            stored_or_none(issue.finished_at),
            stored_or_none(issue.due_at),
            issue.id,
            issue.version,
        )
        if was is None or not saved:
            raise Conflict("issues", issue.id)
        if step is Step.SECOND and by is not None:
            await self._second(issue, by.id)
        await self._attach(issue, photos, step)
        remark_id = (
            await remarked(remark, by.id if by else None, issue.changed_at) if remark else None
        )
        before, after = _differences(was, issue)
        self._note(issue, step, by.id if by else None, before, after, remark_id)
        return issue._replace(version=issue.version + 1)

    async def open_near(self, path: str, now: datetime) -> list[Near]:
        """Young open issues of the same place, the newest first; where duplicates are sought."""
        found = await rows(
            "select id, text, state from issues where path = ? "
            f"and state in ({_OPEN}) and reported_at > ? order by id desc limit 30",
            path,
            stored(now - ALIKE_WITHIN),
        )
        return [Near(issue_id, text, _STATES[state]) for issue_id, text, state in found]

    async def mine(self, actor: Actor) -> list[Issue]:
        """What somebody reported, seconded or has to handle; open and unverified ones first."""
        squads = sorted(actor.squads)
        found = await rows(
            "select * from issues where state <> 'withdrawn' and (reporter_id = ? "
            "or handler_id = ? or id in (select issue_id from seconds where person_id = ?) "
            f"or (handler_id is null and squad_id in ({marks(squads)}))) "
            "order by case when state in ('verified', 'unconfirmed') then 1 else 0 end, "
            f"id desc limit {_PAGE}",
            actor.id,
            actor.id,
            actor.id,
            *squads,
        )
        return await self._whole(found)

    async def listed(self, actor: Actor, paths: Sequence[str], words: str = "") -> list[Issue]:
        """Open issues at or below ``paths``, common ones first; with ``words``, any state."""
        where, bounds = below_any("path", paths)
        wanted = (
            "lower(text) like lower(?) escape '!'" if words else f"state in ({_OPEN},'finished')"
        )
        found = await rows(
            f"select * from issues where {where} and {wanted} order by "
            "(select count(*) from seconds where issue_id = issues.id) desc, id desc "
            f"limit {_PAGE}",
            *bounds,
            *([f"%{_literal(words)}%"] if words else []),
        )
        return [issue for issue in await self._whole(found) if is_visible(issue, actor)]

    async def unsettled(self, paths: Sequence[str]) -> list[Issue]:
        """Issues at or below ``paths`` that are open or wait for verification; at most 500."""
        where, bounds = below_any("path", paths)
        found = await rows(
            f"select * from issues where {where} and state in ({_OPEN},'finished') "
            "order by changed_at limit 500",
            *bounds,
        )
        return [_issue(r, frozenset()) for r in found]

    async def of_period(self, paths: Sequence[str], since: datetime) -> list[Issue]:
        """The same with who seconded them, and those closed since then; at most 500 of each."""
        where, bounds = below_any("path", paths)
        closed = await rows(
            f"select * from issues where {where} and state in ('verified', 'unconfirmed') "
            "and changed_at >= ? order by changed_at desc limit 500",
            *bounds,
            stored(since),
        )
        unsettled = [issue.id for issue in await self.unsettled(paths)]
        found = await rows(f"select * from issues where id in ({marks(unsettled)})", *unsettled)
        return await self._whole([*found, *closed])

    async def photos_of(self, issue_id: int) -> list[int]:
        """Ids of its photos, in the order in which they came."""
        if issue_id in self._made:
            return self._made[issue_id][1]
        found = await rows(
            "select photo_id from issue_photos where issue_id = ? order by photo_id", issue_id
        )
        return [r["photo_id"] for r in found]

    async def remarks(self, remark_ids: Sequence[int]) -> dict[int, str]:
        """Id → what was said."""
        found = await rows(
            f"select id, text from remarks where id in ({marks(remark_ids)})", *remark_ids
        )
        return {r["id"]: r["text"] for r in found}

    async def _whole(self, found: Sequence[Row]) -> list[Issue]:
        ids = [r["id"] for r in found]
        seconds: dict[int, set[int]] = {issue_id: set() for issue_id in ids}
        if ids:
            for r in await rows(
                f"select issue_id, person_id from seconds where issue_id in ({marks(ids)})", *ids
            ):
                seconds[r["issue_id"]].add(r["person_id"])
        return [_issue(r, frozenset(seconds[r["id"]])) for r in found]

    async def _second(self, issue: Issue, person_id: int) -> None:
        await Statement(
            "insert into seconds (issue_id, person_id, at) values (?, ?, ?)",
            issue.id,
            person_id,
            stored(issue.changed_at),
        )

    async def _attach(self, issue: Issue, photos: Sequence[int], step: Step) -> None:
        for photo_id in photos:
            await Statement(
                "insert into issue_photos (issue_id, photo_id, step) values (?, ?, ?) "
                "on conflict do nothing",
                issue.id,
                photo_id,
                step,
            )

    def _note(
        self,
        issue: Issue,
        step: Step,
        actor_id: int | None,
        before: Facts,
        after: Facts,
        remark_id: int | None,
    ) -> None:
        entry = Entry(
            at=issue.changed_at,
            actor_id=actor_id,
            subject="issue",
            subject_id=issue.id,
            verb=step,
            before=before,
            after=after,
            remark_id=remark_id,
        )
        self._journal.note(issue.community_id, entry)


def _differences(was: Row, issue: Issue) -> tuple[Facts, Facts]:
    now: Facts = {
        "state": issue.state,
        "level_path": issue.level_path,
        "squad_id": issue.squad_id,
        "handler_id": issue.handler_id,
        "due_at": stored_or_none(issue.due_at),
    }
    changed = [name for name in now if was[name] != now[name]]
    return {n: was[n] for n in changed}, {n: now[n] for n in changed}


def _literal(words: str) -> str:
    """``words`` for a ``like … escape '!'``: what a person typed is no pattern."""
    return words.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _issue(found: Row, seconders: frozenset[int]) -> Issue:
    return Issue(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        level_path=found["level_path"],
        reporter_id=found["reporter_id"],
        text=found["text"],
        state=_STATES[found["state"]],
        reported_at=instant(found["reported_at"]),
        changed_at=instant(found["changed_at"]),
        household_id=found["household_id"],
        squad_id=found["squad_id"],
        handler_id=found["handler_id"],
        finished_at=instant_or_none(found["finished_at"]),
        due_at=instant_or_none(found["due_at"]),
        seconders=seconders,
        version=found["version"],
    )
