"""Topics store 议题: who proposed what for which meeting, who is behind it, and what was said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.issues import Issue
from domain.journal import Entry, Facts
from domain.meetings import Meeting
from domain.people import Actor
from domain.proposals import Proposal
from domain.topics import Topic, TopicState
from storage.faults import Conflict
from storage.issues import Issues
from storage.journal import Journal
from storage.remarks import remarked
from storage.statement import (
    Row,
    Statement,
    affected,
    inserted,
    instant,
    marks,
    rows,
    stored,
    value,
)

_WITH_WORDS: Final = (
    "select t.*, r.text as words from topics t left join remarks r on r.id = t.words_id"
)


class Topics:
    """Repository of topics; whoever may know of the meeting may know of its topics."""

    def __init__(self, journal: Journal, issues: Issues) -> None:
        self._journal = journal
        self._issues = issues

    async def by_id(self, topic_id: int) -> Topic | None:
        """The topic with that id, which a button may have forged; None if there is none."""
        found = await rows(f"{_WITH_WORDS} where t.id = ?", topic_id)
        return (await self._whole(found))[0] if found else None

    async def of(self, meeting: Meeting) -> list[Topic]:
        """All topics of a meeting, struck ones too, in the order in which they came."""
        found = await rows(f"{_WITH_WORDS} where t.meeting_id = ? order by t.number", meeting.id)
        return await self._whole(found)

    async def add(self, topic: Topic) -> Topic:
        """Store a new topic; it comes back with its id."""
        if topic.issue_id is not None:
            self._issues.talked_of(topic.issue_id)
        topic_id = await inserted(
            "insert into topics (community_id, meeting_id, number, author_id, text, issue_id, "
            "proposal_id, state, proposed_at, version) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            topic.community_id,
            topic.meeting_id,
            topic.number,
            topic.author_id,
            topic.text,
            topic.issue_id,
            topic.proposal_id,
            topic.state,
            stored(topic.proposed_at),
        )
        added = replace(topic, id=topic_id, version=1)
        after: Facts = {"meeting_id": topic.meeting_id, "issue_id": topic.issue_id}
        self._note(added, "propose", topic.author_id, topic.proposed_at, {}, after)
        return added

    async def second(self, topic: Topic, by: Actor, now: datetime) -> None:
        """Store that somebody is behind it; once is enough."""
        await Statement(
            "insert into topic_seconds (topic_id, person_id, at) values (?, ?, ?) "
            "on conflict do nothing",
            topic.id,
            by.id,
            stored(now),
        )
        self._note(topic, "second", by.id, now, {}, {})

    async def take_off(self, topic: Topic, by: Actor, now: datetime, why: str = "") -> None:
        """Store that it was withdrawn, or struck for a reason.

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        await self._change(topic, "state = ?", topic.state)
        remark_id = await remarked(why, by.id, now) if why else None
        before: Facts = {"state": TopicState.OPEN}
        self._note(topic, topic.state, by.id, now, before, {"state": topic.state}, remark_id)

    async def write(self, topic: Topic, words: str, by: Actor, now: datetime) -> None:
        """Store what the minutes say of it; what they said before stays in the journal's reach."""
        was = await value("select words_id from topics where id = ?", topic.id)
        words_id = await remarked(words, by.id, now)
        await self._change(topic, "words_id = ?", words_id)
        verb = "correct" if was else "minute"
        after: Facts = {"words_id": words_id}
        self._note(topic, verb, by.id, now, {"words_id": was}, after, words_id)

    async def meetings_of(self, issue: Issue) -> list[str]:
        """Labels of the meetings that talk of a report, or agreed on it; the latest last."""
        if self._issues.is_new(issue.id):
            return []
        found = await rows(
            "select m.id, m.number from meetings m where m.state <> 'cancelled' and m.id in "
            "(select meeting_id from topics where issue_id = ? and state = 'open' "
            "union select meeting_id from decisions where issue_id = ?) order by m.id",
            issue.id,
            issue.id,
        )
        return [f"会{r['number']}" for r in found]

    async def about(self, proposal: Proposal, meeting_id: int) -> Topic | None:
        """The topic under which a meeting talks or talked of a proposal; None once it is off."""
        found = await rows(
            f"{_WITH_WORDS} where t.proposal_id = ? and t.meeting_id = ? and t.state = 'open'",
            proposal.id,
            meeting_id,
        )
        return (await self._whole(found))[0] if found else None

    async def talked_of(self, proposal: Proposal) -> int | None:
        """The last meeting that was held with the proposal among its topics; its id."""
        found = await value(
            "select m.id from topics t join meetings m on m.id = t.meeting_id "
            "where t.proposal_id = ? and t.state = 'open' and m.state = 'held' "
            "order by m.starts_at desc limit 1",
            proposal.id,
        )
        return int(found) if found is not None else None

    async def _change(self, topic: Topic, assignment: str, given: object) -> None:
        saved = await affected(
            f"update topics set {assignment}, version = version + 1 where id = ? and version = ?",
            given,
            topic.id,
            topic.version,
        )
        if not saved:
            raise Conflict("topics", topic.id)

    async def _whole(self, found: Sequence[Row]) -> list[Topic]:
        """Topics with those behind them; who is behind a report or proposal is behind its topic."""
        ids = [r["id"] for r in found]
        behind: dict[int, set[int]] = {topic_id: set() for topic_id in ids}
        these = marks(ids)
        for r in await rows(
            f"select topic_id, person_id from topic_seconds where topic_id in ({these}) "
            "union select t.id, s.person_id from topics t "
            f"join seconds s on s.issue_id = t.issue_id where t.id in ({these}) "
            "union select t.id, i.reporter_id from topics t "
            f"join issues i on i.id = t.issue_id where t.id in ({these}) "
            "union select t.id, p.author_id from topics t "
            f"join proposals p on p.id = t.proposal_id where t.id in ({these}) "
            "union select t.id, s.person_id from topics t "
            f"join proposal_seconds s on s.proposal_id = t.proposal_id where t.id in ({these})",
            *(ids * 5),
        ):
            behind[r["topic_id"]].add(r["person_id"])
        return [_topic(r, frozenset(behind[r["id"]] - {r["author_id"]})) for r in found]

    def _note(
        self,
        topic: Topic,
        verb: str,
        by: int,
        now: datetime,
        before: Facts,
        after: Facts,
        remark_id: int | None = None,
    ) -> None:
        entry = Entry(now, by, "topic", topic.id, verb, before, after, remark_id)
        self._journal.note(topic.community_id, entry)


def _topic(found: Row, seconders: frozenset[int]) -> Topic:
    return Topic(
        id=found["id"],
        community_id=found["community_id"],
        meeting_id=found["meeting_id"],
        number=found["number"],
        author_id=found["author_id"],
        text=found["text"],
        proposed_at=instant(found["proposed_at"]),
        state=TopicState(found["state"]),
        issue_id=found["issue_id"],
        proposal_id=found["proposal_id"],
        seconders=seconders,
        words=found["words"] or "",
        version=found["version"],
    )
