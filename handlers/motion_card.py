"""Motion card 表决卡: what is put to the vote, under which rule, and what came of it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from domain.ledger import square_metres
from domain.motions import Motion, MotionState
from domain.people import Ability, Actor
from domain.text import shortened
from domain.verdict import Choice, Demand, Hurdle, Measure, Tally, Verdict, judged, percent
from handlers.forwarding import forward_row
from handlers.messages import Bar, Chart, Facts, Reply, Row, Typed, Words
from handlers.motion_matters import closes_words, named, passed, title_lines, verdict_lines
from handlers.motion_seats import mine_in, yours
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from handlers.wording import Speaker
from storage.unit import Unit

SHOWN_SEATS: Final = 3
"""Entries of a reader that their own card tells of."""
SHOWN_TEXT: Final = 90
"""Characters of a motion's text on its card; the whole of it is a tap away."""
_HEAD: Final = 12
"""Hexadecimal digits of a fingerprint that people compare with their eyes."""


@card("motion")
async def motion_card(unit: Unit, motion_id: int, viewer: Actor | None) -> Reply:
    """A motion as it stands; how people voted is told at its close, never before."""
    motion = await unit.motions.by_id(motion_id)
    facts = {
        "label": motion.label,
        "state": motion.state,
        "title": named(motion),
        "text": _text(motion),
        "manner": manner_words(motion),
        "lines": [*await _lines(unit, motion), *await _yours(unit, motion, viewer)],
        "heads": _heads(motion),
    }
    unseen = await unit.papers.count_waiting(motion.id)
    facts["papers"] = papers_words(motion, unseen, viewer)
    rows = _papers_row(motion, viewer) if facts["papers"] else ()
    return Reply("motion.card", facts, (*_buttons(motion, viewer), *rows))


def papers_words(motion: Motion, unseen: int, viewer: Actor | None) -> Words | None:
    """How many papers no second person has looked at: until the close told to staff only."""
    if unseen and motion.state is MotionState.CLOSED:
        return Words("motion.papers_not_counted", {"count": unseen})
    is_told = motion.state is MotionState.OPEN and _checks_papers(motion, viewer)
    return Words("motion.papers_wait", {"count": unseen}) if unseen and is_told else None


def _papers_row(motion: Motion, viewer: Actor | None) -> tuple[Row, ...]:
    """The button that shows these papers, for those who may confirm them."""
    if not _checks_papers(motion, viewer):
        return ()
    return ((button(REGISTRY.commands["papers"].handler, number=carried(motion)),),)


def _checks_papers(motion: Motion, viewer: Actor | None) -> bool:
    return viewer is not None and viewer.can(Ability.ENTER_BALLOT, at=motion.path)


def _text(motion: Motion) -> Typed | list[Words]:
    """What is put to the vote, as far as there is room; of several matters their titles.

    At the close these stand in the lines of what came of each.
    """
    if not motion.matters:
        return Typed(shortened(motion.text, SHOWN_TEXT))
    return [] if motion.state is MotionState.CLOSED else title_lines(motion.matters)


async def _lines(unit: Unit, motion: Motion) -> list[Words]:
    """What depends on where it stands."""
    if motion.state is MotionState.ANNOUNCED:
        facts = {"opens": motion.opens_at, "closes": motion.closes_at}
        return [Words("motion.announced_line", facts)]
    if motion.state is MotionState.OPEN:
        found = [turnout_words(motion), closes_words(motion)]
        settings = await unit.roll.settings(motion.community_id)
        if settings.version != await unit.motions.roll_version(motion.id):
            found.append(Words("motion.roll_changed"))
        return found
    if motion.state is MotionState.CLOSED:
        tallies = await unit.ballots.tallies(motion)
        each = verdict_lines(motion, tallies)
        return [verdict_words(motion, tallies), *each, turnout_words(motion)]
    return []


async def _yours(unit: Unit, motion: Motion, viewer: Actor | None) -> list[Words]:
    """How the reader of a private card has voted."""
    if viewer is None or motion.state is not MotionState.OPEN:
        return []
    return [yours(one) for one in (await mine_in(unit, viewer, motion))[:SHOWN_SEATS]]


def _heads(motion: Motion) -> Words | None:
    """What of the ledger is published."""
    if not motion.fingerprint:
        return None
    head = motion.closing_head or motion.opening_head
    return Words("motion.heads", {"roll": motion.fingerprint[:_HEAD], "head": head[:_HEAD]})


def _buttons(motion: Motion, viewer: Actor | None) -> tuple[Row, ...]:
    handler = {code: REGISTRY.commands[code].handler for code in ("canvote", "motiontext")}
    number = carried(motion)
    rows: list[Row] = []
    if motion.state is MotionState.OPEN:
        rows.append(vote_row(motion))
    last = [button(handler["motiontext"], number=number)]
    if motion.state not in {MotionState.ANNOUNCED, MotionState.OPEN}:
        return (tuple(last),)
    last.insert(0, button(handler["canvote"], number=number))
    return (*rows, tuple(last), *forward_row(viewer, motion))


def vote_row(motion: Motion) -> Row:
    """The choices; of several matters one button, behind which they come one by one."""
    handler, number = REGISTRY.commands["ballot"].handler, carried(motion)
    if motion.matters:
        return (button(handler, "matters.vote", number=number),)
    return tuple(
        button(handler, f"choice.{choice}", number=number, choice=choice.value) for choice in Choice
    )


def manner_words(motion: Motion) -> Words:
    """Rule, whether it binds, named or secret."""
    facts = {
        "rule": motion.preset,
        "binding": Words("motion.binding" if motion.is_binding else "motion.advisory"),
        "secret": Words("motion.secret" if motion.is_secret else "motion.named"),
    }
    return Words("motion.manner", facts)


def turnout_words(motion: Motion) -> Words:
    """How many took part, by heads and by area."""
    roll, came = motion.roll, motion.took_part
    facts = {
        "count": came.heads,
        "whole": roll.heads,
        "percent": percent_of(came.heads, roll.heads),
        "area": square_metres(came.area),
        "area_percent": percent_of(came.area, roll.area),
    }
    key = "motion.turnout" if motion.terms.rule.by_area else "motion.turnout_heads"
    return Words(key, facts)


def percent_of(part: int, whole: int) -> str:
    """A share, cut to two decimals."""
    return percent(Fraction(part, whole or 1))


def verdict_words(motion: Motion, tallies: Sequence[Tally]) -> Words:
    """Whether it passes; of several matters how many do."""
    if motion.is_unopened:
        return Words("motion.unopened", {"count": motion.took_part.heads, "least": motion.fewest})
    passes = passed(motion, tallies)
    if motion.matters:
        return Words("matters.result", {"count": len(passes), "passed": sum(passes)})
    return Words("motion.passes" if passes[0] else "motion.fails")


def sum_lines(motion: Motion, tally: Tally) -> list[Words]:
    """The sums of each choice on one matter; none of ballots that stay unopened."""
    if motion.is_unopened:
        return []
    key = "motion.sum" if motion.terms.rule.by_area else "motion.sum_heads"
    return [
        Words(
            key, {"choice": c, "count": tally.of(c).heads, "area": square_metres(tally.of(c).area)}
        )
        for c in Choice
    ]


def hurdle_lines(verdict: Verdict) -> list[Words]:
    """Each hurdle: reached or not, by how much, and what is still needed."""
    return [_hurdle(hurdle) for hurdle in verdict.hurdles]


def _hurdle(hurdle: Hurdle) -> Words:
    is_area = hurdle.measure is Measure.AREA
    facts = {
        "demand": hurdle.demand,
        "measure": hurdle.measure,
        "part": square_metres(hurdle.part) if is_area else hurdle.part,
        "whole": square_metres(hurdle.whole) if is_area else hurdle.whole,
        "percent": percent(hurdle.fraction),
        "share": share_words(hurdle),
    }
    if hurdle.is_met:
        return Words("motion.met", facts)
    if hurdle.missing is None:
        return Words("motion.out_of_reach", facts)
    missing = square_metres(hurdle.missing) if is_area else hurdle.missing
    unit = Words("motion.square_metres" if is_area else "motion.owners")
    return Words("motion.missed", {**facts, "missing": missing, "unit": unit})


def share_words(hurdle: Hurdle) -> Words:
    """A threshold as people say it (超过 1/2)."""
    part = hurdle.share.of_whole
    key = "motion.more_than" if hurdle.share.is_strict else "motion.at_least"
    return Words(key, {"part": f"{part.numerator}/{part.denominator}"})


def result(motion: Motion, tallies: Sequence[Tally], speaker: Speaker, unseen: int = 0) -> Reply:
    """The end of a vote: words first, the chart for those who look."""
    sums, hurdles = _single(motion, tallies[0])
    facts = {
        "label": motion.label,
        "title": named(motion),
        "verdict": verdict_words(motion, tallies),
        "sums": verdict_lines(motion, tallies) or sums,
        "hurdles": hurdles,
        "binding": Words("motion.binding" if motion.is_binding else "motion.advisory"),
        "final": _final(motion),
        "papers": papers_words(motion, unseen, None),
        "head": motion.closing_head[:_HEAD],
    }
    number = carried(motion)
    show, report = (REGISTRY.commands[code].handler for code in ("showmotion", "motionreport"))
    rows: list[Row] = [(button(show, number=number), button(report, number=number))]
    if motion.matters:
        rows.append((button(REGISTRY.commands["matter"].handler, number=number, matter=1),))
    chart = _charted(motion, tallies, speaker)
    return Reply("motion.result", facts, tuple(rows), chart=chart)


def _single(motion: Motion, tally: Tally) -> tuple[list[Words], list[Words]]:
    """Sums and hurdles of a lone matter; of several only how many took part, alike for all."""
    hurdles = judged(tally, motion.terms.rule).hurdles
    if motion.is_unopened:
        return [], []
    if motion.matters:
        return [], [_hurdle(h) for h in hurdles if h.demand is Demand.PARTICIPATION]
    return sum_lines(motion, tally), [_hurdle(h) for h in hurdles]


def _final(motion: Motion) -> Words | None:
    at = motion.final_at
    return Words("motion.final_line", {"at": at}) if at and at > motion.closes_at else None


def _charted(motion: Motion, tallies: Sequence[Tally], speaker: Speaker) -> Chart | None:
    """Each choice on a lone matter as a bar; of several who agrees to each."""
    if motion.is_unopened or not motion.took_part.heads:
        return None
    is_bare = not motion.terms.rule.by_area
    note = "motion.bar_heads" if is_bare else "motion.bar"
    if motion.matters:
        labels = [f"{n} {shortened(m.title, 9)}" for n, m in enumerate(motion.matters, 1)]
        told = [(tally, Choice.YES) for tally in tallies]
    else:
        labels = [speaker.text(f"choice.{choice}", {}) for choice in Choice]
        told = [(tallies[0], choice) for choice in Choice]
    bars = tuple(
        Bar(label, tally.of(choice).heads, speaker.text(note, _shares(tally, choice)))
        for label, (tally, choice) in zip(labels, told, strict=True)
    )
    key = "motion.footer_heads" if is_bare else "motion.footer"
    footer = speaker.text(key, turnout_words(motion).facts)
    return Chart(speaker.say(named(motion)), bars, footer, motion.took_part.heads)


def _shares(tally: Tally, choice: Choice) -> Facts:
    found, whole = tally.of(choice), tally.took_part
    return {
        "count": found.heads,
        "percent": percent_of(found.heads, whole.heads),
        "area_percent": percent_of(found.area, whole.area),
    }
