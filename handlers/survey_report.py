"""Report of a survey 征询报告: its sums for the notice board, as PDF or for Word."""

from datetime import datetime
from typing import Final

from domain.ledger import square_metres
from domain.people import Ability
from domain.refusal import Refusal
from domain.surveys import Survey, SurveyState
from domain.verdict import Choice, Tally, judged
from handlers.ask import Ask
from handlers.kinds import Flag
from handlers.messages import Reply, Words
from handlers.motion_card import percent_of
from handlers.motion_report import dated, no_file
from handlers.numbers import carried
from handlers.printouts import Part, PartKind, Printout, heading, table, title
from handlers.registry import button, command
from handlers.survey_card import who_sees
from handlers.survey_kinds import SurveyNumber
from handlers.survey_words import choice_words, hurdle_lines, rule_words
from handlers.wording import Speaker

SIGNERS: Final = ("counter", "watcher", "committee", "date")


@command("征询报告", "surveyreport", may=Ability.SEE_ISSUES, section="surveys")
async def report(ask: Ask, number: SurveyNumber, word: Flag = 0) -> Reply:
    """The survey as it stands, or as it ended; never which household said what."""
    found = await ask.survey(number)
    if found.state is SurveyState.CANCELLED:
        raise Refusal("survey_cancelled", label=found.label)
    place = await ask.unit.places.get(found.place_id)
    tally = await ask.unit.survey_answers.tally(found)
    disputed = await ask.unit.survey_answers.disputed(found)
    speaker = ask.tell.speaker(ask.actor.lang)
    parts = [*_front(found, place.name, ask.now, speaker), *_sums(found, tally, disputed, speaker)]
    parts += [Part(PartKind.SIGN, speaker.text(f"printout.sign_{who}", {})) for who in SIGNERS]
    name = f"survey-{found.number}.{'docx' if word else 'pdf'}"
    footer = speaker.text("printout.footer_bare", {"label": found.label})
    printout = Printout(name, tuple(parts), footer, no_file(speaker))
    label = "button.as_pdf" if word else "button.as_word"
    row = (button(report, label, number=carried(found), word=1 - word),)
    facts = {"label": found.label, "name": name}
    return Reply("motion.report", facts, (row,), is_private=True, printout=printout)


def _front(survey: Survey, place: str, now: datetime, speaker: Speaker) -> list[Part]:
    said: dict[str, Words | str] = {
        "place": place,
        "number": survey.label,
        "rule": rule_words(survey.rule),
        "survey_effect": Words("printout.survey_source"),
        "opens": dated(survey.opened_at, speaker),
        "closes": dated(survey.closes_at, speaker),
        "drawn_up": dated(now, speaker),
        "secrecy": who_sees(survey),
    }
    rows = tuple(
        (speaker.text(f"printout.{key}", {}), v if isinstance(v, str) else speaker.say(v))
        for key, v in said.items()
    )
    is_over = survey.state is SurveyState.CLOSED
    key = "printout.survey_title" if is_over else "printout.survey_open_title"
    return [
        title(speaker.text(key, {})),
        Part(PartKind.FACTS, rows=rows),
        heading(survey.question),
    ]


def _sums(survey: Survey, tally: Tally, disputed: int, speaker: Speaker) -> list[Part]:
    """Households by what they said, and each threshold; areas as neighbours may read them."""
    is_over = survey.state is SurveyState.CLOSED
    is_carried = judged(tally, survey.rule).passes
    verdict = Words("survey.carried" if is_carried else "survey.not_carried")
    lines = "\n".join(speaker.say(line) for line in hurdle_lines(survey, tally))
    columns = ("choice", "heads", "whole_share")
    head = tuple(speaker.text(f"printout.column_{column}", {}) for column in columns)
    found = [Part(PartKind.STRONG, speaker.say(verdict))] if is_over else []
    return [
        *found,
        table([head, *_rows(survey, tally, disputed, speaker)], 30, 20, 30),
        heading(speaker.text("printout.hurdles", {})),
        Part(PartKind.TEXT, lines),
        Part(PartKind.SMALL, speaker.text("printout.cut", {})),
    ]


def _rows(survey: Survey, tally: Tally, disputed: int, speaker: Speaker) -> list[tuple[str, ...]]:
    counts = [(speaker.say(choice_words(choice)), tally.of(choice).heads) for choice in Choice]
    counts.append((speaker.text("printout.disputed", {}), disputed))
    counts.append((speaker.text("survey.choice_silent", {}), tally.silent.heads - disputed))
    whole = tally.roll.heads
    rows = [(name, str(count), percent_of(count, whole)) for name, count in counts]
    area = square_metres(tally.roll.area) if survey.rule.by_area else ""
    key = "printout.all_with_area" if area else "printout.all"
    return [*rows, (speaker.text(key, {"area": area}), str(whole), percent_of(whole, whole))]
