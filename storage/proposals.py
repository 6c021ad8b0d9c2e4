"""Proposals store 四议: one door for writes, which writes the journal too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.journal import Entry, Facts
from domain.people import Actor
from domain.places import ancestors
from domain.proposals import (
    LIVE,
    OPEN,
    Proposal,
    ProposalKind,
    ProposalState,
    ProposalStep,
    is_visible,
)
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
    row,
    rows,
    stored,
    stored_or_none,
)

_LIVE: Final = ",".join(f"'{state}'" for state in sorted(LIVE))
_OPEN: Final = ",".join(f"'{state}'" for state in sorted(OPEN))
USUAL_LIST: Final = 50
"""Proposals of which somebody can choose; a place seldom has more at a time."""
_KEPT: Final = {ProposalStep.TALK: "talk_id", ProposalStep.DECLINE: "reason_id"}
"""Step → where what was said with it stands, besides the journal."""
_WITH_WORDS: Final = (
    "select p.*, t.text as talk, r.text as reason from proposals p "
    "left join remarks t on t.id = p.talk_id left join remarks r on r.id = p.reason_id"
)


class Proposals:
    """Repository of proposals; lists hold only what the actor may see."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Proposal:
        """The proposal 议``number``.

        Raises:
            Refusal: ``proposal_absent``, alike for "there is none" and "not for you".
        """
        found = await rows(
            f"{_WITH_WORDS} where p.community_id = ? and p.number = ?", community_id, number
        )
        proposal = next(iter(await self._whole(found)), None)
        if proposal is None or not is_visible(proposal, seen_by):
            raise Refusal("proposal_absent", number=number)
        return proposal

    async def by_id(self, proposal_id: int) -> Proposal:
        """The proposal with that id, for the program itself; a bug if there is none."""
        found = await self._whole(await rows(f"{_WITH_WORDS} where p.id = ?", proposal_id))
        if not found:
            raise ValueError(f"no proposal {proposal_id}")
        return found[0]

    async def hold(self, proposal_id: int) -> Proposal:
        """As ``by_id``; nobody else moves it until this unit has ended."""
        await Statement("update proposals set version = version where id = ?", proposal_id)
        return await self.by_id(proposal_id)

    async def live_for(self, actor: Actor, *, most: int = USUAL_LIST) -> list[Proposal]:
        """What is not at its end and concerns somebody, the most seconded first."""
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("p.path", homes)
        found = await rows(
            f"{_WITH_WORDS} where p.state in ({_LIVE}) and ({below} "
            f"or p.place_id in ({marks(above)}) or p.author_id = ?) order by "
            "(select count(*) from proposal_seconds s where s.proposal_id = p.id) desc, p.id desc "
            f"limit {int(most)}",
            *bounds,
            *above,
            actor.id,
        )
        return await self._whole(found)

    async def open_at(self, path: str) -> list[Proposal]:
        """What is proposed for just that place and not yet put to the vote, the newest first."""
        found = await rows(
            f"{_WITH_WORDS} where p.path = ? and p.state in ({_OPEN}) order by p.id desc limit 30",
            path,
        )
        return await self._whole(found)

    async def awaiting(self, paths: Sequence[str], since: datetime | None = None) -> list[Proposal]:
        """What waits at or below ``paths`` for somebody to take it on, the oldest first.

        To be talked over, to be put to the vote, or passed without a task (a project waits for
        its money instead); with ``since`` only what changed since then. Fifty at most.
        """
        below, bounds = below_any("p.path", paths)
        found = await rows(
            f"{_WITH_WORDS} where {below} and p.changed_at >= ? and (p.state in "
            "('proposed', 'deliberated') or (p.state = 'passed' and p.kind <> 'project' "
            "and not exists (select 1 from proposal_tasks k where k.proposal_id = p.id))) "
            "order by p.changed_at, p.id limit 50",
            *bounds,
            stored(since) if since else "",
        )
        return await self._whole(found)

    async def at_meeting(self, meeting_id: int) -> list[Proposal]:
        """Those whose last meeting is that one, in the order in which they were proposed."""
        found = await rows(f"{_WITH_WORDS} where p.meeting_id = ? order by p.id", meeting_id)
        return await self._whole(found)

    async def of_motion(self, motion_id: int) -> list[Proposal]:
        """What that owners' vote decides."""
        return await self._whole(await rows(f"{_WITH_WORDS} where p.motion_id = ?", motion_id))

    async def add(self, proposal: Proposal) -> Proposal:
        """Store a new proposal; it comes back with its id."""
        proposal_id = await inserted(
            "insert into proposals (community_id, number, place_id, path, author_id, kind, text, "
            "state, proposed_at, changed_at, version) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            proposal.community_id,
            proposal.number,
            proposal.place_id,
            proposal.path,
            proposal.author_id,
            proposal.kind,
            proposal.text,
            proposal.state,
            stored(proposal.proposed_at),
            stored(proposal.changed_at),
        )
        proposal = replace(proposal, id=proposal_id, version=1)
        after: Facts = {"number": proposal.number, "kind": proposal.kind}
        self._note(proposal, ProposalStep.PROPOSE, proposal.author_id, {}, after)
        return proposal

    async def save(
        self, proposal: Proposal, step: ProposalStep, *, by: Actor | None, remark: str = ""
    ) -> None:
        """Store what ``step`` made of ``proposal`` (taken by ``by``, or by itself).

        ``remark`` is what was said with it: what came out of a talk, or the reason.

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        was = await row("select * from proposals where id = ?", proposal.id)
        by_id = by.id if by else None
        said = await remarked(remark, by_id, proposal.changed_at) if remark else None
        saved = await affected(
            "update proposals set place_id = ?, path = ?, state = ?, changed_at = ?, "
            "meeting_id = ?, talked_at = ?, motion_id = ?, poll_id = ?, moved_at = ?, "
            "resolved_at = ?, done_at = ?, evaluated_at = ?, version = version + 1 "
            "where id = ? and version = ?",
            proposal.place_id,
            proposal.path,
            proposal.state,
            stored(proposal.changed_at),
            proposal.meeting_id,
            stored_or_none(proposal.talked_at),
            proposal.motion_id,
            proposal.poll_id,
            stored_or_none(proposal.moved_at),
            stored_or_none(proposal.resolved_at),
            stored_or_none(proposal.done_at),
            stored_or_none(proposal.evaluated_at),
            proposal.id,
            proposal.version,
        )
        if was is None or not saved:
            raise Conflict("proposals", proposal.id)
        if step is ProposalStep.SECOND and by is not None:
            await self._second(proposal, by.id)
        if said is not None and step in _KEPT:
            column = _KEPT[step]
            await Statement(f"update proposals set {column} = ? where id = ?", said, proposal.id)
        before, after = _differences(was, proposal)
        self._note(proposal, step, by_id, before, after, said)

    async def _second(self, proposal: Proposal, person_id: int) -> None:
        await Statement(
            "insert into proposal_seconds (proposal_id, person_id, at) values (?, ?, ?)",
            proposal.id,
            person_id,
            stored(proposal.changed_at),
        )

    async def _whole(self, found: Sequence[Row]) -> list[Proposal]:
        ids = [r["id"] for r in found]
        seconds: dict[int, set[int]] = {proposal_id: set() for proposal_id in ids}
        for r in await rows(
            f"select proposal_id, person_id from proposal_seconds "
            f"where proposal_id in ({marks(ids)})",
            *ids,
        ):
            seconds[r["proposal_id"]].add(r["person_id"])
        return [_proposal(r, frozenset(seconds[r["id"]])) for r in found]

    def _note(
        self,
        proposal: Proposal,
        step: ProposalStep,
        by: int | None,
        before: Facts,
        after: Facts,
        remark_id: int | None = None,
    ) -> None:
        entry = Entry(
            proposal.changed_at, by, "proposal", proposal.id, step, before, after, remark_id
        )
        self._journal.note(proposal.community_id, entry)


def _differences(was: Row, proposal: Proposal) -> tuple[Facts, Facts]:
    now: Facts = {
        "place_id": proposal.place_id,
        "state": proposal.state,
        "meeting_id": proposal.meeting_id,
        "motion_id": proposal.motion_id,
        "poll_id": proposal.poll_id,
    }
    changed = [name for name in now if was[name] != now[name]]
    return {n: was[n] for n in changed}, {n: now[n] for n in changed}


def _proposal(found: Row, seconders: frozenset[int]) -> Proposal:
    return Proposal(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        kind=ProposalKind(found["kind"]),
        text=found["text"],
        state=ProposalState(found["state"]),
        proposed_at=instant(found["proposed_at"]),
        changed_at=instant(found["changed_at"]),
        meeting_id=found["meeting_id"],
        talked_at=instant_or_none(found["talked_at"]),
        talk=found["talk"] or "",
        motion_id=found["motion_id"],
        poll_id=found["poll_id"],
        moved_at=instant_or_none(found["moved_at"]),
        resolved_at=instant_or_none(found["resolved_at"]),
        done_at=instant_or_none(found["done_at"]),
        evaluated_at=instant_or_none(found["evaluated_at"]),
        reason=found["reason"] or "",
        seconders=seconders,
        version=found["version"],
    )
