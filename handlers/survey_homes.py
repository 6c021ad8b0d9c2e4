"""Answers of households 一户一答: given with a tap, seen by those at home, settled at home."""

from collections.abc import Sequence
from fractions import Fraction

from domain import survey_answers as rules
from domain import surveys
from domain.people import Ability
from domain.refusal import Refusal
from domain.survey_answers import Answer, homes_in
from domain.surveys import Survey, reached
from domain.verdict import Choice
from handlers.ask import Ask
from handlers.kinds import Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import button, press
from handlers.survey_kinds import HomeChoice, SurveyNumber
from handlers.survey_words import choice_words


@press("surveyanswer", may=Ability.SEE_ISSUES)
async def answer(ask: Ask, number: SurveyNumber, choice: HomeChoice) -> Reply:
    """Answer for one's household; another tap changes one's own answer until the close."""
    found = await _held(ask, number)
    homes = homes_in(
        await ask.unit.survey_answers.asked_of(found, sorted(ask.actor.households)), ask.actor
    )
    if not homes:
        raise Refusal("survey_not_asked", label=found.label)
    before = {home: await ask.unit.survey_answers.of(found, home) for home in homes}
    waiting = [home for home, was in before.items() if was is not None and was.is_disputed]
    if waiting:
        return await _settle_question(ask, found, waiting[0])
    after = {
        home: rules.answered(was, home, Choice(choice), by=ask.actor.id, now=ask.now)
        for home, was in before.items()
    }
    for home, now in after.items():
        await put(ask, found, before[home], now)
    await tell_milestones(ask, found)
    return _told(found, list(after.values()))


def _told(survey: Survey, answers: Sequence[Answer]) -> Reply:
    """What somebody is told after a tap."""
    facts = {"label": survey.label, "choice": choice_words(answers[0].choice)}
    is_disputed = any(answer.is_disputed for answer in answers)
    return Reply("survey.you_differ" if is_disputed else "survey.you_said", facts, is_brief=True)


async def _held(ask: Ask, number: str) -> Survey:
    """The survey as it stands, held so that no other answer comes between."""
    found = await ask.survey(number)
    surveys.check_open(found, ask.now)
    return await ask.unit.surveys.hold(found, ask.now)


async def put(ask: Ask, survey: Survey, before: Answer | None, after: Answer) -> None:
    """Store an answer where it is another one, and tell those at home."""
    if after == before:
        return
    await ask.unit.survey_answers.put(survey, after, by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("survey", survey.id)
    is_new = before is None or (before.choice, before.is_disputed) != (
        after.choice,
        after.is_disputed,
    )
    if is_new:
        await _tell_home(ask, survey, after)


async def _tell_home(ask: Ask, survey: Survey, answer: Answer) -> None:
    """The others of the household learn that it has answered; all of them that they differ."""
    home = await ask.unit.places.get(answer.household_id)
    members = (await ask.unit.survey_answers.members([home.id])).get(home.id, [])
    if answer.is_disputed:
        told = await _dispute(ask, survey, answer)
        await ask.tell.people(members, told)
        return
    names = await ask.unit.people.names([answer.person_id] if answer.person_id else [])
    who = Typed(names[answer.person_id]) if answer.person_id in names else Words("survey.paper")
    facts = {
        "label": survey.label,
        "question": Typed(survey.question),
        "flat": home.name,
        "choice": choice_words(answer.choice),
        "who": who,
    }
    rows = ((button(object_, number=carried(survey), home=home.id),),)
    others = [person_id for person_id in members if person_id != ask.actor.id]
    await ask.tell.people(others, Reply("survey.home_answered", facts, rows))


async def _dispute(ask: Ask, survey: Survey, answer: Answer) -> Reply:
    home = await ask.unit.places.get(answer.household_id)
    facts = {
        "label": survey.label,
        "question": Typed(survey.question),
        "flat": home.name,
        "choice": choice_words(answer.choice),
    }
    return Reply("survey.home_differs", facts, (settle_row(survey, home.id),))


def settle_row(survey: Survey, home_id: int) -> Row:
    """What those at home tap once they have talked it over."""
    return tuple(
        button(
            settle,
            f"button.settle_{choice}",
            number=carried(survey),
            home=home_id,
            choice=choice.value,
        )
        for choice in Choice
    )


async def _settle_question(ask: Ask, survey: Survey, home_id: int) -> Reply:
    answer = await ask.unit.survey_answers.of(survey, home_id)
    assert answer is not None
    told = await _dispute(ask, survey, answer)
    return Reply(told.key, told.facts, told.buttons, is_private=True)


async def _mine(ask: Ask, survey: Survey, home: int) -> None:
    """Refuse whoever does not live there, or does no longer."""
    asked = await ask.unit.survey_answers.asked_of(survey, [home])
    if not homes_in(asked, ask.actor):
        raise Refusal("button_stale")


@press("surveyobject", may=Ability.SEE_ISSUES)
async def object_(ask: Ask, number: SurveyNumber, home: Id) -> Reply | None:
    """Say that one's household answered too early; nothing counts until it is settled."""
    found = await _held(ask, number)
    await _mine(ask, found, home)
    before = await ask.unit.survey_answers.of(found, home)
    await put(ask, found, before, rules.objected(before, by=ask.actor.id))
    return Reply("survey.you_objected", {"label": found.label}, is_brief=True)


@press("surveysettle", may=Ability.SEE_ISSUES)
async def settle(ask: Ask, number: SurveyNumber, home: Id, choice: HomeChoice) -> Reply:
    """Tell what one's household agreed on."""
    found = await _held(ask, number)
    await _mine(ask, found, home)
    before = await ask.unit.survey_answers.of(found, home)
    after = rules.settled(before, Choice(choice), by=ask.actor.id, now=ask.now)
    await put(ask, found, before, after)
    await tell_milestones(ask, found)
    return _told(found, [after])


def _share(share: Fraction) -> Words | str:
    if share == 1:
        return Words("survey.all_of_them")
    whole = share * 100
    return f"{whole}%" if whole.denominator == 1 else f"{share.numerator}/{share.denominator}"


async def tell_milestones(ask: Ask, survey: Survey) -> None:
    """Tell the groups that a milestone is reached, each once; of several at once the highest."""
    tally = await ask.unit.survey_answers.tally(survey)
    wanted = await ask.unit.surveys.milestones(survey.community_id)
    told = await ask.unit.surveys.told(survey)
    new = reached(tally.yes.heads, tally.roll.heads, wanted, told)
    if not new:
        return
    await ask.unit.surveys.note_told(survey, new, ask.now)
    facts = {
        "label": survey.label,
        "question": Typed(survey.question),
        "share": _share(new[-1]),
        "count": tally.yes.heads,
        "whole": tally.roll.heads,
    }
    await ask.tell.groups_below(survey.path, Reply("survey.milestone", facts))
