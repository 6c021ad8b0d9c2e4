"""Survey card 征询卡: the live sums; nobody reads in it which household said what."""

from domain.people import Ability, Actor
from domain.survey_answers import homes_in
from domain.surveys import Survey, SurveyState
from domain.verdict import Choice, judged
from handlers.forwarding import forward_row
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from handlers.survey_words import answer_words, chart, hurdle_lines, rule_words, sum_words
from handlers.wording import Speaker
from storage.unit import Unit


@card("survey")
async def survey_card(unit: Unit, survey_id: int, viewer: Actor | None) -> Reply:
    """A survey as it stands; in private with what one's own household answered."""
    survey = await unit.surveys.by_id(survey_id)
    is_told = survey.state is not SurveyState.CANCELLED
    tally = await unit.survey_answers.tally(survey)
    facts = {
        "label": survey.label,
        "state": survey.state,
        "question": Typed(survey.question),
        "sums": sum_words(tally, await unit.survey_answers.disputed(survey)) if is_told else None,
        "hurdles": hurdle_lines(survey, tally) if is_told else None,
        "who_sees": who_sees(survey) if survey.state is SurveyState.OPEN else None,
        "yours": await _yours(unit, survey, viewer),
        "until": _until(survey),
    }
    return Reply("survey.card", facts, _buttons(survey, viewer))


def _until(survey: Survey) -> Words:
    is_open = survey.state is SurveyState.OPEN
    return Words("survey.until" if is_open else "survey.ended", {"at": survey.closes_at})


def who_sees(survey: Survey) -> Words:
    """Said before anybody answers: who may read the answers of a household."""
    return Words("survey.seen_by_all" if survey.is_public else "survey.seen_by_staff")


async def _yours(unit: Unit, survey: Survey, viewer: Actor | None) -> list[Words]:
    """One line for each household of the reader; none in a group."""
    if viewer is None or survey.state is not SurveyState.OPEN:
        return []
    homes = homes_in(await unit.survey_answers.asked_of(survey, sorted(viewer.households)), viewer)
    lines = []
    for home in homes:
        place = await unit.places.get(home)
        answer = answer_words(await unit.survey_answers.of(survey, home))
        lines.append(Words("survey.yours", {"flat": place.name, "answer": answer}))
    return lines


def _buttons(survey: Survey, viewer: Actor | None) -> tuple[Row, ...]:
    if survey.state is not SurveyState.OPEN:
        return ()
    rows: list[Row] = [answer_row(survey)]
    if viewer is not None and viewer.can(Ability.VISIT_HOUSEHOLD, at=survey.path):
        doors = REGISTRY.commands["silent"].handler
        rows.append((button(doors, number=carried(survey)),))
    return (*rows, *forward_row(viewer, survey))


def answer_row(survey: Survey) -> Row:
    """What a household can say."""
    handler = REGISTRY.commands["surveyanswer"].handler
    return tuple(
        button(handler, f"survey.choice_{choice}", number=carried(survey), choice=choice.value)
        for choice in Choice
    )


async def result(unit: Unit, survey: Survey, speaker: Speaker) -> Reply:
    """The end of a survey: words first, the chart for those who look."""
    tally = await unit.survey_answers.tally(survey)
    is_carried = judged(tally, survey.rule).passes
    facts = {
        "label": survey.label,
        "question": Typed(survey.question),
        "verdict": Words("survey.carried" if is_carried else "survey.not_carried"),
        "rule": rule_words(survey.rule),
        "sums": sum_words(tally, await unit.survey_answers.disputed(survey)),
        "hurdles": hurdle_lines(survey, tally),
    }
    handler = REGISTRY.commands["surveyreport"].handler
    rows = ((button(handler, number=carried(survey)),),)
    return Reply("survey.result", facts, rows, chart=chart(survey, tally, speaker))
