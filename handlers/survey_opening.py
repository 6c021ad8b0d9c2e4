"""Opening a survey 发起征询: in one line or asked step by step, read back before it opens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain import surveys as rules
from domain.moment_search import moment_in
from domain.people import Ability
from domain.places import Place
from domain.refusal import Refusal
from domain.surveys import RULES, Survey, Terms, rule_text, stored_rule
from domain.text import shortened
from domain.verdict import Basis, Rule, Share
from handlers.ask import CANCEL_ROW, CONFIRMED, Ask
from handlers.kinds import FreeText
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.moments import closing_time, ended, setting_of
from handlers.registry import button, command, press
from handlers.survey_card import who_sees
from handlers.survey_deadlines import set_deadlines
from handlers.survey_kinds import AREA, PUBLIC, ShareWord, TermsChange
from handlers.survey_words import rule_words

SHOWN_DOORS: Final = 4


@command(
    "征询", "入户征询", "survey", may=Ability.OPEN_POLL, section="surveys", everyday=("survey",)
)
async def survey(ask: Ask, question: FreeText, closes: FreeText | None = None) -> Reply:
    """Prepare a survey; nothing is asked of anybody before it has been read back."""
    known = {"question": question}
    if closes:
        closes_at = await closing_time(ask, survey, closes, known, slot="closes")
    else:
        found = moment_in(question, setting_of(ask))
        if found is None or not found.rest:
            return await ask.question(survey, known, "closes", Words("ask.survey.closes"))
        known = {"question": found.rest}
        closes_at = await ended(ask, survey, found.answer, known, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    rules.checked_close(closes_at, ask.now)
    asked = known["question"]
    if len(asked) > rules.LONGEST_QUESTION:
        raise Refusal("too_long", length=len(asked), limit=rules.LONGEST_QUESTION)
    return await _read_back(ask, _Sketch(asked, closes_at, RULES[Terms.TWO_THIRDS]))


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A survey that is not open yet, as its draft keeps it."""

    question: str
    closes_at: datetime
    rule: Rule
    is_public: bool = False

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "_Sketch":
        """What ``args`` kept."""
        closes_at = datetime.fromisoformat(args["closes"])
        return cls(args["question"], closes_at, stored_rule(args["terms"]), args["public"] == "1")

    def args(self) -> dict[str, str]:
        """Arguments of ``open_survey``."""
        return {
            "question": self.question,
            "closes": self.closes_at.isoformat(),
            "terms": rule_text(self.rule),
            "public": str(int(self.is_public)),
        }


async def _areas(ask: Ask, place: Place) -> tuple[dict[int, int], int]:
    """Household → area, and the roll's version; without one, 0 and those where somebody lives."""
    roll = await ask.unit.roll.of(place)
    if roll.households:
        return roll.household_areas(), roll.settings.version
    return {home.id: 0 for home in await ask.unit.roll.doors.ownerless(place)}, 0


async def _missing(ask: Ask, version: int) -> Words | None:
    """Doors that are not asked: the roll, or where there is none everybody here lacks them."""
    doors = ask.unit.roll.doors
    found = await (doors.unlisted(ask.here) if version else doors.left_out(ask.here))
    names = "、".join(place.name for place in found[:SHOWN_DOORS])
    key = "survey.unlisted" if version else "survey.left_out"
    return Words(key, {"count": len(found), "names": names}) if found else None


async def _read_back(ask: Ask, sketch: _Sketch) -> Reply:
    """Say back question, households, threshold and date, with a tap for each thing to change."""
    areas, version = await _areas(ask, ask.here)
    if not areas:
        raise Refusal("survey_nobody", place=ask.here.name)
    if sketch.rule.by_area and not version:
        sketch = replace(sketch, rule=replace(sketch.rule, by_area=False))
    yes = await ask.confirm(open_survey, sketch.args())
    draft = Survey(0, 0, 0, 0, "", 0, "", sketch.rule, ask.now, ask.now, sketch.is_public)
    source = "survey.by_roll" if version else "survey.by_tree"
    facts = {
        "question": Typed(sketch.question),
        "place": ask.here.name,
        "homes": Words(source, {"count": len(areas)}),
        "missing": await _missing(ask, version),
        "rule": rule_words(sketch.rule),
        "who_sees": who_sees(draft),
        "at": sketch.closes_at,
    }
    return Reply("survey.read_back", facts, ((yes,), *_changes(sketch, version), CANCEL_ROW))


def _changes(sketch: _Sketch, version: int) -> list[Row]:
    """A tap for each threshold to choose, and for each thing to flip."""
    offered = [
        terms
        for terms in Terms
        if (RULES[terms] != sketch.rule and (version or not RULES[terms].by_area))
    ]
    taps = [button(change, f"button.terms_{terms}", to=terms.value) for terms in offered]
    taps.append(button(own_share))
    flips: list[Button] = []
    if version:
        flips.append(
            button(change, f"button.area_{'off' if sketch.rule.by_area else 'on'}", to=AREA)
        )
    flips.append(button(change, f"button.public_{'off' if sketch.is_public else 'on'}", to=PUBLIC))
    rows = [tuple(taps[i : i + 2]) for i in range(0, len(taps), 2)]
    return [*rows, tuple(flips)]


async def _sketch(ask: Ask) -> _Sketch:
    draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
    if draft is None or draft.command != "surveyopen" or draft.asking != CONFIRMED:
        raise Refusal("button_stale")
    return _Sketch.of(draft.args)


@press("surveychange", may=Ability.OPEN_POLL)
async def change(ask: Ask, to: TermsChange) -> Reply:
    """Choose a threshold, or flip one thing of a survey that is not open yet."""
    sketch = await _sketch(ask)
    if to == PUBLIC:
        return await _read_back(ask, replace(sketch, is_public=not sketch.is_public))
    if to == AREA:
        rule = replace(sketch.rule, by_area=not sketch.rule.by_area)
        return await _read_back(ask, replace(sketch, rule=rule))
    return await _read_back(ask, replace(sketch, rule=RULES[Terms(to)]))


@press("surveyown", may=Ability.OPEN_POLL)
async def own_share(ask: Ask) -> Reply:
    """Ask for a threshold in the convener's own words."""
    sketch = await _sketch(ask)
    return await ask.question(with_share, sketch.args(), "share", Words("ask.share"))


@press("surveyshare", may=Ability.OPEN_POLL, only_confirmed=True)
async def with_share(
    ask: Ask,
    question: FreeText,
    closes: FreeText,
    terms: FreeText,
    public: FreeText,
    share: ShareWord,
) -> Reply:
    """Take the threshold that was said: so much of all households agrees."""
    sketch = _Sketch(question, datetime.fromisoformat(closes), stored_rule(terms), public == "1")
    asked = stored_rule(f"- {share} {Basis.ALL} heads").approval
    rule = Rule(None, Share(asked.of_whole, asked.is_strict), Basis.ALL, sketch.rule.by_area)
    return await _read_back(ask, replace(sketch, rule=rule))


@press("surveyopen", may=Ability.OPEN_POLL, only_confirmed=True)
async def open_survey(
    ask: Ask, question: FreeText, closes: FreeText, terms: FreeText, public: FreeText
) -> None:
    """Open it: the households are those of now, one card in every group of the place."""
    if not ask.actor.can(Ability.OPEN_POLL, at=ask.here.path):
        raise Refusal("not_allowed", command=Words("button.survey"))
    areas, version = await _areas(ask, ask.here)
    rule = stored_rule(terms)
    if not areas or (rule.by_area and not version):
        raise Refusal("survey_nobody", place=ask.here.name)
    made = Survey(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "survey"),
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        question=shortened(question, rules.LONGEST_QUESTION),
        rule=rule,
        opened_at=ask.now,
        closes_at=rules.checked_close(datetime.fromisoformat(closes), ask.now),
        is_public=public == "1",
        roll_version=version,
    )
    made = await ask.unit.surveys.add(made, areas)
    await set_deadlines(ask.unit, made)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "survey", made.id, viewer=viewer, thread=ask.incoming.thread)
    await ask.tell.cards_below(made.path, "survey", made.id, but=ask.chat.id)
