"""Words of surveys 征询用语: thresholds, sums, hurdles, and what a household answered."""

from domain.roll import area_words
from domain.survey_answers import Answer
from domain.surveys import Survey
from domain.verdict import Basis, Choice, Hurdle, Measure, Rule, Share, Tally, judged, percent
from handlers.messages import Bar, Chart, Words
from handlers.wording import Speaker


def rule_words(rule: Rule) -> Words:
    """When it is carried, in one line."""
    facts = {
        "share": share_words(rule.approval),
        "by": Words("survey.by_area" if rule.by_area else "survey.by_homes"),
    }
    if rule.participation is not None:
        return Words("survey.rule_both", {**facts, "first": share_words(rule.participation)})
    return Words("survey.rule_all" if rule.basis is Basis.ALL else "survey.rule_turnout", facts)


def share_words(share: Share) -> Words:
    """A threshold as people say it."""
    if share.of_whole == 1:
        return Words("survey.everybody")
    part = f"{share.of_whole.numerator}/{share.of_whole.denominator}"
    return Words("survey.more_than" if share.is_strict else "survey.at_least", {"part": part})


def choice_words(choice: Choice) -> Words:
    """同意, 不同意, 弃权."""
    return Words(f"survey.choice_{choice}")


def sum_words(tally: Tally, disputed: int) -> Words:
    """How many households said what, and how many nothing yet."""
    facts = {
        "yes": tally.yes.heads,
        "no": tally.no.heads,
        "abstain": tally.abstain.heads,
        "came": tally.took_part.heads,
        "whole": tally.roll.heads,
        "silent": tally.silent.heads - disputed,
        "disputed": Words("survey.disputed_count", {"count": disputed}) if disputed else None,
    }
    return Words("survey.sums", facts)


def hurdle_lines(survey: Survey, tally: Tally, *, shows_area: bool = False) -> list[Words]:
    """Each thing that has to suffice: how far it is, and what is still needed.

    Of areas neighbours read only whether they suffice: a flat is known by its area, so that the
    sums would tell what each household said.
    """
    hurdles = judged(tally, survey.rule).hurdles
    if shows_area or survey.is_public:
        return [_hurdle(hurdle) for hurdle in hurdles]
    return [
        _area_hurdle(hurdle) if hurdle.measure is Measure.AREA else _hurdle(hurdle)
        for hurdle in hurdles
    ]


def _area_hurdle(hurdle: Hurdle) -> Words:
    facts = {
        "demand": Words(f"survey.demand_{hurdle.demand}"),
        "share": share_words(hurdle.share),
    }
    return Words("survey.area_met" if hurdle.is_met else "survey.area_missed", facts)


def _hurdle(hurdle: Hurdle) -> Words:
    is_area = hurdle.measure is Measure.AREA
    facts = {
        "demand": Words(f"survey.demand_{hurdle.demand}"),
        "part": area_words(hurdle.part) if is_area else hurdle.part,
        "whole": area_words(hurdle.whole) if is_area else hurdle.whole,
        "unit": Words("survey.m2" if is_area else "survey.homes"),
        "percent": percent(hurdle.fraction),
        "share": share_words(hurdle.share),
    }
    if hurdle.is_met:
        return Words("survey.met", facts)
    if hurdle.missing is None:
        return Words("survey.out_of_reach", facts)
    missing = area_words(hurdle.missing) if is_area else hurdle.missing
    return Words("survey.missed", {**facts, "missing": missing})


def answer_words(answer: Answer | None, name: str = "") -> Words:
    """What a household answered: for itself, and for those who keep the list."""
    if answer is None:
        return Words("survey.is_silent")
    if answer.is_disputed:
        return Words("survey.is_disputed")
    key = "survey.is_on_paper" if answer.is_on_paper else "survey.is_answered"
    facts = {"choice": choice_words(answer.choice)}
    if name and not answer.is_on_paper:
        return Words("survey.is_answered_by", {**facts, "name": name})
    return Words(key, facts)


def chart(survey: Survey, tally: Tally, speaker: Speaker) -> Chart | None:
    """The sums as bars over all households; None where nobody answered."""
    if not tally.took_part.heads:
        return None
    silent = tally.silent.heads
    counts = [(choice_words(choice), tally.of(choice).heads) for choice in Choice]
    counts.append((Words("survey.choice_silent"), silent))
    whole = tally.roll.heads
    bars = tuple(
        Bar(speaker.say(words), count, speaker.text("survey.bar", {"count": count}))
        for words, count in counts
    )
    facts = {"came": tally.took_part.heads, "whole": whole, "at": survey.closes_at}
    return Chart(survey.question, bars, speaker.text("survey.chart_footer", facts), whole)
