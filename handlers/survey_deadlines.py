"""Deadlines of surveys 征询期限: the close, and who wanted to go to see a household again."""

from collections.abc import Mapping

from domain import surveys as rules
from domain.surveys import Survey, SurveyState
from handlers.ask import Tick
from handlers.messages import Reply, Typed
from handlers.registry import due
from handlers.survey_card import result
from handlers.telling import Teller
from storage.unit import Unit


async def set_deadlines(unit: Unit, survey: Survey) -> None:
    """Set when ``survey`` closes; an earlier deadline is dropped."""
    await unit.deadlines.drop("survey.close", survey.id)
    await unit.deadlines.set("survey.close", survey.id, survey.closes_at)


@due("survey.close")
async def close_on_time(tick: Tick, survey_id: int, facts: Mapping[str, str]) -> None:
    """End a survey at its time and tell the result; nothing where it ended or was extended."""
    found = await tick.unit.surveys.by_id(survey_id)
    if found.state is SurveyState.OPEN and found.closes_at <= tick.unit.now:
        await conclude(tick.unit, await tick.tell(found.community_id), found, by=None)


async def conclude(unit: Unit, tell: Teller, survey: Survey, *, by: int | None) -> None:
    """Close and announce; the sums are read once nobody can answer any more."""
    await unit.surveys.save(rules.closed(survey, now=unit.now), "close", by=by, now=unit.now)
    await tell.refresh("survey", survey.id)
    final = await unit.surveys.by_id(survey.id)
    await tell.groups_below(final.path, await result(unit, final, tell.speaker(None)))


@due("survey.visit")
async def visit_again(tick: Tick, visit_id: int, facts: Mapping[str, str]) -> None:
    """Tell who wanted to come again, as long as the household's answer is still missing."""
    visit = await tick.unit.visits.by_id(visit_id)
    if visit is None:
        return
    survey = await tick.unit.surveys.by_id(visit.survey_id)
    answer = await tick.unit.survey_answers.of(survey, visit.household_id)
    is_missing = answer is None or answer.is_disputed
    if survey.state is not SurveyState.OPEN or not is_missing:
        return
    place = await tick.unit.places.get(visit.household_id)
    told = {"label": survey.label, "flat": place.name, "note": Typed(visit.note)}
    tell = await tick.tell(survey.community_id)
    await tell.person(visit.person_id, Reply("survey.visit_again", told))
