"""Files of a roll 名册文件: the empty template, and the whole list of problems or changes."""

from domain.people import Ability
from domain.refusal import Refusal
from domain.roll_columns import template_rows
from handlers.ask import Ask
from handlers.csv_files import CSV_MIME, csv_of
from handlers.kinds import Flag, Id
from handlers.messages import Reply
from handlers.registry import command, press
from handlers.roll_import import PROBLEMS, keeper_of, kept_sheet, plan_of
from handlers.roll_report import change_lines, problem_lines


@command("名册模板", "rolltemplate", may=Ability.KEEP_ROLL, section="roll", where="private")
async def template(ask: Ask) -> Reply:
    """An empty roll with an example of every case, to be written over and sent back."""
    await keeper_of(ask)
    rows = template_rows(ask.tell.speaker(ask.actor.lang).lang)
    name = f"{ask.tell.speaker(ask.actor.lang).text('roll.file_template', {})}.csv"
    document = await ask.keep_document(name, CSV_MIME, csv_of(rows))
    return Reply("roll.template", document=document, is_private=True)


@press("rollfile", may=Ability.KEEP_ROLL)
async def whole_list(ask: Ask, sheet: Id, part: Flag) -> Reply:
    """All problems or changes in one file, for a list that is longer than a phone."""
    found, community = await kept_sheet(ask, sheet)
    plan = await plan_of(ask.unit, community, found)
    lines = problem_lines(plan.problems) if part == PROBLEMS else change_lines(plan)
    if not lines:
        raise Refusal("button_stale")
    speaker = ask.tell.speaker(ask.actor.lang)
    key = "roll.file_problems" if part == PROBLEMS else "roll.file_changes"
    name = speaker.text(key, {})
    rows = [(name,), *((speaker.say(line).removeprefix("· "),) for line in lines)]
    document = await ask.keep_document(f"{name}.csv", CSV_MIME, csv_of(rows))
    return Reply("roll.file", {"count": len(lines)}, document=document, is_private=True)
