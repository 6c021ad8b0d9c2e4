"""Applying for money 微创投: asked step by step, read back, and proposed like anything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from domain import projects as rules
from domain.moment_search import moment_in
from domain.moments import Moment
from domain.money import amount_in, yuan_of
from domain.people import Ability
from domain.projects import Milestone
from domain.proposals import ProposalKind, checked_text
from domain.refusal import Refusal
from domain.text import folded
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import PlaceName
from handlers.messages import Button, Reply, Typed, Words
from handlers.moments import setting_of
from handlers.project_card import plan_lines
from handlers.project_kinds import Kept, Money, PlanWords
from handlers.proposing import announced, stored
from handlers.registry import command, press
from handlers.reporting import meant_of, own_buildings, which_home

ENOUGH: Final = frozenset({"好了", "没有了", "就这些", "没了", "完了", "done", "enough"})
"""What ends the list of steps; the button says the first."""


@command("微创投", "project", may=Ability.REPORT_ISSUE, section="funds")
async def project(
    ask: Ask,
    title: PlanWords,
    what: PlanWords | None = None,
    asked: Money | None = None,
    step: PlanWords | None = None,
    steps: Kept | None = None,
    home: PlaceName | None = None,
) -> Reply:
    """Apply for a little money for something that neighbours do themselves."""
    homes = await own_buildings(ask)
    meant = meant_of(homes, title, home)
    sketch = _sketched(title, what, asked, steps)
    if len(homes) > 1 and meant is None:
        return await which_home(ask, project, sketch.args(), homes)
    if meant is not None:
        await ask.turn_to(meant)
    sketch = await _with_step(ask, sketch, step)
    missing = await _asked_next(ask, sketch, home, is_enough=folded(step or "") in ENOUGH)
    return missing or await _read_back(ask, sketch)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """An application that is not made yet, as its draft keeps it; empty is not said yet."""

    title: str
    what: str = ""
    asked: int = 0
    steps: tuple[Milestone, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "_Sketch":
        """What ``kept`` keeps of one that is whole."""
        return _sketched(kept["title"], kept["what"], kept["asked"], kept["steps"])

    def args(self) -> dict[str, Any]:
        """Arguments of ``project``; what is missing is left out."""
        listed = [[m.title, m.due_on.isoformat(), m.share_fen] for m in self.steps]
        said = {"what": self.what, "asked": self.asked, "steps": {"listed": listed}}
        return {"title": self.title, **{name: value for name, value in said.items() if value}}

    @property
    def text(self) -> str:
        """As the proposal's text: the sum belongs to what is voted on."""
        return f"{self.title}（¥{yuan_of(self.asked)}）\n{self.what}"


def _sketched(
    title: str, what: str | None, asked: int | None, steps: Mapping[str, Any] | None
) -> _Sketch:
    """What was said so far; a sum in the first line counts, and more lines say what it is for."""
    if asked is None:
        try:
            asked, title = amount_in(title, is_bare_enough=False)
        except Refusal as refusal:
            if refusal.key != "money_unclear":
                raise
    title, _, more = title.partition("\n")
    if len(title) > rules.LONGEST_TITLE and not what:
        title, more = "", title
    rules.checked_words(title, rules.LONGEST_TITLE)
    listed = [
        Milestone(n, words, date.fromisoformat(due_on), share)
        for n, (words, due_on, share) in enumerate((steps or {}).get("listed", ()), 1)
    ]
    return _Sketch(title, what or more, asked or 0, tuple(listed))


async def _with_step(ask: Ask, sketch: _Sketch, said: str | None) -> _Sketch:
    """``sketch`` with one step more, and what is asked for checked as soon as it is known."""
    checked_text(sketch.text)
    if sketch.asked:
        most = await ask.unit.projects.most_asked(ask.tenant.id)
        rules.checked_asked(sketch.asked, most_fen=most)
    if not said or folded(said) in ENOUGH:
        return sketch
    milestone = _milestone(ask, len(sketch.steps) + 1, said)
    steps = rules.checked_plan([*sketch.steps, milestone], asked_fen=sketch.asked)
    return _Sketch(sketch.title, sketch.what, sketch.asked, tuple(steps))


def _milestone(ask: Ask, number: int, said: str) -> Milestone:
    """What a line says of a step: what, by which day, and how much of the money."""
    share: int | None = None
    try:
        share, said = amount_in(said, is_bare_enough=False)
    except Refusal as refusal:
        if refusal.key != "money_unclear":
            raise
    found = moment_in(rules.day_apart(said), setting_of(ask))
    if found is None or not isinstance(found.answer, Moment):
        raise Refusal("milestone_unclear")
    due_on = _local(ask, found.answer.end or found.answer.start)
    made = Milestone(number, found.rest, due_on, share)
    return rules.checked_milestone(made, today=_local(ask, ask.now))


def _local(ask: Ask, at: datetime) -> date:
    return at.astimezone(ask.tenant.hours.zone).date()


async def _asked_next(
    ask: Ask, sketch: _Sketch, home: str | None, *, is_enough: bool
) -> Reply | None:
    """The question for what is missing first; None where nothing is."""
    known = {**sketch.args(), "home": home}
    if not sketch.title:
        return await ask.question(project, known, "title", Words("ask.project.name"))
    if not sketch.what:
        return await ask.question(project, known, "what", Words("ask.project.what"))
    if not sketch.asked:
        most = yuan_of(await ask.unit.projects.most_asked(ask.tenant.id))
        return await ask.question(
            project, known, "asked", Words("ask.project.asked", {"most": most})
        )
    if not sketch.steps:
        return await ask.question(project, known, "step", Words("ask.project.step"))
    if is_enough or len(sketch.steps) == rules.MOST_MILESTONES:
        return None
    facts = {"lines": plan_lines(sketch.steps, ask.tenant.hours.zone)}
    done = Button(Words("button.steps_done"), "=好了")
    return await ask.question(project, known, "step", Words("ask.project.next_step", facts), [done])


async def _read_back(ask: Ask, sketch: _Sketch) -> Reply:
    yes = await ask.confirm(open_project, {"kept": sketch.args(), "place": str(ask.here.id)})
    facts = {
        "title": Typed(sketch.title),
        "what": Typed(sketch.what),
        "asked": yuan_of(sketch.asked),
        "lines": plan_lines(sketch.steps, ask.tenant.hours.zone),
        "place": ask.here.name,
    }
    return Reply("project.read_back", facts, ((yes,), CANCEL_ROW))


@press("projectopen", may=Ability.REPORT_ISSUE, only_confirmed=True)
async def open_project(ask: Ask, kept: Kept, place: PlaceName) -> Reply | None:
    """Propose it: it goes the way of any proposal from here."""
    await ask.turn_to(await ask.unit.places.get(int(place)))
    sketch = _Sketch.of(kept)
    most = await ask.unit.projects.most_asked(ask.tenant.id)
    rules.checked_asked(sketch.asked, most_fen=most)
    made = await stored(ask, checked_text(sketch.text), ProposalKind.PROJECT)
    await ask.unit.projects.add(made, sketch.asked, _steps(ask, sketch.steps))
    return await announced(ask, made)


def _steps(ask: Ask, steps: Sequence[Milestone]) -> Sequence[Milestone]:
    """The steps, checked once more: a draft may be older than the day it names."""
    today = _local(ask, ask.now)
    return [rules.checked_milestone(step, today=today) for step in steps]
