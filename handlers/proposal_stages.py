"""Stages in words 四议进度: one line for each that is behind or under way, one for the rest."""

from datetime import datetime
from typing import Final

from domain.meetings import Meeting
from domain.moments import Moment
from domain.motions import Motion, MotionState
from domain.people import Actor
from domain.proposal_life import CLOSED
from domain.proposal_stages import Mark, Stage, stages
from domain.proposals import Proposal, ProposalState, ProposalStep
from domain.text import shortened
from handlers.messages import Series, Typed, Words
from handlers.proposal_results import count_words
from handlers.proposal_sight import is_read, path_then
from storage.unit import Unit

_SAID: Final = 60
"""Characters of what came out of a talk; the whole stands in the minutes."""

_NAMED: Final = 4
"""Tasks that a line has room for."""


async def stage_lines(unit: Unit, found: Proposal, viewer: Actor | None) -> list[Words]:
    """Where a proposal stands, as its card shows it to a group, or to one viewer."""
    motion = await unit.motions.by_id(found.motion_id) if found.motion_id else None
    marked = stages(found, is_voting=motion is not None and motion.state is MotionState.OPEN)
    lines = []
    for stage, mark in marked:
        if mark is not Mark.AHEAD:
            what = await _what(unit, found, stage, motion, viewer)
            lines.append(Words(f"proposal.stage.{mark}", {"stage": stage, "what": what}))
    ahead = [stage for stage, mark in marked if mark is Mark.AHEAD]
    if ahead:
        lines.append(Words("proposal.stage.ahead", {"stages": _chain(ahead)}))
    return lines


def _chain(ahead: list[Stage]) -> Words:
    """办理 → 评议."""
    said = Words(f"stage.{ahead[-1]}")
    for stage in reversed(ahead[:-1]):
        said = Words("proposal.stage.then", {"first": stage, "rest": said})
    return said


async def _what(
    unit: Unit, found: Proposal, stage: Stage, motion: Motion | None, viewer: Actor | None
) -> Words | None:
    if stage is Stage.PROPOSE:
        return Words("proposal.what.on", {"at": _day(found.proposed_at)})
    if stage is Stage.TALK:
        return await _talk(unit, found, viewer)
    if stage is Stage.MOVE and motion is not None:
        is_waiting = motion.state is MotionState.ANNOUNCED
        facts = {"motion": motion.label, "at": _day(motion.opens_at)}
        return Words("proposal.what.notice" if is_waiting else "proposal.what.moved", facts)
    if stage is Stage.RESOLVE:
        return await _resolved(unit, found, motion)
    if stage is Stage.CARRY_OUT:
        return await _tasks(unit, found)
    if stage is Stage.EVALUATE:
        return await _evaluation(unit, found)
    return None


async def _tasks(unit: Unit, found: Proposal) -> Words:
    """How many reports carry it out, how many of them are done, and which they are."""
    tasks = await unit.proposal_tasks.of(found)
    if not tasks:
        is_off = found.state is ProposalState.DROPPED
        return Words("proposal.what.dropped" if is_off else "proposal.what.no_task")
    labels = tuple(task.label for task in tasks[:_NAMED])
    done = sum(task.state in CLOSED for task in tasks)
    return Words(
        "proposal.what.tasks", {"count": len(tasks), "done": done, "labels": Series(labels)}
    )


async def _evaluation(unit: Unit, found: Proposal) -> Words:
    if found.state is ProposalState.DONE:
        return Words("proposal.what.rating", {"at": found.evaluate_until})
    return Words("proposal.what.rated", {"counts": await count_words(unit, found)})


async def _resolved(unit: Unit, found: Proposal, motion: Motion | None) -> Words | None:
    """Until when it is voted on, or how it ended."""
    if found.resolved_at is None:
        return Words("proposal.what.voting", {"at": motion.closes_at}) if motion else None
    is_off = found.state is ProposalState.REJECTED
    facts = {
        "verdict": Words("proposal.fails" if is_off else "proposal.passes"),
        "at": _day(found.resolved_at),
    }
    if found.poll_id is None:
        return Words("proposal.what.resolved", facts)
    poll = await unit.polls.by_id(found.poll_id)
    return Words("proposal.what.polled", {**facts, "poll": poll.label})


async def _talk(unit: Unit, found: Proposal, viewer: Actor | None) -> Words | None:
    """Where it is or was talked over, and what came out of it."""
    if found.meeting_id is not None:
        meeting = await unit.meetings.by_id(found.meeting_id)
        if found.state is ProposalState.LISTED:
            return _coming(meeting)
        return await _minuted(unit, found, meeting, viewer)
    if found.talked_at is None:
        return None
    entries = await unit.journal.of("proposal", found.id)
    said_at = await path_then(unit, found, entries, ProposalStep.TALK)
    said = _said(found.talk) if is_read(said_at, found, viewer) else None
    return Words("proposal.what.talked", {"at": _day(found.talked_at), "said": said})


def _coming(meeting: Meeting) -> Words:
    facts = {"meeting": meeting.label, "at": meeting.starts_at}
    return Words("proposal.what.coming" if meeting.starts_at else "proposal.what.undated", facts)


async def _minuted(unit: Unit, found: Proposal, meeting: Meeting, viewer: Actor | None) -> Words:
    """What public minutes say of it, and what was agreed, to those whose minutes they are."""
    topic = await unit.topics.about(found, meeting.id)
    is_public = (await unit.minutes.of(meeting)).is_public
    if topic is None or not is_public or not is_read(meeting.path, found, viewer):
        return Words("proposal.what.met", {"meeting": meeting.label, "said": None, "agreed": None})
    decided = await unit.minutes.decided_at(meeting)
    agreed = [d.issue.label for d in decided if d.topic_id == topic.id]
    facts = {
        "meeting": meeting.label,
        "said": _said(topic.words),
        "agreed": Words("proposal.what.agreed", {"labels": Series(tuple(agreed))})
        if agreed
        else None,
    }
    return Words("proposal.what.met", facts)


def _said(words: str) -> Words | None:
    return Words("proposal.what.said", {"text": Typed(shortened(words, _SAID))}) if words else None


def _day(at: datetime) -> Moment:
    return Moment(at, has_hour=False)
