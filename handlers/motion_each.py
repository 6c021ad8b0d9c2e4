"""One matter after the other 逐项看: its text, and what came of it, each on a page of its own."""

from domain.motions import Motion, MotionState
from domain.people import Ability
from domain.refusal import Refusal
from domain.verdict import Tally, judged
from handlers.ask import Ask
from handlers.kinds import Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.motion_card import hurdle_lines, sum_lines
from handlers.motion_kinds import MotionNumber
from handlers.motion_matters import passed
from handlers.numbers import carried
from handlers.registry import button, press


@press("matter", may=Ability.SEE_ISSUES)
async def show_matter(ask: Ask, number: MotionNumber, matter: Id) -> Reply:
    """The text of one matter; after the close its sums and its verdict too."""
    motion = await ask.motion(number)
    if not 1 <= matter <= len(motion.matters):
        raise Refusal("button_stale")
    one = motion.matters[matter - 1]
    facts = {
        "label": motion.label,
        "number": matter,
        "count": len(motion.matters),
        "title": Typed(one.title),
        "text": Typed(one.body),
        "outcome": [],
    }
    if motion.state is MotionState.CLOSED and not motion.is_unopened:
        facts["outcome"] = _outcome(motion, (await ask.unit.ballots.tallies(motion))[matter - 1])
    return Reply("matters.page", facts, _turning(motion, matter), is_private=True)


def _outcome(motion: Motion, tally: Tally) -> list[Words]:
    verdict = Words("motion.passes" if passed(motion, [tally])[0] else "motion.fails")
    hurdles = hurdle_lines(judged(tally, motion.terms.rule))
    return [verdict, *sum_lines(motion, tally), *hurdles]


def _turning(motion: Motion, matter: int) -> tuple[Row, ...]:
    """To the matter before and to the one behind."""
    near = [(n, f"matters.{key}") for n, key in ((matter - 1, "previous"), (matter + 1, "next"))]
    found = [(n, key) for n, key in near if 1 <= n <= len(motion.matters)]
    row = tuple(button(show_matter, key, number=carried(motion), matter=n) for n, key in found)
    return (row,) if row else ()
