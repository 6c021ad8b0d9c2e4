"""From door to door 上门: who is silent, reminders, visits, answers on paper; for staff only."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain import survey_answers
from domain import surveys as rules
from domain.moments import Moment
from domain.people import Ability
from domain.places import Place, flat_name
from domain.refusal import Refusal
from domain.survey_answers import Answer
from domain.surveys import Survey, SurveyState
from domain.text import shortened
from domain.verdict import Choice
from handlers.ask import Ask
from handlers.kinds import FreeText, HouseholdName, Id, Pictures, WordsOrPicture
from handlers.meeting_kinds import found_in
from handlers.messages import Reply, Row, Typed, Words
from handlers.moments import setting_of
from handlers.numbers import carried
from handlers.offices import reachable_place
from handlers.registry import button, command, press
from handlers.survey_card import answer_row
from handlers.survey_homes import put, settle_row, tell_milestones
from handlers.survey_kinds import HomeChoice, SurveyNumber
from handlers.survey_words import answer_words, choice_words
from storage.visits import Visit

A_PAGE: Final = 6
"""Households on one page; each has a button."""
LONGEST_NOTE: Final = 200
_PARTS: Final = re.compile(r"[，,。.；;、\n]")
MORNING: Final = 9
"""Hour at which a visit is due for which a day alone was said."""


@command("未答", "silent", may=Ability.VISIT_HOUSEHOLD, section="surveys", where="private")
async def silent(ask: Ask, number: SurveyNumber, start: Id = 0) -> Reply:
    """Households of one's own places that have not answered, and when they were visited."""
    found = await ask.survey(number)
    waiting = await _waiting(ask, found)
    if not waiting:
        return Reply("survey.nobody_silent", {"label": found.label}, is_private=True)
    shown = waiting[start : start + A_PAGE]
    visits = await ask.unit.visits.last(found.id, [home.id for home, _ in shown])
    lines = [_line(home, answer, visits.get(home.id)) for home, answer in shown]
    facts = {
        "label": found.label,
        "question": Typed(shortened(found.question, 40)),
        "count": len(waiting),
        "lines": lines,
    }
    return Reply("survey.silent", facts, _rows(found, waiting, start), is_private=True)


def _rows(
    survey: Survey, waiting: Sequence[tuple[Place, Answer | None]], start: int
) -> tuple[Row, ...]:
    number = carried(survey)
    doors = [
        button(door, Typed(home.name), number=number, home=home.id)
        for home, _ in waiting[start : start + A_PAGE]
    ]
    rows: list[Row] = [tuple(doors[i : i + 3]) for i in range(0, len(doors), 3)]
    if start + A_PAGE < len(waiting):
        rows.append((button(silent, "button.more", number=number, start=start + A_PAGE),))
    if survey.state is SurveyState.OPEN:
        label = Words("button.remind_silent", {"count": len(waiting)})
        rows.append((button(remind, label, number=number),))
    return tuple(rows)


def _line(home: Place, answer: Answer | None, visit: Visit | None) -> Words:
    facts = {
        "flat": home.name,
        "answer": Words("survey.dispute_mark") if answer else None,
        "visit": _visit_words("survey.last_visit", visit) if visit else None,
    }
    return Words("survey.silent_line", facts)


def _visit_words(key: str, visit: Visit, name: str = "") -> Words:
    facts = {"at": visit.at, "note": Typed(shortened(visit.note, 40)), "name": name}
    return Words(key, facts)


async def _waiting(ask: Ask, survey: Survey) -> list[tuple[Place, Answer | None]]:
    """Households without a valid answer that the asker answers for, by their names."""
    answers = await ask.unit.survey_answers.by_household(survey)
    asked = await ask.unit.survey_answers.asked(survey)
    waiting = [home for home in asked if home not in answers or answers[home].is_disputed]
    found: list[Place] = []
    for start in range(0, len(waiting), 500):
        found += await ask.unit.places.several(waiting[start : start + 500])
    mine = [home for home in found if ask.actor.can(Ability.VISIT_HOUSEHOLD, at=home.path)]
    return [(home, answers.get(home.id)) for home in sorted(mine, key=lambda home: home.name)]


@command("催答", "remindsilent", may=Ability.VISIT_HOUSEHOLD, section="surveys", where="private")
async def remind(ask: Ask, number: SurveyNumber) -> Reply:
    """Remind the silent, never those who answered; each household once a day at most."""
    found = await ask.survey(number)
    rules.check_open(found, ask.now)
    waiting = await _waiting(ask, found)
    last = await ask.unit.survey_answers.reminded(found)
    due = [(home, was) for home, was in waiting if rules.can_remind(last[home.id], ask.now)]
    if waiting and not due:
        raise Refusal("survey_reminded", label=found.label)
    members = await ask.unit.survey_answers.members([home.id for home, _ in due])
    reached = [(home, was) for home, was in due if members.get(home.id)]
    for home, was in reached:
        await _remind_home(ask, found, home, was, members[home.id])
    await ask.unit.survey_answers.remind(found, [home.id for home, _ in due], ask.now)
    unreached = [home.name for home, _ in due if not members.get(home.id)]
    facts = {"label": found.label, "count": len(reached), "unreached": _visit_these(unreached)}
    return Reply("survey.reminded", facts, is_private=True)


def _visit_these(names: Sequence[str]) -> Words | None:
    """Households of which nobody is in the chat."""
    shown = "、".join(names[:6]) + ("…" if len(names) > 6 else "")
    return Words("survey.unreached", {"count": len(names), "names": shown}) if names else None


async def _remind_home(
    ask: Ask, survey: Survey, home: Place, answer: Answer | None, people: Sequence[int]
) -> None:
    """A word with the answers to tap; those who differ are asked to settle it.

    No card: a hundred of them would be edited at every answer.
    """
    facts: dict[str, object] = {
        "label": survey.label,
        "question": Typed(survey.question),
        "flat": home.name,
        "at": survey.closes_at,
    }
    if answer is None:
        await ask.tell.people(people, Reply("survey.remind", facts, (answer_row(survey),)))
        return
    facts["choice"] = choice_words(answer.choice)
    reply = Reply("survey.home_differs", facts, (settle_row(survey, home.id),))
    await ask.tell.people(people, reply)


@press("surveydoor", may=Ability.VISIT_HOUSEHOLD)
async def door(ask: Ask, number: SurveyNumber, home: Id) -> Reply:
    """One household: what it answered, who went to see it, and what can be done."""
    found = await ask.survey(number)
    if home not in await ask.unit.survey_answers.asked_of(found, [home]):
        raise Refusal("button_stale")
    place = await ask.unit.places.get(home)
    if not ask.actor.can(Ability.VISIT_HOUSEHOLD, at=place.path):
        raise Refusal("button_stale")
    answer = await ask.unit.survey_answers.of(found, home)
    visits = await ask.unit.visits.of(found.id, home)
    names = await ask.unit.people.names(sorted({visit.person_id for visit in visits}))
    lines = [_visit_words("survey.visit_line", v, names.get(v.person_id, "")) for v in visits]
    facts = {
        "label": found.label,
        "flat": place.name,
        "answer": answer_words(answer),
        "visits": lines or None,
    }
    rows = _door_rows(found, place) if found.state is SurveyState.OPEN else ()
    return Reply("survey.door", facts, rows, is_private=True)


def _door_rows(survey: Survey, home: Place) -> tuple[Row, ...]:
    number = carried(survey)
    papers = tuple(
        button(paper, f"button.paper_{choice}", number=number, flat=home.name, choice=choice.value)
        for choice in Choice
    )
    return ((button(visit, number=number, flat=home.name),), papers)


async def _asked_home(ask: Ask, survey: Survey, flat: str) -> Place:
    """The household of that name, if the asker answers for it and it is asked."""
    home = await reachable_place(ask, flat_name(flat) or flat, Ability.VISIT_HOUSEHOLD)
    if home.id not in await ask.unit.survey_answers.asked_of(survey, [home.id]):
        raise Refusal("survey_home_not_asked", flat=home.name, label=survey.label)
    return home


@command("走访", "visit", may=Ability.VISIT_HOUSEHOLD, section="surveys", where="private")
async def visit(ask: Ask, number: SurveyNumber, flat: HouseholdName, note: FreeText) -> Reply:
    """Note who went to see a household, and what comes next; a time in it comes back as a word."""
    found = await ask.survey(number)
    home = await _asked_home(ask, found, flat)
    if len(note) > LONGEST_NOTE:
        raise Refusal("too_long", length=len(note), limit=LONGEST_NOTE)
    next_at = _said_again(ask, note)
    made = Visit(0, found.id, home.id, ask.actor.id, ask.now, note, next_at)
    visit_id = await ask.unit.visits.add(made)
    if next_at is not None:
        await ask.unit.deadlines.set("survey.visit", visit_id, next_at)
    facts = {"label": found.label, "flat": home.name, "next": _next(next_at)}
    return Reply("survey.visited", facts, is_private=True)


def _said_again(ask: Ask, note: str) -> datetime | None:
    """When somebody wants to come again, if a note tells; a day alone means its morning."""
    for part in _PARTS.split(note):
        found = found_in(part, setting_of(ask))
        if found is not None and isinstance(found.answer, Moment):
            at = found.answer.start
            at = at if found.answer.has_hour else at.replace(hour=MORNING)
            return at if at > ask.now else None
    return None


def _next(at: datetime | None) -> Words | None:
    return Words("survey.next_visit", {"at": at}) if at else None


@command("代录", "paperanswer", may=Ability.VISIT_HOUSEHOLD, section="surveys", where="private")
async def paper(
    ask: Ask,
    number: SurveyNumber,
    flat: HouseholdName,
    choice: HomeChoice,
    signed: WordsOrPicture,
    photos: Pictures = (),
) -> Reply:
    """Put in an answer from a signed paper, with its photo; those at home are told."""
    found = await ask.survey(number)
    rules.check_open(found, ask.now)
    home = await _asked_home(ask, found, flat)
    if not photos:
        raise Refusal("survey_no_photo")
    held = await ask.unit.surveys.hold(found, ask.now)
    before = await ask.unit.survey_answers.of(held, home.id)
    after = survey_answers.on_paper(
        before, home.id, Choice(choice), photo_id=photos[0], by=ask.actor.id, now=ask.now
    )
    await put(ask, held, before, after)
    await tell_milestones(ask, held)
    facts = {"label": found.label, "flat": home.name, "choice": choice_words(after.choice)}
    return Reply("survey.paper_in", facts, is_private=True)
