"""Motion card 表决卡: what is put to the vote, under which rule, and what came of it."""

from fractions import Fraction
from typing import Final

from domain.ledger import square_metres
from domain.motions import Motion, MotionState
from domain.people import Actor
from domain.text import shortened
from domain.verdict import Choice, Hurdle, Measure, Tally, Verdict, judged, percent
from handlers.forwarding import forward_row
from handlers.messages import Bar, Chart, Reply, Row, Typed, Words
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
        "title": Typed(motion.title),
        "text": Typed(shortened(motion.text, SHOWN_TEXT)),
        "manner": manner_words(motion),
        "lines": [*await _lines(unit, motion), *await _yours(unit, motion, viewer)],
        "heads": _heads(motion),
    }
    return Reply("motion.card", facts, _buttons(motion, viewer))


async def _lines(unit: Unit, motion: Motion) -> list[Words]:
    """What depends on where it stands."""
    if motion.state is MotionState.ANNOUNCED:
        facts = {"opens": motion.opens_at, "closes": motion.closes_at}
        return [Words("motion.announced_line", facts)]
    if motion.state is MotionState.OPEN:
        found = [turnout_words(motion), Words("motion.closes_line", {"at": motion.closes_at})]
        settings = await unit.roll.settings(motion.community_id)
        if settings.version != await unit.motions.roll_version(motion.id):
            found.append(Words("motion.roll_changed"))
        return found
    if motion.state is MotionState.CLOSED:
        return [verdict_words(motion, await unit.ballots.tally(motion)), turnout_words(motion)]
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
    handler = {
        code: REGISTRY.commands[code].handler for code in ("ballot", "canvote", "motiontext")
    }
    number = carried(motion)
    rows: list[Row] = []
    if motion.state is MotionState.OPEN:
        rows.append(
            tuple(
                button(handler["ballot"], f"choice.{choice}", number=number, choice=choice.value)
                for choice in Choice
            )
        )
    last = [button(handler["motiontext"], number=number)]
    if motion.state not in {MotionState.ANNOUNCED, MotionState.OPEN}:
        return (tuple(last),)
    last.insert(0, button(handler["canvote"], number=number))
    return (*rows, tuple(last), *forward_row(viewer, motion))


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


def verdict_words(motion: Motion, tally: Tally) -> Words:
    """Whether it passes, and that it does not bind where it does not."""
    if motion.is_unopened:
        return Words("motion.unopened", {"count": motion.took_part.heads, "least": motion.fewest})
    passes = judged(tally, motion.terms.rule).passes
    return Words("motion.passes" if passes else "motion.fails")


def sum_lines(motion: Motion, tally: Tally) -> list[Words]:
    """The sums of each choice; none of ballots that stay unopened."""
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


def result(motion: Motion, tally: Tally, speaker: Speaker) -> Reply:
    """The end of a vote: words first, the chart for those who look."""
    verdict = judged(tally, motion.terms.rule)
    facts = {
        "label": motion.label,
        "title": Typed(motion.title),
        "verdict": verdict_words(motion, tally),
        "sums": sum_lines(motion, tally),
        "hurdles": [] if motion.is_unopened else hurdle_lines(verdict),
        "binding": Words("motion.binding" if motion.is_binding else "motion.advisory"),
        "final": _final(motion),
        "head": motion.closing_head[:_HEAD],
    }
    number = carried(motion)
    show, report = (REGISTRY.commands[code].handler for code in ("showmotion", "motionreport"))
    rows = ((button(show, number=number), button(report, number=number)),)
    return Reply("motion.result", facts, rows, chart=_chart(motion, tally, speaker))


def _final(motion: Motion) -> Words | None:
    at = motion.final_at
    return Words("motion.final_line", {"at": at}) if at and at > motion.closes_at else None


def _chart(motion: Motion, tally: Tally, speaker: Speaker) -> Chart | None:
    if motion.is_unopened or not tally.took_part.heads:
        return None
    bars = tuple(
        Bar(
            speaker.text(f"choice.{choice}", {}),
            tally.of(choice).heads,
            speaker.text(
                "motion.bar",
                {
                    "count": tally.of(choice).heads,
                    "percent": percent_of(tally.of(choice).heads, tally.took_part.heads),
                    "area_percent": percent_of(tally.of(choice).area, tally.took_part.area),
                },
            ),
        )
        for choice in Choice
    )
    footer = speaker.text("motion.footer", turnout_words(motion).facts)
    return Chart(motion.title, bars, footer, tally.took_part.heads)
