"""Report of an import 导入核对: what is wrong with a sheet, and what it would change, in words."""

from collections.abc import Sequence
from typing import Final

from domain.roll import area_words
from domain.roll_entries import Entry, Problem
from domain.roll_plan import Change, Plan
from handlers.messages import Words

SHOWN: Final = 5
"""Problems on the first page; a phone shows no more."""
A_PAGE: Final = 8


def summary(plan: Plan, name: str, *, in_chat: bool = True) -> Words:
    """The first page: whether it can be stored, the worst problems, the sums."""
    if plan.is_blocked:
        blocking = [problem for problem in plan.problems if problem.blocks]
        facts = {
            "file": name,
            "count": len(blocking),
            "lines": problem_lines(blocking[:SHOWN]),
            "more": _more(len(blocking) - SHOWN) if in_chat else None,
        }
        return Words("roll.blocked", facts)
    if plan.is_empty:
        return Words("roll.same", {"file": name, "count": len(plan.entries)})
    tail = {
        "warnings": _warnings(plan) if in_chat else None,
        "next": Words("roll.tap_to_store") if in_chat else None,
    }
    return Words("roll.ready", {"file": name, **_sums(plan), **tail})


def _sums(plan: Plan) -> dict[str, object]:
    same = len(plan.entries) - len(plan.added) - len(plan.changed)
    new = "、".join(plan.new_buildings)
    return {
        "count": len(plan.entries),
        "owners": plan.owners,
        "area": area_words(plan.area_hundredths),
        "added": len(plan.added),
        "changed": len(plan.changed),
        "removed": len(plan.removed),
        "same": same,
        "buildings": Words("roll.new_buildings", {"names": new}) if new else None,
    }


def _warnings(plan: Plan) -> Words | None:
    """How many things there are to look at; nothing of that keeps the roll from being stored."""
    return Words("roll.warnings", {"count": len(plan.problems)}) if plan.problems else None


def _more(count: int) -> Words | None:
    return Words("roll.more", {"count": count}) if count > 0 else None


def problem_lines(problems: Sequence[Problem]) -> list[Words]:
    """One line each: where, what, and what to do."""
    return [
        Words(
            "roll.line",
            {
                "where": _where(problem),
                "words": Words(f"roll.problem.{problem.key}", _facts(problem)),
            },
        )
        for problem in problems
    ]


def _facts(problem: Problem) -> dict[str, object]:
    """A column is called by its first Chinese header."""
    facts: dict[str, object] = dict(problem.facts)
    if "column" in facts:
        facts["column"] = Words(f"roll.column.{facts['column']}")
    return facts


def _where(problem: Problem) -> Words | None:
    if not problem.row:
        return None
    key = "roll.where_cell" if problem.column else "roll.where_row"
    return Words(key, {"row": problem.row, "column": problem.column})


def change_lines(plan: Plan) -> list[Words]:
    """Every change, one a line: who sold, what was measured anew, what comes and goes."""
    lines = [_changed(change) for change in plan.changed]
    lines += [
        Words("roll.removed_line", {"flat": h.name, "area": area_words(h.area_hundredths)})
        for h in plan.removed
    ]
    return lines + [_added(entry) for entry in plan.added]


def _added(entry: Entry) -> Words:
    facts = {"flat": entry.name, "owner": entry.owner, "area": area_words(entry.area_hundredths)}
    return Words("roll.added_line", facts)


def _changed(change: Change) -> Words:
    facts = {"flat": change.holding.name, "what": _what(change)}
    return Words("roll.changed_line", facts)


def _what(change: Change) -> Words:
    owners = {"before": change.owner.name, "after": change.entry.owner}
    before = area_words(change.holding.area_hundredths)
    after = area_words(change.entry.area_hundredths)
    sold = Words("roll.change_owner", owners)
    resized = Words("roll.change_area", {"before": before, "after": after})
    if change.is_sold and change.is_resized:
        return Words("roll.change_both", {"one": sold, "other": resized})
    if change.is_sold:
        return sold
    return resized if change.is_resized else Words("roll.change_kind")
