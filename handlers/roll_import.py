"""Importing a roll 导入名册: a spreadsheet is looked at, told about, and stored after a yes."""

from typing import Final

from domain.people import Ability
from domain.places import Place
from domain.refusal import Refusal
from domain.roll_plan import Plan, planned
from domain.roll_reading import read_roll
from domain.sheets import Sheet
from handlers.ask import Ask
from handlers.kinds import Flag, Id
from handlers.messages import Button, Reply, Row
from handlers.registry import REGISTRY, button, command, press
from handlers.roll_report import A_PAGE, change_lines, problem_lines, summary
from storage.unit import Unit

PROBLEMS: Final = 0
CHANGES: Final = 1


@command("导入名册", "importroll", may=Ability.KEEP_ROLL, section="roll", where="private")
async def import_roll(ask: Ask) -> Reply:
    """Look at the sheet that was sent; nothing is stored before a yes."""
    community = await keeper_of(ask)
    if ask.incoming.unread:
        raise Refusal(f"sheet_{ask.incoming.unread}")
    sheet = ask.incoming.sheet
    if sheet is None:
        return Reply("roll.how", {}, ((button(REGISTRY.commands["rolltemplate"].handler),),))
    plan = await plan_of(ask.unit, community, sheet)
    kept = await ask.unit.roll_imports.keep(sheet, community.id, ask.actor.id, ask.now)
    words = summary(plan, sheet.name)
    return Reply(words.key, words.facts, _rows(plan, kept), is_private=True)


def _rows(plan: Plan, sheet_id: int) -> tuple[Row, ...]:
    """What can be done with it: store it, look closer, forget it."""
    looks: list[Button] = []
    if plan.problems:
        looks.append(button(page, "button.roll_problems", sheet=sheet_id, part=PROBLEMS))
    if not plan.is_blocked and not plan.is_empty:
        looks.append(button(page, "button.roll_changes", sheet=sheet_id, part=CHANGES))
    rows: list[Row] = [tuple(looks)] if looks else []
    if not plan.is_blocked and not plan.is_empty:
        rows.insert(0, (button(store, sheet=sheet_id, version=plan.version),))
    rows.append((button(forget),))
    return tuple(rows)


@press("rollpage", may=Ability.KEEP_ROLL)
async def page(ask: Ask, sheet: Id, part: Flag, start: Id = 0) -> Reply:
    """Some of the problems or changes, and a button for the next ones."""
    found, community = await kept_sheet(ask, sheet)
    plan = await plan_of(ask.unit, community, found)
    lines = problem_lines(plan.problems) if part == PROBLEMS else change_lines(plan)
    shown = lines[start : start + A_PAGE]
    if not shown:
        raise Refusal("button_stale")
    facts = {"first": start + 1, "last": start + len(shown), "of": len(lines), "lines": shown}
    rows: list[Row] = []
    if start + A_PAGE < len(lines):
        rows.append((button(page, "button.more", sheet=sheet, part=part, start=start + A_PAGE),))
    if len(lines) > A_PAGE:
        rows.append((button(REGISTRY.commands["rollfile"].handler, sheet=sheet, part=part),))
    key = "roll.problems" if part == PROBLEMS else "roll.changes"
    return Reply(key, facts, (*rows, *_rows(plan, sheet)), is_private=True)


@press("rollstore", may=Ability.KEEP_ROLL)
async def store(ask: Ask, sheet: Id, version: Id) -> Reply:
    """Store what was read back; refused where the roll has become another one meanwhile."""
    found, community = await kept_sheet(ask, sheet)
    plan = await plan_of(ask.unit, community, found)
    if plan.is_blocked or plan.version != version:
        raise Refusal("roll_changed")
    await ask.unit.roll_imports.store(community, plan, by=ask.actor.id, now=ask.now)
    await ask.unit.roll_imports.drop(ask.actor.id)
    facts = {"added": len(plan.added), "changed": len(plan.changed), "removed": len(plan.removed)}
    return Reply("roll.stored", facts, ((_roll_button(),),), is_private=True)


def _roll_button() -> Button:
    return button(REGISTRY.commands["roll"].handler)


@press("rollforget", may=Ability.KEEP_ROLL)
async def forget(ask: Ask) -> Reply:
    """Forget what was sent."""
    await ask.unit.roll_imports.drop(ask.actor.id)
    return Reply("roll.forgotten", is_brief=True)


async def keeper_of(ask: Ask) -> Place:
    """The community whose roll the asker keeps.

    Raises:
        Refusal: ``roll_not_yours``.
    """
    community = await ask.unit.places.get(ask.tenant.id)
    if not ask.actor.can(Ability.KEEP_ROLL, at=community.path):
        raise Refusal("roll_not_yours", place=community.name)
    return community


async def plan_of(unit: Unit, community: Place, sheet: Sheet) -> Plan:
    """What a sheet would do to the roll as it stands."""
    return planned(read_roll(sheet), await unit.roll_imports.known(community))


async def kept_sheet(ask: Ask, sheet_id: int) -> tuple[Sheet, Place]:
    """A sheet that the asker sent, and the community whose roll it is.

    Raises:
        Refusal: ``button_stale``: it is gone, is somebody else's, or the asker keeps no roll.
    """
    found = await ask.unit.roll_imports.kept(sheet_id, ask.actor.id)
    if found is None:
        raise Refusal("button_stale")
    sheet, community_id = found
    community = await ask.unit.places.get(community_id)
    if not ask.actor.can(Ability.KEEP_ROLL, at=community.path):
        raise Refusal("button_stale")
    return sheet, community
