"""Surveys 征询: listed, extended, ended and called off; who answered what, for those who may."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from domain import surveys as rules
from domain.people import Ability, Actor
from domain.places import Place, masked_flat, within
from domain.polls import may_read_door
from domain.refusal import Refusal
from domain.survey_answers import Answer
from domain.surveys import Survey
from domain.text import shortened
from domain.verdict import Choice
from handlers.ask import Ask
from handlers.endings import sure
from handlers.kinds import FreeText
from handlers.messages import Reply, Series, Typed, Words
from handlers.moments import closing_time
from handlers.numbers import carried
from handlers.registry import button, command, press
from handlers.survey_deadlines import conclude, set_deadlines
from handlers.survey_kinds import SurveyNumber
from handlers.survey_words import choice_words, hurdle_lines
from storage.outbox import Priority

MOST_NAMED: Final = 60
"""Doors of one answer that a list shows; more do not fit into a message."""


@command("征询列表", "surveys", may=Ability.SEE_ISSUES, section="surveys")
async def list_surveys(ask: Ask) -> Reply:
    """Surveys that are open and concern the asker."""
    mine = await ask.unit.surveys.open_for(ask.actor)
    if not mine:
        return Reply("survey.none")
    found = [survey for survey in mine if _is_of_here(ask, survey)]
    if not found:
        return replace(_listed(mine), is_private=True)
    return _listed(found)


def _listed(found: Sequence[Survey]) -> Reply:
    lines = [
        Words(
            "survey.line",
            {"label": s.label, "question": Typed(shortened(s.question, 24)), "at": s.closes_at},
        )
        for s in found
    ]
    rows = tuple(
        (button(show_survey, Typed(f"{s.label} {shortened(s.question, 12)}"), number=carried(s)),)
        for s in found
    )
    return Reply("survey.list", {"lines": lines}, rows)


def _is_of_here(ask: Ask, survey: Survey) -> bool:
    """Whether this chat may read of it; one of a grid runs in the groups of its buildings."""
    runs_here = ask.place is not None and within(ask.place.path, survey.path)
    return runs_here or ask.is_of_here(survey.path)


@press("showsurvey", may=Ability.SEE_ISSUES)
async def show_survey(ask: Ask, number: SurveyNumber) -> Reply | None:
    """A survey's card; a group sees what concerns its own place."""
    found = await ask.survey(number)
    if not _is_of_here(ask, found):
        is_sent = await ask.tell.person_card(ask.actor.id, "survey", found.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "survey", found.id, viewer=viewer, thread=ask.incoming.thread)
    return None


@command("征询延期", "extendsurvey", may=Ability.OPEN_POLL, section="surveys")
async def extend_survey(ask: Ask, number: SurveyNumber, until: FreeText) -> Reply:
    """Let a survey be open for longer."""
    found = await ask.survey(number)
    closes_at = await closing_time(ask, extend_survey, until, {"number": number}, slot="until")
    if isinstance(closes_at, Reply):
        return closes_at
    later = rules.extended(found, closes_at, by=ask.actor, now=ask.now)
    await ask.unit.surveys.save(later, "extend", by=ask.actor.id, now=ask.now)
    await set_deadlines(ask.unit, later)
    await ask.tell.refresh("survey", later.id)
    facts = {"label": later.label, "who": Typed(ask.actor.name), "at": later.closes_at}
    return await _announced(ask, later, Reply("survey.extended", facts))


@command("结束征询", "closesurvey", may=Ability.OPEN_POLL, section="surveys")
async def close_survey(ask: Ask, number: SurveyNumber) -> Reply:
    """Ask whether a survey shall end now; no household can answer any more then."""
    found = await ask.survey(number)
    rules.check_author(found, ask.actor)
    rules.check_open(found, ask.now)
    facts = await _asked_of(ask, found)
    return await sure(ask, close_now, found, "survey.close_asked", facts)


@press("surveyclose", may=Ability.OPEN_POLL, only_confirmed=True)
async def close_now(ask: Ask, number: SurveyNumber) -> Reply:
    """End a survey now and tell the result."""
    found = await ask.survey(number)
    rules.check_author(found, ask.actor)
    rules.check_open(found, ask.now)
    await conclude(ask.unit, ask.tell, found, by=ask.actor.id)
    return Reply("survey.you_closed", {"label": found.label}, is_brief=True)


@command("取消征询", "cancelsurvey", may=Ability.OPEN_POLL, section="surveys")
async def cancel_survey(ask: Ask, number: SurveyNumber) -> Reply:
    """Ask whether a survey shall be called off; its answers would count for nothing."""
    found = await ask.survey(number)
    rules.cancelled(found, by=ask.actor, now=ask.now)
    facts = await _asked_of(ask, found)
    return await sure(ask, cancel_now, found, "survey.cancel_asked", facts)


async def _asked_of(ask: Ask, survey: Survey) -> Mapping[str, object]:
    """What a question before the end may tell: a group reads of its own surveys alone."""
    if not _is_of_here(ask, survey):
        return dict.fromkeys(("question", "count", "silent", "at"), "")
    tally = await ask.unit.survey_answers.tally(survey)
    counts = {"count": tally.took_part.heads, "silent": tally.silent.heads}
    return {**counts, "question": Typed(survey.question), "at": survey.closes_at}


@press("surveycancel", may=Ability.OPEN_POLL, only_confirmed=True)
async def cancel_now(ask: Ask, number: SurveyNumber) -> Reply:
    """Call a survey off; the group is told by whom."""
    found = rules.cancelled(await ask.survey(number), by=ask.actor, now=ask.now)
    await ask.unit.surveys.save(found, "cancel", by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("survey", found.id)
    who, question = Typed(ask.actor.name), Typed(found.question)
    facts = {"label": found.label, "who": who, "question": question}
    return await _announced(ask, found, Reply("survey.cancelled", facts))


async def _announced(ask: Ask, survey: Survey, reply: Reply) -> Reply:
    """Say it in every group of the survey; here it is the answer."""
    await ask.tell.groups_below(survey.path, reply, but=ask.chat.id)
    return replace(reply, is_private=not _is_of_here(ask, survey))


@command("征询名单", "answers", may=Ability.SEE_ISSUES, section="surveys", where="private")
async def answers(ask: Ask, number: SurveyNumber) -> Reply:
    """Which household answered what: for staff above them; for neighbours where it is public."""
    found = await ask.survey(number)
    is_staff = ask.actor.can(Ability.VISIT_HOUSEHOLD)
    if not (found.is_public or is_staff):
        raise Refusal("survey_not_public", label=found.label)
    given = await ask.unit.survey_answers.by_household(found)
    homes = await _several(ask, list(given))
    shown = {home.id: _door(found, home, ask.actor) for home in homes}
    named = {home_id: door for home_id, door in shown.items() if door}
    lines = [_answer_line(choice, named, given) for choice in Choice]
    if found.rule.by_area and ask.actor.can(Ability.VISIT_HOUSEHOLD, at=found.path):
        lines += hurdle_lines(found, await ask.unit.survey_answers.tally(found), shows_area=True)
    facts = {"label": found.label, "question": Typed(found.question), "lines": lines}
    return Reply("survey.answers", facts)


async def _several(ask: Ask, home_ids: list[int]) -> list[Place]:
    found: list[Place] = []
    for start in range(0, len(home_ids), 500):
        found += await ask.unit.places.several(home_ids[start : start + 500])
    return found


def _door(survey: Survey, home: Place, actor: Actor) -> str:
    """A door as the reader may see it; "" where they may not know what it answered."""
    if actor.can(Ability.VISIT_HOUSEHOLD, at=home.path):
        return home.name
    if not survey.is_public:
        return ""
    return home.name if may_read_door(home.path, actor) else masked_flat(home.name)


def _answer_line(choice: Choice, named: dict[int, str], given: dict[int, Answer]) -> Words:
    doors = sorted(
        door
        for home_id, door in named.items()
        if given[home_id].choice is choice and not given[home_id].is_disputed
    )
    more = ["…"] if len(doors) > MOST_NAMED else []
    facts = {
        "choice": choice_words(choice),
        "count": len(doors),
        "doors": Series(tuple([*doors[:MOST_NAMED], *more] or ["—"])),
    }
    return Words("survey.answers_line", facts)
