"""Clauses 条款: residents give them, read them, stand behind them, take their own back."""

from dataclasses import replace
from typing import Final

from domain.clauses import Clause, ClauseState, checked_clause, kept
from domain.conventions import Convention, ConventionStep, Stake, check, stakes, steps_for
from domain.people import Ability
from domain.text import shortened
from handlers.ask import Ask
from handlers.convention_kinds import ConventionNumber
from handlers.kinds import FreeText, Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, command, press

PER_PAGE: Final = 6
"""Clauses of a page whose texts and buttons fit on a phone."""
CODES: Final = {
    ConventionStep.SECOND: "clausesecond",
    ConventionStep.RAISE: "clauseup",
    ConventionStep.REWORD: "clausereword",
    ConventionStep.LEAVE_OUT: "clauseout",
    ConventionStep.TAKE_BACK: "clausein",
    ConventionStep.WITHDRAW: "clausewithdraw",
}
"""Step → the press that takes it."""


@command(
    "加一条",
    "addclause",
    may=Ability.SECOND_ISSUE,
    section="conventions",
    everyday=("加一条", "addclause"),
)
async def add_clause(ask: Ask, number: ConventionNumber, text: FreeText) -> Reply:
    """Give a clause for a convention that is being collected."""
    found = await ask.unit.conventions.hold(await ask.convention(number))
    check(ConventionStep.ADD, found, ask.actor)
    clauses = await ask.unit.clauses.of(found.id)
    checked_clause(text, clauses)
    await ask.unit.clauses.add(found, text, by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("convention", found.id)
    row = (
        button(add_clause, "button.addclause_more", number=carried(found)),
        button(list_clauses, number=carried(found)),
    )
    facts = {"label": found.label, "name": Typed(found.name), "number": len(kept(clauses)) + 1}
    return Reply("convention.added", {**facts, "text": Typed(text)}, (row,))


@press("clauses", may=Ability.SEE_ISSUES)
async def list_clauses(ask: Ask, number: ConventionNumber, after: Id = 0) -> Reply:
    """The clauses by page; one tap stands behind one, or opens it for who puts them in order."""
    found = await ask.convention(number)
    return await _page(ask, found, after)


async def _page(ask: Ask, found: Convention, after: int) -> Reply:
    clauses = await ask.unit.clauses.of(found.id)
    ordered, is_leader = kept(clauses), Stake.LEADER in stakes(found, ask.actor)
    out = [one for one in clauses if one.state is ClauseState.LEFT_OUT] if is_leader else []
    numbered = [*enumerate(ordered, 1), *((0, one) for one in out)]
    page = numbered[after : after + PER_PAGE]
    facts = {
        "label": found.label,
        "name": Typed(found.name),
        "count": len(ordered),
        "lines": [_line(n, one) for n, one in page],
    }
    rows = [_tap(ask, found, n, one) for n, one in page]
    if len(numbered) > after + PER_PAGE:
        more = button(list_clauses, "button.more", number=carried(found), after=after + PER_PAGE)
        rows.append((more,))
    shown = tuple(row for row in rows if row)
    return Reply("convention.clauses", facts, shown, is_private=True)


def _line(number: int, clause: Clause) -> Words:
    facts = {"number": number, "text": Typed(clause.text), "count": len(clause.seconders)}
    if not number:
        return Words("convention.out_line", facts)
    key = "convention.clause_seconded" if clause.seconders else "convention.clause_alone"
    return Words(key, facts)


def _tap(ask: Ask, found: Convention, number: int, clause: Clause) -> Row:
    """Who puts them in order opens a clause; a neighbour stands behind it with one tap."""
    who = stakes(found, ask.actor, clause)
    steps = steps_for(found, who, clause)
    name = Words("convention.tap", {"number": number or "–", "text": _short(clause)})
    if Stake.LEADER in who or ConventionStep.WITHDRAW in steps:
        return (button(show_clause, name, clause=clause.id),)
    if ConventionStep.SECOND in steps:
        label = Words("convention.tap_second", {"number": number, "text": _short(clause)})
        return (button(second_clause, label, clause=clause.id),)
    return ()


def _short(clause: Clause) -> Typed:
    return Typed(shortened(clause.text, 12))


@press("clause", may=Ability.SEE_ISSUES)
async def show_clause(ask: Ask, clause: Id) -> Reply:
    """One clause, how it was worded before, and what may be done with it."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor)
    return await clause_reply(ask, found, one)


async def clause_reply(ask: Ask, found: Convention, one: Clause) -> Reply:
    """One clause as it stands."""
    who = stakes(found, ask.actor, one)
    ordered = kept(await ask.unit.clauses.of(found.id))
    place = next((n for n, other in enumerate(ordered, 1) if other.id == one.id), 0)
    is_told = bool(who & {Stake.LEADER, Stake.AUTHOR})
    facts = {
        "label": found.label,
        "number": Words("convention.number", {"number": place}) if place else one.state,
        "text": Typed(one.text),
        "before": _before(one, ask) if is_told else [],
        "count": len(one.seconders),
        "reason": Words("convention.why", {"why": Typed(one.reason)}) if one.reason else None,
    }
    steps = [s for s in steps_for(found, who, one) if s is not ConventionStep.RAISE or place > 1]
    taps = [button(REGISTRY.commands[CODES[s]].handler, clause=one.id) for s in steps]
    rows = tuple(tuple(taps[i : i + 2]) for i in range(0, len(taps), 2))
    back: Row = (button(list_clauses, "button.clauses", number=carried(found)),)
    return Reply("convention.one", facts, (*rows, back), is_private=True)


def _before(one: Clause, ask: Ask) -> list[Words]:
    """Earlier wordings, the author's own first."""
    return [
        Words("convention.before", {"text": Typed(words.text), "at": words.at})
        for words in one.wordings[:-1]
    ]


@press("clausesecond", may=Ability.SECOND_ISSUE)
async def second_clause(ask: Ask, clause: Id) -> Reply:
    """Stand behind a clause."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor)
    check(ConventionStep.SECOND, found, ask.actor, one)
    await ask.unit.clauses.second(found, one, by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("convention", found.id)
    facts = {"count": len(one.seconders) + 1, "text": _short(one)}
    return Reply("convention.seconded", facts, is_brief=True)


@press("clausewithdraw", may=Ability.SECOND_ISSUE)
async def withdraw_clause(ask: Ask, clause: Id) -> Reply:
    """Take one's own clause back while they are collected."""
    found, one = await ask.unit.clauses.get(clause, seen_by=ask.actor, is_held=True)
    check(ConventionStep.WITHDRAW, found, ask.actor, one)
    now = replace(found, changed_at=ask.now)
    out = replace(one, state=ClauseState.WITHDRAWN)
    step = ConventionStep.WITHDRAW
    await ask.unit.clauses.set_state(now, out, step, by=ask.actor.id, why="")
    await ask.tell.refresh("convention", found.id)
    return Reply("convention.withdrawn", {"text": _short(one)})
