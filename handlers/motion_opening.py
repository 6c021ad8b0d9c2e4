"""Calling an owners' vote 发起表决: read back, announced, and fixed from then on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain import motions as rules
from domain.electorate import whole
from domain.ledger import square_metres
from domain.matters import MOST_MATTERS, Matter, matters_of, matters_text
from domain.motions import Motion, MotionState, Preset
from domain.people import Ability
from domain.proposals import Proposal
from domain.refusal import Refusal
from domain.verdict import Weight
from handlers.ask import CANCEL_ROW, CONFIRMED, Ask
from handlers.kinds import Flag, FreeText
from handlers.messages import Button, Reply, Row, Words
from handlers.moments import closing_time
from handlers.motion_card import manner_words
from handlers.motion_kinds import MotionNumber, MotionTitle, PresetName
from handlers.motion_life import (
    electorate,
    lack_lines,
    lacking,
    left_out_lines,
    open_now,
    set_deadlines,
)
from handlers.motion_matters import named, text_lines
from handlers.motion_origins import announced_for, stand_at_origin
from handlers.numbers import carried
from handlers.proposal_motions import vote_anew
from handlers.registry import button, command, press


@command(
    "表决", "motion", may=Ability.OPEN_MOTION, section="convening", everyday=("表决", "motion")
)
async def motion(ask: Ask, title: MotionTitle, text: FreeText, closes: FreeText) -> Reply:
    """Prepare an owners' vote; nothing is fixed before it has been read back."""
    known = {"title": title, "text": text}
    closes_at = await closing_time(ask, motion, closes, known, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    return await _read_back(ask, _Sketch(title, text, closes_at, Preset.ADVISORY, 0))


async def read_back_for(
    ask: Ask, proposal: Proposal, text: str, closes: datetime, *, title: str
) -> Reply:
    """Prepare the vote on a proposal; advisory unless another rule is tapped."""
    sketch = _Sketch(title, text, closes, Preset.ADVISORY, 0, about=carried(proposal))
    return await _read_back(ask, sketch)


async def read_back_list(
    ask: Ask, title: str, matters: tuple[Matter, ...], closes: datetime, *, about: str
) -> Reply:
    """Prepare a vote on a list of matters, by household unless another rule is tapped."""
    sketch = _Sketch(title, "", closes, Preset.RESIDENTS, 0, matters, about)
    return await _read_back(ask, sketch)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A motion that is not announced yet, as its draft keeps it.

    ``more`` are further matters, or all of them where ``text`` is empty. ``about`` is what it
    comes from: a proposal, which is the first matter, or a convention.
    """

    title: str
    text: str
    closes_at: datetime
    preset: Preset
    secret: int
    more: tuple[Matter, ...] = ()
    about: str = ""

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> "_Sketch":
        """What ``args`` kept."""
        closes_at = datetime.fromisoformat(args["closes"])
        preset, more = Preset(args["preset"]), matters_of(args.get("more", ""))
        about = args.get("about", "")
        return cls(args["title"], args["text"], closes_at, preset, args["secret"], more, about)

    def args(self) -> dict[str, Any]:
        """What a draft keeps."""
        return {
            "title": self.title,
            "text": self.text,
            "closes": self.closes_at.isoformat(),
            "preset": self.preset.value,
            "secret": self.secret,
            "more": matters_text(self.more),
            "about": self.about,
        }

    @property
    def matters(self) -> tuple[Matter, ...]:
        """All matters where there are several; none where it is one alone."""
        first = (Matter(self.title, self.text),) if self.text and self.more else ()
        return (*first, *self.more)

    @property
    def takes_more(self) -> bool:
        """Whether one matter more may be added; a convention's are its clauses."""
        return bool(self.text) and len(self.matters) < MOST_MATTERS


async def _made(ask: Ask, sketch: _Sketch) -> Motion:
    """The motion that a sketch would be if it was announced now."""
    if sketch.about:
        await stand_at_origin(ask, sketch.about)
    if not ask.actor.can(Ability.OPEN_MOTION, at=ask.here.path):
        raise await ask.not_allowed(Words("button.motion"), Ability.OPEN_MOTION)
    settings = await ask.unit.motions.settings(ask.tenant.id)
    notice = settings.notice(sketch.preset)
    opens_at = ask.tenant.hours.polite_at(ask.now + notice) if notice else ask.now
    return Motion(
        id=0,
        community_id=ask.tenant.id,
        number=0,
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        title=sketch.title,
        text="" if sketch.more else sketch.text,
        preset=sketch.preset,
        is_secret=bool(sketch.secret),
        is_binding=sketch.preset in settings.binding,
        announced_at=ask.now,
        opens_at=opens_at,
        closes_at=rules.checked_times(opens_at, sketch.closes_at, ask.now),
        fewest=settings.fewest,
        proxies=settings.proxies,
        matters=sketch.matters,
    )


async def _read_back(ask: Ask, sketch: _Sketch) -> Reply:
    """Say back all of it, who would vote, and what is still missing."""
    made = await _made(ask, sketch)
    entries = await electorate(ask.unit, made.preset, ask.here)
    weight = whole(entries)
    facts = {
        "title": named(made),
        "text": text_lines(made),
        "manner": manner_words(made),
        "source": Words(f"presetsource.{made.preset}"),
        "place": ask.here.name,
        "whole": _whole_words(made, weight),
        "opens": made.opens_at,
        "closes": made.closes_at,
        "lacks": [
            *lack_lines(await lacking(ask.unit, made, entries, ask.here)),
            *await left_out_lines(ask.unit, made.preset, ask.here),
        ],
    }
    yes = await ask.confirm(announce, {"kept": json.dumps(sketch.args())})
    switch = "button.motion_named" if sketch.secret else "button.motion_secret"
    row = (
        button(choose_rule, "button.motion_rule"),
        button(keep_secret, switch, secret=1 - sketch.secret),
    )
    matters_row = _matters_row(sketch)
    rows = ((yes,), row, *((matters_row,) if matters_row else ()), CANCEL_ROW)
    return Reply("motion.read_back", facts, rows)


def _whole_words(made: Motion, weight: Weight) -> Words:
    """How many would vote, with their area where that counts."""
    facts = {"count": weight.heads, "area": square_metres(weight.area)}
    return Words("motion.whole" if made.terms.rule.by_area else "motion.whole_heads", facts)


def _matters_row(sketch: _Sketch) -> Row:
    """One more matter, as long as there is room; the last one out again."""
    row: list[Button] = []
    if sketch.takes_more:
        row.append(button(add_matter))
    if sketch.more and sketch.text:
        row.append(button(drop_matter))
    return tuple(row)


async def _sketched(ask: Ask) -> _Sketch:
    draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
    if draft is None or draft.command != "motionopen" or draft.asking != CONFIRMED:
        raise Refusal("button_stale")
    return _Sketch.of(json.loads(draft.args["kept"]))


@press("motionrule", may=Ability.OPEN_MOTION, is_of_question=True)
async def choose_rule(ask: Ask, preset: PresetName | None = None) -> Reply:
    """Show the rules to choose from; or take one and read all back again."""
    sketch = await _sketched(ask)
    if preset is not None:
        return await _read_back(ask, replace(sketch, preset=Preset(preset)))
    lines = [
        Words("motion.rule_line", {"rule": p, "source": Words(f"presetsource.{p}")}) for p in Preset
    ]
    rows = tuple((button(choose_rule, f"preset.{p}", preset=p.value),) for p in Preset)
    return Reply("motion.rules", {"lines": lines}, rows)


@press("motionsecret", may=Ability.OPEN_MOTION, is_of_question=True)
async def keep_secret(ask: Ask, secret: Flag) -> Reply:
    """Let the vote be secret, or named."""
    return await _read_back(ask, replace(await _sketched(ask), secret=secret))


@press("motionadd", may=Ability.OPEN_MOTION, is_of_question=True)
async def add_matter(ask: Ask) -> Reply:
    """Ask for one more matter, voted on at the same time with a choice and verdict of its own."""
    sketch = await _sketched(ask)
    if not sketch.takes_more:
        raise Refusal("matters_many", most=MOST_MATTERS)
    words = Words("ask.motionmatter.title", {"number": len(sketch.more) + 2})
    return await ask.question(added, {"kept": json.dumps(sketch.args())}, "title", words)


@press("motionmatter", may=Ability.OPEN_MOTION, only_confirmed=True)
async def added(ask: Ask, kept: FreeText, title: MotionTitle, text: FreeText) -> Reply:
    """Take the matter that was asked for, and read all back again."""
    sketch = _Sketch.of(json.loads(kept))
    return await _read_back(ask, replace(sketch, more=(*sketch.more, Matter(title, text))))


@press("motiondrop", may=Ability.OPEN_MOTION, is_of_question=True)
async def drop_matter(ask: Ask) -> Reply:
    """Take the last matter out again."""
    sketch = await _sketched(ask)
    return await _read_back(ask, replace(sketch, more=sketch.more[:-1]))


@press("motionopen", may=Ability.OPEN_MOTION, only_confirmed=True)
async def announce(ask: Ask, kept: FreeText) -> Reply | None:
    """Announce it: its text is fixed. Without a notice period it opens at once, or not at all."""
    sketch = _Sketch.of(json.loads(kept))
    made = await _made(ask, sketch)
    number = await ask.unit.places.next_number(ask.tenant.id, "motion")
    made = await ask.unit.motions.add(replace(made, number=number))
    if made.opens_at <= ask.now:
        lacks = await open_now(ask.unit, made, by=ask.actor.id)
        if lacks:
            raise Refusal("motion_lacks", lines=lack_lines(lacks))
    else:
        await set_deadlines(ask.unit, made)
    if sketch.about:
        await announced_for(ask, sketch.about, made)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "motion", made.id, viewer=viewer, thread=ask.incoming.thread)
    await ask.tell.cards_below(made.path, "motion", made.id, but=ask.chat.id)
    return None


@press("motionstart", may=Ability.OPEN_MOTION)
async def start(ask: Ask, number: MotionNumber) -> Reply:
    """Open a motion whose opening was refused, once nothing is missing any more."""
    found = await ask.motion(number)
    rules.check_author(found, ask.actor)
    if found.state is not MotionState.ANNOUNCED:
        raise Refusal("motion_over", label=found.label)
    if ask.now < found.opens_at:
        raise Refusal("motion_not_open", label=found.label, at=found.opens_at)
    lacks = await open_now(ask.unit, found, by=ask.actor.id)
    if lacks:
        raise Refusal("motion_lacks", lines=lack_lines(lacks))
    await ask.tell.refresh("motion", found.id)
    await vote_anew(ask.unit, ask.tell, found)
    return Reply("motion.opened", {"label": found.label}, is_brief=True)
