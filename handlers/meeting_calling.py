"""Calling a meeting 召集会议: in one line or asked step by step, read back before it is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from domain import meetings as rules
from domain.meeting_series import Series
from domain.meetings import Meeting, MeetingKind
from domain.moments import Moment, Question, Repeat
from domain.people import Ability
from domain.places import building_in
from domain.refusal import Refusal
from domain.text import shortened
from domain.venues import parted_venue
from handlers.ask import CANCEL_ROW, Ask
from handlers.evenings import propose
from handlers.kinds import FreeText
from handlers.meeting_beside import beside
from handlers.meeting_deadlines import set_deadlines
from handlers.meeting_kinds import (
    CHANGE,
    LOOKS_LIKE_TIME,
    CalledAs,
    MeetingLine,
    found_in,
    without_choice,
)
from handlers.meeting_series import begin
from handlers.meeting_telling import invite_parties
from handlers.messages import Button, Reply, Typed, Words
from handlers.moments import asking, setting_of
from handlers.numbers import carried
from handlers.registry import REGISTRY, command, press

_PARTED: Final = re.compile(r"\s*[,，;；:：\n]\s*")
"""What stands between the venue and what it is about."""
_AT: Final = re.compile(r"^[\s,，]*(?:就?在|到|@|at\s)\s*")
"""在凉亭 is 凉亭."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting that is not called yet, as its draft keeps it."""

    kind: MeetingKind
    starts_at: datetime
    ends_at: datetime
    venue: str
    topic_line: str = ""
    repeat: Repeat | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Plan":
        """What ``args`` kept."""
        starts_at, ends_at = (datetime.fromisoformat(at) for at in args["span"].split("/"))
        rule, _, minutes = args.get("repeat", "").partition("|")
        return cls(
            MeetingKind(args["kind"]),
            starts_at,
            ends_at,
            args["venue"],
            args.get("topic_line", ""),
            Repeat.read(rule, int(minutes)) if rule else None,
        )

    def args(self) -> dict[str, str]:
        """Arguments of ``call_meeting``."""
        span = f"{self.starts_at.isoformat()}/{self.ends_at.isoformat()}"
        return {
            "kind": self.kind,
            "span": span,
            "venue": self.venue,
            "topic_line": self.topic_line,
            "repeat": f"{self.repeat.rule}|{self.repeat.minutes or 0}" if self.repeat else "",
        }


@command(
    "睦邻夜话",
    "夜话",
    "月悦谈",
    "周周碰",
    "联席会",
    "楼栋议事会",
    "坝坝会",
    "meeting",
    may=Ability.CALL_MEETING,
    section="meetings",
    runs_on=True,
)
async def meeting(
    ask: Ask,
    kind: CalledAs | None = None,
    line: MeetingLine | None = None,
    venue: FreeText | None = None,
    hour: FreeText | None = None,
) -> Reply | None:
    """Prepare a meeting; nothing is called before its date and place have been read back."""
    await _check_convener_here(ask)
    if not line and venue and (change := CHANGE.match(venue)):
        return await _which_to_change(ask, "cancelmeeting" if change[1] else "movemeeting")
    if not line and venue and found_in(venue, setting_of(ask)) is not None:
        line, venue = venue, None  # a time with a question behind it (好不好?) is still a time
    named = MeetingKind(kind or MeetingKind.EVENING_TALK)  # a draft keeps it as plain text
    known = {"kind": named, "line": line, "venue": venue, "hour": hour}
    left = without_choice(line) if line else ""
    if not line or (left is not None and not hour):
        await propose(ask, named, *_parted(_no_time(left or venue or "")))
        return None
    answer, rest = _when(ask, line, hour)
    if isinstance(answer, Question) or not answer.has_hour:
        words = asking(answer) if isinstance(answer, Question) else Words("ask_moment.which_hour")
        return await ask.question(meeting, known, "hour", words)
    where, topic_line = _parted(venue or rest)
    if not where:
        return await ask.question(meeting, known, "venue", Words("ask.meeting.venue"))
    plan = Plan(named, *_span(ask, answer), where, topic_line, answer.repeats)
    return await read_back(ask, plan)


def _no_time(text: str) -> str:
    """``text`` unless it was meant for a time that there is not: no place is called 13月5号."""
    if LOOKS_LIKE_TIME.search(text):
        raise Refusal("no_moment", text=Typed(shortened(text, 20)))
    return text


async def _which_to_change(ask: Ask, code: str) -> Reply:
    """夜话取消 means a meeting that is called already; which one is asked with its name."""
    coming = await ask.unit.meetings.coming_for(ask.actor)
    named = [(Words("meeting.name", {"label": m.label, "kind": m.kind}), m) for m in coming]
    offered = [Button(words, f"={carried(meeting)}") for words, meeting in named]
    handler = REGISTRY.commands[code].handler
    return await ask.question(handler, {}, "number", Words("ask.meeting_number"), offered)


def _when(ask: Ask, line: str, hour: str | None) -> tuple[Moment | Question, str]:
    """The time that was said, in one go or after a question, and what is left of the line."""
    setting = setting_of(ask)
    tries = [f"{hour} {line}", f"{line} {hour}", hour] if hour else [line]
    found = [said for said in (found_in(text, setting) for text in tries) if said is not None]
    if not found:
        raise Refusal("no_moment", text=Typed(shortened(hour or line, 20)))
    best = next((f for f in found if isinstance(f.answer, Moment) and f.answer.has_hour), found[0])
    first = found_in(line, setting)
    return best.answer, first.rest if first else ""


def _parted(text: str) -> tuple[str, str]:
    """Venue and what it is about: 凉亭，聊楼道堆物."""
    said = _AT.sub("", text)
    mark = _PARTED.search(said, 1)
    place, behind = parted_venue(said[: mark.start()] if mark else said)
    if mark is None or not behind:
        return place, said[mark.end() :] if mark else behind
    return place, f"{behind}{said[mark.start() :]}"


def _span(ask: Ask, moment: Moment) -> tuple[datetime, datetime]:
    """Start and end; an end that nobody said is the community's habit."""
    starts_at = moment.start.astimezone(UTC)
    lasts = ask.tenant.rhythm.lasts
    ends_at = moment.end.astimezone(UTC) if moment.end else starts_at + lasts
    return starts_at, ends_at


async def _check_convener_here(ask: Ask) -> None:
    """Refuse who may not call one here; in private, one's post is meant where one's home is not."""
    if ask.chat.is_private and not ask.actor.can(Ability.CALL_MEETING, at=ask.here.path):
        posts = [g for g in ask.actor.grants if g.allows(Ability.CALL_MEETING, g.path)]
        if posts:
            await ask.stand_at(await ask.unit.places.get(posts[0].place_id))
    if not ask.actor.can(Ability.CALL_MEETING, at=ask.here.path):
        raise await ask.not_allowed(Words("button.meeting"), Ability.CALL_MEETING)


async def read_back(ask: Ask, plan: Plan) -> Reply:
    """Say back what, when and where; the yes calls it."""
    await _check(ask, plan)
    also, looks = await beside(ask, _meeting(ask, plan, number=0))
    yes = await ask.confirm(call_meeting, plan.args())
    facts = {
        "kind": plan.kind,
        "at": _said_back(ask, plan),
        "venue": Typed(plan.venue),
        "about": about(plan.topic_line),
        "repeats": Words("meeting.repeats", {"repeat": plan.repeat}) if plan.repeat else None,
        "place": ask.here.name,
        "beside": also,
    }
    return Reply("meeting.read_back", facts, ((yes,), *looks, CANCEL_ROW))


def _said_back(ask: Ask, plan: Plan) -> Moment:
    """When it is; the end too, where it is not the one that everybody expects."""
    is_usual = plan.ends_at - plan.starts_at == ask.tenant.rhythm.lasts
    return Moment(plan.starts_at, end=None if is_usual else plan.ends_at, has_hour=True)


def about(topic_line: str) -> Words | None:
    """The line that says what a meeting is about."""
    return Words("meeting.about", {"words": Typed(topic_line)}) if topic_line else None


async def _check(ask: Ask, plan: Plan) -> None:
    """Refuse what cannot be called, before it is read back and again before it is called."""
    rules.checked_start(plan.starts_at, ask.now, ask.tenant.hours)
    rules.check_length(plan.starts_at, plan.ends_at)
    rules.checked_venue(plan.venue)
    rules.checked_topic_line(plan.topic_line)
    await check_building(ask, plan.venue)
    await check_free(ask, _meeting(ask, plan, number=0))


async def check_building(ask: Ask, venue: str) -> None:
    """Refuse a building that there is none of: 99号楼一楼大厅 is a slip of the finger."""
    name = building_in(venue)
    community = await ask.unit.places.get(ask.tenant.id)
    if name and not await ask.unit.places.named(name, below=community.path):
        raise Refusal("meeting_venue_unknown", venue=Typed(name))


async def check_free(ask: Ask, planned: Meeting) -> None:
    """Refuse a time at which another meeting of the same place is under way."""
    await ask.unit.meetings.hold(planned.community_id)
    others = await ask.unit.meetings.around(planned.place_id, *planned.span)
    rules.check_free(planned, others)


def _meeting(ask: Ask, plan: Plan, number: int) -> Meeting:
    return Meeting(
        id=0,
        community_id=ask.tenant.id,
        number=number,
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        kind=plan.kind,
        venue=plan.venue,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        topic_line=plan.topic_line,
    )


@press("meetcall", may=Ability.CALL_MEETING, only_confirmed=True)
async def call_meeting(
    ask: Ask,
    kind: FreeText,
    span: FreeText,
    venue: FreeText,
    topic_line: FreeText | None = None,
    repeat: FreeText | None = None,
) -> None:
    """Call it: one card, with one count, in every group of the place."""
    args = {"kind": kind, "span": span, "venue": venue}
    more = {"topic_line": topic_line or "", "repeat": repeat or ""}
    await call(ask, Plan.of(args | more))


async def call(ask: Ask, plan: Plan) -> Meeting:
    """Call what was planned, at the place where it was asked; its card appears in the groups.

    Raises:
        Refusal: The time, the venue or another meeting stands in the way.
    """
    await _check_convener_here(ask)
    number = await ask.unit.places.next_number(ask.tenant.id, "meeting")
    await _check(ask, plan)
    planned = _meeting(ask, plan, number)
    if plan.repeat is not None:
        series = await begin(ask.unit, ask.tenant, _series(planned, plan.repeat), planned)
        planned = replace(planned, series_id=series.id)
    made = await ask.unit.meetings.add(planned, ask.now)
    await announce(ask, made)
    return made


def _series(first: Meeting, repeat: Repeat) -> Series:
    starts_at, ends_at = first.span
    return Series(
        id=0,
        community_id=first.community_id,
        place_id=first.place_id,
        path=first.path,
        author_id=first.author_id,
        kind=first.kind,
        venue=first.venue,
        topic_line=first.topic_line,
        repeat=repeat,
        lasts=ends_at - starts_at,
        next_at=starts_at,
    )


async def fix_date(
    ask: Ask, choosing: Meeting, starts_at: datetime, *, lasts: timedelta | None = None
) -> Meeting:
    """Call a meeting whose date was being chosen 择日; raises as ``call`` does."""
    rules.checked_start(starts_at, ask.now, ask.tenant.hours)
    ends_at = starts_at + (lasts or ask.tenant.rhythm.lasts)
    fixed = rules.called(choosing, starts_at, ends_at, by=ask.actor)
    await check_free(ask, fixed)
    fixed = await ask.unit.meetings.save(fixed, "call", by=ask.actor.id, now=ask.now)
    await announce(ask, fixed)
    return fixed


async def announce(ask: Ask, called: Meeting) -> None:
    """Set what is due for a meeting, and show its card in this chat and in all its groups."""
    await set_deadlines(ask.unit, called)
    viewer = ask.actor if ask.chat.is_private else None
    thread = ask.incoming.thread
    await ask.tell.card(ask.chat, "meeting", called.id, viewer=viewer, thread=thread)
    await ask.tell.cards_below(called.path, "meeting", called.id, but=ask.chat.id)
    await invite_parties(ask.tell, called)
